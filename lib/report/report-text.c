// SPDX-License-Identifier: GPL-2.0-only
#include "report/report-text.h"

#include <stdio.h>
#include <string.h>

#include "base/grid.h"
#include "base/when.h"
#include "model/clock.h"
#include "report/report-fields.h"
#include "report/report-say.h"

/* Answers stand behind their questions, as far to the right as the longest needs. */
#define INDENT 25
/* In a terminal that is not that wide they stand below. */
#define INDENT_MIN_WIDTH 70
/* The name of a VM, or what else a row begins with, is cut to so many columns. */
#define NAME_MAX_WIDTH 40
#define CELL_LEN (SEA_VALUE_LEN + 64)

/* How many bytes of the text go on one line: whole words, unless there is room for none. */
static size_t fit(const char *text, size_t width)
{
	size_t end = strcspn(text, " "), next;
	char part[1024];

	for (;;) {
		if (!text[end])
			return end;
		next = end + 1 + strcspn(text + end + 1, " ");
		snprintf(part, sizeof(part), "%.*s", (int)next, text);
		if (next >= sizeof(part) || sea_text_width(part) > width)
			return end;
		end = next;
	}
}

/* Adds a sentence in lines of that width, all but the first one indented. */
static void add_wrapped(struct sea_text *out, const char *text, size_t indent, size_t width)
{
	if (!width) {
		sea_text_add(out, "%s\n", text);
		return;
	}
	for (;;) {
		size_t n = fit(text, width > indent + 20 ? width - indent : 20);

		sea_text_add(out, "%.*s\n", (int)n, text);
		text += n;
		while (*text == ' ')
			text++;
		if (!*text)
			return;
		sea_text_add(out, "%*s", (int)indent, "");
	}
}

static void add_answer(const char *question, const struct sea_report_lines *lines, size_t width,
		       struct sea_text *out)
{
	size_t indent = width && width < INDENT_MIN_WIDTH ? 2 : INDENT, i;

	if (indent < INDENT)
		sea_text_add(out, "%s\n", question);
	for (i = 0; i < lines->nr; i++) {
		sea_text_add(out, "%-*s", (int)indent, i || indent < INDENT ? "" : question);
		add_wrapped(out, lines->line[i], indent, width);
	}
}

static void add_when(struct sea_text *out, const char *ahead, __s64 ns)
{
	struct timespec time = sea_time_from_ns(ns);
	char text[SEA_WHEN_LEN];

	sea_when_text(&time, text);
	sea_text_add(out, "%s%s", ahead, text);
}

/* What the report is of: hosts, time, files */
static void add_head(const struct sea_report *report, size_t width, struct sea_text *out)
{
	const struct sea_window *window = &report->options.window;
	struct sea_text line = {0};
	size_t i;

	if (report->headline.nr)
		add_wrapped(out, report->headline.line[0], 0, width);
	for (i = 0; i < report->nr_hosts && i < 4; i++)
		sea_text_add(&line, "%s%s", i ? ", " : "", report->hosts[i]);
	if (report->nr_hosts > i)
		sea_text_add(&line, " and %zu more hosts", report->nr_hosts - i);
	if (!report->nr_hosts)
		sea_text_add(&line, "no session");
	if (report->first_ns) {
		add_when(&line, ", counted from ", report->first_ns);
		add_when(&line, " to ", report->last_ns);
	}
	if (window->since_ns != INT64_MIN)
		add_when(&line, ", asked from ", window->since_ns);
	if (window->until_ns != INT64_MAX)
		add_when(&line, ", asked until ", window->until_ns);
	sea_report_add_filter(report, &line);
	if (line.text)
		add_wrapped(out, line.text, 0, width);
	out->failed |= line.failed;
	sea_text_free(&line);
	sea_text_add(out, "\n");
}

static void put_cell(const struct sea_field *field, const struct sea_report_item *item, char *out,
		     size_t size)
{
	char text[SEA_WHEN_LEN];
	struct sea_value value;

	sea_field_get(field, item, &value);
	if (value.known && field->kind == SEA_TIME) {
		sea_when_text(&value.time, text);
		snprintf(out, size, "%s", text);
		return;
	}
	sea_field_cell(field, &value, out, size);
}

/* Columns that say something here: the host if there are several, and so on */
static bool is_wanted(const struct sea_field *field, const struct sea_report *report)
{
	if (!field->column || !field->rank)
		return false;
	if (!strcmp(field->column, "ON"))
		return report->nr_hosts > 1;
	if (!strcmp(field->column, "UNKN"))
		return report->counts.disposition[SEA_UNKNOWN];
	return true;
}

struct columns {
	const struct sea_field *field[64];
	size_t width[64];
	size_t nr;
};

