// SPDX-License-Identifier: GPL-2.0-only
/*
 * report-rows.c - details as a store has them: summed up where that is enough, and one
 * by one elsewhere.
 *
 * lib/store/sums.h says what a stretch is. One that is in the window as a whole is read
 * from its sums; one that the window cuts, and what is between stretches, is read one by
 * one. So is everything if the report has to know of single SEAs: their vCPUs, or the
 * last ones of each VM.
 */
#include "report/report-rows.h"

#include <stdlib.h>
#include <string.h>

/* Records that are not to be read one by one: from first to last. */
struct stretch {
	__s64 first, last;
	bool is_wanted; /* it is in the window; else nothing of it is */
};

/* SEAs and answers of a VM that are in later stretches */
struct later {
	__s64 vm;
	__u64 number[2]; /* by is_answer */
	UT_hash_handle hh;
};

/* Until which record ticks have counted the SEAs of a session that nobody ended. */
struct tail {
	__s64 session, seq;
};

struct pass {
	struct sea_report_maker *m;
	struct tail *tails;
	struct stretch *stretches; /* in the order of their records */
	size_t nr_tails, nr_stretches;
	bool is_answer;
	struct sea_sql one_by_one, sums, slow, places;
};

static int compare_tails(const void *a, const void *b)
{
	const struct tail *x = a, *y = b;

	return x->session < y->session ? -1 : x->session > y->session;
}

static bool is_in_tail(const struct pass *pass, const struct sea_report_row *row)
{
	const struct tail like = {.session = row->session}, *tail;

	if (!pass->nr_tails)
		return false;
	tail = bsearch(&like, pass->tails, pass->nr_tails, sizeof(like), compare_tails);
	return tail && row->seq > tail->seq;
}

/* A newer program's number is not known here: it is told as such. */
static __u8 take_number(struct sea_sql *sql, unsigned int nr)
{
	__s64 number = sea_sql_take(sql);

	return number >= 0 && number < nr ? (__u8)number : (__u8)(nr - 1);
}

static void take_addresses(struct sea_sql *sql, struct sea_report_row *row, bool addresses)
{
	struct sea_report_detail *d = &row->detail;
	bool far = sea_sql_take_if(sql, &d->far), pc;

	row->has_ipa = sea_sql_take_if(sql, &d->ipa);
	pc = sea_sql_take_if(sql, &d->pc);
	if (addresses)
		d->flags = (far ? SEA_FAR_VALID : 0) | (row->has_ipa ? SEA_IPA_VALID : 0) |
			   (pc ? SEA_PC_VALID : 0);
}

static void take_page(struct sea_sql *sql, struct sea_report_row *row)
{
	__u64 node;

	row->has_pfn = sea_sql_take_if(sql, &row->pfn);
	row->has_poison = sea_sql_take_if(sql, &row->poisoned);
	sea_sql_take_if(sql, &row->size);
	row->node = sea_sql_take_if(sql, &node) ? (__s32)node : -1;
}

/* The test of the session costs time, and is none if all are taken. */
#define HEAD                                                                                     \
	"SELECT wall_ns, s.seq, session, coalesce(vm, 0), disposition, reason, esr, vcpu, cpu, " \
	"tid,"
#define WHERE                                                                                                  \
	" WHERE s.seq > ?3 AND s.seq < ?4 AND wall_ns >= ?1 AND wall_ns < ?2 AND (?5 OR " SEA_TOTALS_IS_CHOSEN \
	")"
#define PAGES                                                                               \
	HEAD " far, ipa, pc, p.pfn, p.poisoned, p.size, p.node FROM sea s LEFT JOIN page p" \
	     " ON p.sea = s.seq" WHERE
#define NO_PAGES HEAD " far, ipa, pc, NULL, NULL, NULL, NULL FROM sea s" WHERE
#define ANSWERS HEAD " response, latency_ns FROM answer s" WHERE

#define SEA_SUMS                                                                       \
	"SELECT vm, seas, first_wall_ns, last_wall_ns, disposition, reason, esr, ipa," \
	" pfn, poisoned, size, node FROM sea_sum WHERE sum = ? ORDER BY nr"
#define ANSWER_SUMS                                                                       \
	"SELECT vm, answers, slowest_wall_ns, slowest_wall_ns, response, slowest_ns FROM" \
	" answer_sum WHERE sum = ? ORDER BY nr"
#define SLOW_ANSWERS                                                                          \
	"SELECT vm, 1, wall_ns, wall_ns, response, latency_ns FROM slow_answer WHERE sum = ?" \
	" ORDER BY nr"

