// SPDX-License-Identifier: GPL-2.0-only
#include "show/table.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libsmartcols.h>

#include "base/printable.h"
#include "base/words.h"

#define NSEC_PER_SEC 1000000000ULL
#define CELL_LEN (SEA_VM_NAME_LEN + 16)
#define HOST_WIDTH 24

/* A VM's name is cut to this many columns before any other column goes. */
#define VM_WIDTH_MIN 12
/* A chosen column is never cut to less. */
#define WIDTH_MIN 8

struct sea_column {
	const char *name;
	const char *help;
	bool right;
	/*
	 * 0: not a default column. Otherwise the default column is there if the
	 * width has room for all columns up to this rank.
	 */
	int rank;
	void (*cell)(const struct sea_row *row, const struct sea_view *view, char *out,
		     size_t size);
	sea_row_compare compare;
};

static void put_number(__u64 number, char *out, size_t size)
{
	snprintf(out, size, "%llu", (unsigned long long)number);
}

/* A column that is a number: its cell and its order, largest first. */
#define NUMBER(name, value)                                                                        \
	static void name##_cell(const struct sea_row *row, const struct sea_view *view, char *out, \
				size_t size)                                                       \
	{                                                                                          \
		(void)view;                                                                        \
		put_number(row->value, out, size);                                                 \
	}                                                                                          \
	static int name##_order(const struct sea_row *a, const struct sea_row *b)                  \
	{                                                                                          \
		return a->value > b->value ? -1 : a->value < b->value;                             \
	}

NUMBER(claimed, vm.disposition[SEA_CLAIMED])
NUMBER(host_owned, vm.disposition[SEA_HOST_OWNED])
NUMBER(not_opted_in, vm.disposition[SEA_NOT_OPTED_IN])
NUMBER(forwarded, vm.disposition[SEA_FORWARDED])
NUMBER(unknown, vm.disposition[SEA_UNKNOWN])
NUMBER(no_ras, vm.reason[SEA_NO_RAS])
NUMBER(vncr, vm.reason[SEA_VNCR])
NUMBER(s2_walk, vm.reason[SEA_S2_WALK])
NUMBER(ambiguous, vm.reason[SEA_AMBIGUOUS_WALK])
NUMBER(injected, vm.response[SEA_INJECTED])
NUMBER(resumed, vm.response[SEA_RESUMED])
NUMBER(abandoned, vm.response[SEA_ABANDONED])
NUMBER(pending, pending)
NUMBER(total, total)
NUMBER(new_total, new_total)
NUMBER(lost, lost)

static void vm_cell(const struct sea_row *row, const struct sea_view *view, char *out, size_t size)
{
	if (row->kind == SEA_ROW_GONE)
		snprintf(out, size, "gone (%llu VMs)", (unsigned long long)view->nr_gone);
	else
		snprintf(out, size, "%s", row->name.text);
}

static int vm_order(const struct sea_row *a, const struct sea_row *b)
{
	return strcmp(a->name.text, b->name.text);
}

static void origin_cell(const struct sea_row *row, const struct sea_view *view, char *out,
			size_t size)
{
	(void)view;
	snprintf(out, size, "%s", sea_vm_origin_name(row->name.origin));
}

static int origin_order(const struct sea_row *a, const struct sea_row *b)
{
	return (int)a->name.origin - (int)b->name.origin;
}

static void pid_cell(const struct sea_row *row, const struct sea_view *view, char *out, size_t size)
{
	(void)view;
	if (row->vm.tgid)
		put_number(row->vm.tgid, out, size);
	else
		snprintf(out, size, "-");
}

static int pid_order(const struct sea_row *a, const struct sea_row *b)
{
	return a->vm.tgid < b->vm.tgid ? -1 : a->vm.tgid > b->vm.tgid;
}

static void id_cell(const struct sea_row *row, const struct sea_view *view, char *out, size_t size)
{
	(void)view;
	if (row->vm.id)
		put_number(row->vm.id, out, size);
	else
		snprintf(out, size, "-");
}

