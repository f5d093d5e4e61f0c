// SPDX-License-Identifier: GPL-2.0-only
#include "show/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <curses.h>

#include "base/text.h"

struct sea_screen {
	SCREEN *terminal;
	struct termios before;
	bool taken; /* before is what to give back */
};

/* ncurses has one current terminal too. */
static struct sea_screen the_screen;

static void close_at_exit(void)
{
	sea_screen_close(&the_screen);
}

int sea_screen_open(struct sea_screen **screen, struct sea_error *err)
{
	static bool registered;
	const char *type = getenv("TERM");

	if (!type || !*type || !strcmp(type, "dumb"))
		return sea_error_set(err, "cannot paint on this terminal: TERM is '%.32s'; use -b",
				     type ? type : "");
	if (!registered && atexit(close_at_exit))
		return sea_error_set(err, "cannot paint on this terminal: out of memory");
	registered = true;

	the_screen.taken = !tcgetattr(STDIN_FILENO, &the_screen.before);
	/* Unlike initscr(), newterm() leaves it to us what to do about a failure. */
	the_screen.terminal = newterm(NULL, stdout, stdin);
	if (!the_screen.terminal)
		return sea_error_set(err,
				     "cannot paint on this terminal: TERM '%.32s' is not "
				     "known; use -b",
				     type);
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	curs_set(0);
	*screen = &the_screen;
	return 0;
}

void sea_screen_close(struct sea_screen *screen)
{
	if (!screen || !screen->terminal)
		return;
	endwin();
	delscreen(screen->terminal);
	screen->terminal = NULL;
}

void sea_screen_abandon(void)
{
	if (!the_screen.taken)
		return;
	tcflush(STDOUT_FILENO, TCOFLUSH);
	tcsetattr(STDIN_FILENO, TCSANOW, &the_screen.before);
}

void sea_screen_size(const struct sea_screen *screen, size_t *lines, size_t *columns)
{
	(void)screen;
	*lines = (size_t)LINES;
	*columns = (size_t)COLS;
}

void sea_screen_paint(struct sea_screen *screen, const char *text)
{
	size_t size = strlen(text) + 4;
	char *line = malloc(size), *cut = malloc(size);
	int y;

	(void)screen;
	erase();
	for (y = 0; line && cut && y < LINES && *text; y++) {
		size_t len = strcspn(text, "\n");

		memcpy(line, text, len);
		line[len] = '\0';
		sea_text_cut(line, (size_t)COLS, cut, size);
		attrset(y ? A_NORMAL : A_BOLD);
		mvaddstr(y, 0, cut);
		text += len + (text[len] == '\n');
	}
	attrset(A_NORMAL);
	refresh();
	free(line);
	free(cut);
}

enum sea_key sea_screen_key(struct sea_screen *screen)
{
	(void)screen;
	switch (getch()) {
	case ERR:
		return SEA_KEY_NONE;
	case 'q':
	case KEY_F(10):
		return SEA_KEY_QUIT;
	case KEY_RESIZE:
		return SEA_KEY_RESIZE;
	default:
		return SEA_KEY_OTHER;
	}
}