#define PLACES                                                                     \
	"SELECT wall_ns, coalesce(vm, 0), disposition, reason, vcpu, cpu FROM sea" \
	" WHERE seq >= ?1 AND seq <= ?2"

static void take_row(struct pass *pass, struct sea_report_row *row)
{
	struct sea_sql *sql = &pass->one_by_one;
	struct sea_report_detail *d = &row->detail;

	memset(row, 0, sizeof(*row));
	row->number = 1;
	d->is_answer = pass->is_answer;
	d->ns = row->first_ns = sea_sql_take(sql);
	row->seq = sea_sql_take(sql);
	row->session = sea_sql_take(sql);
	row->vm = sea_sql_take(sql);
	d->disposition = take_number(sql, SEA_DISPOSITIONS);
	d->reason = take_number(sql, SEA_REASONS);
	d->esr = sea_sql_take_u64(sql);
	d->vcpu = (__u32)sea_sql_take(sql);
	d->cpu = (__u32)sea_sql_take(sql);
	d->tid = (__u32)sea_sql_take(sql);
	row->is_uncounted = is_in_tail(pass, row);
	if (pass->is_answer) {
		d->response = take_number(sql, SEA_RESPONSES);
		d->latency_ns = sea_sql_take_u64(sql);
		return;
	}
	take_addresses(sql, row, pass->m->report->options.addresses);
	take_page(sql, row);
}

static void take_sum(struct sea_sql *sql, bool is_answer, struct sea_report_row *row)
{
	struct sea_report_detail *d = &row->detail;

	memset(row, 0, sizeof(*row));
	row->is_sum = true;
	d->is_answer = is_answer;
	row->vm = sea_sql_take(sql);
	row->number = sea_sql_take_u64(sql);
	row->first_ns = sea_sql_take(sql);
	d->ns = sea_sql_take(sql);
	if (is_answer) {
		d->response = take_number(sql, SEA_RESPONSES);
		d->latency_ns = sea_sql_take_u64(sql);
		return;
	}
	d->disposition = take_number(sql, SEA_DISPOSITIONS);
	d->reason = take_number(sql, SEA_REASONS);
	d->esr = sea_sql_take_u64(sql);
	row->has_ipa = sea_sql_take_if(sql, &d->ipa);
	take_page(sql, row);
}

/* The row goes to the VM that it is of, if that is to be in the report. */
static int take_in(const struct pass *pass, struct sea_report_row *row, bool is_slow)
{
	struct sea_report_maker *m = pass->m;
	size_t place;

	if (sea_report_vm_of(m, row->vm, &place))
		return -1;
	if (place == SEA_REPORT_NOT_WANTED)
		return 0;
	if (is_slow)
		return sea_report_rank_answer(m, (__u32)place, &row->detail);
	return pass->is_answer ? sea_report_take_answer(m, (__u32)place, row) :
				 sea_report_take_sea(m, (__u32)place, row);
}

/* Those behind one record and before another, one by one */
static int read_one_by_one(struct pass *pass, __s64 after, __s64 before)
{
	const struct sea_window *window = &pass->m->report->options.window;
	struct sea_sql *sql = &pass->one_by_one;
	struct sea_report_row row;
	int rc;

	sea_sql_begin(pass->m->db, sql, NULL);
	sea_sql_put(sql, window->since_ns);
	sea_sql_put(sql, window->until_ns);
	sea_sql_put(sql, after);
	sea_sql_put(sql, before);
	sea_sql_put(sql, pass->m->all_chosen);
	while ((rc = sea_sql_step(sql)) == SQLITE_ROW) {
		take_row(pass, &row);
		if (take_in(pass, &row, false))
			return -1;
	}
	return rc == SQLITE_DONE ? 0 : sea_db_fail(pass->m->db, "read", pass->m->err);
}

static int read_sums(struct pass *pass, struct sea_sql *sql, __s64 sum)
{
	struct sea_report_row row;
	int rc;

	sea_sql_begin(pass->m->db, sql, NULL);
	sea_sql_put(sql, sum);
	while ((rc = sea_sql_step(sql)) == SQLITE_ROW) {
		take_sum(sql, pass->is_answer, &row);
		if (take_in(pass, &row, sql == &pass->slow))
			return -1;
	}
	return rc == SQLITE_DONE ? 0 : sea_db_fail(pass->m->db, "read", pass->m->err);
}