static int id_order(const struct sea_row *a, const struct sea_row *b)
{
	return a->vm.id < b->vm.id ? -1 : a->vm.id > b->vm.id;
}

static void comm_cell(const struct sea_row *row, const struct sea_view *view, char *out,
		      size_t size)
{
	(void)view;
	if (!sea_printable(row->vm.comm, strnlen(row->vm.comm, sizeof(row->vm.comm)), out, size))
		snprintf(out, size, "-");
}

static int comm_order(const struct sea_row *a, const struct sea_row *b)
{
	return strncmp(a->vm.comm, b->vm.comm, sizeof(a->vm.comm));
}

static void state_cell(const struct sea_row *row, const struct sea_view *view, char *out,
		       size_t size)
{
	(void)view;
	snprintf(out, size, "%s",
		 row->kind == SEA_ROW_OTHER		 ? "-" :
		 row->ended || row->kind == SEA_ROW_GONE ? "ended" :
							   "running");
}

static int state_order(const struct sea_row *a, const struct sea_row *b)
{
	return (int)a->ended - (int)b->ended;
}

static void vcpus_cell(const struct sea_row *row, const struct sea_view *view, char *out,
		       size_t size)
{
	(void)view;
	if (row->listed.id)
		put_number(row->listed.vcpus, out, size);
	else
		snprintf(out, size, "-");
}

static int vcpus_order(const struct sea_row *a, const struct sea_row *b)
{
	return a->listed.vcpus > b->listed.vcpus ? -1 : a->listed.vcpus < b->listed.vcpus;
}

static void opt_in_cell(const struct sea_row *row, const struct sea_view *view, char *out,
			size_t size)
{
	(void)view;
	snprintf(out, size, "%s",
		 row->kind != SEA_ROW_VM ? "-" :
		 row->ended		 ? "ended" :
					   sea_opt_in_name(row->listed.opt_in));
}

/* Those who have something to do first: no, unknown, yes. */
static int opt_in_order(const struct sea_row *a, const struct sea_row *b)
{
	static const int rank[SEA_OPT_IN_STATES] = {
		[SEA_OPT_IN_NO] = 0, [SEA_OPT_IN_UNKNOWN] = 1, [SEA_OPT_IN_YES] = 2};

	return rank[a->listed.opt_in] - rank[b->listed.opt_in];
}

static void before_cell(const struct sea_row *row, const struct sea_view *view, char *out,
			size_t size)
{
	(void)view;
	if (row->listed.has_before)
		put_number(row->before, out, size);
	else
		snprintf(out, size, "-");
}

static int before_order(const struct sea_row *a, const struct sea_row *b)
{
	return a->before > b->before ? -1 : a->before < b->before;
}

static void rate_cell(const struct sea_row *row, const struct sea_view *view, char *out,
		      size_t size)
{
	(void)view;
	snprintf(out, size, row->new_total && row->rate < 9.95 ? "%.1f" : "%.0f", row->rate);
}

static int rate_order(const struct sea_row *a, const struct sea_row *b)
{
	return a->rate > b->rate ? -1 : a->rate < b->rate;
}

static __u64 responses_of(const struct sea_row *row)
{
	return sea_vm_responses(&row->vm);
}

static __u64 mean_latency(const struct sea_row *row)
{
	__u64 count = responses_of(row);

	return count ? row->vm.latency_ns / count : 0;
}

static void put_latency(__u64 ns, char *out, size_t size)
{
	if (ns < 1000000)
		snprintf(out, size, "%lluus", (unsigned long long)ns / 1000);
	else if (ns < NSEC_PER_SEC)
		snprintf(out, size, "%.1fms", (double)ns / 1000000);
	else
		snprintf(out, size, "%.1fs", (double)ns / (double)NSEC_PER_SEC);
}

static void latency_cell(const struct sea_row *row, const struct sea_view *view, char *out,
			 size_t size)
{
	(void)view;
	if (responses_of(row))
		put_latency(mean_latency(row), out, size);
	else
		snprintf(out, size, "-");
}

