// SPDX-License-Identifier: GPL-2.0-only
/*
 * report-unrecorded.c - SEAs that no session recorded, and that the kernel counted.
 *
 * A kernel with statistics has counted all SEAs of a VM since it was made. Each session
 * records by how much they are ahead of its own counts. An example: session 1 counted
 * 10 SEAs of a VM and found 0 from before it. Session 2 finds 14 from before it. So 4
 * came between the two. What came before session 1 may have been recorded by sessions that
 * are not here: deleted ones, or those that a cut left out.
 */
#include "report/report-internal.h"

#include <stdlib.h>

#include "store/schema.h"

/* A VM in a session */
struct sea_report_stay {
	size_t vm;	       /* its place in the report */
	__s64 number, session; /* in the file */
	__s64 since_ns;	       /* when the session began */
	bool is_whole;	       /* its counts are known from that moment on */
	__u64 before[SEA_STATISTICS], counted[SEA_STATISTICS];
};

#define OF_THOSE                                                                   \
	" IN (SELECT vm FROM tick_listed WHERE before_claimed + before_host_owned" \
	" + before_not_opted_in + before_forwarded > 0)"

/*
 * The last tick of a session has the best value, see struct sea_listed. A recording that
 * was cut out of another has no counts of the time between the session's begin and its
 * own.
 */
#define STAYS                                                                                  \
	"SELECT l.vm, t.session, x.started_wall_ns, coalesce((SELECT min(first_wall_ns)"       \
	" FROM tick f WHERE f.session = x.id), 0), before_claimed, before_host_owned,"         \
	" before_not_opted_in, before_forwarded, max(l.tick)"                                  \
	" FROM tick_listed l JOIN tick t ON t.seq = l.tick JOIN session x ON x.id = t.session" \
	" WHERE l.vm > 0 AND is_listed AND before_claimed IS NOT NULL AND l.vm" OF_THOSE       \
	" AND t." SEA_TOTALS_IS_CHOSEN " GROUP BY l.vm, t.session ORDER BY l.vm, t.session"

/* Ticks; and of a session that was killed, what it told one by one after its last tick */
#define COUNTED                                                                                  \
	"SELECT vm, session, sum(c), sum(h), sum(n), sum(f) FROM ("                              \
	" SELECT v.vm AS vm, t.session AS session, claimed AS c, host_owned AS h,"               \
	" not_opted_in AS n, forwarded AS f FROM tick_vm v JOIN tick t ON t.seq = v.tick"        \
	" WHERE v.vm" OF_THOSE                                                                   \
	" UNION ALL SELECT s.vm, s.session, disposition = 0, disposition = 1,"                   \
	" disposition = 2, disposition = 3 FROM"                                                 \
	" (SELECT x.id AS id, max(t.seq) AS last FROM session x JOIN tick t ON t.session = x.id" \
	" WHERE x.end IN ('runs', 'lost') GROUP BY x.id) y"                                      \
	" CROSS JOIN sea s ON s.seq > y.last AND s.session = y.id WHERE s.vm" OF_THOSE           \
	") GROUP BY vm, session"

/* More than that after its session began, and something was cut off before it. */
#define CUT_NS 60000000000LL

static int by_number(const void *a, const void *b)
{
	const struct sea_report_stay *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->session < y->session ? -1 : x->session > y->session;
}

static int by_time(const void *a, const void *b)
{
	const struct sea_report_stay *x = a, *y = b;

	if (x->vm != y->vm)
		return x->vm < y->vm ? -1 : 1;
	return x->since_ns < y->since_ns ? -1 : x->since_ns > y->since_ns;
}

/* The sessions of one file, without a place in the report yet */
struct stays {
	struct sea_report_stay *list;
	size_t nr;
};