/* Where each SEA of a stretch was taken: what its sums do not have */
static int read_places(struct pass *pass, const struct stretch *stretch)
{
	struct sea_report_maker *m = pass->m;
	struct sea_sql *sql = &pass->places;
	struct sea_report_detail d = {0};
	size_t place;
	int rc;

	sea_sql_begin(m->db, sql, NULL);
	sea_sql_put(sql, stretch->first);
	sea_sql_put(sql, stretch->last);
	while ((rc = sea_sql_step(sql)) == SQLITE_ROW) {
		d.ns = sea_sql_take(sql);
		if (sea_report_vm_of(m, sea_sql_take(sql), &place))
			return -1;
		d.disposition = take_number(sql, SEA_DISPOSITIONS);
		d.reason = take_number(sql, SEA_REASONS);
		d.vcpu = (__u32)sea_sql_take(sql);
		d.cpu = (__u32)sea_sql_take(sql);
		if (place != SEA_REPORT_NOT_WANTED && sea_report_group_sea(m, (__u32)place, &d))
			return -1;
	}
	return rc == SQLITE_DONE ? 0 : sea_db_fail(m->db, "read", m->err);
}

static bool needs_places(const struct pass *pass)
{
	enum sea_report_by by = pass->m->report->options.by;

	return !pass->is_answer && (by == SEA_BY_VCPU || by == SEA_BY_CPU);
}

static int read_stretch(struct pass *pass, const struct stretch *stretch)
{
	if (!stretch->is_wanted)
		return 0;
	if (read_sums(pass, &pass->sums, stretch->last))
		return -1;
	if (needs_places(pass) && read_places(pass, stretch))
		return -1;
	return pass->is_answer ? read_sums(pass, &pass->slow, stretch->last) : 0;
}

/* The slowest of some VMs only are not among the slowest of a stretch. */
static bool may_read_sums(const struct pass *pass)
{
	return !pass->is_answer || !sea_filter_asks_who(&pass->m->report->options.filter);
}

static int read_all(struct pass *pass)
{
	__s64 after = INT64_MIN;
	size_t i;

	for (i = 0; i < pass->nr_stretches; i++) {
		const struct stretch *stretch = &pass->stretches[i];

		if (stretch->is_wanted && !may_read_sums(pass))
			continue;
		if (read_one_by_one(pass, after, stretch->first) || read_stretch(pass, stretch))
			return -1;
		after = stretch->last;
	}
	return read_one_by_one(pass, after, INT64_MAX);
}

/* 1: a newer program's, of which it makes no sense. */
static int prepare(struct pass *pass)
{
	struct sea_report_maker *m = pass->m;
	const char *text = pass->is_answer					 ? ANSWERS :
			   sea_db_number(m->db, "SELECT 1 FROM page LIMIT 1", 0) ? PAGES :
										   NO_PAGES;
	int rc = sea_report_ask(m, &pass->one_by_one, text);

	if (!rc && pass->nr_stretches)
		rc = sea_report_ask(m, &pass->sums, pass->is_answer ? ANSWER_SUMS : SEA_SUMS);
	if (!rc && pass->nr_stretches)
		rc = sea_report_ask(m, &pass->slow, SLOW_ANSWERS);
	if (!rc && pass->nr_stretches && needs_places(pass))
		rc = sea_report_ask(m, &pass->places, PLACES);
	return rc;
}

static int do_pass(struct pass *pass, bool is_answer)
{
	int rc;

	pass->is_answer = is_answer;
	rc = prepare(pass);
	if (!rc)
		rc = read_all(pass);
	sea_sql_free(&pass->one_by_one);
	sea_sql_free(&pass->sums);
	sea_sql_free(&pass->slow);
	sea_sql_free(&pass->places);
	return rc < 0 ? -1 : 0;
}

static int take_tail(struct sea_report_maker *m, struct sea_sql *sql, void *context)
{
	struct pass *pass = context;
	struct tail *tail = sea_report_grow(&pass->tails, &pass->nr_tails, sizeof(*tail), m->err);

	if (!tail)
		return -1;
	tail->session = sea_sql_take(sql);
	tail->seq = sea_sql_take(sql);
	return 0;
}

static int take_stretch(struct sea_report_maker *m, struct sea_sql *sql, void *context)
{
	struct pass *pass = context;
	const struct sea_window *window = &m->report->options.window;
	struct stretch stretch, *new;
	bool is_outside, is_inside, is_chosen;
	__s64 since, until;

	stretch.first = sea_sql_take(sql);
	stretch.last = sea_sql_take(sql);
	since = sea_sql_take(sql);
	until = sea_sql_take(sql);
	is_chosen = sea_sql_take(sql);
	is_outside = until < window->since_ns || since >= window->until_ns || !is_chosen;
	is_inside = since >= window->since_ns && until < window->until_ns;
	if (!is_outside && !is_inside)
		return 0;
	new = sea_report_grow(&pass->stretches, &pass->nr_stretches, sizeof(*new), m->err);
	if (!new)
		return -1;
	*new = stretch;
	new->is_wanted = !is_outside;
	return 0;
}

