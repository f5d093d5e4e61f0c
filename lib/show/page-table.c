// SPDX-License-Identifier: GPL-2.0-only
/*
 * page-table.c - a line for each VM, and the sums.
 */
#include "show/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/vm-counters.h"
#include "show/describe.h"

#define LLU(number) ((unsigned long long)(number))

/* Of so many lines, so many are for sums. */
static size_t sum_lines(size_t height)
{
	if (height >= 16)
		return 3;
	if (height >= 9)
		return 2;
	return height >= 5;
}

static bool shows_other(const struct sea_view *view)
{
	return view->other.total || sea_vm_responses(&view->other.vm);
}

/* All lines of the table: VMs, then `other` and `gone`. */
static const struct sea_row *row_at(const struct sea_view *view, size_t i)
{
	if (i < view->nr_rows)
		return &view->rows[i];
	i -= view->nr_rows;
	if (shows_other(view) && !i--)
		return &view->other;
	return &view->gone;
}

static size_t nr_lines(const struct sea_view *view)
{
	return view->nr_rows + shows_other(view) + (view->nr_gone > 0);
}

/* The cursor stays on its VM if it is to; then the state learns which one it is on. */
static void place_cursor(const struct sea_scene *scene, size_t height)
{
	struct sea_state *state = scene->state;
	struct sea_list *list = &state->lists[SEA_PAGE_TABLE];
	const struct sea_view *view = scene->view;
	size_t i;

	if (state->follows && state->vm &&
	    (list->cursor >= view->nr_rows || view->rows[list->cursor].vm.id != state->vm))
		for (i = 0; i < view->nr_rows; i++)
			if (view->rows[i].vm.id == state->vm) {
				list->cursor = i;
				break;
			}
	sea_list_fit(list, nr_lines(view), height);
	if (list->cursor < view->nr_rows)
		state->vm = view->rows[list->cursor].vm.id;
	else
		state->vm = 0;
}

static bool is_hit_now(const struct sea_row *row)
{
	return row->kind == SEA_ROW_VM && row->new_total;
}

static bool is_path(const struct sea_field *field, const char *path)
{
	return field->path && !strcmp(field->path, path);
}

static enum sea_look look_of(const struct sea_field *field, const struct sea_row *row,
			     const char *cell)
{
	if (row->ended)
		return SEA_LOOK_QUIET;
	if (!strcmp(cell, "0") || !strcmp(cell, "-"))
		return SEA_LOOK_QUIET;
	/* The VMM was asked and has not answered, or did nothing about it. */
	if (is_path(field, "responses.pending") || is_path(field, "responses.resumed"))
		return SEA_LOOK_DOUBT;
	if (is_path(field, "dispositions.not_opted_in"))
		return SEA_LOOK_DOUBT;
	if (is_path(field, "dispositions.host_owned"))
		return SEA_LOOK_BAD;
	/* Not its rate as well: that changes with each tick, and bold letters cost 15 bytes. */
	if (is_hit_now(row) && field->cell == SEA_CELL_NAME)
		return SEA_LOOK_STRONG;
	return SEA_LOOK_PLAIN;
}

static void draw_row(const struct sea_scene *scene, const struct sea_row *row, size_t y,
		     bool has_cursor, struct sea_canvas *canvas)
{
	const struct sea_layout *layout = scene->layout;
	char cell[SEA_CELL_LEN];
	size_t i, x = 0;

	for (i = 0; i < layout->nr && x < canvas->columns; i++) {
		const struct sea_field *field = layout->columns[i];
		size_t width, pad;

		sea_layout_cell(layout, i, row, cell, sizeof(cell));
		width = sea_text_width(cell);
		pad = sea_field_is_right(field) && width < layout->widths[i] ?
			      layout->widths[i] - width :
			      0;
		sea_canvas_put(canvas, y, x + pad, look_of(field, row, cell), cell);
		x += layout->widths[i] + 1;
	}
	if (has_cursor)
		sea_canvas_look(canvas, y, 0, canvas->columns, SEA_LOOK_CURSOR);
}

