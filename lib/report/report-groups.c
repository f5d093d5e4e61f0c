// SPDX-License-Identifier: GPL-2.0-only
/* report-groups.c - --by: the groups of a report, and the order of all its lists. */
#include "report/report.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "arm/esr.h"
#include "base/words.h"
#include "model/clock.h"
#include "model/vm-counters.h"
#include "report/report-internal.h"

static const struct {
	const char *name;
	bool needs_details;
} bys[SEA_BYS] = {
	[SEA_BY_VM] = {"vm", false},
	[SEA_BY_HOST] = {"host", false},
	[SEA_BY_DISPOSITION] = {"disposition", false},
	[SEA_BY_REASON] = {"reason", false},
	[SEA_BY_RESPONSE] = {"response", false},
	[SEA_BY_OPT_IN] = {"opt-in", false},
	[SEA_BY_HOUR] = {"hour", false},
	[SEA_BY_DAY] = {"day", false},
	[SEA_BY_PAGE] = {"page", true},
	[SEA_BY_VCPU] = {"vcpu", true},
	[SEA_BY_CPU] = {"cpu", true},
	[SEA_BY_ESR] = {"esr", true},
};

const char *sea_report_by_name(unsigned int by)
{
	return by < SEA_BYS ? bys[by].name : "invalid";
}

int sea_report_by_number(const char *name)
{
	int i;

	for (i = 0; i < SEA_BYS; i++)
		if (!strcmp(name, bys[i].name))
			return i;
	return -1;
}

bool sea_report_by_needs_details(enum sea_report_by by)
{
	return bys[by].needs_details;
}

const char *sea_report_fate_name(unsigned int fate)
{
	static const char *const names[SEA_FATES] = {
		[SEA_FATE_RUNS] = "runs",
		[SEA_FATE_ENDED] = "ended",
		[SEA_FATE_AFTER] = "ended_after_sea",
		[SEA_FATE_ASKED] = "ended_unanswered",
		[SEA_FATE_KILLED] = "killed_by_sigbus",
	};

	return fate < SEA_FATES ? names[fate] : "invalid";
}

int sea_report_group_of(struct sea_report_maker *m, enum sea_report_index_what what, __u32 host,
			__u64 a, __u64 b, struct sea_report_group **group)
{
	struct sea_report *report = m->report;
	struct sea_report_index *found;

	*group = NULL;
	if (!sea_report_find(m, what, host, a, b, &found)) {
		if (!found)
			return -1;
		found->place = report->nr_groups;
		if (report->nr_groups >= SEA_REPORT_GROUPS_MAX)
			return 0;
		if (!sea_report_grow(&report->groups, &report->nr_groups, sizeof(**group), m->err))
			return -1;
		*group = &report->groups[found->place];
		if (what == SEA_INDEX_VCPU)
			snprintf((*group)->label, sizeof((*group)->label), "%.255s vCPU %llu",
				 report->vms[a].name, (unsigned long long)b);
		else
			snprintf((*group)->label, sizeof((*group)->label), "%.64s CPU %llu",
				 report->hosts[host], (unsigned long long)a);
	}
	if (found->place < SEA_REPORT_GROUPS_MAX)
		*group = &report->groups[found->place];
	return 0;
}

static bool is_soon(__s64 ns, __s64 end_ns)
{
	/* The two times come from different places: an SEA may seem a moment younger. */
	return ns && end_ns + 1000000000LL >= ns &&
	       end_ns - ns <= SEA_REPORT_AFTER_S * 1000000000LL;
}

static void judge_end(struct sea_report_vm *vm)
{
	bool soon = is_soon(vm->last_sea_ns, vm->ended_ns) || is_soon(vm->sigbus_ns, vm->ended_ns);

	if (!vm->ended_ns || vm->is_other)
		return;
	vm->after_ns = vm->last_sea_ns && vm->ended_ns > vm->last_sea_ns ?
			       (__u64)(vm->ended_ns - vm->last_sea_ns) :
			       0;
	if (soon && vm->wait_status >= 0 && WIFSIGNALED(vm->wait_status) &&
	    WTERMSIG(vm->wait_status) == SIGBUS)
		vm->fate = SEA_FATE_KILLED;
	else if (vm->counts.response[SEA_ABANDONED] || vm->pending)
		vm->fate = SEA_FATE_ASKED;
	else
		vm->fate = soon ? SEA_FATE_AFTER : SEA_FATE_ENDED;
}