/* Sessions that nobody ended, with the record until which ticks have counted */
#define TAILS                                                              \
	"SELECT s.id, coalesce(t.last, 0) FROM session s LEFT JOIN"        \
	" (SELECT session, max(seq) AS last FROM tick GROUP BY session) t" \
	" ON t.session = s.id WHERE s.end IN ('runs', 'lost') ORDER BY s.id"
#define STRETCHES                                                                   \
	"SELECT first_seq, seq, first_wall_ns, last_wall_ns, " SEA_TOTALS_IS_CHOSEN \
	" FROM detail_sum ORDER BY seq"

#define OF_STRETCH                                                        \
	"SELECT 0, vm, sum(seas) FROM sea_sum WHERE sum = ?1 GROUP BY vm" \
	" UNION ALL SELECT 1, vm, sum(answers) FROM answer_sum WHERE sum = ?1 GROUP BY vm"

/* NULL: out of memory. */
static struct later *later_of(struct later **all, __s64 vm)
{
	struct later *later;

	HASH_FIND(hh, *all, &vm, sizeof(vm), later);
	if (later)
		return later;
	later = calloc(1, sizeof(*later));
	if (!later)
		return NULL;
	later->vm = vm;
	HASH_ADD(hh, *all, vm, sizeof(later->vm), later);
	return later;
}

/* Whether one of the last SEAs or answers of a VM may be in the stretch; -1: failed. */
static int has_recent(struct pass *pass, const struct stretch *stretch, struct sea_sql *sql,
		      struct later **all)
{
	const struct sea_report_maker *m = pass->m;
	bool has = false;
	int step;

	sea_sql_begin(m->db, sql, NULL);
	sea_sql_put(sql, stretch->last);
	while ((step = sea_sql_step(sql)) == SQLITE_ROW) {
		bool is_answer = sea_sql_take(sql);
		struct later *later = later_of(all, sea_sql_take(sql));

		if (!later)
			return sea_report_out_of_memory(m->err);
		has |= later->number[is_answer] < SEA_REPORT_RECENT;
		later->number[is_answer] += sea_sql_take_u64(sql);
	}
	return step == SQLITE_DONE ? has : sea_db_fail(m->db, "read", m->err);
}

/* Leaves the stretches that have none of what is to be told one by one. */
static int choose_stretches(struct pass *pass)
{
	struct later *all = NULL, *later, *next;
	struct sea_sql sql = {0};
	size_t i, kept = pass->nr_stretches;
	int rc;

	if (!kept)
		return 0;
	rc = sea_report_ask(pass->m, &sql, OF_STRETCH);
	/* From the last one on; what is kept moves to the end of the list. */
	for (i = pass->nr_stretches; !rc && i--;) {
		const struct stretch stretch = pass->stretches[i];

		int has = stretch.is_wanted ? has_recent(pass, &stretch, &sql, &all) : 0;

		rc = has < 0 ? -1 : 0;
		if (!has)
			pass->stretches[--kept] = stretch;
	}
	/* 1: a newer program's, of whose sums this one makes no sense */
	if (rc >= 0) {
		pass->nr_stretches -= kept;
		memmove(pass->stretches, pass->stretches + kept,
			pass->nr_stretches * sizeof(*pass->stretches));
	}
	HASH_ITER(hh, all, later, next) {
		HASH_DEL(all, later);
		free(later);
	}
	sea_sql_free(&sql);
	return rc < 0 ? -1 : 0;
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
	__u64 unknown = m->report->unknown_pages;
	int rc = sea_report_each(m, TAILS, NULL, 0, take_tail, &pass);

	if (!rc)
		rc = sea_report_each(m, STRETCHES, NULL, 0, take_stretch, &pass);
	if (!rc && m->report->options.timeline)
		rc = choose_stretches(&pass);
	if (!rc)
		rc = do_pass(&pass, false);
	if (is_redacted(m))
		m->report->redacted_pages += m->report->unknown_pages - unknown;
	if (!rc)
		rc = do_pass(&pass, true);
	free(pass.tails);
	free(pass.stretches);
	return rc;
}
