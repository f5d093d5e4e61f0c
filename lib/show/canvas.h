/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * canvas.h - a grid of characters with a look each, which pages draw into. A terminal
 * paints it; a test prints it as text.
 */
#ifndef SEA_CANVAS_H
#define SEA_CANVAS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/*
 * What a character means; colours.h says how that looks. A look is never all that
 * tells something: there is always a word, a number or a sign as well.
 */
enum sea_look {
	SEA_LOOK_PLAIN,
	SEA_LOOK_TITLE,	 /* what the page is of */
	SEA_LOOK_HEAD,	 /* heads of columns */
	SEA_LOOK_SORTED, /* that of the column that is sorted by */
	SEA_LOOK_CURSOR, /* the line that the cursor is on */
	SEA_LOOK_QUIET,	 /* zeros, and what has ended */
	SEA_LOOK_STRONG, /* what happens now */
	SEA_LOOK_GOOD,
	SEA_LOOK_DOUBT,
	SEA_LOOK_BAD,
	SEA_LOOK_ALARM, /* numbers are wrong: not to be overlooked */
	SEA_LOOK_KEY,	/* a key in the bottom line */
	SEA_LOOK_LABEL, /* what the key does */
	SEA_LOOK_INPUT, /* what is being typed */
	SEA_LOOKS,
};

/* Bytes of a cell: a character with what combines with it, NUL included. */
#define SEA_CANVAS_CELL 16

struct sea_canvas_cell {
	char text[SEA_CANVAS_CELL]; /* "": the second half of a wide character */
	unsigned char look;
};

/* Larger terminals are painted in part. */
#define SEA_CANVAS_MAX 1000

/* Start from zeros; sea_canvas_free() releases it. */
struct sea_canvas {
	struct sea_canvas_cell *cells;
	size_t lines, columns;
	bool failed; /* out of memory: it has no lines */
};

/* Makes it so large, and all of it blank. */
void sea_canvas_clear(struct sea_canvas *canvas, size_t lines, size_t columns);
void sea_canvas_free(struct sea_canvas *canvas);

/*
 * Puts text, UTF-8 from sea_printable(), at line y from column x on; what is past the
 * edges is left out. Returns the column behind it, which may be past the edge.
 */
size_t sea_canvas_put(struct sea_canvas *canvas, size_t y, size_t x, enum sea_look look,
		      const char *text);
size_t sea_canvas_print(struct sea_canvas *canvas, size_t y, size_t x, enum sea_look look,
			const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The same, cut to width columns with an ellipsis. */
size_t sea_canvas_cut(struct sea_canvas *canvas, size_t y, size_t x, size_t width,
		      enum sea_look look, const char *text);

/* Gives a part of a line another look; its text stays. */
void sea_canvas_look(struct sea_canvas *canvas, size_t y, size_t x, size_t width,
		     enum sea_look look);

/* Appends all lines as text, without the blanks at their ends. */
void sea_canvas_text(const struct sea_canvas *canvas, struct sea_text *out);

#endif /* SEA_CANVAS_H */
