/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * colours.h - how each look of a canvas is painted.
 */
#ifndef SEA_COLOURS_H
#define SEA_COLOURS_H

#include <stdbool.h>

#include "show/canvas.h"

/* The eight colours that every terminal with colours has, by their numbers there. */
enum sea_colour {
	SEA_COLOUR_DEFAULT = -1, /* whatever text has on this terminal, light or dark */
	SEA_COLOUR_BLACK,
	SEA_COLOUR_RED,
	SEA_COLOUR_GREEN,
	SEA_COLOUR_YELLOW,
	SEA_COLOUR_BLUE,
	SEA_COLOUR_MAGENTA,
	SEA_COLOUR_CYAN,
	SEA_COLOUR_WHITE,
	SEA_COLOURS,
};

struct sea_style {
	enum sea_colour colour;
	bool bold, reverse, underline;
};

/*
 * Without colours every look but QUIET and GOOD that is no plain text is told apart by
 * the rest. No look has a colour for its background: it would need one for the text
 * that can be read on it, on every terminal.
 */
struct sea_colours {
	struct sea_style styles[SEA_LOOKS];
};

void sea_colours_default(struct sea_colours *colours);
/* Takes the colours out: NO_COLOR, or a terminal that has none. */
void sea_colours_none(struct sea_colours *colours);

/*
 * Gives a look, by name, a style: words as in "red", "bold", "reverse", "underline",
 * "default", with blanks between them. False: no such look or word.
 */
bool sea_colours_set(struct sea_colours *colours, const char *look, const char *style);

/* "title", "head", ...; static. */
const char *sea_look_name(enum sea_look look);

#endif /* SEA_COLOURS_H */