static void draw_heads(const struct sea_scene *scene, size_t y, struct sea_canvas *canvas)
{
	const struct sea_layout *layout = scene->layout;
	size_t i, x = 0;

	sea_canvas_look(canvas, y, 0, canvas->columns, SEA_LOOK_HEAD);
	for (i = 0; i < layout->nr; i++) {
		const struct sea_field *field = layout->columns[i];
		size_t width = strlen(field->column);
		size_t pad = sea_field_is_right(field) && width < layout->widths[i] ?
				     layout->widths[i] - width :
				     0;

		sea_canvas_put(canvas, y, x + pad,
			       field == scene->state->sort ? SEA_LOOK_SORTED : SEA_LOOK_HEAD,
			       field->column);
		x += layout->widths[i] + 1;
	}
}

static void draw_rows(const struct sea_scene *scene, size_t y, size_t height,
		      struct sea_canvas *canvas)
{
	const struct sea_view *view = scene->view;
	const struct sea_list *list = &scene->state->lists[SEA_PAGE_TABLE];
	const struct sea_row **rows = calloc(height ?: 1, sizeof(*rows));
	struct sea_lines lines = {rows, 0};
	size_t i;

	if (!rows)
		return;
	while (lines.nr < height && list->top + lines.nr < list->nr) {
		rows[lines.nr] = row_at(view, list->top + lines.nr);
		lines.nr++;
	}
	sea_layout_make(scene->layout, scene->columns, canvas->columns, view, &lines);
	draw_heads(scene, y, canvas);
	for (i = 0; i < lines.nr; i++)
		draw_row(scene, rows[i], y + 1 + i, list->top + i == list->cursor, canvas);
	free(rows);
}

static size_t count_hit(const struct sea_view *view)
{
	size_t i, nr = 0;

	for (i = 0; i < view->nr_rows; i++)
		nr += is_hit_now(&view->rows[i]);
	return nr;
}

/* What is left out, and so what the sums are of; which lines these are. "": all is there. */
static void filter_text(const struct sea_scene *scene, char *out, size_t size)
{
	const struct sea_state *state = scene->state;
	const struct sea_list *list = &state->lists[SEA_PAGE_TABLE];
	const struct sea_view *view = scene->view;
	char what[SEA_INPUT_LEN + 64], lines[96] = "";
	bool is_part;

	snprintf(what, sizeof(what), "%s%s%s%s%s", state->filter[0] ? " \"" : "", state->filter,
		 state->filter[0] ? "\"" : "", state->hide_ended ? " not ended" : "",
		 state->hide_idle ? " with SEAs" : "");
	is_part = view->filtered || what[0];
	if (list->nr > list->height)
		snprintf(lines, sizeof(lines),
			 is_part ? "; lines %zu to %zu of %zu, %zu hit now" :
				   "Lines %zu to %zu of %zu, %zu hit now",
			 list->top + 1, list->top + list->height, list->nr, count_hit(view));
	if (is_part)
		snprintf(out, size, "%zu of %llu VMs%s%s%s", view->nr_rows, LLU(view->nr_vms),
			 what[0] ? ":" : "", what, lines);
	else
		snprintf(out, size, "%s", lines);
}

