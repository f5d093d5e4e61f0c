// SPDX-License-Identifier: GPL-2.0-only
/*
 * page-columns.c - the columns, with what they mean, to choose one to sort by.
 */
#include "show/page.h"

#include "model/row-fields.h"

#define NAME_WIDTH 9

size_t sea_scene_columns(const struct sea_field **columns, size_t max)
{
	const struct sea_fields *fields = sea_row_fields();
	size_t i, nr = 0;

	for (i = 0; i < fields->nr && nr < max; i++)
		if (fields->list[i].column)
			columns[nr++] = &fields->list[i];
	return nr;
}

void sea_page_columns(const struct sea_scene *scene, struct sea_frame frame,
		      struct sea_canvas *canvas)
{
	const struct sea_field *columns[SEA_COLUMNS_MAX];
	size_t nr = sea_scene_columns(columns, SEA_COLUMNS_MAX), y = frame.first, i;
	struct sea_list *list = &scene->state->lists[SEA_PAGE_COLUMNS];

	/* It opens with the cursor where the table is sorted by. */
	for (i = 0; !list->nr && i < nr; i++)
		if (columns[i] == scene->state->sort)
			list->cursor = i;
	if (y < frame.end)
		sea_canvas_cut(canvas, y++, 0, canvas->columns, SEA_LOOK_HEAD,
			       "Sort by: Enter takes the column, R turns the order around");
	sea_canvas_look(canvas, frame.first, 0, canvas->columns, SEA_LOOK_HEAD);
	sea_list_fit(list, nr, frame.end - y);
	list->y = y;
	for (i = list->top; i < nr && y < frame.end; i++, y++) {
		sea_canvas_put(canvas, y, 0,
			       columns[i] == scene->state->sort ? SEA_LOOK_STRONG : SEA_LOOK_PLAIN,
			       columns[i]->column);
		if (canvas->columns > NAME_WIDTH)
			sea_canvas_cut(canvas, y, NAME_WIDTH, canvas->columns - NAME_WIDTH,
				       SEA_LOOK_PLAIN, columns[i]->help);
		if (i == list->cursor)
			sea_canvas_look(canvas, y, 0, canvas->columns, SEA_LOOK_CURSOR);
	}
}
