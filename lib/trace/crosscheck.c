// SPDX-License-Identifier: GPL-2.0-only
#include "trace/crosscheck.h"

/* SEAs on their way between the hooks as counting started, if no vCPU is known of */
#define ON_THEIR_WAY 8

/* Looks by which these are counted */
#define EARLY_LOOKS 2

void sea_crosscheck_look(struct sea_crosscheck *check, __u64 before, __u64 after, __u64 counted,
			 __u64 vcpus)
{
	bool quiet = before == after && before == check->last;
	__u64 most = vcpus ? vcpus : ON_THEIR_WAY, ahead = counted > after ? counted - after : 0;
	__s64 difference;

	check->last = after;
	if (check->looks < EARLY_LOOKS && ahead > check->baseline)
		check->baseline = ahead < most ? ahead : most;
	if (check->looks < EARLY_LOOKS)
		check->looks++;
	check->overseen = ahead > check->baseline ? ahead - check->baseline : 0;

	difference = (__s64)(before - counted) + (__s64)check->baseline;
	/* What came while the counters were read may be counted, or be missing as well. */
	check->missing = 0;
	if (difference + (__s64)(after - before) > 0)
		check->missing = (__u64)difference + (after - before);
	if (quiet)
		check->unseen = check->missing;
	else if (vcpus && difference > (__s64)vcpus && (__u64)difference - vcpus > check->unseen)
		check->unseen = (__u64)difference - vcpus;
	/* Some that were late have come since. */
	if (check->unseen > check->missing)
		check->unseen = check->missing;
}
