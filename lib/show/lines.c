// SPDX-License-Identifier: GPL-2.0-only
#include "show/lines.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LINE_LEN 1024

void sea_page_begin(struct sea_page_text *text, const struct sea_scene *scene,
		    struct sea_frame frame, struct sea_canvas *canvas)
{
	*text = (struct sea_page_text){canvas, frame, scene->state->lists[scene->state->page].top,
				       0, 0};
}

bool sea_page_end(const struct sea_page_text *text, const struct sea_scene *scene)
{
	struct sea_list *list = &scene->state->lists[scene->state->page];
	size_t height = text->frame.end - text->frame.first;

	list->nr = text->nr;
	list->height = height;
	if (list->top + height > list->nr)
		list->top = list->nr > height ? list->nr - height : 0;
	list->cursor = list->top;
	return list->top == text->top;
}

/* The line of the canvas, or a place off it. */
static size_t line_of(const struct sea_page_text *text)
{
	size_t y = text->frame.first + text->nr - text->top;

	return text->nr >= text->top && y < text->frame.end ? y : text->canvas->lines;
}

void sea_page_put(struct sea_page_text *text, enum sea_look look, const char *format, ...)
{
	char line[LINE_LEN];
	size_t y = line_of(text);
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (y < text->canvas->lines && text->x < text->canvas->columns)
		sea_canvas_cut(text->canvas, y, text->x, text->canvas->columns - text->x, look,
			       line);
	text->x += sea_text_width(line);
}

void sea_page_tab(struct sea_page_text *text, size_t column)
{
	text->x = text->x <= column ? column : text->x + 1;
}

void sea_page_line(struct sea_page_text *text)
{
	text->nr++;
	text->x = 0;
}

void sea_page_heading(struct sea_page_text *text, const char *format, ...)
{
	char line[LINE_LEN];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (text->nr)
		sea_page_line(text);
	sea_page_put(text, SEA_LOOK_TITLE, "%s", line);
	sea_page_line(text);
}

void sea_page_wrap(struct sea_page_text *text, size_t column, enum sea_look look, const char *words)
{
	size_t width = text->canvas->columns;
	char word[LINE_LEN];

	/* Too narrow for a column of its own */
	if (column + 16 > width && column > 2)
		column = 2;
	sea_page_tab(text, column);
	while (*words) {
		size_t len = strcspn(words, " ");

		snprintf(word, sizeof(word), "%.*s", (int)(len < LINE_LEN ? len : LINE_LEN - 1),
			 words);
		if (text->x > column && text->x + sea_text_width(word) > width) {
			sea_page_line(text);
			sea_page_tab(text, column);
		}
		sea_page_put(text, look, "%s", word);
		text->x++;
		words += len + (words[len] == ' ');
	}
	sea_page_line(text);
}