static int take_stay(struct sea_report_maker *m, struct sea_sql *sql, void *context)
{
	struct stays *stays = context;
	struct sea_report_stay *stay =
		sea_report_grow(&stays->list, &stays->nr, sizeof(*stay), m->err);
	__s64 first_ns;
	int i;

	if (!stay)
		return -1;
	stay->number = sea_sql_take(sql);
	stay->session = sea_sql_take(sql);
	stay->since_ns = sea_sql_take(sql);
	first_ns = sea_sql_take(sql);
	stay->is_whole = first_ns && first_ns < stay->since_ns + CUT_NS;
	for (i = 0; i < SEA_STATISTICS; i++)
		stay->before[i] = sea_sql_take_u64(sql);
	return 0;
}

static int take_counts(struct sea_report_maker *m, struct sea_sql *sql, void *context)
{
	const struct stays *stays = context;
	struct sea_report_stay like = {.number = sea_sql_take(sql)}, *stay;
	int i;

	(void)m;
	like.session = sea_sql_take(sql);
	stay = bsearch(&like, stays->list, stays->nr, sizeof(like), by_number);
	for (i = 0; stay && i < SEA_STATISTICS; i++)
		stay->counted[i] = sea_sql_take_u64(sql);
	return 0;
}

/*
 * What came before this session and in none: the one ahead of it is `last`, NULL if there
 * is none. Nothing is known if of that one not all is there.
 */
static __u64 unrecorded(const struct sea_report_stay *stay, const struct sea_report_stay *last,
			__u64 by_disposition[])
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

/* What came ahead of a session belongs to the moment at which that began. */
static bool is_in_window(const struct sea_report_maker *m, const struct sea_report_stay *stay)
{
	const struct sea_window *window = &m->report->options.window;

	return stay->since_ns >= window->since_ns && stay->since_ns < window->until_ns;
}

/* The sessions of one VM of a file go to the report's if there is something to tell. */
static int add_stays(struct sea_report_maker *m, const struct sea_report_stay *stays, size_t nr)
{
	__u64 sums[SEA_STATISTICS] = {0}, sum = 0;
	struct sea_report_stay *new;
	size_t i, vm;

	for (i = 0; i < nr; i++)
		if (is_in_window(m, &stays[i]))
			sum += unrecorded(&stays[i], i ? &stays[i - 1] : NULL, sums);
	if (!sum)
		return 0;
	if (sea_report_vm_of(m, stays[0].number, &vm))
		return -1;
	for (i = 0; vm != SEA_REPORT_NOT_WANTED && i < nr; i++) {
		new = sea_report_grow(&m->stays, &m->nr_stays, sizeof(*new), m->err);
		if (!new)
			return -1;
		*new = stays[i];
		new->vm = vm;
	}
	return 0;
}

int sea_report_add_stays(struct sea_report_maker *m)
{
	struct stays stays = {0};
	size_t i, end;
	int rc = sea_report_each(m, STAYS, NULL, 0, take_stay, &stays);

	if (!rc && stays.nr)
		rc = sea_report_each(m, COUNTED, NULL, 0, take_counts, &stays);
	for (i = 0; !rc && i < stays.nr; i = end) {
		for (end = i + 1; end < stays.nr && stays.list[end].number == stays.list[i].number;)
			end++;
		rc = add_stays(m, &stays.list[i], end - i);
	}
	free(stays.list);
	return rc;
}

void sea_report_add_unrecorded(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	size_t i;

	if (m->nr_stays)
		qsort(m->stays, m->nr_stays, sizeof(*m->stays), by_time);
	for (i = 0; i < m->nr_stays; i++) {
		const struct sea_report_stay *stay = &m->stays[i];
		struct sea_report_vm *vm = &report->vms[stay->vm];
		bool is_same = i && m->stays[i - 1].vm == stay->vm;
		__u64 sum;

		if (!is_in_window(m, stay))
			continue;
		sum = unrecorded(stay, is_same ? &m->stays[i - 1] : NULL, vm->unrecorded);
		vm->unrecorded_total += sum;
		report->unrecorded += sum;
	}
	free(m->stays);
	m->stays = NULL;
	m->nr_stays = 0;
}
