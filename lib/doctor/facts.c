// SPDX-License-Identifier: GPL-2.0-only
/* facts.c - what the kernel's files say of the machine and of this process. */
#include "doctor/doctor.h"

#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <bpf/btf.h>

#include "base/file.h"

static void look_at_machine(struct sea_doctor_facts *facts, const struct sea_trace_system *system,
			    const char *root)
{
	struct utsname name;
	const char *machine = system->machine;

	if (!machine)
		machine = uname(&name) ? "unknown" : name.machine;
	snprintf(facts->machine, sizeof(facts->machine), "%s", machine);
	if (!sea_file_line(root, "/proc/sys/kernel/hostname", facts->host, sizeof(facts->host)))
		strcpy(facts->host, "unknown");
	if (!sea_file_line(root, "/proc/sys/kernel/osrelease", facts->kernel,
			   sizeof(facts->kernel)))
		strcpy(facts->kernel, "unknown");
}

static void look_at_needs(struct sea_doctor_facts *facts, const struct sea_trace_system *system)
{
	int need;

	for (need = 0; need < SEA_NEEDS; need++)
		facts->lacks[need] = sea_trace_lacks(system, need, &facts->why[need]);
}

/* On another machine nobody will ask for it. */
static void look_at_btf(struct sea_doctor_facts *facts, const char *root)
{
	char path[PATH_MAX];
	struct btf *btf;

	facts->btf = SEA_BTF_ABSENT;
	if (facts->lacks[SEA_NEED_ARM64] || facts->lacks[SEA_NEED_BTF])
		return;
	snprintf(path, sizeof(path), "%s" SEA_KERNEL_BTF_PATH, root);
	facts->btf = sea_btf_read(path, &btf, &facts->no_btf);
	if (facts->btf == SEA_BTF_READ)
		btf__free(btf);
}

static bool in_group(gid_t group)
{
	gid_t *groups;
	bool found = group == getegid();
	int nr = getgroups(0, NULL);

	if (found || nr <= 0)
		return found;
	groups = calloc((size_t)nr, sizeof(*groups));
	if (!groups)
		return false;
	nr = getgroups(nr, groups);
	while (nr-- > 0)
		found |= groups[nr] == group;
	free(groups);
	return found;
}

/* The value of a mount option, as of "hidepid"; "" if it is not there. */
static void mount_option(const struct mntent *mount, const char *name, char *value, size_t size)
{
	const char *at = hasmntopt(mount, name);

	value[0] = '\0';
	if (!at)
		return;
	at += strlen(name);
	if (*at == '=')
		snprintf(value, size, "%.*s", (int)strcspn(at + 1, ","), at + 1);
}

/*
 * Of several mounts the last one is seen. seatop has no capability when it reads names,
 * so that being in the group is all that helps.
 */
static void look_at_proc(struct sea_doctor_facts *facts, const char *root)
{
	char path[PATH_MAX], hidepid[sizeof(facts->hidepid)], gid[16];
	struct mntent *mount;
	FILE *file;

	snprintf(path, sizeof(path), "%s/proc/self/mounts", root);
	file = setmntent(path, "re");
	if (!file)
		return;
	while ((mount = getmntent(file))) {
		if (strcmp(mount->mnt_dir, "/proc") || strcmp(mount->mnt_type, "proc"))
			continue;
		mount_option(mount, "hidepid", hidepid, sizeof(hidepid));
		mount_option(mount, "gid", gid, sizeof(gid));
		if (!strcmp(hidepid, "0") || !strcmp(hidepid, "off") ||
		    (gid[0] && in_group((gid_t)strtoul(gid, NULL, 10))))
			hidepid[0] = '\0';
		strcpy(facts->hidepid, hidepid);
	}
	endmntent(file);
}

void sea_doctor_look(struct sea_doctor_facts *facts, const struct sea_trace_system *system)
{
	const char *root = system->root ? system->root : "";

	look_at_machine(facts, system, root);
	if (system->privileges)
		facts->privileges = *system->privileges;
	else
		sea_privilege_read(&facts->privileges);
	look_at_needs(facts, system);
	look_at_btf(facts, root);
	sea_trace_lockdown(root, facts->lockdown);
	facts->pid_namespace = sea_namespace_of(root, "pid");
	facts->user_namespace = sea_namespace_of(root, "user");
	facts->hidden = sea_hidden_why(root, &facts->privileges);
	facts->paranoid = sea_sysctl(root, "kernel/perf_event_paranoid");
	look_at_proc(facts, root);
	facts->last_boot = sea_instance_look(root);
	facts->memory_failure_recovery = sea_sysctl(root, "vm/memory_failure_recovery");
	facts->panic_on_unrecoverable =
		sea_sysctl(root, "vm/panic_on_unrecoverable_memory_failure");
	sea_firmware_look(&facts->firmware, root);
	facts->release_repeats = sea_ghes_by_release(facts->kernel);
}

bool sea_doctor_can_trace(const struct sea_doctor_facts *facts)
{
	int need;

	for (need = 0; need < SEA_NEEDS; need++)
		if (facts->lacks[need])
			return false;
	return facts->btf == SEA_BTF_READ;
}

void sea_doctor_free(struct sea_doctor_facts *facts)
{
	sea_view_free(&facts->view);
}
