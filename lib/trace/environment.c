// SPDX-License-Identifier: GPL-2.0-only
#include "trace/environment.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "base/file.h"

/* include/linux/proc_ns.h: the inodes of the initial namespaces, the same in every kernel */
#define INITIAL_USER 0xeffffffdU
#define INITIAL_PID 0xeffffffcU

static const char *root_of(const struct sea_trace_system *system)
{
	return system->root ? system->root : "";
}

bool sea_trace_lockdown(const char *root, char word[SEA_LOCKDOWN_LEN])
{
	char line[128], *start, *end;

	if (!sea_file_line(root, "/sys/kernel/security/lockdown", line, sizeof(line)))
		return false;
	start = strchr(line, '[');
	end = start ? strchr(start, ']') : NULL;
	if (!end)
		return false;
	snprintf(word, SEA_LOCKDOWN_LEN, "%.*s", (int)(end - start - 1), start + 1);
	return true;
}

enum sea_namespace sea_namespace_of(const char *root, const char *kind)
{
	unsigned int initial = strcmp(kind, "user") ? INITIAL_PID : INITIAL_USER, inode;
	char path[512], link[64], format[32];
	ssize_t len;

	snprintf(path, sizeof(path), "%s/proc/self/ns/%s", root, kind);
	snprintf(format, sizeof(format), "%s:[%%u]", kind);
	len = readlink(path, link, sizeof(link) - 1);
	if (len < 0)
		return SEA_NAMESPACE_UNKNOWN;
	link[len] = '\0';
	if (sscanf(link, format, &inode) != 1)
		return SEA_NAMESPACE_UNKNOWN;
	return inode == initial ? SEA_NAMESPACE_INITIAL : SEA_NAMESPACE_OTHER;
}

const char *sea_namespace_name(enum sea_namespace namespace)
{
	static const char *const names[] = {
		[SEA_NAMESPACE_INITIAL] = "initial",
		[SEA_NAMESPACE_OTHER] = "other",
		[SEA_NAMESPACE_UNKNOWN] = "unknown",
	};

	return names[namespace];
}

long sea_sysctl(const char *root, const char *name)
{
	char path[128], line[32], *end;
	long value;

	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	if (!sea_file_line(root, path, line, sizeof(line)))
		return -1;
	value = strtol(line, &end, 10);
	return end == line ? -1 : value;
}

/* As kallsyms_show_value() in kernel/ksyms_common.c decides it. */
enum sea_hidden sea_hidden_why(const char *root, const struct sea_privileges *privileges)
{
	long restrict_ = sea_sysctl(root, "kernel/kptr_restrict");
	long paranoid = sea_sysctl(root, "kernel/perf_event_paranoid");

	if (restrict_ >= 2)
		return SEA_HIDDEN_FROM_ALL;
	if (privileges->may[SEA_STEP_SYMBOLS])
		return SEA_HIDDEN_NOT;
	if (restrict_ == 1)
		return SEA_HIDDEN_BY_RESTRICT;
	return paranoid <= 1 ? SEA_HIDDEN_NOT : SEA_HIDDEN_BY_PERF;
}

const char *sea_hidden_text(enum sea_hidden hidden)
{
	static const char *const texts[SEA_HIDDEN_STATES] = {
		[SEA_HIDDEN_NOT] = "kernel addresses are hidden: an LSM or a seccomp filter may "
				   "hide them; run outside of a container",
		[SEA_HIDDEN_FROM_ALL] = "kernel addresses are hidden: the sysctl "
					"kernel.kptr_restrict is 2; set it to 1 or 0",
		[SEA_HIDDEN_BY_RESTRICT] = "kernel addresses are hidden: this process has no "
					   "CAP_SYSLOG; run it as root or with that capability",
		[SEA_HIDDEN_BY_PERF] = "kernel addresses are hidden: this process has no "
				       "CAP_SYSLOG, and the sysctl kernel.perf_event_paranoid is "
				       "over 1; run it as root or with that capability",
	};

	return texts[hidden];
}

static int lacks_arm64(const struct sea_trace_system *system, struct sea_error *err)
{
	const char *machine = system->machine;
	struct utsname name;

	if (!machine)
		machine = uname(&name) ? "unknown" : name.machine;
	if (!strcmp(machine, "aarch64"))
		return 0;
	return sea_error_set(err,
			     "live tracing needs arm64 KVM: this machine is %s; "
			     "run it on the arm64 host",
			     machine);
}

