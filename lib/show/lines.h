/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lines.h - a page of text that is longer than the screen: it is written line by line,
 * and those that are seen are drawn.
 */
#ifndef SEA_SHOW_LINES_H
#define SEA_SHOW_LINES_H

#include "show/page.h"

struct sea_page_text {
	struct sea_canvas *canvas;
	struct sea_frame frame;
	size_t top; /* the first line that is seen */
	size_t nr;  /* lines so far */
	size_t x;   /* where the line goes on */
};

/* Begins a page; its top is that of the state's list. */
void sea_page_begin(struct sea_page_text *text, const struct sea_scene *scene,
		    struct sea_frame frame, struct sea_canvas *canvas);
/* Tells the list how much there is. Draws again from another top if this one was too far. */
bool sea_page_end(const struct sea_page_text *text, const struct sea_scene *scene);

/* Adds to the line. */
void sea_page_put(struct sea_page_text *text, enum sea_look look, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Goes on at a column, if the line is not there yet; else after one blank. */
void sea_page_tab(struct sea_page_text *text, size_t column);
/* Ends the line. */
void sea_page_line(struct sea_page_text *text);
/* A whole line that is a heading, with an empty one ahead if there is anything above. */
void sea_page_heading(struct sea_page_text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Words broken into lines that begin at a column; ends the last one. */
void sea_page_wrap(struct sea_page_text *text, size_t column, enum sea_look look,
		   const char *words);

#endif /* SEA_SHOW_LINES_H */
