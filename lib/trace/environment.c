// SPDX-License-Identifier: GPL-2.0-only
#include "trace/environment.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "trace/privilege.h"

static bool exists(const char *root, const char *path)
{
	char full[512];

	snprintf(full, sizeof(full), "%s%s", root, path);
	return !access(full, F_OK);
}

bool sea_trace_lockdown(const char *root, char word[SEA_LOCKDOWN_LEN])
{
	char path[512], line[128] = "", *start, *end;
	FILE *file;

	snprintf(path, sizeof(path), "%s/sys/kernel/security/lockdown", root);
	file = fopen(path, "re");
	if (!file)
		return false;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	start = strchr(line, '[');
	end = start ? strchr(start, ']') : NULL;
	if (!end)
		return false;
	snprintf(word, SEA_LOCKDOWN_LEN, "%.*s", (int)(end - start - 1), start + 1);
	return true;
}

static bool is_locked_down(const char *root)
{
	char word[SEA_LOCKDOWN_LEN];

	return sea_trace_lockdown(root, word) && !strcmp(word, "confidentiality");
}

int sea_trace_check(const struct sea_trace_system *system, struct sea_error *err)
{
	const char *root = system->root ? system->root : "";
	const char *machine = system->machine;
	struct utsname name;

	if (!machine)
		machine = uname(&name) ? "unknown" : name.machine;
	if (strcmp(machine, "aarch64"))
		return sea_error_set(err,
				     "live tracing needs arm64 KVM: this machine is %s; "
				     "run it on the arm64 host",
				     machine);
	if (!exists(root, "/sys/kernel/btf/vmlinux"))
		return sea_error_set(err, "live tracing needs the kernel's BTF: no "
					  "/sys/kernel/btf/vmlinux; mount sysfs, or boot a kernel "
					  "with CONFIG_DEBUG_INFO_BTF=y");
	if (!exists(root, "/dev/kvm") && !exists(root, "/sys/class/misc/kvm"))
		return sea_error_set(err, "live tracing needs KVM: no /dev/kvm; use a host that "
					  "boots at EL2 and a kernel with CONFIG_KVM=y");
	if (is_locked_down(root))
		return sea_error_set(err,
				     "live tracing needs BPF: the kernel is locked down "
				     "(confidentiality); boot with lockdown=integrity or less");
	if (!sea_privilege_has(root, SEA_STEP_TRACE))
		return sea_error_set(err,
				     "live tracing needs CAP_BPF and CAP_PERFMON: this process "
				     "lacks them; run it as root");
	return 0;
}