static int latency_order(const struct sea_row *a, const struct sea_row *b)
{
	return mean_latency(a) > mean_latency(b) ? -1 : mean_latency(a) < mean_latency(b);
}

static void p99_cell(const struct sea_row *row, const struct sea_view *view, char *out, size_t size)
{
	__u64 us = sea_vm_latency_us(&row->vm, 99);

	(void)view;
	if (us)
		put_latency(us * 1000, out, size);
	else
		snprintf(out, size, responses_of(row) ? ">8.4s" : "-");
}

static int p99_order(const struct sea_row *a, const struct sea_row *b)
{
	/* 0 with responses is a bound that there is none of: the longest. */
	__u64 x = sea_vm_latency_us(&a->vm, 99), y = sea_vm_latency_us(&b->vm, 99);

	x = !x && responses_of(a) ? ~0ULL : x;
	y = !y && responses_of(b) ? ~0ULL : y;
	return x > y ? -1 : x < y;
}

static void put_age(const struct sea_row *row, const struct sea_view *view, char *out, size_t size)
{
	__u64 then = SEA_LAST_NS(row->vm.last);
	__u64 s = view->time_ns > then ? (view->time_ns - then) / NSEC_PER_SEC : 0;

	if (s < 60)
		snprintf(out, size, "%llus", (unsigned long long)s);
	else if (s < 3600)
		snprintf(out, size, "%llum", (unsigned long long)s / 60);
	else if (s < 86400)
		snprintf(out, size, "%lluh", (unsigned long long)s / 3600);
	else
		snprintf(out, size, "%llud", (unsigned long long)s / 86400);
}

/* The forms of the column LAST, longest first. All of them name the reason. */
enum last_form { LAST_FULL, LAST_AGE, LAST_SHORT, LAST_WORD, LAST_FORMS };

static void put_last(const struct sea_row *row, const struct sea_view *view, enum last_form form,
		     char *out, size_t size)
{
	unsigned int reason = SEA_LAST_REASON(row->vm.last);
	const char *disposition = sea_disposition_name(SEA_LAST_DISPOSITION(row->vm.last));
	const char *because = reason ? sea_reason_text(reason) : NULL;
	char age[24];

	if (!row->vm.last) {
		snprintf(out, size, "-");
		return;
	}
	put_age(row, view, age, sizeof(age));
	switch (form) {
	case LAST_FULL:
	case LAST_AGE:
		snprintf(out, size, "%s%s%s%s %s%s", disposition, because ? " (" : "",
			 because ? because : "", because ? ")" : "", age,
			 form == LAST_FULL ? " ago" : "");
		break;
	case LAST_SHORT:
		snprintf(out, size, "%s %s", because ? because : disposition, age);
		break;
	default:
		snprintf(out, size, "%s", because ? because : disposition);
	}
}

static void last_cell(const struct sea_row *row, const struct sea_view *view, char *out,
		      size_t size)
{
	put_last(row, view, LAST_FULL, out, size);
}

static int last_order(const struct sea_row *a, const struct sea_row *b)
{
	return a->vm.last > b->vm.last ? -1 : a->vm.last < b->vm.last;
}

