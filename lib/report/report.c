// SPDX-License-Identifier: GPL-2.0-only
/* report.c - several recordings as one report: which sessions, and in which order. */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "model/vm-counters.h"
#include "report/report-internal.h"
#include "store/recording.h"

int sea_report_out_of_memory(struct sea_error *err)
{
	return sea_error_set(err, "cannot make the report: out of memory");
}

void *sea_report_grow(void *array, size_t *nr, size_t size, struct sea_error *err)
{
	void **at = array, *bigger = *at;

	/* Twice as large whenever the number is a power of two. */
	if (!(*nr & (*nr - 1)))
		bigger = realloc(*at, (*nr ? 2 * *nr : 1) * size);
	if (!bigger) {
		sea_report_out_of_memory(err);
		return NULL;
	}
	*at = bigger;
	return memset((char *)bigger + (*nr)++ * size, 0, size);
}

bool sea_report_find(struct sea_report_maker *m, enum sea_report_index_what what, __u32 host,
		     __u64 a, __u64 b, struct sea_report_index **found)
{
	struct sea_report_index like = {.key = {(__u32)what, host, a, b}};

	HASH_FIND(hh, m->index, &like.key, sizeof(like.key), *found);
	if (*found)
		return true;
	*found = calloc(1, sizeof(**found));
	if (!*found) {
		sea_report_out_of_memory(m->err);
		return false;
	}
	(*found)->key = like.key;
	HASH_ADD(hh, m->index, key, sizeof(like.key), *found);
	return false;
}

const struct sea_report_index *sea_report_lookup(const struct sea_report_maker *m,
						 enum sea_report_index_what what, __u32 host,
						 __u64 a, __u64 b)
{
	struct sea_report_index like = {.key = {(__u32)what, host, a, b}}, *found;

	HASH_FIND(hh, m->index, &like.key, sizeof(like.key), found);
	return found;
}

int sea_report_ask(struct sea_report_maker *m, struct sea_sql *sql, const char *text)
{
	*sql = (struct sea_sql){0};
	if (!sea_sql_begin(m->db, sql, text))
		return 0;
	if (!m->db->newer && !m->db->incomplete)
		return sea_db_fail(m->db, "read", m->err);
	m->report->incomplete = true;
	return 1;
}

struct row_taker {
	struct sea_report_maker *maker;
	sea_report_take take;
	void *context;
};

static int take_row(struct sea_sql *sql, void *context)
{
	const struct row_taker *taker = context;

	return taker->take(taker->maker, sql, taker->context);
}

int sea_report_each(struct sea_report_maker *m, const char *text, const __s64 *values, size_t nr,
		    sea_report_take take, void *context)
{
	struct row_taker taker = {m, take, context};
	int rc = sea_db_each(m->db, text, values, nr, take_row, &taker, m->err);

	if (rc > 0)
		m->report->incomplete = true;
	return rc < 0 ? -1 : 0;
}

/* One recording, open as long as the report is made */
struct source {
	struct sea_reader *reader;
	struct sea_totals_session *sessions;
	size_t nr_sessions;
};

/* The place of a host in the list, which it is put into. */
static int find_host(struct sea_report_maker *m, const char *name, __u32 *place)
{
	struct sea_report *report = m->report;
	size_t i;

	for (i = 0; i < report->nr_hosts; i++)
		if (!strcmp(report->hosts[i], name))
			break;
	*place = (__u32)i;
	if (i < report->nr_hosts)
		return 0;
	if (!sea_report_grow(&report->hosts, &report->nr_hosts, sizeof(*report->hosts), m->err))
		return -1;
	memcpy(report->hosts[i], name, sizeof(*report->hosts));
	return 0;
}

/* The same session, in one of the files before */
static struct sea_report_session *find_session(struct sea_report *report, const char *run)
{
	size_t i;

