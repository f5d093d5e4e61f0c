// SPDX-License-Identifier: GPL-2.0-only
#include "show/canvas.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_LEN 1024

void sea_canvas_clear(struct sea_canvas *canvas, size_t lines, size_t columns)
{
	size_t i, nr;

	if (lines > SEA_CANVAS_MAX)
		lines = SEA_CANVAS_MAX;
	if (columns > SEA_CANVAS_MAX)
		columns = SEA_CANVAS_MAX;
	nr = lines * columns;
	if (nr != canvas->lines * canvas->columns) {
		free(canvas->cells);
		canvas->cells = calloc(nr ?: 1, sizeof(*canvas->cells));
	}
	canvas->failed = nr && !canvas->cells;
	canvas->lines = canvas->failed ? 0 : lines;
	canvas->columns = canvas->failed ? 0 : columns;
	for (i = 0; i < canvas->lines * canvas->columns; i++)
		canvas->cells[i] = (struct sea_canvas_cell){.text = " "};
}

void sea_canvas_free(struct sea_canvas *canvas)
{
	free(canvas->cells);
	memset(canvas, 0, sizeof(*canvas));
}

static struct sea_canvas_cell *cell_at(const struct sea_canvas *canvas, size_t y, size_t x)
{
	return &canvas->cells[y * canvas->columns + x];
}

/* Of a wide character that loses one half, the other one becomes blank. */
static void free_place(const struct sea_canvas *canvas, size_t y, size_t x)
{
	struct sea_canvas_cell *cell = cell_at(canvas, y, x);

	if (!cell->text[0] && x)
		snprintf(cell_at(canvas, y, x - 1)->text, SEA_CANVAS_CELL, " ");
	if (x + 1 < canvas->columns && !cell_at(canvas, y, x + 1)->text[0])
		snprintf(cell_at(canvas, y, x + 1)->text, SEA_CANVAS_CELL, " ");
}

static void put_one(const struct sea_canvas *canvas, size_t y, size_t x, size_t width,
		    enum sea_look look, const char *text, size_t len)
{
	struct sea_canvas_cell *cell;

	/* Half of a wide character cannot be shown. */
	if (width > 1 && x + width > canvas->columns) {
		text = " ";
		len = width = 1;
	}
	free_place(canvas, y, x);
	if (width > 1)
		free_place(canvas, y, x + 1);
	cell = cell_at(canvas, y, x);
	cell->look = (unsigned char)look;
	if (len >= SEA_CANVAS_CELL)
		len = SEA_CANVAS_CELL - 1;
	memcpy(cell->text, text, len);
	cell->text[len] = '\0';
	if (width < 2)
		return;
	cell[1].look = (unsigned char)look;
	cell[1].text[0] = '\0';
}

/* Characters that combine go to the one before; too many of them are left out. */
static void combine(const struct sea_canvas *canvas, size_t y, size_t x, const char *text,
		    size_t len)
{
	struct sea_canvas_cell *cell;
	size_t at;

	if (!x || x > canvas->columns)
		return;
	cell = cell_at(canvas, y, x - 1);
	if (!cell->text[0] && x > 1)
		cell--;
	at = strlen(cell->text);
	if (at && at + len < sizeof(cell->text))
		snprintf(cell->text + at, sizeof(cell->text) - at, "%.*s", (int)len, text);
}

size_t sea_canvas_put(struct sea_canvas *canvas, size_t y, size_t x, enum sea_look look,
		      const char *text)
{
	bool utf8 = sea_text_is_utf8();
	size_t width;

	for (; *text && y < canvas->lines; x += width) {
		size_t len = sea_text_next(text, &width);
		bool plain = utf8 || len == 1;

		if (x >= canvas->columns)
			return x + sea_text_width(text);
		if (width)
			put_one(canvas, y, x, width, look, plain ? text : "?", plain ? len : 1);
		else
			combine(canvas, y, x, text, len);
		text += len;
	}
	return x;
}

size_t sea_canvas_print(struct sea_canvas *canvas, size_t y, size_t x, enum sea_look look,
			const char *format, ...)
{
	char line[LINE_LEN];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	return sea_canvas_put(canvas, y, x, look, line);
}

size_t sea_canvas_cut(struct sea_canvas *canvas, size_t y, size_t x, size_t width,
		      enum sea_look look, const char *text)
{
	char line[LINE_LEN];

	sea_text_cut(text, width, line, sizeof(line));
	return sea_canvas_put(canvas, y, x, look, line);
}

void sea_canvas_look(struct sea_canvas *canvas, size_t y, size_t x, size_t width,
		     enum sea_look look)
{
	for (; y < canvas->lines && width && x < canvas->columns; x++, width--)
		cell_at(canvas, y, x)->look = (unsigned char)look;
}

void sea_canvas_text(const struct sea_canvas *canvas, struct sea_text *out)
{
	size_t y, x;

	for (y = 0; y < canvas->lines; y++) {
		size_t end = canvas->columns;

		while (end && !strcmp(cell_at(canvas, y, end - 1)->text, " "))
			end--;
		for (x = 0; x < end; x++)
			sea_text_add(out, "%s", cell_at(canvas, y, x)->text);
		sea_text_add(out, "\n");
	}
}