static const struct sea_column columns[] = {
	{"VM", "name of the VM", false, 1, vm_cell, vm_order},
	{"PID", "the VMM's process", true, 5, pid_cell, pid_order},
	{"OPT", "the VMM opted in to get SEAs: yes, no, unknown; or the VM ended", false, 5,
	 opt_in_cell, opt_in_order},
	{"CLAIM", "SEAs claimed", true, 2, claimed_cell, claimed_order},
	{"HOST", "SEAs host_owned", true, 2, host_owned_cell, host_owned_order},
	{"NOOPT", "SEAs not_opted_in", true, 2, not_opted_in_cell, not_opted_in_order},
	{"FWD", "SEAs forwarded", true, 2, forwarded_cell, forwarded_order},
	{"UNKN", "SEAs of unknown disposition", true, 2, unknown_cell, unknown_order},
	{"INJ", "responses injected", true, 7, injected_cell, injected_order},
	{"RES", "responses resumed", true, 7, resumed_cell, resumed_order},
	{"ABD", "responses abandoned", true, 7, abandoned_cell, abandoned_order},
	{"PEND", "forwarded SEAs without a response yet", true, 4, pending_cell, pending_order},
	{"TOTAL", "all SEAs", true, 1, total_cell, total_order},
	{"BEFORE", "SEAs from before counting began", true, 4, before_cell, before_order},
	{"/s", "SEAs a second in the interval (also: RATE)", true, 3, rate_cell, rate_order},
	{"LAST", "disposition, reason and age of the last SEA", false, 6, last_cell, last_order},
	{"VCPUS", "virtual CPUs of the VM", true, 0, vcpus_cell, vcpus_order},
	{"NEW", "SEAs in the interval", true, 0, new_total_cell, new_total_order},
	{"NORAS", "host_owned: no_ras", true, 0, no_ras_cell, no_ras_order},
	{"VNCR", "host_owned: vncr", true, 0, vncr_cell, vncr_order},
	{"S2WALK", "host_owned: s2_walk", true, 0, s2_walk_cell, s2_walk_order},
	{"AMBIG", "ambiguous walk: the VM's tables, or the host's", true, 0, ambiguous_cell,
	 ambiguous_order},
	{"LAT", "mean latency of the responses", true, 0, latency_cell, latency_order},
	{"P99", "latency that 99 % of the responses stay below", true, 0, p99_cell, p99_order},
	{"LOST", "detail records lost", true, 0, lost_cell, lost_order},
	{"ID", "number of the VM, by first sight", true, 0, id_cell, id_order},
	{"ORIGIN", "where the name comes from", false, 0, origin_cell, origin_order},
	{"COMM", "name of the VMM's process", false, 0, comm_cell, comm_order},
	{"STATE", "running or ended", false, 0, state_cell, state_order},
};

#define NR_COLUMNS (sizeof(columns) / sizeof(columns[0]))
#define RANK_MAX 7
#define RANK_CORE 2

static_assert(NR_COLUMNS <= SEA_TABLE_MAX_COLUMNS, "SEA_TABLE_MAX_COLUMNS is too small");

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Not strcasecmp(): in Turkish "pid" is no PID. */
static bool is_called(const char *name, const char *text)
{
	while (*name && upper(*name) == upper(*text)) {
		name++;
		text++;
	}
	return *name == *text;
}

const struct sea_column *sea_column_find(const char *name)
{
	size_t i;

	if (is_called("rate", name))
		name = "/s";
	for (i = 0; i < NR_COLUMNS; i++)
		if (is_called(columns[i].name, name))
			return &columns[i];
	return NULL;
}

sea_row_compare sea_column_compare(const struct sea_column *column)
{
	return column->compare;
}

const char *sea_column_name(size_t i)
{
	return i < NR_COLUMNS ? columns[i].name : NULL;
}

const char *sea_column_help(size_t i)
{
	return i < NR_COLUMNS ? columns[i].help : NULL;
}

static bool is_unknown(const struct sea_column *column)
{
	return column->cell == unknown_cell;
}

static int add_column(struct sea_table_options *options, const struct sea_column *column,
		      struct sea_error *err)
{
	size_t i;

	for (i = 0; i < options->nr_columns; i++)
		if (options->columns[i] == column)
			return sea_error_set(err, "column %s is given twice", column->name);
	options->columns[options->nr_columns++] = column;
	return 0;
}

int sea_table_columns(struct sea_table_options *options, const char *list, struct sea_error *err)
{
	const char *end;
	size_t i;

	options->nr_columns = 0;
	options->defaults = *list == '+';
	if (options->defaults) {
		list++;
		for (i = 0; i < NR_COLUMNS; i++)
			if (columns[i].rank && !is_unknown(&columns[i]))
				options->columns[options->nr_columns++] = &columns[i];
	}
	for (;; list = end + 1) {
		const struct sea_column *column;
		char name[16];

		end = list + strcspn(list, ",");
		snprintf(name, sizeof(name), "%.*s", (int)(end - list > 15 ? 15 : end - list),
			 list);
		column = sea_column_find(name);
		if (!column)
			return sea_error_set(err,
					     "no column is called '%.32s'; "
					     "seatop --help has the list",
					     name);
		if (add_column(options, column, err))
			return -1;
		if (!*end)
			return 0;
	}
}