	for (i = 0; i < report->nr_sessions; i++)
		if (!strcmp(report->sessions[i].session.run, run))
			return &report->sessions[i];
	return NULL;
}

/*
 * A session may be in several files: a store and a copy of it, or an export. The one that
 * goes on for longest is taken, and the first of those that are as long.
 */
static int take_session(struct sea_report_maker *m, const struct sea_totals_session *session)
{
	struct sea_report *report = m->report;
	struct sea_report_session *known = find_session(report, session->run);
	__u32 host;

	if (find_host(m, session->host, &host))
		return -1;
	if (known) {
		bool is_longer = session->last_ns > known->session.last_ns;

		report->files[is_longer ? known->file : m->file].nr_skipped++;
		if (!is_longer)
			return 0;
	} else {
		known = sea_report_grow(&report->sessions, &report->nr_sessions, sizeof(*known),
					m->err);
		if (!known)
			return -1;
	}
	*known = (struct sea_report_session){*session, host, m->file};
	return 0;
}

static int open_source(struct sea_report_maker *m, struct source *source, const char *path)
{
	struct sea_report_file *file = &m->report->files[m->file];
	size_t i;

	file->path = path;
	if (sea_recording_open(path, &source->reader, m->err) ||
	    sea_totals_sessions(source->reader, &source->sessions, &source->nr_sessions, m->err))
		return -1;
	file->nr_sessions = source->nr_sessions;
	for (i = 0; i < source->nr_sessions; i++)
		if (take_session(m, &source->sessions[i]))
			return -1;
	return 0;
}

static void turn_to(struct sea_report_maker *m, const struct source *source, size_t file)
{
	m->file = (__u32)file;
	m->reader = source->reader;
	m->db = sea_reader_db(source->reader);
}

/* The numbers, in this file, of the sessions that are taken from it */
static int sum_up(struct sea_report_maker *m, const struct source *source)
{
	const struct sea_report *report = m->report;
	__s64 *chosen = calloc(source->nr_sessions + 1, sizeof(*chosen));
	size_t i, nr = 0;
	int rc;

	if (!chosen)
		return sea_report_out_of_memory(m->err);
	for (i = 0; i < report->nr_sessions; i++)
		if (report->sessions[i].file == m->file)
			chosen[nr++] = report->sessions[i].session.id;
	m->all_chosen = nr == source->nr_sessions;
	sea_totals_free(&m->totals);
	rc = sea_totals_make(&m->totals, m->reader, &report->options.window, chosen, nr, m->err);
	free(chosen);
	return rc;
}

static void add_totals(struct sea_report *report, const struct sea_window_totals *totals)
{
	int i;

	for (i = 0; i < SEA_LOSS_CAUSES; i++) {
		struct sea_totals_loss *loss = &report->losses[i];
		const struct sea_totals_loss *more = &totals->losses[i];

		loss->cause = (enum sea_loss_cause)i;
		loss->count += more->count;
		if (more->first_ns && (!loss->first_ns || more->first_ns < loss->first_ns))
			loss->first_ns = more->first_ns;
		if (more->last_ns > loss->last_ns)
			loss->last_ns = more->last_ns;
	}
	report->checked += totals->checked;
	report->incomplete |= totals->incomplete;
	if (totals->first_ns && (!report->first_ns || totals->first_ns < report->first_ns))
		report->first_ns = totals->first_ns;
	if (totals->last_ns > report->last_ns)
		report->last_ns = totals->last_ns;
}

static int read_source(struct sea_report_maker *m, const struct source *source)
{
	if (sum_up(m, source))
		return -1;
	add_totals(m->report, &m->totals);
	if (sea_report_add_vms(m) || sea_report_add_stays(m) || sea_report_add_details(m) ||
	    sea_report_add_doubts(m))
		return -1;
	m->report->files[m->file].caveat = sea_recording_caveat(m->reader);
	return 0;
}

