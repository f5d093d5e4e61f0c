// SPDX-License-Identifier: GPL-2.0-only
/*
 * report-details.c - SEAs and answers, one by one or several that are alike, taken into
 * a report: pages, syndromes, slow answers, and the last ones of each VM.
 */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "report/report-rows.h"

/* The VM's last SEAs and its last answers: two lists that go round, one behind the other. */
static int keep(struct sea_report_maker *m, struct sea_report_vm *vm,
		const struct sea_report_detail *detail)
{
	int half = detail->is_answer ? SEA_REPORT_RECENT : 0;

	if (!m->report->options.timeline)
		return 0;
	if (!vm->recent) {
		if (m->report->nr_vms > SEA_REPORT_RECENT_VMS)
			return 0;
		vm->recent = calloc(2 * SEA_REPORT_RECENT, sizeof(*vm->recent));
		if (!vm->recent)
			return sea_report_out_of_memory(m->err);
	}
	vm->recent[half + vm->nr_told[detail->is_answer]++ % SEA_REPORT_RECENT] = *detail;
	return 0;
}

static bool is_before(const struct sea_report_detail *x, const struct sea_report_detail *y)
{
	return x->ns != y->ns ? x->ns < y->ns : x->is_answer < y->is_answer;
}

static struct sea_report_page_vm *find_vm_of_page(struct sea_report_page *page, __u32 vm)
{
	size_t i = page->nr_vms;

	/* From the end: the one that hits it now is the one that did last. */
	while (i--)
		if (page->vms[i].vm == vm)
			return &page->vms[i];
	return NULL;
}

/* A time from first to last becomes one that has the row's, too. */
static void widen(const struct sea_report_row *row, __s64 *first_ns, __s64 *last_ns)
{
	if (row->first_ns < *first_ns)
		*first_ns = row->first_ns;
	if (row->detail.ns > *last_ns)
		*last_ns = row->detail.ns;
}

static int hit_page(struct sea_report_maker *m, size_t place, __u32 vm,
		    const struct sea_report_row *row)
{
	struct sea_report_page *page = &m->report->pages[place];
	struct sea_report_page_vm *by = find_vm_of_page(page, vm);
	__s64 ns = row->detail.ns;

	if (!by) {
		by = sea_report_grow(&page->vms, &page->nr_vms, sizeof(*by), m->err);
		if (!by)
			return -1;
		by->vm = vm;
		by->first_ns = row->first_ns;
		by->last_ns = ns;
	}
	by->hits += row->number;
	widen(row, &by->first_ns, &by->last_ns);
	page->hits += row->number;
	if (!page->first_ns || row->first_ns < page->first_ns)
		page->first_ns = row->first_ns;
	if (ns < page->last_ns)
		return 0;
	page->last_ns = ns;
	if (row->has_poison)
		page->poisoned = row->poisoned != 0;
	if (row->size)
		page->size = row->size;
	if (row->node >= 0)
		page->node = row->node;
	return 0;
}

/* The page of the row in the list; *known false: it is not known, or there is no room. */
static int find_page(struct sea_report_maker *m, __u32 vm, const struct sea_report_row *row,
		     size_t *place, bool *known)
{
	struct sea_report *report = m->report;
	__u32 host = report->vms[vm].host;
	struct sea_report_index *found;
	struct sea_report_page *page;
	bool is_old;

	*known = false;
	if (!row->has_pfn && !row->has_ipa) {
		report->unknown_pages += row->number;
		report->vms[vm].unknown_pages += row->number;
		return 0;
	}
	if (report->nr_pages >= SEA_REPORT_PAGES_MAX) {
		const struct sea_report_index *there =
			row->has_pfn ?
				sea_report_lookup(m, SEA_INDEX_PFN, host, row->pfn, 0) :
				sea_report_lookup(m, SEA_INDEX_IPA, host, vm, row->detail.ipa);

		if (!there)
			report->untold_pages += row->number;
		*known = there;
		*place = there ? there->place : 0;
		return 0;
	}
	is_old = row->has_pfn ?
			 sea_report_find(m, SEA_INDEX_PFN, host, row->pfn, 0, &found) :
			 sea_report_find(m, SEA_INDEX_IPA, host, vm, row->detail.ipa, &found);
	if (!found)
		return -1;
	*known = true;
	if (!is_old) {
		found->place = report->nr_pages;
		page = sea_report_grow(&report->pages, &report->nr_pages, sizeof(*page), m->err);
		if (!page)
			return -1;
		*page = (struct sea_report_page){.host = host,
						 .has_pfn = row->has_pfn,
						 .pfn = row->pfn,
						 .ipa = row->has_pfn ? 0 : row->detail.ipa,
						 .vm = vm,
						 .poisoned = -1,
						 .node = -1};
	}
	*place = found->place;
	return 0;
}