static struct sea_report_item item_of(const struct sea_report *report, size_t row)
{
	return (struct sea_report_item){report, report->table.place[row]};
}

/* Puts the column behind the others. Returns how wide it is. */
static size_t add_column(struct columns *columns, const struct sea_field *field,
			 const struct sea_report *report)
{
	size_t width = strlen(field->column), row;
	char cell[CELL_LEN];

	for (row = 0; row < report->table.nr; row++) {
		struct sea_report_item item = item_of(report, row);
		size_t w;

		put_cell(field, &item, cell, sizeof(cell));
		w = sea_text_width(cell);
		if (w > width)
			width = w;
	}
	if (!columns->nr && width > NAME_MAX_WIDTH)
		width = NAME_MAX_WIDTH;
	columns->field[columns->nr] = field;
	columns->width[columns->nr++] = width;
	return width;
}

/* The default columns up to a rank, and those that were chosen. Returns how wide they are. */
static size_t choose(struct columns *columns, const struct sea_report *report, int rank)
{
	const struct sea_columns *chosen = &report->options.columns;
	const struct sea_fields *fields = sea_report_table(report)->fields();
	size_t total = 0, i;

	columns->nr = 0;
	for (i = 0; (!chosen->nr || chosen->defaults) && i < fields->nr; i++) {
		const struct sea_field *field = &fields->list[i];

		if (is_wanted(field, report) && field->rank <= rank &&
		    !sea_columns_has(chosen, field) && columns->nr < 64)
			total += add_column(columns, field, report) + 1;
	}
	for (i = 0; i < chosen->nr && columns->nr < 64; i++)
		total += add_column(columns, chosen->chosen[i], report) + 1;
	return total ? total - 1 : 0;
}

static int print_table(const struct columns *columns, const struct sea_report *report,
		       struct sea_text *out)
{
	struct sea_grid *grid = sea_grid_new();
	char cell[CELL_LEN], cut[CELL_LEN];
	size_t c, row;
	int rc;

	if (!grid)
		return -1;
	for (c = 0; c < columns->nr; c++)
		sea_grid_column(grid, columns->field[c]->column,
				sea_field_is_right(columns->field[c]));
	for (row = 0; row < report->table.nr; row++) {
		struct sea_report_item item = item_of(report, row);

		sea_grid_row(grid);
		for (c = 0; c < columns->nr; c++) {
			put_cell(columns->field[c], &item, cell, sizeof(cell));
			sea_text_cut(cell, columns->width[c], cut, sizeof(cut));
			sea_grid_cell(grid, cut);
		}
	}
	rc = sea_grid_print(grid, out);
	sea_grid_free(grid);
	return rc;
}

/* What the table does not have */
static void add_rest(const struct sea_report *report, struct sea_text *out)
{
	const struct sea_report_table *table = &report->table;
	struct sea_filter what = {
		.active = report->options.filter.active,
		.not_ended = report->options.filter.not_ended,
	};

	if (table->more)
		sea_text_add(out, "(%zu more; --rows 0 shows all)\n", table->more);
	if (report->options.by == SEA_BY_VM && sea_filter_asks_what(&what)) {
		size_t shown = table->nr + table->more;

		sea_text_add(out, "(");
		sea_filter_say(&what, out);
		sea_text_add(out, ": %zu of %zu, %llu of %llu SEAs)\n", shown,
			     shown + table->hidden, ull(table->seas),
			     ull(table->seas + table->hidden_seas));
	}
	if (sea_report_by_needs_details(report->options.by) && report->details < report->total)
		sea_text_add(out, "(%llu of %llu SEAs have no detail, and are not in this table)\n",
			     ull(report->total - report->details), ull(report->total));
}

static int add_table(const struct sea_report *report, size_t width, struct sea_text *out)
{
	struct columns columns;
	int rank = 9;

	if (!report->table.nr && !report->table.hidden)
		return 0;
	sea_text_add(out, "\n");
	if (report->table.nr) {
		while (choose(&columns, report, rank) > width && width && rank > 1)
			rank--;
		if (print_table(&columns, report, out))
			return -1;
	}
	add_rest(report, out);
	return 0;
}

int sea_report_text(const struct sea_report *report, size_t width, struct sea_text *out,
		    struct sea_error *err)
{
	unsigned int question;

	add_head(report, width, out);
	for (question = 0; question < SEA_QUESTIONS; question++)
		add_answer(sea_report_question(question), &report->answers[question], width, out);
	if (report->acts.nr) {
		sea_text_add(out, "\n");
		add_answer("What to do", &report->acts, width, out);
	}
	if (add_table(report, width, out) || out->failed)
		return sea_error_set(err, "cannot write the report: out of memory");
	return 0;
}
