// SPDX-License-Identifier: GPL-2.0-only
/* report-unrecorded.c - what stays.h tells of all VMs of a report. */
#include "report/report-internal.h"

#include <stdlib.h>

#include "report/stays.h"

/* A VM in a session, and the VM's place in the report */
struct sea_report_stay {
	size_t vm;
	struct sea_stay stay;
};

static int by_time(const void *a, const void *b)
{
	const struct sea_report_stay *x = a, *y = b;

	if (x->vm != y->vm)
		return x->vm < y->vm ? -1 : 1;
	return x->stay.since_ns < y->stay.since_ns ? -1 : x->stay.since_ns > y->stay.since_ns;
}

/* The sessions of one file, without a place in the report yet */
struct stays {
	struct sea_stay *list;
	size_t nr;
};

static int take_stay(struct sea_report_maker *m, struct sea_sql *sql, void *context)
{
	struct stays *stays = context;
	struct sea_stay *stay = sea_report_grow(&stays->list, &stays->nr, sizeof(*stay), m->err);

	if (!stay)
		return -1;
	sea_stay_take(sql, stay);
	return 0;
}

static int take_counts(struct sea_report_maker *m, struct sea_sql *sql, void *context)
{
	const struct stays *stays = context;

	(void)m;
	sea_stay_take_counted(sql, stays->list, stays->nr);
	return 0;
}

/* What came ahead of a session belongs to the moment at which that began. */
static bool is_in_window(const struct sea_report_maker *m, const struct sea_stay *stay)
{
	const struct sea_window *window = &m->report->options.window;

	return stay->since_ns >= window->since_ns && stay->since_ns < window->until_ns;
}

/* The sessions of one VM of a file go to the report's if there is something to tell. */
static int add_stays(struct sea_report_maker *m, const struct sea_stay *stays, size_t nr)
{
	__u64 sums[SEA_STATISTICS] = {0}, sum = 0;
	struct sea_report_stay *new;
	size_t i, vm;

	for (i = 0; i < nr; i++)
		if (is_in_window(m, &stays[i]))
			sum += sea_stay_unrecorded(&stays[i], i ? &stays[i - 1] : NULL, sums);
	if (!sum)
		return 0;
	if (sea_report_vm_of(m, stays[0].vm, &vm))
		return -1;
	for (i = 0; vm != SEA_REPORT_NOT_WANTED && i < nr; i++) {
		new = sea_report_grow(&m->stays, &m->nr_stays, sizeof(*new), m->err);
		if (!new)
			return -1;
		*new = (struct sea_report_stay){vm, stays[i]};
	}
	return 0;
}

int sea_report_add_stays(struct sea_report_maker *m)
{
	struct stays stays = {0};
	size_t i, end;
	int rc = sea_report_each(m, SEA_STAYS(" AND t." SEA_TOTALS_IS_CHOSEN), NULL, 0, take_stay,
				 &stays);

	if (!rc && stays.nr)
		rc = sea_report_each(m, SEA_STAYS_COUNTED, NULL, 0, take_counts, &stays);
	for (i = 0; !rc && i < stays.nr; i = end) {
		for (end = i + 1; end < stays.nr && stays.list[end].vm == stays.list[i].vm;)
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

		if (!is_in_window(m, &stay->stay))
			continue;
		sum = sea_stay_unrecorded(&stay->stay, is_same ? &m->stays[i - 1].stay : NULL,
					  vm->unrecorded);
		vm->unrecorded_total += sum;
		report->unrecorded += sum;
	}
	free(m->stays);
	m->stays = NULL;
	m->nr_stays = 0;
}
