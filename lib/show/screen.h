/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * screen.h - lines of text on a terminal, painted again and again.
 *
 * Uses no colour, so NO_COLOR asks for nothing that is not so anyway.
 */
#ifndef SEA_SCREEN_H
#define SEA_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct sea_screen;

/*
 * Takes over the terminal on standard input and output. At most one screen at
 * a time. sea_screen_close() gives the terminal back as it was; it takes NULL
 * and also runs at exit(). Fails if the terminal cannot be painted on.
 */
int sea_screen_open(struct sea_screen **screen, struct sea_error *err);
void sea_screen_close(struct sea_screen *screen);

/*
 * For a signal's handler, before _exit(), when the terminal does not take what is
 * painted: ncurses would wait for ever. Its modes are as they were; what it shows is not.
 */
void sea_screen_abandon(void);

/* The size of the terminal as of the last key or paint. */
void sea_screen_size(const struct sea_screen *screen, size_t *lines, size_t *columns);

/* Paints text from the top, the first line bold; what does not fit is left out. */
void sea_screen_paint(struct sea_screen *screen, const char *text);

enum sea_key {
	SEA_KEY_NONE,	/* nothing was pressed */
	SEA_KEY_OTHER,	/* a key that means nothing */
	SEA_KEY_QUIT,	/* q or F10 */
	SEA_KEY_RESIZE, /* not a key: the terminal has a new size */
};

/* The next key; does not wait. Call it also after a signal, for the size. */
enum sea_key sea_screen_key(struct sea_screen *screen);

#endif /* SEA_SCREEN_H */
