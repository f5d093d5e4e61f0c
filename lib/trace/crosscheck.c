// SPDX-License-Identifier: GPL-2.0-only
#include "trace/crosscheck.h"

void sea_crosscheck_look(struct sea_crosscheck *check, __u64 before, __u64 after, __u64 counted,
			 __u64 vcpus)
{
	bool quiet = before == after && before == check->last;
	__s64 difference = (__s64)(before - counted);

	check->last = after;
	if (quiet && difference < check->baseline)
		check->baseline = difference;
	difference -= check->baseline;
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
