// SPDX-License-Identifier: GPL-2.0-only
#include "show/layout.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/words.h"
#include "model/row-fields.h"

/* A VM's name is cut to so many columns before any other column goes. */
#define NAME_MIN 12
/* The name, and what the last SEA was, are never cut to less. */
#define WIDTH_MIN 8

/* Without the columns up to this rank a table would say little. */
#define RANK_CORE 2

static int highest_rank(void)
{
	const struct sea_fields *fields = sea_row_fields();
	int rank = 0;
	size_t i;

	for (i = 0; i < fields->nr; i++)
		if (fields->list[i].rank > rank)
			rank = fields->list[i].rank;
	return rank;
}

/* What the last SEA was, in a form that takes as little room as there is. */
static void put_last(const struct sea_row *row, enum sea_last_form form, char *out, size_t size)
{
	static const struct sea_field age_field = {.kind = SEA_GAUGE, .cell = SEA_CELL_AGE};
	const struct sea_value ns = {.known = true, .number = row->last_age_ns};
	unsigned int reason = SEA_LAST_REASON(row->vm.last);
	const char *disposition = sea_disposition_name(SEA_LAST_DISPOSITION(row->vm.last));
	const char *because = reason ? sea_reason_text(reason) : NULL;
	char age[24];

	if (!row->vm.last) {
		snprintf(out, size, "-");
		return;
	}
	sea_field_cell(&age_field, &ns, age, sizeof(age));
	switch (form) {
	case SEA_LAST_FULL:
	case SEA_LAST_AGE:
		snprintf(out, size, "%s%s%s%s %s%s", disposition, because ? " (" : "",
			 because ? because : "", because ? ")" : "", age,
			 form == SEA_LAST_FULL ? " ago" : "");
		break;
	case SEA_LAST_SHORT:
		snprintf(out, size, "%s %s", because ? because : disposition, age);
		break;
	default:
		snprintf(out, size, "%s", because ? because : disposition);
	}
}

/* Two sources call the VM by names that cannot both be right. */
static void mark_disputed(char *cell, size_t size)
{
	size_t len = strlen(cell);

	if (len + 2 <= size)
		memcpy(cell + len, "?", 2);
}

static void put_cell(const struct sea_field *field, const struct sea_row *row,
		     enum sea_last_form form, char *out, size_t size)
{
	struct sea_value value;

	if (field->cell == SEA_CELL_LAST) {
		put_last(row, form, out, size);
		return;
	}
	sea_field_get(field, row, &value);
	sea_field_cell(field, &value, out, size);
	if (field->cell == SEA_CELL_NAME && row->info && row->info->name.disputed)
		mark_disputed(out, size);
}

static size_t cell_width(const struct sea_field *field, const struct sea_lines *lines,
			 enum sea_last_form form)
{
	size_t width = strlen(field->column), i;
	char cell[SEA_CELL_LEN];

	for (i = 0; i < lines->nr; i++) {
		size_t w;

		put_cell(field, lines->rows[i], form, cell, sizeof(cell));
		w = sea_text_width(cell);
		if (w > width)
			width = w;
	}
	return width;
}

/* As wide as it is now, or as it was before. */
static size_t sticky_width(struct sea_layout *layout, const struct sea_field *field,
			   const struct sea_lines *lines, enum sea_last_form form)
{
	bool is_last = field->cell == SEA_CELL_LAST;
	size_t place = (size_t)(field - sea_row_fields()->list);
	size_t *grown = is_last ? &layout->grown_last[form] : &layout->grown[place];
	bool *is_measured = is_last ? &layout->is_last_measured[form] : &layout->is_measured[place];
	size_t width = *is_measured ? 0 : cell_width(field, lines, form);

	*is_measured = true;
	if (width > *grown)
		*grown = width;
	return *grown;
}

/* Some SEAs have no known disposition, or may come to have none. */
static bool shows_unknown(const struct sea_view *view)
{
	return !view->tells_all || view->all.vm.disposition[SEA_UNKNOWN];
}

/* Default columns that are there only if they say something */
static bool is_wanted(const struct sea_field *field, const struct sea_view *view)
{
	if (field->path && !strcmp(field->path, "dispositions.unknown"))
		return shows_unknown(view);
	if (field->column && !strcmp(field->column, "BEFORE"))
		return view->all.before;
	return true;
}

