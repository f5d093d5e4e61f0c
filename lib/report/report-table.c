// SPDX-License-Identifier: GPL-2.0-only
/* report-table.c - which rows a report's table has, and in which order. */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "model/vm-counters.h"
#include "report/report-fields.h"
#include "report/report-internal.h"

/* What became of a VM is not asked of pages and groups. */
static bool is_hidden(const struct sea_report *report, size_t i)
{
	const struct sea_filter *filter = &report->options.filter;
	const struct sea_report_vm *vm = &report->vms[i];

	if (report->options.by != SEA_BY_VM)
		return false;
	if (filter->active && !vm->total && !vm->unrecorded_total && !sea_vm_responses(&vm->counts))
		return true;
	return filter->not_ended && vm->ended_ns;
}

static int compare(const void *a, const void *b, void *arg)
{
	const struct sea_report *report = arg;
	const struct sea_order *order = &report->options.order;
	const struct sea_report_item x = {report, *(const size_t *)a},
				     y = {report, *(const size_t *)b};
	int place = order->field ? sea_field_compare(order->field, &x, &y) : 0;

	if (!place)
		place = x.i < y.i ? -1 : x.i > y.i;
	return order->reverse ? -place : place;
}

int sea_report_add_table(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	struct sea_report_table *table = &report->table;
	size_t nr = sea_report_list_length(sea_report_table(report), report), i;
	bool of_vms = report->options.by == SEA_BY_VM;

	table->place = calloc(nr + 1, sizeof(*table->place));
	if (!table->place)
		return sea_report_out_of_memory(m->err);
	for (i = 0; i < nr; i++) {
		__u64 seas = of_vms ? report->vms[i].total : 0;

		if (is_hidden(report, i)) {
			table->hidden++;
			table->hidden_seas += seas;
			continue;
		}
		table->place[table->nr++] = i;
		table->seas += seas;
	}
	qsort_r(table->place, table->nr, sizeof(*table->place), compare, report);
	if (report->options.max_rows && table->nr > report->options.max_rows) {
		table->more = table->nr - report->options.max_rows;
		table->nr = report->options.max_rows;
	}
	return 0;
}
