// SPDX-License-Identifier: GPL-2.0-only
#include "trace/privilege.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>

/* Headers older than Linux 5.8 have no names for the last two. */
#define BIT(capability) (1ULL << (capability))
#define SYS_PTRACE BIT(19)
#define SYS_ADMIN BIT(21)
#define SYSLOG BIT(34)
#define PERFMON BIT(38)
#define BPF BIT(39)

static const struct {
	struct sea_step_need need;
	unsigned long long all;	   /* these are enough ... */
	unsigned long long or_all; /* ... or these */
} steps[SEA_STEPS] = {
	[SEA_STEP_TRACE] = {{"trace", "CAP_BPF and CAP_PERFMON"}, BPF | PERFMON, SYS_ADMIN},
	[SEA_STEP_SYMBOLS] = {{"prove that the kernel calls what is hooked", "CAP_SYSLOG"},
			      SYSLOG,
			      SYSLOG},
	[SEA_STEP_STATS] = {{"see hooks run", "CAP_SYS_ADMIN"}, SYS_ADMIN, SYS_ADMIN},
	[SEA_STEP_NAMES] = {{"name the VMs of other users if /proc has hidepid", "CAP_SYS_PTRACE"},
			    SYS_PTRACE,
			    SYS_PTRACE},
};

const struct sea_step_need *sea_privilege_need(enum sea_step step)
{
	return &steps[step].need;
}

bool sea_privilege_has(const char *root, enum sea_step step)
{
	unsigned long long caps;
	char path[512], line[256];
	bool found = false;
	FILE *file;

	snprintf(path, sizeof(path), "%s/proc/self/status", root);
	file = fopen(path, "re");
	if (!file)
		return true;
	while (!found && fgets(line, sizeof(line), file))
		found = sscanf(line, "CapEff: %llx", &caps) == 1;
	fclose(file);
	return !found || (caps & steps[step].all) == steps[step].all ||
	       (caps & steps[step].or_all) == steps[step].or_all;
}

int sea_privilege_drop(struct sea_error *err)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
	int capability;

	/* The bounding set can only be changed while CAP_SETPCAP is there. */
	for (capability = 0; capability < 64; capability++)
		if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0))
			break;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) && errno != EINVAL) ||
	    syscall(SYS_capset, &header, none))
		return sea_error_set(err,
				     "cannot give up privileges: %s; a seccomp filter may "
				     "forbid capset(2) or prctl(2)",
				     strerror(errno));
	return 0;
}
