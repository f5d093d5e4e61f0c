// SPDX-License-Identifier: GPL-2.0-only
#include "show/table.h"

#include <stdlib.h>

#include "base/grid.h"
#include "model/vm-counters.h"
#include "show/summary.h"

static bool shows_other(const struct sea_view *view)
{
	return view->other.total || sea_vm_responses(&view->other.vm);
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

/*
 * Puts the first nr VMs into rows, then `other` and `gone`. VMs that are there come
 * before those that ended, as long as not all have room: an ended one is not hit any
 * more. Returns how many rows that makes.
 */
static size_t collect(const struct sea_view *view, size_t nr, const struct sea_row **rows)
{
	bool all = nr == view->nr_rows;
	size_t i, n = 0;

	for (i = 0; i < view->nr_rows && n < nr; i++)
		if (all || !view->rows[i].ended)
			rows[n++] = &view->rows[i];
	for (i = 0; !all && i < view->nr_rows && n < nr; i++)
		if (view->rows[i].ended)
			rows[n++] = &view->rows[i];
	if (shows_other(view))
		rows[n++] = &view->other;
	if (view->nr_gone)
		rows[n++] = &view->gone;
	return n;
}

static int print_rows(const struct sea_layout *layout, const struct sea_lines *lines,
		      struct sea_text *out)
{
	struct sea_grid *grid = sea_grid_new();
	char cell[SEA_CELL_LEN];
	size_t i, c;
	int rc;

	if (!grid)
		return -1;
	for (c = 0; c < layout->nr; c++)
		sea_grid_column(grid, layout->columns[c]->column,
				sea_field_is_right(layout->columns[c]));
	for (i = 0; i < lines->nr; i++) {
		sea_grid_row(grid);
		for (c = 0; c < layout->nr; c++) {
			sea_layout_cell(layout, c, lines->rows[i], cell, sizeof(cell));
			sea_grid_cell(grid, cell);
		}
	}
	rc = sea_grid_print(grid, out);
	sea_grid_free(grid);
	return rc;
}

static size_t count_lines(const struct sea_text *text)
{
	size_t i, nr = 0;

	for (i = 0; i < text->len; i++)
		nr += text->text[i] == '\n';
	return nr;
}

/* Header, rows, and how many are not shown */
static int add_rows(const struct sea_view *view, const struct sea_table_options *options,
		    struct sea_layout *layout, size_t shown, const struct sea_lines *lines,
		    struct sea_text *out)
{
	sea_summary_header(view, options->full_time, options->width, out);
	if (lines->nr) {
		sea_layout_make(layout, &options->columns, options->width, view, lines);
		if (print_rows(layout, lines, out))
			return -1;
	} else if (view->nr_vms) {
		sea_summary_line(out, options->width, "none of the VMs is one of those asked for");
	} else {
		sea_summary_line(out, options->width, "no VM runs, and no SEA was seen yet");
	}
	sea_summary_more(view, shown, options->width, out);
	return 0;
}

int sea_table_render(const struct sea_view *view, const struct sea_table_options *options,
		     struct sea_layout *layout, struct sea_text *out, struct sea_error *err)
{
	const struct sea_row **rows = calloc(view->nr_rows + 2, sizeof(*rows));
	struct sea_text footer = {0}, hints = {0};
	struct sea_layout once = {0};
	size_t shown, nr_below, nr_lines;
	struct sea_lines lines = {rows, 0};
	bool all_fit;
	int rc = -1;

	sea_summary_footer(view, options->width, &footer);
	sea_summary_hints(view, options->width, &hints);
	nr_below = count_lines(&footer) + count_lines(&hints);
	shown = rows_shown(view, options, nr_below);
	if (!rows || footer.failed || hints.failed)
		goto out;
	lines.nr = collect(view, shown, rows);
	nr_lines = 2 + lines.nr + (shown < view->nr_rows) + nr_below;
	all_fit = !options->max_lines || nr_lines <= options->max_lines;
	if (add_rows(view, options, layout ? layout : &once, shown, &lines, out))
		goto out;
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
	free(rows);
	if (rc)
		sea_error_set(err, "cannot show the VMs: out of memory");
	return rc;
}

int sea_table_rows(const struct sea_view *view, size_t nr, const struct sea_columns *columns,
		   struct sea_text *out, struct sea_error *err)
{
	const struct sea_row **rows = calloc(view->nr_rows ?: 1, sizeof(*rows));
	const struct sea_lines lines = {rows, nr};
	struct sea_layout layout = {0};
	int rc = -1;
	size_t i;

	for (i = 0; rows && i < nr; i++)
		rows[i] = &view->rows[i];
	if (rows) {
		sea_layout_make(&layout, columns, 0, view, &lines);
		rc = print_rows(&layout, &lines, out);
	}
	free(rows);
	return rc ? sea_error_set(err, "cannot show the VMs: out of memory") : 0;
}
