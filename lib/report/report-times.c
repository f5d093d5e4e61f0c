// SPDX-License-Identifier: GPL-2.0-only
/* report-times.c - counts by time: the parts of the timeline, and groups by hour and day. */
#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "model/clock.h"
#include "model/vm-counters.h"
#include "report/report-internal.h"

/* Every zone's offset from UTC is a multiple of that. */
#define QUARTER_NS (15LL * 60 * 1000000000)

/* ?3: the start of the first slot, ?4: nanoseconds of each */
#define SLOTS                                                                                  \
	"SELECT (t.wall_ns - ?3) / ?4 AS slot, vm, sum(claimed), sum(host_owned),"             \
	" sum(not_opted_in), sum(forwarded), sum(unknown), sum(no_reason), sum(no_ras),"       \
	" sum(vncr), sum(s2_walk), sum(ambiguous_walk), sum(injected), sum(resumed),"          \
	" sum(abandoned), min(t.wall_ns), max(t.wall_ns)"                                      \
	" FROM tick t JOIN tick_vm v ON v.tick = t.seq"                                        \
	" WHERE t.wall_ns >= ?1 AND t.wall_ns < ?2 AND t." SEA_TOTALS_IS_CHOSEN " AND vm >= 0" \
	" GROUP BY slot, vm ORDER BY slot, vm"

struct slot {
	__s64 number;
	__s64 first_ns, last_ns;
	struct sea_vm counts;
};

typedef int (*take_slot)(struct sea_report_maker *m, size_t vm, const struct slot *slot);

static void take_counters(struct sea_sql *sql, __u64 *counters, int nr)
{
	int i;

	for (i = 0; i < nr; i++)
		counters[i] = sea_sql_take_u64(sql);
}

static int take_row(struct sea_report_maker *m, struct sea_sql *sql, void *context)
{
	const take_slot *take = context;
	struct slot slot = {.number = sea_sql_take(sql)};
	__s64 number = sea_sql_take(sql);
	size_t vm;

	take_counters(sql, slot.counts.disposition, SEA_DISPOSITIONS);
	take_counters(sql, slot.counts.reason, SEA_REASONS);
	take_counters(sql, slot.counts.response, SEA_RESPONSES);
	slot.first_ns = sea_sql_take(sql);
	slot.last_ns = sea_sql_take(sql);
	if (!sea_vm_total(&slot.counts) && !sea_vm_responses(&slot.counts))
		return 0;
	if (sea_report_vm_of(m, number, &vm))
		return -1;
	return vm == SEA_REPORT_NOT_WANTED ? 0 : (*take)(m, vm, &slot);
}

static int for_each_slot(struct sea_report_maker *m, __s64 start_ns, __s64 length_ns,
			 take_slot take)
{
	const struct sea_window *window = &m->report->options.window;
	const __s64 values[] = {window->since_ns, window->until_ns, start_ns, length_ns};

	return sea_report_each(m, SLOTS, values, 4, take_row, &take);
}

static int add_to_parts(struct sea_report_maker *m, struct sea_report_part **parts,
			const struct slot *slot)
{
	int i;

	if (!*parts)
		*parts = calloc(SEA_REPORT_PARTS, sizeof(**parts));
	if (!*parts)
		return sea_report_out_of_memory(m->err);
	for (i = 0; i < SEA_DISPOSITIONS; i++)
		(*parts)[slot->number].disposition[i] += slot->counts.disposition[i];
	return 0;
}

static int take_part(struct sea_report_maker *m, size_t vm, const struct slot *slot)
{
	struct sea_report *report = m->report;

	if (slot->number < 0 || slot->number >= SEA_REPORT_PARTS)
		return 0;
	if (add_to_parts(m, &report->parts, slot))
		return -1;
	if (report->nr_vms > SEA_REPORT_RECENT_VMS)
		return 0;
	return add_to_parts(m, &report->vms[vm].parts, slot);
}

/* The hour or the day, by the local clock, of a quarter of an hour */
static __s64 begin_of_group(const struct sea_report *report, __s64 quarter, struct tm *tm)
{
	time_t second = (time_t)(quarter * (QUARTER_NS / 1000000000));
	__s64 into;

	localtime_r(&second, tm);
	into = tm->tm_min * 60;
	if (report->options.by == SEA_BY_DAY)
		into += tm->tm_hour * 3600;
	tm->tm_min = tm->tm_sec = 0;
	if (report->options.by == SEA_BY_DAY)
		tm->tm_hour = 0;
	return second - into;
}

static struct sea_report_group *find_time(struct sea_report_maker *m, __s64 key)
{
	struct sea_report *report = m->report;
	size_t i = report->nr_groups;

	/* Slots come in their order, so it is one of the last; not so with several files. */
	while (i--)
		if (report->groups[i].key == key)
			return &report->groups[i];
	return sea_report_grow(&report->groups, &report->nr_groups, sizeof(*report->groups),
			       m->err);
}

static int take_quarter(struct sea_report_maker *m, size_t place, const struct slot *slot)
{
	struct sea_report_vm *vm = &m->report->vms[place];
	struct sea_report_group *group;
	struct tm tm;
	__s64 key = begin_of_group(m->report, slot->number, &tm);

	group = find_time(m, key);
	if (!group)
		return -1;
	if (!group->label[0])
		strftime(group->label, sizeof(group->label),
			 m->report->options.by == SEA_BY_DAY ? "%Y-%m-%d" : "%Y-%m-%d %H:%M%z",
			 &tm);
	group->key = key;
	group->has_ways = group->has_answers = true;
	sea_vm_add(&group->counts, &slot->counts);
	group->seas += sea_vm_total(&slot->counts);
	if (vm->counted_in != key && sea_vm_total(&slot->counts)) {
		vm->counted_in = key;
		group->vms++;
	}
	if (!group->first_ns || slot->first_ns < group->first_ns)
		group->first_ns = slot->first_ns;
	if (slot->last_ns > group->last_ns)
		group->last_ns = slot->last_ns;
	return 0;
}

int sea_report_add_times(struct sea_report_maker *m)
{
	const struct sea_report *report = m->report;

	if (report->options.timeline &&
	    for_each_slot(m, report->parts_since_ns, report->part_ns, take_part))
		return -1;
	if (report->options.by != SEA_BY_HOUR && report->options.by != SEA_BY_DAY)
		return 0;
	return for_each_slot(m, 0, QUARTER_NS, take_quarter);
}