static int lacks_btf(const struct sea_trace_system *system, struct sea_error *err)
{
	const char *root = root_of(system);

	if (sea_file_exists(root, "/sys/kernel/btf/vmlinux"))
		return 0;
	if (!sea_file_exists(root, "/sys/kernel"))
		return sea_error_set(err, "live tracing needs the kernel's BTF: there is no "
					  "sysfs; mount it at /sys");
	return sea_error_set(err, "live tracing needs the kernel's BTF: no "
				  "/sys/kernel/btf/vmlinux; boot a kernel with "
				  "CONFIG_DEBUG_INFO_BTF=y");
}

static int lacks_kvm(const struct sea_trace_system *system, struct sea_error *err)
{
	const char *root = root_of(system);

	if (sea_file_exists(root, "/dev/kvm") || sea_file_exists(root, "/sys/class/misc/kvm"))
		return 0;
	return sea_error_set(err, "live tracing needs KVM: no /dev/kvm; use a host that "
				  "boots at EL2 and a kernel with CONFIG_KVM=y");
}

/*
 * A program that would copy eight bytes of the kernel's. It is right in all else, so that
 * the verifier calls it invalid (EINVAL) only if the helper is not to be had.
 */
static int try_to_read_kernel(void)
{
	static const struct bpf_insn copy[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = 1, .src_reg = 10},
		{.code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = 1, .imm = -8},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 2, .imm = 8},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 3, .imm = 0},
		{.code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_probe_read_kernel},
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 0},
		{.code = BPF_JMP | BPF_EXIT},
	};
	int fd = bpf_prog_load(BPF_PROG_TYPE_KPROBE, "sea_may_read", "GPL", copy,
			       sizeof(copy) / sizeof(copy[0]), NULL);

	if (fd < 0)
		return errno == EINVAL ? 0 : -1;
	close(fd);
	return 1;
}

/*
 * Without securityfs the kernel does not say. Every kernel that has BTF lets BPF read
 * its memory, but one that is locked down for confidentiality.
 */
static int lacks_lockdown(const struct sea_trace_system *system, struct sea_error *err)
{
	const char *how = "the kernel is locked down (confidentiality)";
	char word[SEA_LOCKDOWN_LEN];

	if (sea_trace_lockdown(root_of(system), word)) {
		if (strcmp(word, "confidentiality"))
			return 0;
	} else {
		int (*may)(void) =
			system->may_read_kernel ? system->may_read_kernel : try_to_read_kernel;

		if (may())
			return 0;
		how = "the kernel lets no BPF program read its memory, as one does that is locked "
		      "down (confidentiality)";
	}
	return sea_error_set(
		err, "live tracing needs BPF: %s; boot with lockdown=integrity or less", how);
}

static int lacks_user_namespace(const struct sea_trace_system *system, struct sea_error *err)
{
	if (sea_namespace_of(root_of(system), "user") != SEA_NAMESPACE_OTHER)
		return 0;
	return sea_error_set(err, "live tracing needs the initial user namespace: this process is "
				  "in another one, whose capabilities do not count for BPF; run it "
				  "as root of the host, outside of the container");
}

static int lacks_capabilities(const struct sea_trace_system *system, struct sea_error *err)
{
	struct sea_privileges privileges;

	if (system->privileges)
		privileges = *system->privileges;
	else
		sea_privilege_read(&privileges);
	if (privileges.may[SEA_STEP_TRACE])
		return 0;
	return sea_error_set(err, "live tracing needs %s: this process lacks them; run it as root",
			     sea_privilege_needed(SEA_STEP_TRACE));
}

bool sea_trace_lacks(const struct sea_trace_system *system, enum sea_need need,
		     struct sea_error *err)
{
	static int (*const lacks[SEA_NEEDS])(const struct sea_trace_system *system,
					     struct sea_error *err) = {
		[SEA_NEED_ARM64] = lacks_arm64,
		[SEA_NEED_BTF] = lacks_btf,
		[SEA_NEED_KVM] = lacks_kvm,
		[SEA_NEED_LOCKDOWN] = lacks_lockdown,
		[SEA_NEED_USER_NAMESPACE] = lacks_user_namespace,
		[SEA_NEED_CAPABILITIES] = lacks_capabilities,
	};

	return lacks[need](system, err) != 0;
}

int sea_trace_check(const struct sea_trace_system *system, struct sea_error *err)
{
	int need;

	for (need = 0; need < SEA_NEEDS; need++)
		if (sea_trace_lacks(system, need, err))
			return -1;
	return 0;
}
