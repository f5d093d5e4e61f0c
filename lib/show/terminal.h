/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * terminal.h - a canvas on a terminal, and the keys that are pressed there. The one place
 * that uses curses.
 */
#ifndef SEA_TERMINAL_H
#define SEA_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "show/canvas.h"
#include "show/colours.h"
#include "show/keys.h"

struct sea_terminal;

/*
 * Takes over the terminal on standard input and output. At most one at a time. Its size
 * is what it says itself, whatever COLUMNS and LINES are. sea_terminal_close() gives the
 * terminal back as it was; it takes NULL and also runs at exit(). Fails if the terminal
 * cannot be painted on. colours become what the terminal can show.
 */
int sea_terminal_open(struct sea_terminal **terminal, struct sea_colours *colours,
		      struct sea_error *err);
void sea_terminal_close(struct sea_terminal *terminal);

/*
 * For a signal's handler, before _exit(), when the terminal does not take what is
 * painted: ncurses would wait for ever. Its modes are as they were; what it shows is not.
 */
void sea_terminal_abandon(void);

/* The size of the terminal as of the last key or paint. */
void sea_terminal_size(const struct sea_terminal *terminal, size_t *lines, size_t *columns);

/* Shows the canvas; what does not fit is left out. */
void sea_terminal_paint(struct sea_terminal *terminal, const struct sea_canvas *canvas);
/* Paints all of it anew with the next paint, as something else has written there. */
void sea_terminal_repaint(struct sea_terminal *terminal);

/* Gives the terminal back, stops the process as Ctrl-Z does, and takes it over again. */
void sea_terminal_suspend(struct sea_terminal *terminal);

/* A key, and of SEA_KEY_CLICK where: line and column, from 0. */
struct sea_input {
	int key;
	size_t y, x;
};

/* The next key; does not wait. SEA_KEY_NONE: there is none. */
struct sea_input sea_terminal_key(struct sea_terminal *terminal);

#endif /* SEA_TERMINAL_H */