static void count_pages(struct sea_report *report)
{
	size_t i, j;

	for (i = 0; i < report->nr_pages; i++) {
		const struct sea_report_page *page = &report->pages[i];

		for (j = 0; j < page->nr_vms; j++) {
			report->vms[page->vms[j].vm].pages++;
			report->vms[page->vms[j].vm].shared_pages += page->nr_vms > 1;
		}
	}
}

static __u64 raise_to(__u64 *count, __u64 told)
{
	__u64 missing = told > *count ? told - *count : 0;

	*count += missing;
	return missing;
}

/*
 * SEAs shortly before the end of the window are counted by a tick behind it: there are
 * at least as many as are told one by one.
 */
static void count_late(struct sea_report *report, struct sea_report_vm *vm)
{
	__u64 forwarded = 0, answered = 0;
	int i;

	for (i = 0; i < SEA_REASONS; i++)
		raise_to(&vm->counts.reason[i], vm->told.reason[i]);
	for (i = 0; i < SEA_RESPONSES; i++)
		answered += raise_to(&vm->counts.response[i], vm->told.response[i]);
	for (i = 0; i < SEA_DISPOSITIONS; i++) {
		__u64 late = raise_to(&vm->counts.disposition[i], vm->told.disposition[i]);

		if (i == SEA_FORWARDED)
			forwarded = late;
		vm->total += late;
		report->late += late;
	}
	vm->pending += forwarded;
	vm->pending -= answered < vm->pending ? answered : vm->pending;
}

static void sum_up(struct sea_report *report)
{
	size_t i;
	int slot;

	for (i = 0; i < report->nr_vms; i++) {
		struct sea_report_vm *vm = &report->vms[i];

		count_late(report, vm);
		sea_vm_add(&report->counts, &vm->counts);
		report->total += vm->total;
		report->pending += vm->pending;
		judge_end(vm);
	}
	/* The first slot that has nothing but longer ones: 2^20 us is 1.05 s. */
	for (slot = 20; slot < SEA_LATENCY_SLOTS; slot++)
		report->latency_over += report->counts.latency[slot];
}

/* Elements of a list by their places, to be put into another order */
struct order {
	const void *element;
	__u32 place;
};

static int compare_numbers(__u64 a, __u64 b)
{
	return a > b ? -1 : a < b;
}

static int compare_vms(const void *a, const void *b)
{
	const struct order *p = a, *q = b;
	const struct sea_report_vm *x = p->element, *y = q->element;
	int order = x->is_other - y->is_other;

	if (!order)
		order = compare_numbers(x->total, y->total);
	if (!order)
		order = compare_numbers(x->unrecorded_total, y->unrecorded_total);
	if (!order)
		order = strcmp(x->name, y->name);
	return order ? order : (int)p->place - (int)q->place;
}

static int compare_pages(const void *a, const void *b)
{
	const struct order *p = a, *q = b;
	const struct sea_report_page *x = p->element, *y = q->element;
	int order = compare_numbers(x->nr_vms, y->nr_vms);

	if (!order)
		order = compare_numbers(x->hits, y->hits);
	if (!order)
		order = compare_numbers((__u64)y->first_ns, (__u64)x->first_ns);
	return order ? order : (int)p->place - (int)q->place;
}

static int compare_vms_of_page(const void *a, const void *b)
{
	const struct sea_report_page_vm *x = a, *y = b;
	int order = compare_numbers((__u64)y->first_ns, (__u64)x->first_ns);

	return order ? order : (int)x->vm - (int)y->vm;
}

/*
 * Sorts a list; *moved[i] is where the element that was at i is now. NULL: out of memory.
 */
static __u32 *sort(void *list, size_t nr, size_t size, int (*compare)(const void *, const void *))
{
	struct order *order = calloc(nr + 1, sizeof(*order));
	char *copy = malloc(nr * size + 1);
	__u32 *moved = calloc(nr + 1, sizeof(*moved));
	size_t i;

	for (i = 0; order && i < nr; i++)
		order[i] = (struct order){(char *)list + i * size, (__u32)i};
	if (order && copy && moved) {
		qsort(order, nr, sizeof(*order), compare);
		for (i = 0; i < nr; i++) {
			memcpy(copy + i * size, order[i].element, size);
			moved[order[i].place] = (__u32)i;
		}
		if (nr)
			memcpy(list, copy, nr * size);
	} else {
		free(moved);
		moved = NULL;
	}
	free(order);
	free(copy);
	return moved;
}

