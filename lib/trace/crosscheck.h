/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * crosscheck.h - the sum of all dispositions against a second hook.
 *
 * Every SEA of a guest passes apei_claim_sea() before it gets its disposition.
 * A hook there, of another mechanism than the source where there is a choice,
 * counts them too. What it saw and the source did not is `unseen`: the counts
 * are too low.
 */
#ifndef SEA_CROSSCHECK_H
#define SEA_CROSSCHECK_H

#include <stdbool.h>

#include <linux/types.h>

/* Start from zeros. */
struct sea_crosscheck {
	__u64 last;	/* what the second hook had counted at the last look */
	__s64 baseline; /* SEAs that were on their way when counting started: 0 or less */
	__u64 missing;	/* at the last look, at most: unseen, or on their way */
	__u64 unseen;	/* SEAs that got no disposition: never more than are missing */
};

/*
 * One look. before and after: what the second hook had counted before and after
 * the counters were read; counted: the sum of these. An SEA may be on its way
 * between the two hooks, so a difference stands if no SEA came since the look
 * before, or if it is more than all vCPUs can have on their way (0: not known).
 * Fewer are unseen as soon as fewer are missing, also in a storm. Who looks for the
 * last time looks again for as long as any are missing: see sea_trace_read_last().
 */
void sea_crosscheck_look(struct sea_crosscheck *check, __u64 before, __u64 after, __u64 counted,
			 __u64 vcpus);

#endif /* SEA_CROSSCHECK_H */