static int compare_sessions(const void *a, const void *b)
{
	const struct sea_report_session *x = a, *y = b;

	if (x->session.started_ns != y->session.started_ns)
		return x->session.started_ns < y->session.started_ns ? -1 : 1;
	return strcmp(x->session.run, y->session.run);
}

/* Where the parts of the timeline are: from the first to the last moment that is known. */
static void divide_time(struct sea_report *report)
{
	const struct sea_window *window = &report->options.window;
	__s64 since = report->first_ns, until = report->last_ns, length;

	if (window->since_ns > since)
		since = window->since_ns;
	if (window->until_ns < until)
		until = window->until_ns;
	length = until > since ? until - since : 1;
	report->parts_since_ns = since;
	report->part_ns = length / SEA_REPORT_PARTS + 1;
}

static int read_all(struct sea_report_maker *m, struct source *sources)
{
	struct sea_report *report = m->report;
	size_t i;

	for (i = 0; i < report->nr_files; i++) {
		m->file = (__u32)i;
		if (open_source(m, &sources[i], report->options.files[i]))
			return -1;
	}
	qsort(report->sessions, report->nr_sessions, sizeof(*report->sessions), compare_sessions);
	for (i = 0; i < report->nr_files; i++) {
		turn_to(m, &sources[i], i);
		if (read_source(m, &sources[i]))
			return -1;
	}
	sea_report_add_unrecorded(m);
	divide_time(report);
	/* What the hosts did may be about a page that another file knows. */
	for (i = 0; i < report->nr_files; i++) {
		turn_to(m, &sources[i], i);
		if (sea_report_add_events(m) || sea_report_add_times(m))
			return -1;
	}
	if (sea_report_add_groups(m) || sea_report_add_table(m) || sea_report_add_last_doubts(m))
		return -1;
	return sea_report_add_words(m);
}

int sea_report_make(struct sea_report *report, const struct sea_report_options *options,
		    struct sea_error *err)
{
	struct sea_report_maker m = {.report = report, .err = err};
	struct source *sources = calloc(options->nr_files + 1, sizeof(*sources));
	struct sea_report_index *index, *next;
	size_t i;
	int rc;

	report->options = *options;
	report->nr_files = options->nr_files;
	report->files = calloc(options->nr_files + 1, sizeof(*report->files));
	rc = sources && report->files ? read_all(&m, sources) : sea_report_out_of_memory(err);
	for (i = 0; sources && i < options->nr_files; i++) {
		sea_reader_close(sources[i].reader);
		free(sources[i].sessions);
	}
	free(sources);
	sea_totals_free(&m.totals);
	free(m.stays);
	HASH_ITER(hh, m.index, index, next) {
		HASH_DEL(m.index, index);
		free(index);
	}
	if (rc)
		sea_report_free(report);
	return rc;
}

static void free_lines(struct sea_report_lines *lines)
{
	size_t i;

	for (i = 0; i < lines->nr; i++)
		free(lines->line[i]);
	free(lines->line);
}

void sea_report_free(struct sea_report *report)
{
	size_t i;

	for (i = 0; i < report->nr_vms; i++) {
		struct sea_report_vm *vm = &report->vms[i];

		free(vm->name);
		free(vm->origin);
		free(vm->uuid);
		free(vm->cgroup);
		free(vm->comm);
		free(vm->recent);
		free(vm->parts);
	}
	for (i = 0; i < report->nr_pages; i++)
		free(report->pages[i].vms);
	for (i = 0; i < SEA_QUESTIONS; i++)
		free_lines(&report->answers[i]);
	free_lines(&report->acts);
	free_lines(&report->headline);
	free(report->hosts);
	free(report->files);
	free(report->sessions);
	free(report->vms);
	free(report->pages);
	free(report->groups);
	free(report->esrs);
	free(report->slow);
	free(report->events);
	free(report->doubts);
	free(report->parts);
	free(report->table.place);
	*report = (struct sea_report){0};
}