static int add_esr(struct sea_report_maker *m, const struct sea_report_row *row)
{
	struct sea_report *report = m->report;
	const struct sea_report_detail *d = &row->detail;
	__u64 ways = (__u64)d->disposition << 8 | d->reason;
	struct sea_report_index *found;
	struct sea_report_esr *esr;

	if (!sea_report_find(m, SEA_INDEX_ESR, 0, d->esr, ways, &found)) {
		if (!found)
			return -1;
		found->place = report->nr_esrs;
		if (report->nr_esrs >= SEA_REPORT_ESRS_MAX)
			return 0;
		esr = sea_report_grow(&report->esrs, &report->nr_esrs, sizeof(*esr), m->err);
		if (!esr)
			return -1;
		*esr = (struct sea_report_esr){
			.esr = d->esr, .disposition = d->disposition, .reason = d->reason};
		esr->first_ns = row->first_ns;
		esr->last_ns = d->ns;
	}
	if (found->place >= SEA_REPORT_ESRS_MAX)
		return 0;
	esr = &report->esrs[found->place];
	esr->hits += row->number;
	widen(row, &esr->first_ns, &esr->last_ns);
	return 0;
}

int sea_report_group_sea(struct sea_report_maker *m, __u32 vm, const struct sea_report_detail *d)
{
	enum sea_report_by by = m->report->options.by;
	struct sea_report_group *group;
	int rc;

	if (by == SEA_BY_VCPU)
		rc = sea_report_group_of(m, SEA_INDEX_VCPU, m->report->vms[vm].host, vm, d->vcpu,
					 &group);
	else if (by == SEA_BY_CPU)
		rc = sea_report_group_of(m, SEA_INDEX_CPU, m->report->vms[vm].host, d->cpu, 0,
					 &group);
	else
		return 0;
	if (rc || !group)
		return rc;
	group->has_ways = true;
	group->seas++;
	group->counts.disposition[d->disposition]++;
	group->counts.reason[d->reason]++;
	if (!group->first_ns || d->ns < group->first_ns)
		group->first_ns = d->ns;
	if (d->ns > group->last_ns)
		group->last_ns = d->ns;
	return 0;
}

/* The recorder died before the tick that would have counted it. */
static void count_here(struct sea_report_maker *m, struct sea_report_vm *vm,
		       const struct sea_report_detail *d)
{
	if (d->is_answer) {
		vm->counts.response[d->response]++;
		vm->counts.latency_ns += d->latency_ns;
		if (vm->pending)
			vm->pending--;
		return;
	}
	vm->counts.disposition[d->disposition]++;
	vm->counts.reason[d->reason]++;
	vm->total++;
	vm->pending += d->disposition == SEA_FORWARDED;
	m->report->uncounted++;
}

static void see_sea(struct sea_report_vm *vm, const struct sea_report_row *row)
{
	const struct sea_report_detail *d = &row->detail;

	vm->details += row->number;
	vm->told.disposition[d->disposition] += row->number;
	vm->told.reason[d->reason] += row->number;
	if (!vm->first_sea_ns || row->first_ns <= vm->first_sea_ns) {
		vm->first_sea_ns = row->first_ns;
		vm->first_is_by = false;
	}
	if (d->ns < vm->last_sea_ns)
		return;
	vm->last_sea_ns = d->ns;
	vm->last_disposition = d->disposition;
	vm->last_reason = d->reason;
}

