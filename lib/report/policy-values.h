/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * policy-values.h - numbers, times and bounds as a policy has them.
 */
#ifndef SEA_POLICY_VALUES_H
#define SEA_POLICY_VALUES_H

#include <stdbool.h>

#include <linux/types.h>

/* How a bound is written, and what it bounds. */
enum sea_bound_form {
	SEA_BOUND_NONE,
	SEA_BOUND_COUNT, /* at_most = 0: so many events */
	SEA_BOUND_SHARE, /* at_most = 0.5%: of all that could have been */
	SEA_BOUND_RATE,	 /* at_most = 2 per 1000 vm_hours */
};

struct sea_bound {
	enum sea_bound_form form;
	double value;  /* COUNT: events; SHARE: 0 to 1; RATE: events in an hour of one VM */
	char text[48]; /* as it was written */
};

/* Behind the blanks that text begins with. */
const char *sea_policy_skip(const char *text);

/* A number of 0 to 1e15 that text begins with; what is behind it. NULL: there is none. */
const char *sea_policy_number(const char *text, double *number);

/* A whole number, and nothing else. */
bool sea_policy_count(const char *text, __u64 *count);

/* "0", "0.5%", "2 per 1000 vm_hours", "2 per vm_hour"; all but bound->text. */
bool sea_policy_bound(const char *text, struct sea_bound *bound);

/* "10ms", "500 us", "2s" in ns; 0: it is none. */
__u64 sea_policy_duration(const char *text);

#endif /* SEA_POLICY_VALUES_H */