/* The chosen columns, and the default ones up to a rank; in the order of the list. */
static void choose(struct sea_layout *layout, const struct sea_columns *columns, int rank,
		   const struct sea_view *view)
{
	const struct sea_fields *fields = sea_row_fields();
	bool defaults = columns->defaults || !columns->nr;
	size_t i;

	layout->nr = 0;
	for (i = 0; defaults && i < fields->nr; i++) {
		const struct sea_field *field = &fields->list[i];

		if (field->rank && field->rank <= rank && is_wanted(field, view) &&
		    !sea_columns_has(columns, field))
			layout->columns[layout->nr++] = field;
	}
	for (i = 0; i < columns->nr; i++)
		layout->columns[layout->nr++] = columns->chosen[i];
}

/*
 * Shares the width between the two columns that can be had in less, the name and
 * LAST. False if that would leave the name less than name_min columns, or LAST without
 * a whole word; the cells are cut to what there is then.
 */
static bool fit(struct sea_layout *layout, const struct sea_lines *lines, size_t width,
		size_t name_min)
{
	size_t fixed = layout->nr ? layout->nr - 1 : 0, name = SIZE_MAX, last = SIZE_MAX, i, left;
	size_t last_width = 0;

	for (i = 0; i < layout->nr; i++) {
		if (layout->columns[i]->cell == SEA_CELL_NAME)
			name = i;
		else if (layout->columns[i]->cell == SEA_CELL_LAST)
			last = i;
		else
			fixed += layout->widths[i] =
				sticky_width(layout, layout->columns[i], lines, SEA_LAST_FULL);
	}
	if (name != SIZE_MAX) {
		layout->widths[name] =
			sticky_width(layout, layout->columns[name], lines, SEA_LAST_FULL);
		if (name_min > layout->widths[name])
			name_min = layout->widths[name];
	} else {
		name_min = 0;
	}
	for (layout->form = SEA_LAST_FULL; layout->form < SEA_LAST_FORMS; layout->form++) {
		if (last != SIZE_MAX)
			last_width =
				sticky_width(layout, layout->columns[last], lines, layout->form);
		if (fixed + name_min + last_width > width)
			continue;
		left = width - fixed - last_width;
		if (name != SIZE_MAX && layout->widths[name] > left)
			layout->widths[name] = left;
		if (last != SIZE_MAX)
			layout->widths[last] = last_width;
		return true;
	}
	layout->form = SEA_LAST_WORD;
	if (name != SIZE_MAX)
		layout->widths[name] = name_min;
	if (last != SIZE_MAX)
		layout->widths[last] =
			fixed + name_min + WIDTH_MIN < width ? width - fixed - name_min : WIDTH_MIN;
	return false;
}

void sea_layout_make(struct sea_layout *layout, const struct sea_columns *columns, size_t width,
		     const struct sea_view *view, const struct sea_lines *lines)
{
	int rank = highest_rank();

	if (layout->width != width)
		memset(layout, 0, sizeof(*layout));
	layout->width = width;
	memset(layout->is_measured, 0, sizeof(layout->is_measured));
	memset(layout->is_last_measured, 0, sizeof(layout->is_last_measured));
	if (!width)
		width = SIZE_MAX / 2;
	for (;; rank--) {
		choose(layout, columns, rank, view);
		/* A table of chosen columns alone has nothing to leave out. */
		if (fit(layout, lines, width, rank > RANK_CORE ? NAME_MIN : WIDTH_MIN) ||
		    rank == 0 || (columns->nr && !columns->defaults))
			return;
		/* The name of the VM stays. */
		if (rank == 1)
			return;
	}
}

void sea_layout_cell(const struct sea_layout *layout, size_t i, const struct sea_row *row,
		     char *out, size_t size)
{
	char cell[SEA_CELL_LEN];

	put_cell(layout->columns[i], row, layout->form, cell, sizeof(cell));
	if (layout->columns[i]->cell == SEA_CELL_NAME)
		sea_text_cut_middle(cell, layout->widths[i], out, size);
	else
		sea_text_cut(cell, layout->widths[i], out, size);
}