static int sort_vms(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	__u32 *moved = sort(report->vms, report->nr_vms, sizeof(*report->vms), compare_vms);
	size_t i, j;

	if (!moved)
		return sea_report_out_of_memory(m->err);
	for (i = 0; i < report->nr_pages; i++) {
		report->pages[i].vm = moved[report->pages[i].vm];
		for (j = 0; j < report->pages[i].nr_vms; j++)
			report->pages[i].vms[j].vm = moved[report->pages[i].vms[j].vm];
	}
	for (i = 0; i < report->nr_slow; i++)
		report->slow[i].vm = moved[report->slow[i].vm];
	for (i = 0; i < report->nr_events; i++) {
		struct sea_report_event *event = &report->events[i];

		if (event->vm)
			event->vm = moved[event->vm - 1] + 1;
		if (event->linked_vm)
			event->linked_vm = moved[event->linked_vm - 1] + 1;
	}
	free(moved);
	return 0;
}

static int sort_pages(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	__u32 *moved = sort(report->pages, report->nr_pages, sizeof(*report->pages), compare_pages);
	size_t i, j;

	if (!moved)
		return sea_report_out_of_memory(m->err);
	for (i = 0; i < report->nr_pages; i++)
		qsort(report->pages[i].vms, report->pages[i].nr_vms, sizeof(*report->pages[i].vms),
		      compare_vms_of_page);
	for (i = 0; i < report->nr_vms; i++)
		for (j = 0; j < report->vms[i].nr_recent; j++)
			if (report->vms[i].recent[j].page)
				report->vms[i].recent[j].page =
					moved[report->vms[i].recent[j].page - 1] + 1;
	free(moved);
	return 0;
}

static int compare_esrs(const void *a, const void *b)
{
	const struct sea_report_esr *x = a, *y = b;
	int order = compare_numbers(x->hits, y->hits);

	if (!order)
		order = compare_numbers(y->esr, x->esr);
	if (!order)
		order = x->disposition - y->disposition;
	return order ? order : x->reason - y->reason;
}

static int compare_events(const void *a, const void *b)
{
	const struct sea_report_event *x = a, *y = b;

	return x->ns < y->ns ? -1 : x->ns > y->ns;
}

static int compare_groups(const void *a, const void *b)
{
	const struct sea_report_group *x = a, *y = b;
	int order = x->key < y->key ? -1 : x->key > y->key;

	if (!order)
		order = compare_numbers(x->seas, y->seas);
	return order ? order : strcmp(x->label, y->label);
}

/* A group, empty; NULL: out of memory. */
static struct sea_report_group *new_group(struct sea_report_maker *m, const char *label, __s64 key)
{
	struct sea_report *report = m->report;
	struct sea_report_group *group =
		sea_report_grow(&report->groups, &report->nr_groups, sizeof(*group), m->err);

	if (group) {
		snprintf(group->label, sizeof(group->label), "%s", label);
		group->key = key;
	}
	return group;
}

static void add_vm_to(struct sea_report_group *group, const struct sea_report_vm *vm)
{
	group->vms += vm->total && !vm->is_other;
	if (vm->first_sea_ns && (!group->first_ns || vm->first_sea_ns < group->first_ns))
		group->first_ns = vm->first_sea_ns;
	if (vm->last_sea_ns > group->last_ns)
		group->last_ns = vm->last_sea_ns;
}

static void add_all_of(struct sea_report_group *group, const struct sea_report_vm *vm)
{
	group->has_ways = group->has_answers = true;
	group->seas += vm->total;
	sea_vm_add(&group->counts, &vm->counts);
	add_vm_to(group, vm);
}

static int group_by_host(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	size_t i;

	for (i = 0; i < report->nr_hosts; i++)
		if (!new_group(m, report->hosts[i], 0))
			return -1;
	for (i = 0; i < report->nr_vms; i++)
		add_all_of(&report->groups[report->vms[i].host], &report->vms[i]);
	return 0;
}

