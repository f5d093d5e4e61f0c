// SPDX-License-Identifier: GPL-2.0-only
#include "trace/privilege.h"

#include <errno.h>
#include <string.h>
#include <sys/prctl.h>

#include <cap-ng.h>

#include "trace/privilege-internal.h"

const char *sea_privilege_needed(enum sea_step step)
{
	static const char *const needed[SEA_STEPS] = {
		[SEA_STEP_TRACE] = "CAP_BPF and CAP_PERFMON",
		[SEA_STEP_SYMBOLS] = "CAP_SYSLOG",
		[SEA_STEP_KPROBES] = "CAP_SYS_ADMIN",
	};

	return needed[step];
}

static bool has(unsigned int capability)
{
	return capng_have_capability(CAPNG_EFFECTIVE, capability);
}

void sea_privilege_judge(struct sea_privileges *privileges)
{
	/* The kernel lets CAP_SYS_ADMIN do all that the two newer ones are for. */
	privileges->may[SEA_STEP_TRACE] = (has(CAP_BPF) && has(CAP_PERFMON)) || has(CAP_SYS_ADMIN);
	privileges->may[SEA_STEP_SYMBOLS] = has(CAP_SYSLOG);
	privileges->may[SEA_STEP_KPROBES] = has(CAP_SYS_ADMIN);
}

void sea_privilege_read(struct sea_privileges *privileges)
{
	int step;

	if (!capng_get_caps_process()) {
		sea_privilege_judge(privileges);
		return;
	}
	for (step = 0; step < SEA_STEPS; step++)
		privileges->may[step] = true;
}

int sea_privilege_drop(struct sea_error *err)
{
	bool may_bound;

	errno = 0;
	if (capng_get_caps_process())
		goto failed;
	/* The bounding set can only be changed with it. Without, no_new_privs has to do. */
	may_bound = has(CAP_SETPCAP);
	capng_clear(CAPNG_SELECT_ALL);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    (may_bound && capng_apply(CAPNG_SELECT_BOUNDS)) || capng_apply(CAPNG_SELECT_AMBIENT) ||
	    capng_apply(CAPNG_SELECT_CAPS))
		goto failed;
	return 0;
failed:
	return sea_error_set(err,
			     "cannot give up privileges: %s; a seccomp filter may forbid capset(2) "
			     "or prctl(2)",
			     errno ? strerror(errno) : "libcap-ng cannot tell what they are");
}