/* The rows that the table has: VMs, then `other` and `gone` if they say something. */
struct lines {
	const struct sea_row **rows;
	size_t nr;
};

static bool shows_other(const struct sea_view *view)
{
	return view->other.total || responses_of(&view->other);
}

/* VMs that get a row of their own: at least one, and a line for "more" if not all. */
static size_t rows_shown(const struct sea_view *view, const struct sea_table_options *options,
			 size_t footer)
{
	size_t header_and_titles = 2, nr = view->nr_rows;
	size_t fixed = header_and_titles + shows_other(view) + (view->nr_gone > 0) + footer;

	if (options->max_rows && nr > options->max_rows)
		nr = options->max_rows;
	if (!options->max_lines)
		return nr;
	if (fixed + nr + (nr < view->nr_rows) <= options->max_lines)
		return nr;
	return options->max_lines > fixed + 2 ? options->max_lines - fixed - 1 : nr > 0;
}

static int collect(const struct sea_view *view, size_t nr, struct lines *lines)
{
	size_t i;

	lines->nr = 0;
	lines->rows = calloc(nr + 2, sizeof(*lines->rows));
	if (!lines->rows)
		return -1;
	for (i = 0; i < nr; i++)
		lines->rows[lines->nr++] = &view->rows[i];
	if (shows_other(view))
		lines->rows[lines->nr++] = &view->other;
	if (view->nr_gone)
		lines->rows[lines->nr++] = &view->gone;
	return 0;
}

static size_t cell_width(const struct sea_column *column, const struct lines *lines,
			 const struct sea_view *view, enum last_form form)
{
	size_t width = strlen(column->name), i;
	char cell[CELL_LEN];

	for (i = 0; i < lines->nr; i++) {
		size_t w;

		if (column->cell == last_cell)
			put_last(lines->rows[i], view, form, cell, sizeof(cell));
		else
			column->cell(lines->rows[i], view, cell, sizeof(cell));
		w = sea_text_width(cell);
		if (w > width)
			width = w;
	}
	return width;
}

struct layout {
	const struct sea_column *columns[SEA_TABLE_MAX_COLUMNS];
	size_t nr;
	size_t vm_width, last_width; /* what the cells are cut to */
	enum last_form form;
};

/*
 * Shares the width between the two columns that can be had in less, VM and
 * LAST. False if that would leave VM less than vm_min columns, or LAST without
 * a whole word; the cells are cut to what there is then.
 */
static bool fit(struct layout *l, const struct lines *lines, const struct sea_view *view,
		size_t width, size_t vm_min)
{
	size_t fixed = l->nr ? l->nr - 1 : 0, vm = 0, i;
	bool has_last = false;

	for (i = 0; i < l->nr; i++) {
		if (l->columns[i]->cell == vm_cell)
			vm = cell_width(l->columns[i], lines, view, LAST_FULL);
		else if (l->columns[i]->cell == last_cell)
			has_last = true;
		else
			fixed += cell_width(l->columns[i], lines, view, LAST_FULL);
	}
	if (vm_min > vm)
		vm_min = vm;
	l->last_width = 0;
	for (l->form = LAST_FULL; l->form < LAST_FORMS; l->form++) {
		if (has_last)
			l->last_width = cell_width(sea_column_find("LAST"), lines, view, l->form);
		if (fixed + vm_min + l->last_width <= width) {
			l->vm_width = width - fixed - l->last_width;
			return true;
		}
	}
	l->form = LAST_WORD;
	l->vm_width = vm_min;
	l->last_width = WIDTH_MIN;
	if (fixed + vm_min + WIDTH_MIN < width)
		l->last_width = width - fixed - vm_min;
	return false;
}

