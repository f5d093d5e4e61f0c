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
	SEA_STEP_STATS,	  /* count how often a hook ran: doctor only */
	SEA_STEP_NAMES,	  /* read /proc of other users where hidepid hides it */
	SEA_STEPS,
};

struct sea_step_need {
	const char *what;	/* what does not work without */
	const char *capability; /* "CAP_BPF and CAP_PERFMON" */
};

/* What a step needs; static. */
const struct sea_step_need *sea_privilege_need(enum sea_step step);

/*
 * The process has what the step needs, by CapEff of proc/self/status below
 * root ("" but for tests). True also if there is no such file: the kernel
 * will say then.
 */
bool sea_privilege_has(const char *root, enum sea_step step);

/*
 * Gives up all capabilities, for this process and all that it may execute, for
 * good. Descriptors that are open stay usable: reading counters needs none.
 */
int sea_privilege_drop(struct sea_error *err);

#endif /* SEA_PRIVILEGE_H */