static int group_by_opt_in(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	size_t i;
	unsigned int state;

	for (state = 0; state < SEA_OPT_IN_STATES; state++)
		if (!new_group(m, sea_opt_in_name(state), 0))
			return -1;
	for (i = 0; i < report->nr_vms; i++)
		add_all_of(&report->groups[report->vms[i].opt_in], &report->vms[i]);
	return 0;
}

/* One number of each VM: SEAs of a disposition or a reason, or answers of a kind */
static int group_by_counter(struct sea_report_maker *m, const char *label, size_t offset)
{
	struct sea_report_group *group = new_group(m, label, 0);
	size_t i;

	if (!group)
		return -1;
	for (i = 0; i < m->report->nr_vms; i++) {
		const struct sea_report_vm *vm = &m->report->vms[i];
		__u64 number = *(const __u64 *)(const void *)((const char *)vm + offset);

		if (!number)
			continue;
		group->seas += number;
		group->vms += !vm->is_other;
	}
	return 0;
}

static int group_by_disposition(struct sea_report_maker *m)
{
	unsigned int i;

	for (i = 0; i < SEA_DISPOSITIONS; i++)
		if (group_by_counter(m, sea_disposition_name(i),
				     offsetof(struct sea_report_vm, counts.disposition[0]) +
					     i * sizeof(__u64)))
			return -1;
	return 0;
}

static int group_by_reason(struct sea_report_maker *m)
{
	unsigned int i;

	for (i = 0; i < SEA_REASONS; i++)
		if (group_by_counter(m, sea_reason_name(i),
				     offsetof(struct sea_report_vm, counts.reason[0]) +
					     i * sizeof(__u64)))
			return -1;
	return 0;
}

static int group_by_response(struct sea_report_maker *m)
{
	unsigned int i;

	for (i = 0; i < SEA_RESPONSES; i++)
		if (group_by_counter(m, sea_response_name(i),
				     offsetof(struct sea_report_vm, counts.response[0]) +
					     i * sizeof(__u64)))
			return -1;
	return group_by_counter(m, "pending", offsetof(struct sea_report_vm, pending));
}

static int group_by_esr(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;
	char label[SEA_ESR_TEXT_LEN + 32];
	size_t i;

	for (i = 0; i < report->nr_esrs; i++) {
		const struct sea_report_esr *esr = &report->esrs[i];
		struct sea_report_group *group;
		int n = snprintf(label, sizeof(label), "0x%llx ", (unsigned long long)esr->esr);

		sea_esr_format(esr->esr, label + n, sizeof(label) - (size_t)n);
		group = new_group(m, label, 0);
		if (!group)
			return -1;
		group->has_ways = true;
		group->seas = esr->hits;
		group->counts.disposition[esr->disposition] = esr->hits;
		group->counts.reason[esr->reason] = esr->hits;
		group->first_ns = esr->first_ns;
		group->last_ns = esr->last_ns;
	}
	return 0;
}

static int make_groups(struct sea_report_maker *m)
{
	switch (m->report->options.by) {
	case SEA_BY_HOST:
		return group_by_host(m);
	case SEA_BY_OPT_IN:
		return group_by_opt_in(m);
	case SEA_BY_DISPOSITION:
		return group_by_disposition(m);
	case SEA_BY_REASON:
		return group_by_reason(m);
	case SEA_BY_RESPONSE:
		return group_by_response(m);
	case SEA_BY_ESR:
		return group_by_esr(m);
	default:
		return 0;
	}
}

int sea_report_add_groups(struct sea_report_maker *m)
{
	struct sea_report *report = m->report;

	sea_report_order_details(report);
	count_pages(report);
	sum_up(report);
	if (sort_vms(m) || sort_pages(m))
		return -1;
	if (report->nr_esrs)
		qsort(report->esrs, report->nr_esrs, sizeof(*report->esrs), compare_esrs);
	if (report->nr_events)
		qsort(report->events, report->nr_events, sizeof(*report->events), compare_events);
	if (make_groups(m))
		return -1;
	if (report->nr_groups)
		qsort(report->groups, report->nr_groups, sizeof(*report->groups), compare_groups);
	return 0;
}