/* Some SEAs have no known disposition, or may come to have none. */
static bool shows_unknown(const struct sea_view *view)
{
	return !view->tells_all || view->all.vm.disposition[SEA_UNKNOWN];
}

/* Those asked for; among the default ones UNKN is there if it is needed. */
static void choose_columns(struct layout *l, const struct sea_view *view,
			   const struct sea_table_options *options)
{
	const struct sea_column *unknown = sea_column_find("UNKN");
	bool add = options->defaults && shows_unknown(view);
	size_t i;

	for (i = 0; i < options->nr_columns; i++)
		add &= options->columns[i] != unknown;
	for (i = 0; i < options->nr_columns; i++) {
		l->columns[l->nr++] = options->columns[i];
		if (add && options->columns[i]->cell == forwarded_cell)
			l->columns[l->nr++] = unknown;
	}
}

static void lay_out(struct layout *l, const struct lines *lines, const struct sea_view *view,
		    const struct sea_table_options *options)
{
	size_t width = options->width ? options->width : SIZE_MAX / 2, i;
	int rank;

	if (options->nr_columns) {
		choose_columns(l, view, options);
		fit(l, lines, view, width, WIDTH_MIN);
		return;
	}
	for (rank = RANK_MAX; rank > 0; rank--) {
		l->nr = 0;
		for (i = 0; i < NR_COLUMNS; i++) {
			if (!columns[i].rank || columns[i].rank > rank)
				continue;
			if (is_unknown(&columns[i]) && !shows_unknown(view))
				continue;
			if (columns[i].cell == before_cell && !view->all.before)
				continue;
			l->columns[l->nr++] = &columns[i];
		}
		/* Without the dispositions the table would say little. */
		if (fit(l, lines, view, width, rank > RANK_CORE ? VM_WIDTH_MIN : WIDTH_MIN))
			return;
	}
}

static int print_rows(const struct layout *l, const struct lines *lines,
		      const struct sea_view *view, struct sea_text *out)
{
	struct libscols_table *table = scols_new_table();
	char cell[CELL_LEN], cut[CELL_LEN], *text = NULL;
	int rc = -1;
	size_t i, c;

	if (!table)
		return -1;
	scols_table_enable_noencoding(table, 1);
	scols_table_set_termforce(table, SCOLS_TERMFORCE_NEVER);
	for (c = 0; c < l->nr; c++)
		if (!scols_table_new_column(table, l->columns[c]->name, 0,
					    l->columns[c]->right ? SCOLS_FL_RIGHT : 0))
			goto out;
	for (i = 0; i < lines->nr; i++) {
		struct libscols_line *line = scols_table_new_line(table, NULL);

		if (!line)
			goto out;
		for (c = 0; c < l->nr; c++) {
			size_t width = CELL_LEN;

			if (l->columns[c]->cell == last_cell) {
				put_last(lines->rows[i], view, l->form, cell, sizeof(cell));
				width = l->last_width;
			} else {
				l->columns[c]->cell(lines->rows[i], view, cell, sizeof(cell));
				if (l->columns[c]->cell == vm_cell)
					width = l->vm_width;
			}
			sea_text_cut(cell, width, cut, sizeof(cut));
			if (scols_line_set_data(line, c, cut))
				goto out;
		}
	}
	if (scols_print_table_to_string(table, &text) || !text)
		goto out;
	sea_text_add(out, "%s%s", text, *text && text[strlen(text) - 1] == '\n' ? "" : "\n");
	rc = 0;
out:
	free(text);
	scols_unref_table(table);
	return rc;
}

static void add_line(struct sea_text *out, size_t width, const struct sea_text *line)
{
	char *cut;

	if (!line->text)
		return;
	if (!width || sea_text_width(line->text) <= width) {
		sea_text_add(out, "%s\n", line->text);
		return;
	}
	/* A character of one column has four bytes at most. */
	cut = malloc(4 * width + 4);
	if (!cut) {
		out->failed = true;
		return;
	}
	sea_text_cut(line->text, width, cut, 4 * width + 4);
	sea_text_add(out, "%s\n", cut);
	free(cut);
}

