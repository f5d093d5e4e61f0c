// SPDX-License-Identifier: GPL-2.0-only
#include "check.h"

void sea_check_look(struct sea_check *check, __u64 before, __u64 after, __u64 counted, __u64 vcpus)
{
	bool quiet = before == after && before == check->last;
	__s64 difference = (__s64)(before - counted);

	check->last = after;
	if (quiet) {
		if (difference < check->baseline)
			check->baseline = difference;
		check->unseen = (__u64)(difference - check->baseline);
		return;
	}
	difference -= check->baseline;
	if (vcpus && difference > (__s64)vcpus && (__u64)difference - vcpus > check->unseen)
		check->unseen = (__u64)difference - vcpus;
}
