/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * privilege.h - the capabilities that each step needs, and how they are given up.
 */
#ifndef SEA_PRIVILEGE_H
#define SEA_PRIVILEGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* What the tools do that an ordinary process may not. */
enum sea_step {
	SEA_STEP_TRACE,	  /* load and attach BPF programs, read the list of VMs */
	SEA_STEP_SYMBOLS, /* read kernel addresses from /proc/kallsyms */
	SEA_STEP_KPROBES, /* attach kprobes where kernel.perf_event_paranoid is 3, as on Debian */
	SEA_STEPS,
};

/* The steps that the process has the capabilities for. */
struct sea_privileges {
	bool may[SEA_STEPS];
};

/* The capabilities that a step needs: "CAP_BPF and CAP_PERFMON"; static. */
const char *sea_privilege_needed(enum sea_step step);

/*
 * Asks the kernel what this process may now. If that fails, it may all as far as we know:
 * the kernel will say no then.
 *
 * Capabilities are those of the process's user namespace. For BPF only those of the
 * initial one count, which sea_namespace_of() tells.
 */
void sea_privilege_read(struct sea_privileges *privileges);

/*
 * Gives up all capabilities, for this process and all that it may execute, for
 * good. Descriptors that are open stay usable: reading counters needs none.
 */
int sea_privilege_drop(struct sea_error *err);

#endif /* SEA_PRIVILEGE_H */
