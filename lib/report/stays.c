// SPDX-License-Identifier: GPL-2.0-only
#include "report/stays.h"

#include <stdlib.h>

/* A session whose first tick is so much later was cut out of a longer one. */
#define CUT_NS 60000000000LL

void sea_stay_take(struct sea_sql *sql, struct sea_stay *stay)
{
	__s64 first_ns;
	int i;

	*stay = (struct sea_stay){.vm = sea_sql_take(sql)};
	stay->session = sea_sql_take(sql);
	stay->since_ns = sea_sql_take(sql);
	stay->until_ns = sea_sql_take(sql);
	stay->host_since_ns = sea_sql_take(sql);
	first_ns = sea_sql_take(sql);
	stay->is_whole = first_ns && first_ns < stay->since_ns + CUT_NS;
	for (i = 0; i < SEA_STATISTICS; i++)
		stay->before[i] = sea_sql_take_u64(sql);
}

static int by_vm(const void *a, const void *b)
{
	const struct sea_stay *x = a, *y = b;

	if (x->vm != y->vm)
		return x->vm < y->vm ? -1 : 1;
	return x->session < y->session ? -1 : x->session > y->session;
}

void sea_stay_take_counted(struct sea_sql *sql, struct sea_stay *stays, size_t nr)
{
	struct sea_stay like = {.vm = sea_sql_take(sql)}, *stay;
	int i;

	like.session = sea_sql_take(sql);
	stay = nr ? bsearch(&like, stays, nr, sizeof(like), by_vm) : NULL;
	for (i = 0; stay && i < SEA_STATISTICS; i++)
		stay->counted[i] = sea_sql_take_u64(sql);
}

__u64 sea_stay_unrecorded(const struct sea_stay *stay, const struct sea_stay *last,
			  __u64 by_disposition[SEA_STATISTICS])
{
	__u64 sum = 0;
	int i;

	if (last && !last->is_whole)
		return 0;
	for (i = 0; i < SEA_STATISTICS; i++) {
		__u64 known = last ? last->before[i] + last->counted[i] : 0;

		if (stay->before[i] <= known)
			continue;
		by_disposition[i] += stay->before[i] - known;
		sum += stay->before[i] - known;
	}
	return sum;
}