int sea_report_take_sea(struct sea_report_maker *m, __u32 place, struct sea_report_row *row)
{
	struct sea_report_vm *vm = &m->report->vms[place];
	size_t page;
	bool known;

	if (row->is_uncounted)
		count_here(m, vm, &row->detail);
	see_sea(vm, row);
	m->report->details += row->number;
	if (find_page(m, place, row, &page, &known))
		return -1;
	if (known) {
		row->detail.page = (__u32)page + 1;
		if (hit_page(m, page, place, row))
			return -1;
	}
	if (add_esr(m, row))
		return -1;
	if (row->is_sum)
		return 0;
	return sea_report_group_sea(m, place, &row->detail) ? -1 : keep(m, vm, &row->detail);
}

static bool is_slower(__u64 latency_ns, __s64 ns, const struct sea_report_slow *slow)
{
	return latency_ns > slow->latency_ns || (latency_ns == slow->latency_ns && ns < slow->ns);
}

int sea_report_rank_answer(struct sea_report_maker *m, __u32 vm, const struct sea_report_detail *d)
{
	struct sea_report *report = m->report;
	size_t i;

	if (report->nr_slow < SEA_REPORT_RECENT) {
		if (!sea_report_grow(&report->slow, &report->nr_slow, sizeof(*report->slow),
				     m->err))
			return -1;
	} else if (!is_slower(d->latency_ns, d->ns, &report->slow[report->nr_slow - 1])) {
		return 0;
	}
	for (i = report->nr_slow - 1; i && is_slower(d->latency_ns, d->ns, &report->slow[i - 1]);
	     i--)
		report->slow[i] = report->slow[i - 1];
	report->slow[i] = (struct sea_report_slow){vm, d->ns, d->latency_ns, d->response};
	return 0;
}

int sea_report_take_answer(struct sea_report_maker *m, __u32 place,
			   const struct sea_report_row *row)
{
	struct sea_report_vm *vm = &m->report->vms[place];
	const struct sea_report_detail *d = &row->detail;

	if (row->is_uncounted)
		count_here(m, vm, d);
	vm->answer_details += row->number;
	vm->told.response[d->response] += row->number;
	m->report->answer_details += row->number;
	if (d->latency_ns > vm->slowest_ns ||
	    (d->latency_ns == vm->slowest_ns && d->ns < vm->slowest_at_ns)) {
		vm->slowest_ns = d->latency_ns;
		vm->slowest_at_ns = d->ns;
	}
	if (row->is_sum)
		return 0;
	return sea_report_rank_answer(m, place, d) ? -1 : keep(m, vm, d);
}

/* Takes what a list that goes round has, the oldest first, into a sorted one. */
static void take_in_order(const struct sea_report_detail *round, size_t told,
			  struct sea_report_detail *sorted, size_t *nr)
{
	size_t i = told > SEA_REPORT_RECENT ? told - SEA_REPORT_RECENT : 0, at;

	for (; i < told; i++) {
		const struct sea_report_detail *detail = &round[i % SEA_REPORT_RECENT];

		/* Of those of the same moment, the one that was told first is the first. */
		for (at = (*nr)++; at && is_before(detail, &sorted[at - 1]); at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = *detail;
	}
}

void sea_report_order_details(struct sea_report *report)
{
	struct sea_report_detail sorted[2 * SEA_REPORT_RECENT];
	size_t i;

	for (i = 0; i < report->nr_vms; i++) {
		struct sea_report_vm *vm = &report->vms[i];

		if (!vm->recent)
			continue;
		vm->nr_recent = 0;
		take_in_order(vm->recent, vm->nr_told[0], sorted, &vm->nr_recent);
		take_in_order(vm->recent + SEA_REPORT_RECENT, vm->nr_told[1], sorted,
			      &vm->nr_recent);
		memcpy(vm->recent, sorted, vm->nr_recent * sizeof(*sorted));
	}
}