/* Builds one line from a format and adds it, cut to the width. */
#define ADD_LINE(out, width, ...)                     \
	do {                                          \
		struct sea_text line_ = {0};          \
		sea_text_add(&line_, __VA_ARGS__);    \
		if (line_.failed)                     \
			(out)->failed = true;         \
		else                                  \
			add_line(out, width, &line_); \
		sea_text_free(&line_);                \
	} while (0)

static void add_header(const struct sea_view *view, const struct sea_table_options *options,
		       struct sea_text *out)
{
	char time[40] = "", host[CELL_LEN], clean[CELL_LEN], ended[40] = "", every[32] = "";
	struct tm tm;

	if (localtime_r(&view->wall.tv_sec, &tm))
		strftime(time, sizeof(time),
			 options->full_time ? "%Y-%m-%dT%H:%M:%S%z" : "%H:%M:%S", &tm);
	sea_printable(options->host, strlen(options->host), clean, sizeof(clean));
	sea_text_cut(clean, HOST_WIDTH, host, sizeof(host));
	if (view->nr_ended)
		snprintf(ended, sizeof(ended), " (%zu ended)", view->nr_ended);
	if (view->interval_ns)
		snprintf(every, sizeof(every), "last %.1fs, ",
			 (double)view->interval_ns / (double)NSEC_PER_SEC);
	ADD_LINE(out, options->width, "%s %s: source %s, %zu VM%s%s, %sLinux %s", time, host,
		 view->source, view->nr_vms, view->nr_vms == 1 ? "" : "s", ended, every,
		 options->kernel);
}

#define LLU(number) ((unsigned long long)(number))

