// SPDX-License-Identifier: GPL-2.0-only
/*
 * report-details.c - SEAs and answers one by one, in a single pass over each: pages,
 * syndromes, slow answers, and the last ones of each VM.
 */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "report/report-internal.h"

/* What a row of the tables sea and answer says, and the page of an SEA. */
struct row {
	__s64 seq, session;
	__s64 vm;
	struct sea_report_detail detail;
	bool has_pfn, has_poison, has_ipa;
	__u64 pfn, poisoned, size;
	__s32 node;
};

/* Until which record ticks have counted the SEAs of a session that nobody ended. */
struct tail {
	__s64 session, seq;
};

struct pass {
	struct sea_report_maker *m;
	struct tail *tails;
	size_t nr_tails;
};

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

static int compare_details(const void *a, const void *b)
{
	const struct sea_report_detail *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	return x->is_answer - y->is_answer;
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

static int hit_page(struct sea_report_maker *m, size_t place, __u32 vm, const struct row *row)
{
	struct sea_report_page *page = &m->report->pages[place];
	struct sea_report_page_vm *by = find_vm_of_page(page, vm);
	__s64 ns = row->detail.ns;

	if (!by) {
		by = sea_report_grow(&page->vms, &page->nr_vms, sizeof(*by), m->err);
		if (!by)
			return -1;
		by->vm = vm;
		by->first_ns = ns;
	}
	by->hits++;
	by->last_ns = ns;
	page->hits++;
	if (!page->first_ns || ns < page->first_ns)
		page->first_ns = ns;
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
static int find_page(struct sea_report_maker *m, __u32 vm, const struct row *row, size_t *place,
		     bool *known)
{
	struct sea_report *report = m->report;
	__u32 host = report->vms[vm].host;
	struct sea_report_index *found;
	struct sea_report_page *page;
	bool is_old;

	*known = false;
	if (!row->has_pfn && !row->has_ipa) {
		report->unknown_pages++;
		report->vms[vm].unknown_pages++;
		return 0;
	}
	if (report->nr_pages >= SEA_REPORT_PAGES_MAX) {
		const struct sea_report_index *there =
			row->has_pfn ?
				sea_report_lookup(m, SEA_INDEX_PFN, host, row->pfn, 0) :
				sea_report_lookup(m, SEA_INDEX_IPA, host, vm, row->detail.ipa);

		if (!there)
			report->untold_pages++;
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

static int add_esr(struct sea_report_maker *m, const struct sea_report_detail *d)
{
	struct sea_report *report = m->report;
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
		esr->first_ns = d->ns;
	}
	if (found->place >= SEA_REPORT_ESRS_MAX)
		return 0;
	esr = &report->esrs[found->place];
	esr->hits++;
	esr->last_ns = d->ns;
	return 0;
}

/* Groups that only details can make */
static int add_to_group(struct sea_report_maker *m, __u32 vm, const struct sea_report_detail *d)
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

static int compare_tails(const void *a, const void *b)
{
	const struct tail *x = a, *y = b;

	return x->session < y->session ? -1 : x->session > y->session;
}

static bool is_in_tail(const struct pass *pass, const struct row *row)
{
	const struct tail like = {.session = row->session}, *tail;

	if (!pass->nr_tails)
		return false;
	tail = bsearch(&like, pass->tails, pass->nr_tails, sizeof(like), compare_tails);
	return tail && row->seq > tail->seq;
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

static void see_sea(struct sea_report_vm *vm, const struct sea_report_detail *d)
{
	vm->details++;
	vm->told.disposition[d->disposition]++;
	vm->told.reason[d->reason]++;
	if (!vm->first_sea_ns || d->ns <= vm->first_sea_ns) {
		vm->first_sea_ns = d->ns;
		vm->first_is_by = false;
	}
	if (d->ns < vm->last_sea_ns)
		return;
	vm->last_sea_ns = d->ns;
	vm->last_disposition = d->disposition;
	vm->last_reason = d->reason;
}

static int take_sea(const struct pass *pass, __u32 place, struct row *row)
{
	struct sea_report_maker *m = pass->m;
	struct sea_report_vm *vm = &m->report->vms[place];
	size_t page;
	bool known;

	if (is_in_tail(pass, row))
		count_here(m, vm, &row->detail);
	see_sea(vm, &row->detail);
	m->report->details++;
	if (find_page(m, place, row, &page, &known))
		return -1;
	if (known) {
		row->detail.page = (__u32)page + 1;
		if (hit_page(m, page, place, row))
			return -1;
	}
	if (add_esr(m, &row->detail) || add_to_group(m, place, &row->detail))
		return -1;
	return keep(m, vm, &row->detail);
}

/* The slowest ones of all, slowest first */
static int rank_answer(struct sea_report_maker *m, __u32 vm, const struct sea_report_detail *d)
{
	struct sea_report *report = m->report;
	size_t i;

	if (report->nr_slow < SEA_REPORT_RECENT) {
		if (!sea_report_grow(&report->slow, &report->nr_slow, sizeof(*report->slow),
				     m->err))
			return -1;
	} else if (report->slow[report->nr_slow - 1].latency_ns >= d->latency_ns) {
		return 0;
	}
	for (i = report->nr_slow - 1; i && report->slow[i - 1].latency_ns < d->latency_ns; i--)
		report->slow[i] = report->slow[i - 1];
	report->slow[i] = (struct sea_report_slow){vm, d->ns, d->latency_ns, d->response};
	return 0;
}

static int take_answer(const struct pass *pass, __u32 place, struct row *row)
{
	struct sea_report_maker *m = pass->m;
	struct sea_report_vm *vm = &m->report->vms[place];
	const struct sea_report_detail *d = &row->detail;

	if (is_in_tail(pass, row))
		count_here(m, vm, d);
	vm->answer_details++;
	vm->told.response[d->response]++;
	m->report->answer_details++;
	if (d->latency_ns > vm->slowest_ns) {
		vm->slowest_ns = d->latency_ns;
		vm->slowest_at_ns = d->ns;
	}
	if (rank_answer(m, place, d))
		return -1;
	return keep(m, vm, d);
}

/* A newer program's number is not known here: it is told as such. */
static __u8 take_number(struct sea_sql *sql, unsigned int nr)
{
	__s64 number = sea_sql_take(sql);

	return number >= 0 && number < nr ? (__u8)number : (__u8)(nr - 1);
}

static void take_addresses(struct sea_sql *sql, struct row *row, bool addresses)
{
	struct sea_report_detail *d = &row->detail;
	bool far = sea_sql_take_if(sql, &d->far), pc;

	row->has_ipa = sea_sql_take_if(sql, &d->ipa);
	pc = sea_sql_take_if(sql, &d->pc);
	if (addresses)
		d->flags = (far ? SEA_FAR_VALID : 0) | (row->has_ipa ? SEA_IPA_VALID : 0) |
			   (pc ? SEA_PC_VALID : 0);
}

static void take_page(struct sea_sql *sql, struct row *row)
{
	__u64 node;

	row->has_pfn = sea_sql_take_if(sql, &row->pfn);
	row->has_poison = sea_sql_take_if(sql, &row->poisoned);
	sea_sql_take_if(sql, &row->size);
	row->node = sea_sql_take_if(sql, &node) ? (__s32)node : -1;
}

#define HEAD "wall_ns, s.seq, session, coalesce(vm, 0), disposition, reason, esr, vcpu, cpu, tid,"
#define WHERE " WHERE wall_ns >= ?1 AND wall_ns < ?2"
#define PAGES                                                                               \
	HEAD " far, ipa, pc, p.pfn, p.poisoned, p.size, p.node FROM sea s LEFT JOIN page p" \
	     " ON p.sea = s.seq"
#define NO_PAGES HEAD " far, ipa, pc, NULL, NULL, NULL, NULL FROM sea s"
#define ANSWERS HEAD " response, latency_ns FROM answer s"
#define CHOSEN " AND " SEA_TOTALS_IS_CHOSEN

static void take_row(struct sea_sql *sql, bool is_answer, bool addresses, struct row *row)
{
	struct sea_report_detail *d = &row->detail;

	memset(row, 0, sizeof(*row));
	d->is_answer = is_answer;
	d->ns = sea_sql_take(sql);
	row->seq = sea_sql_take(sql);
	row->session = sea_sql_take(sql);
	row->vm = sea_sql_take(sql);
	d->disposition = take_number(sql, SEA_DISPOSITIONS);
	d->reason = take_number(sql, SEA_REASONS);
	d->esr = sea_sql_take_u64(sql);
	d->vcpu = (__u32)sea_sql_take(sql);
	d->cpu = (__u32)sea_sql_take(sql);
	d->tid = (__u32)sea_sql_take(sql);
	if (is_answer) {
		d->response = take_number(sql, SEA_RESPONSES);
		d->latency_ns = sea_sql_take_u64(sql);
		return;
	}
	take_addresses(sql, row, addresses);
	take_page(sql, row);
}

static int do_pass(const struct pass *pass, const char *text, bool is_answer)
{
	struct sea_report_maker *m = pass->m;
	struct sea_sql sql;
	struct row row;
	size_t place;
	int rc = sea_report_ask(m, &sql, text);

	if (rc)
		return rc < 0 ? -1 : 0;
	sea_sql_put(&sql, m->report->options.window.since_ns);
	sea_sql_put(&sql, m->report->options.window.until_ns);
	while ((rc = sea_sql_step(&sql)) == SQLITE_ROW) {
		take_row(&sql, is_answer, m->report->options.addresses, &row);
		rc = sea_report_vm_of(m, row.vm, &place);
		if (!rc && place != SEA_REPORT_NOT_WANTED)
			rc = is_answer ? take_answer(pass, (__u32)place, &row) :
					 take_sea(pass, (__u32)place, &row);
		if (rc) {
			sea_sql_free(&sql);
			return -1;
		}
	}
	if (rc != SQLITE_DONE)
		return sea_report_ask_failed(m, &sql);
	sea_sql_free(&sql);
	return 0;
}

/* Sessions that nobody ended, with the record until which ticks have counted */
static int find_tails(struct pass *pass)
{
	struct sea_report_maker *m = pass->m;
	struct sea_sql sql;
	int rc = sea_report_ask(m, &sql,
				"SELECT s.id, coalesce(t.last, 0) FROM session s LEFT JOIN"
				" (SELECT session, max(seq) AS last FROM tick GROUP BY session) t"
				" ON t.session = s.id WHERE s.end IN ('runs', 'lost') ORDER BY"
				" s.id");

	if (rc)
		return rc < 0 ? -1 : 0;
	while ((rc = sea_sql_step(&sql)) == SQLITE_ROW) {
		struct tail *tail =
			sea_report_grow(&pass->tails, &pass->nr_tails, sizeof(*tail), m->err);

		if (!tail) {
			sea_sql_free(&sql);
			return -1;
		}
		tail->session = sea_sql_take(&sql);
		tail->seq = sea_sql_take(&sql);
	}
	if (rc != SQLITE_DONE)
		return sea_report_ask_failed(m, &sql);
	sea_sql_free(&sql);
	return 0;
}

void sea_report_order_details(struct sea_report *report)
{
	size_t i;

	for (i = 0; i < report->nr_vms; i++) {
		struct sea_report_vm *vm = &report->vms[i];
		size_t seas = vm->nr_told[0], answers = vm->nr_told[1];

		if (!vm->recent)
			continue;
		seas = seas < SEA_REPORT_RECENT ? seas : SEA_REPORT_RECENT;
		answers = answers < SEA_REPORT_RECENT ? answers : SEA_REPORT_RECENT;
		memmove(vm->recent + seas, vm->recent + SEA_REPORT_RECENT,
			answers * sizeof(*vm->recent));
		vm->nr_recent = seas + answers;
		qsort(vm->recent, vm->nr_recent, sizeof(*vm->recent), compare_details);
	}
}

/* Addresses were taken out when a recording was exported. */
static bool is_redacted(const struct sea_report_maker *m)
{
	size_t i;

	for (i = 0; i < m->totals.nr_sessions; i++)
		if (m->totals.sessions[i].redacted)
			return true;
	return false;
}

int sea_report_add_details(struct sea_report_maker *m)
{
	struct pass pass = {.m = m};
	bool has_pages = sea_db_number(m->db, "SELECT 1 FROM page LIMIT 1", 0);
	/* The test of the session costs time, and is none if all are taken. */
	const char *seas =
		has_pages ? m->all_chosen ? "SELECT " PAGES WHERE : "SELECT " PAGES WHERE CHOSEN :
		m->all_chosen ? "SELECT " NO_PAGES WHERE :
				"SELECT " NO_PAGES WHERE CHOSEN;
	const char *answers =
		m->all_chosen ? "SELECT " ANSWERS WHERE : "SELECT " ANSWERS WHERE CHOSEN;
	__u64 unknown = m->report->unknown_pages;
	int rc = find_tails(&pass);

	if (!rc)
		rc = do_pass(&pass, seas, false);
	if (is_redacted(m))
		m->report->redacted_pages += m->report->unknown_pages - unknown;
	if (!rc)
		rc = do_pass(&pass, answers, true);
	free(pass.tails);
	return rc;
}
