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
	unsigned int looks;
	__u64 last;	/* what the second hook had counted at the last look */
	__u64 baseline; /* SEAs that were on their way when counting started: it has not seen them
			 */
	__u64 missing;	/* at the last look, at most: unseen, or on their way */
	__u64 unseen;	/* SEAs that got no disposition: never more than are missing */
	__u64 overseen; /* SEAs that got one, and that it did not see */
};

/*
 * Compares once. before, after: what the second hook had counted before and after the
 * counters were read; counted: the sum of these.
 *
 * Each vCPU may have one SEA between the two hooks, so a difference counts as unseen
 * if no SEA came since the last call, or as far as it is more than the number of vCPUs
 * (0: not known). It shrinks again when late ones arrive, in a storm, too. Who compares
 * for the last time compares again for as long as any are missing: see
 * sea_trace_settled().
 *
 * The second hook sees an SEA first, so none is overseen for being on its way, but for
 * those that were between the two hooks when counting started: one for each vCPU at
 * most, and counted by the second look.
 */
void sea_crosscheck_look(struct sea_crosscheck *check, __u64 before, __u64 after, __u64 counted,
			 __u64 vcpus);

#endif /* SEA_CROSSCHECK_H */