/* In words, or, where they have no room, by the heads of the columns */
static void put_dispositions(const struct sea_view *view, const struct sea_row *sum, size_t width,
			     char *out, size_t size)
{
	static const char *const formats[] = {
		("%s: %llu SEAs, %s/s: %llu claimed, %llu host_owned, %llu not_opted_in, "
		 "%llu forwarded%s"),
		"%s: %llu SEAs, %s/s: CLAIM %llu HOST %llu NOOPT %llu FWD %llu%s",
		"%s: %llu, %s/s: CLAIM %llu HOST %llu NOOPT %llu FWD %llu%s",
	};
	const __u64 *disposition = sum->vm.disposition;
	char unknown[48] = "", rate[32];
	size_t i;

	sea_describe_rate(sum->rate, rate, sizeof(rate));
	if (disposition[SEA_UNKNOWN] || !view->tells_all)
		snprintf(unknown, sizeof(unknown), ", %llu unknown", LLU(disposition[SEA_UNKNOWN]));
	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		snprintf(out, size, formats[i], view->filtered ? "Shown" : "All", LLU(sum->total),
			 rate, LLU(disposition[SEA_CLAIMED]), LLU(disposition[SEA_HOST_OWNED]),
			 LLU(disposition[SEA_NOT_OPTED_IN]), LLU(disposition[SEA_FORWARDED]),
			 unknown);
		if (sea_text_width(out) <= width)
			return;
	}
}

static void draw_sums(const struct sea_scene *scene, size_t y, size_t nr, struct sea_canvas *canvas)
{
	const struct sea_view *view = scene->view;
	const struct sea_row *sum = view->filtered ? &view->shown : &view->all;
	char text[SEA_INPUT_LEN + 256], filter[SEA_INPUT_LEN + 128];
	const struct sea_vm *vm = &sum->vm;

	filter_text(scene, filter, sizeof(filter));
	if (filter[0] && nr) {
		sea_canvas_cut(canvas, y++, 0, canvas->columns, SEA_LOOK_STRONG, filter);
		nr--;
	}
	put_dispositions(view, sum, canvas->columns, text, sizeof(text));
	if (nr)
		sea_canvas_cut(canvas, y++, 0, canvas->columns, SEA_LOOK_PLAIN, text);
	snprintf(text, sizeof(text),
		 "Answers: %llu injected, %llu resumed, %llu abandoned, %llu pending",
		 LLU(vm->response[SEA_INJECTED]), LLU(vm->response[SEA_RESUMED]),
		 LLU(vm->response[SEA_ABANDONED]), LLU(sum->pending));
	if (nr > 1)
		sea_canvas_cut(canvas, y++, 0, canvas->columns, SEA_LOOK_PLAIN, text);
	snprintf(text, sizeof(text),
		 "Reasons: %llu no_ras, %llu vncr, %llu s2_walk, %llu ambiguous walk",
		 LLU(vm->reason[SEA_NO_RAS]), LLU(vm->reason[SEA_VNCR]),
		 LLU(vm->reason[SEA_S2_WALK]), LLU(vm->reason[SEA_AMBIGUOUS_WALK]));
	if (nr > 2)
		sea_canvas_cut(canvas, y, 0, canvas->columns, SEA_LOOK_PLAIN, text);
}

static void draw_nothing(const struct sea_scene *scene, size_t y, struct sea_canvas *canvas)
{
	const char *text = "No VM runs, and no SEA was seen yet.";

	if (scene->view->nr_vms)
		text = "No VM is one of those asked for; / changes the filter, e and z what is "
		       "hidden.";
	sea_canvas_cut(canvas, y, 0, canvas->columns, SEA_LOOK_STRONG, text);
}

void sea_page_table(const struct sea_scene *scene, struct sea_frame frame,
		    struct sea_canvas *canvas)
{
	size_t height = frame.end - frame.first, sums = sum_lines(height);
	struct sea_list *list = &scene->state->lists[SEA_PAGE_TABLE];

	if (!scene->view || !height)
		return;
	/* A line for the heads, unless there is room for one VM only. */
	height -= sums;
	place_cursor(scene, height > 1 ? height - 1 : height);
	list->y = frame.first + 1;
	draw_sums(scene, frame.first + height, sums, canvas);
	if (!list->nr)
		draw_nothing(scene, frame.first, canvas);
	else if (height > 1)
		draw_rows(scene, frame.first, height - 1, canvas);
	else if (height)
		draw_sums(scene, frame.first, 1, canvas);
}