static void add_hints(const struct sea_view *view, size_t width, struct sea_text *out)
{
	const struct sea_loss *loss = &view->loss;
	bool exact = !(loss->unseen || loss->missed || loss->no_vcpu || loss->answers ||
		       loss->table_full);
	const struct {
		bool given;
		const char *text;
	} hints[] = {
		{loss->unseen, "SEAs passed the source by: COUNTS ARE TOO LOW; run seastat doctor"},
		{loss->missed, "the kernel skipped hooks: counts may be too low"},
		{loss->no_vcpu, "SEAs without a vCPU are in no row: counts are too low"},
		{loss->answers, "too many forwarded SEAs at once: PEND is too high"},
		{loss->table_full, "more VMs than rows, see `other`; raise --max-vms"},
		{view->unlisted, "more VMs run than there are rows; raise --max-vms"},
		{exact && (loss->ratelimit || loss->ring_full),
		 "only detail records were lost, these counts are exact"},
		{view->unproven, "nothing proves that the hooks can fire; run seastat doctor"},
	};
	size_t i;

	for (i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (hints[i].given)
			ADD_LINE(out, width, "hint: %s", hints[i].text);
}

static void add_footer(const struct sea_view *view, size_t width, struct sea_text *out)
{
	const __u64 *before = view->all.listed.before;
	const struct sea_vm *all = &view->all.vm;
	char early[64] = "", unknown[48] = "", missed[48];

	if (all->disposition[SEA_UNKNOWN] || !view->tells_all)
		snprintf(unknown, sizeof(unknown), ", %llu unknown",
			 LLU(all->disposition[SEA_UNKNOWN]));
	if (view->totals.answered_early)
		snprintf(early, sizeof(early), " (and %llu to earlier SEAs)",
			 LLU(view->totals.answered_early));
	ADD_LINE(out, width,
		 "SEAs %llu: %llu claimed, %llu host_owned, %llu not_opted_in, "
		 "%llu forwarded%s",
		 LLU(view->all.total), LLU(all->disposition[SEA_CLAIMED]),
		 LLU(all->disposition[SEA_HOST_OWNED]), LLU(all->disposition[SEA_NOT_OPTED_IN]),
		 LLU(all->disposition[SEA_FORWARDED]), unknown);
	ADD_LINE(out, width, "reasons: %llu no_ras, %llu vncr, %llu s2_walk, %llu ambiguous walk",
		 LLU(all->reason[SEA_NO_RAS]), LLU(all->reason[SEA_VNCR]),
		 LLU(all->reason[SEA_S2_WALK]), LLU(all->reason[SEA_AMBIGUOUS_WALK]));
	ADD_LINE(out, width,
		 "responses: %llu injected, %llu resumed, %llu abandoned, "
		 "%llu pending%s",
		 LLU(all->response[SEA_INJECTED]), LLU(all->response[SEA_RESUMED]),
		 LLU(all->response[SEA_ABANDONED]), LLU(view->all.pending), early);
	if (view->all.listed.has_before)
		ADD_LINE(out, width,
			 "before: %llu claimed, %llu host_owned, %llu not_opted_in, %llu forwarded",
			 LLU(before[SEA_CLAIMED]), LLU(before[SEA_HOST_OWNED]),
			 LLU(before[SEA_NOT_OPTED_IN]), LLU(before[SEA_FORWARDED]));
	ADD_LINE(out, width,
		 "lost: %llu ratelimit, %llu ring_full, %llu table_full, %llu no_vcpu, "
		 "%llu answers",
		 LLU(view->loss.ratelimit), LLU(view->loss.ring_full), LLU(view->loss.table_full),
		 LLU(view->loss.no_vcpu), LLU(view->loss.answers));
	if (view->missed_unknown && !view->loss.missed)
		snprintf(missed, sizeof(missed), "missed not known");
	else
		snprintf(missed, sizeof(missed), "%llu missed", LLU(view->loss.missed));
	if (view->check)
		ADD_LINE(out, width, "check by %s: %llu SEAs, %llu unseen, %s", view->check,
			 LLU(view->checked), LLU(view->loss.unseen), missed);
	else
		ADD_LINE(out, width, "check: none, %s", missed);
}

static size_t count_lines(const struct sea_text *text)
{
	size_t i, nr = 0;

	for (i = 0; i < text->len; i++)
		nr += text->text[i] == '\n';
	return nr;
}

int sea_table_render(const struct sea_view *view, const struct sea_table_options *options,
		     struct sea_text *out, struct sea_error *err)
{
	struct lines lines = {0};
	struct layout layout = {0};
	struct sea_text footer = {0}, hints = {0};
	size_t shown, nr_below, nr_lines;
	bool all_fit;
	int rc = -1;

	add_footer(view, options->width, &footer);
	add_hints(view, options->width, &hints);
	nr_below = count_lines(&footer) + count_lines(&hints);
	shown = rows_shown(view, options, nr_below);
	if (footer.failed || hints.failed || collect(view, shown, &lines))
		goto out;
	nr_lines = 2 + lines.nr + (shown < view->nr_rows) + nr_below;
	all_fit = !options->max_lines || nr_lines <= options->max_lines;
	add_header(view, options, out);
	if (lines.nr) {
		lay_out(&layout, &lines, view, options);
		if (print_rows(&layout, &lines, view, out))
			goto out;
	} else if (view->nr_vms) {
		ADD_LINE(out, options->width, "none of the VMs is one of those asked for");
	} else {
		ADD_LINE(out, options->width, "no VM runs, and no SEA was seen yet");
	}
	if (shown < view->nr_rows)
		ADD_LINE(out, options->width, "(%zu VMs more)", view->nr_rows - shown);
	/* Who paints leaves out what is at the bottom: that counts are too low must be read. */
	if (!all_fit && hints.text)
		sea_text_add(out, "%s", hints.text);
	sea_text_add(out, "%s", footer.text);
	if (all_fit && hints.text)
		sea_text_add(out, "%s", hints.text);
	rc = out->failed ? -1 : 0;
out:
	sea_text_free(&footer);
	sea_text_free(&hints);
	free(lines.rows);
	if (rc)
		sea_error_set(err, "cannot show the VMs: out of memory");
	return rc;
}
