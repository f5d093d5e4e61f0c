// SPDX-License-Identifier: GPL-2.0-only
#include "report/tick-counts.h"

#include <stdlib.h>

#include "base/hash.h"
#include "model/vm-counters.h"

/*
 * A store of 10 million SEAs has a million of these rows. They are added up here, as
 * SQLite would sort them first, and would read them once more for what is pending: that
 * begins before the window. `gone` (-1) is the sum of rows that left: it is no news.
 */
#define ROWS                                                                                      \
	"SELECT t.session, t.wall_ns, vm, claimed, host_owned, not_opted_in, forwarded, unknown," \
	" no_reason, no_ras, vncr, s2_walk, ambiguous_walk, injected, resumed, abandoned,"        \
	" latency_ns, lost_ratelimit, lost_ring_full, lost_name, last, last_wall_ns"              \
	" FROM tick t CROSS JOIN tick_vm v ON v.tick = t.seq"                                     \
	" WHERE t.wall_ns < ? AND t." SEA_TOTALS_IS_CHOSEN " AND vm >= 0 ORDER BY t.seq"

struct counted {
	struct sea_totals_vm totals;
	bool is_in_window;
	/*
	 * Each session counts from zero: what it saw forwarded is not answered in another.
	 * One writer writes a store, so that its sessions come one after the other.
	 */
	__s64 session;
	__u64 forwarded, answered; /* in it */
	UT_hash_handle hh;
};

static struct counted *find(struct counted **all, __s64 vm)
{
	struct counted *counted;

	HASH_FIND(hh, *all, &vm, sizeof(vm), counted);
	if (counted)
		return counted;
	counted = calloc(1, sizeof(*counted));
	if (!counted)
		return NULL;
	counted->totals.vm = vm;
	HASH_ADD(hh, *all, totals.vm, sizeof(counted->totals.vm), counted);
	return counted;
}

static void end_session(struct counted *counted)
{
	if (counted->forwarded > counted->answered)
		counted->totals.pending += counted->forwarded - counted->answered;
	counted->forwarded = counted->answered = 0;
}

static void add(struct sea_totals_vm *totals, const struct sea_vm *grown, __s64 ns, __s64 last_ns)
{
	struct sea_vm *counts = &totals->counts;

	if (sea_vm_total(grown)) {
		if (!totals->first_tick_ns || ns < totals->first_tick_ns)
			totals->first_tick_ns = ns;
		if (ns > totals->last_tick_ns)
			totals->last_tick_ns = ns;
	}
	sea_vm_add(counts, grown);
	if (grown->last > counts->last)
		counts->last = grown->last;
	if (last_ns > totals->last_ns)
		totals->last_ns = last_ns;
}

static void take_counters(struct sea_sql *sql, __u64 *counters, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		counters[i] = sea_sql_take_u64(sql);
}

static int take_row(struct sea_sql *sql, const struct sea_window *window, struct counted **all)
{
	__s64 session = sea_sql_take(sql), ns = sea_sql_take(sql), last_ns;
	struct counted *counted = find(all, sea_sql_take(sql));
	struct sea_vm grown = {0};

	if (!counted)
		return -1;
	take_counters(sql, grown.disposition, SEA_DISPOSITIONS);
	take_counters(sql, grown.reason, SEA_REASONS);
	take_counters(sql, grown.response, SEA_RESPONSES);
	grown.latency_ns = sea_sql_take_u64(sql);
	grown.lost_ratelimit = sea_sql_take_u64(sql);
	grown.lost_ring_full = sea_sql_take_u64(sql);
	grown.lost_name = sea_sql_take_u64(sql);
	grown.last = sea_sql_take_u64(sql);
	last_ns = sea_sql_take(sql);
	if (counted->session != session)
		end_session(counted);
	counted->session = session;
	counted->forwarded += grown.disposition[SEA_FORWARDED];
	counted->answered += sea_vm_responses(&grown);
	if (ns < window->since_ns)
		return 0;
	counted->is_in_window = true;
	add(&counted->totals, &grown, ns, last_ns);
	return 0;
}

static int by_number(const struct counted *a, const struct counted *b)
{
	return a->totals.vm < b->totals.vm ? -1 : a->totals.vm > b->totals.vm;
}

/* -1: out of memory. */
static int make_list(struct counted **all, struct sea_totals_vm **vms, size_t *nr)
{
	struct counted *counted, *next;
	struct sea_totals_vm *list = calloc(HASH_COUNT(*all) + 1, sizeof(*list));

	if (!list)
		return -1;
	*vms = list;
	*nr = 0;
	HASH_SRT(hh, *all, by_number);
	HASH_ITER(hh, *all, counted, next) {
		end_session(counted);
		if (counted->is_in_window)
			list[(*nr)++] = counted->totals;
	}
	return 0;
}

int sea_tick_counts(const struct sea_db *db, const struct sea_window *window,
		    struct sea_totals_vm **vms, size_t *nr, struct sea_error *err)
{
	struct counted *all = NULL, *counted, *next;
	struct sea_sql sql = {0};
	int step = SQLITE_DONE, rc = 0;

	if (sea_sql_begin(db, &sql, ROWS))
		return db->newer || db->incomplete ? 1 : sea_db_fail(db, "read", err);
	sea_sql_put(&sql, window->until_ns);
	while (!rc && (step = sea_sql_step(&sql)) == SQLITE_ROW)
		rc = take_row(&sql, window, &all);
	if (!rc && step == SQLITE_DONE)
		rc = make_list(&all, vms, nr);
	if (rc)
		sea_error_set(err, "cannot sum up the recording: out of memory");
	else if (step != SQLITE_DONE)
		rc = sea_db_fail(db, "read", err);
	sea_sql_free(&sql);
	HASH_ITER(hh, all, counted, next) {
		HASH_DEL(all, counted);
		free(counted);
	}
	return rc;
}
