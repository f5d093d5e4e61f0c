// SPDX-License-Identifier: GPL-2.0-only
#include "show/terminal.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <curses.h>

#include "base/text.h"

/*
 * After Esc the rest of a key's sequence is waited for so long. It also delays Esc, which
 * has to be answered within 50 ms.
 */
#define ESCAPE_MS 25

/* One line is painted in pieces of the same look. */
#define PIECE_LEN (SEA_CANVAS_CELL * 256)

struct sea_terminal {
	SCREEN *screen;
	struct sea_colours *colours;
	struct termios before;
	bool taken; /* before is what to give back */
	struct sea_canvas
		painted; /* what ncurses was given last; its size is that of the terminal */
};

/* ncurses has one current terminal too. */
static struct sea_terminal the_terminal;

static void close_at_exit(void)
{
	sea_terminal_close(&the_terminal);
}

/* A pair of colours for each look; the background is the terminal's own. */
static void begin_colours(struct sea_colours *colours)
{
	const char *none = getenv("NO_COLOR");
	int i;

	if ((none && *none) || !has_colors() || start_color() == ERR ||
	    use_default_colors() == ERR || COLORS < SEA_COLOURS || COLOR_PAIRS <= SEA_LOOKS) {
		sea_colours_none(colours);
		return;
	}
	for (i = 0; i < SEA_LOOKS; i++)
		init_pair((short)(i + 1), (short)colours->styles[i].colour, -1);
}

int sea_terminal_open(struct sea_terminal **terminal, struct sea_colours *colours,
		      struct sea_error *err)
{
	static bool registered;
	const char *type = getenv("TERM");

	if (!type || !*type || !strcmp(type, "dumb"))
		return sea_error_set(err, "cannot paint on this terminal: TERM is '%.32s'; use -b",
				     type ? type : "");
	if (!registered && atexit(close_at_exit))
		return sea_error_set(err, "cannot paint on this terminal: out of memory");
	registered = true;

	/* Exported by a shell, they are of the terminal that the shell was started on. */
	unsetenv("LINES");
	unsetenv("COLUMNS");
	the_terminal.taken = !tcgetattr(STDIN_FILENO, &the_terminal.before);
	/* Unlike initscr(), newterm() leaves it to us what to do about a failure. */
	the_terminal.screen = newterm(NULL, stdout, stdin);
	if (!the_terminal.screen)
		return sea_error_set(err,
				     "cannot paint on this terminal: TERM '%.32s' is not "
				     "known; use -b",
				     type);
	the_terminal.colours = colours;
	begin_colours(colours);
	cbreak();
	noecho();
	nonl();
	set_escdelay(ESCAPE_MS);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	curs_set(0);
	/* A press is a click at once: none waits for what may become a double one. */
	mouseinterval(0);
	mousemask(BUTTON1_PRESSED | BUTTON1_CLICKED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	*terminal = &the_terminal;
	return 0;
}

void sea_terminal_close(struct sea_terminal *terminal)
{
	if (!terminal || !terminal->screen)
		return;
	endwin();
	delscreen(terminal->screen);
	terminal->screen = NULL;
	sea_canvas_free(&terminal->painted);
}

void sea_terminal_abandon(void)
{
	if (!the_terminal.taken)
		return;
	tcflush(STDOUT_FILENO, TCOFLUSH);
	tcsetattr(STDIN_FILENO, TCSANOW, &the_terminal.before);
}

void sea_terminal_size(const struct sea_terminal *terminal, size_t *lines, size_t *columns)
{
	(void)terminal;
	*lines = (size_t)LINES;
	*columns = (size_t)COLS;
}

static attr_t attributes(const struct sea_terminal *terminal, unsigned int look, short *pair)
{
	const struct sea_style *style = &terminal->colours->styles[look];

	*pair = style->colour == SEA_COLOUR_DEFAULT ? 0 : (short)(look + 1);
	return (style->bold ? A_BOLD : 0) | (style->reverse ? A_REVERSE : 0) |
	       (style->underline ? A_UNDERLINE : 0);
}

/* From column x on, what has the same look. Returns the column behind it. */
static size_t paint_piece(const struct sea_terminal *terminal, const struct sea_canvas *canvas,
			  size_t y, size_t x)
{
	const struct sea_canvas_cell *cells = &canvas->cells[y * canvas->columns];
	unsigned int look = cells[x].look;
	char piece[PIECE_LEN];
	size_t at = 0, from = x;
	attr_t attrs;
	short pair;

	while (x < canvas->columns && cells[x].look == look && at + SEA_CANVAS_CELL < PIECE_LEN) {
		size_t len = strlen(cells[x].text);

		memcpy(piece + at, cells[x].text, len);
		at += len;
		x++;
	}
	piece[at] = '\0';
	attrs = attributes(terminal, look, &pair);
	attr_set(attrs, pair, NULL);
	mvaddstr((int)y, (int)from, piece);
	return x;
}

static bool is_painted(const struct sea_terminal *terminal, const struct sea_canvas *canvas,
		       size_t y)
{
	size_t place = y * canvas->columns;

	return !memcmp(&terminal->painted.cells[place], &canvas->cells[place],
		       canvas->columns * sizeof(*canvas->cells));
}

/* Another size than that of the last painting, or the first one: all is painted. */
static bool is_new_size(struct sea_terminal *terminal, const struct sea_canvas *canvas)
{
	struct sea_canvas *painted = &terminal->painted;
	bool is_new = painted->lines != canvas->lines || painted->columns != canvas->columns;

	if (is_new)
		sea_canvas_clear(painted, canvas->lines, canvas->columns);
	return is_new || painted->failed;
}

void sea_terminal_paint(struct sea_terminal *terminal, const struct sea_canvas *canvas)
{
	bool is_new = is_new_size(terminal, canvas);
	size_t y, x;

	if (is_new)
		erase();
	for (y = 0; y < canvas->lines && y < (size_t)LINES; y++) {
		/* ncurses would find out as well, but not as soon. */
		if (!is_new && is_painted(terminal, canvas, y))
			continue;
		for (x = 0; x < canvas->columns && x < (size_t)COLS;)
			x = paint_piece(terminal, canvas, y, x);
	}
	if (!terminal->painted.failed)
		memcpy(terminal->painted.cells, canvas->cells,
		       canvas->lines * canvas->columns * sizeof(*canvas->cells));
	attr_set(A_NORMAL, 0, NULL);
	refresh();
}

void sea_terminal_repaint(struct sea_terminal *terminal)
{
	(void)terminal;
	clearok(curscr, TRUE);
}

void sea_terminal_suspend(struct sea_terminal *terminal)
{
	struct sigaction stop = {.sa_handler = SIG_DFL}, before;
	sigset_t tstp, mask;

	(void)terminal;
	endwin();
	sigaction(SIGTSTP, &stop, &before);
	sigemptyset(&tstp);
	sigaddset(&tstp, SIGTSTP);
	raise(SIGTSTP);
	/* It stops here, where it is let in, if it was blocked. */
	sigprocmask(SIG_UNBLOCK, &tstp, &mask);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	sigaction(SIGTSTP, &before, NULL);
	clearok(curscr, TRUE);
	refresh();
}

static int key_of(wint_t code)
{
	static const struct {
		wint_t code;
		int key;
	} keys[] = {
		{KEY_UP, SEA_KEY_UP},	      {KEY_DOWN, SEA_KEY_DOWN},
		{KEY_LEFT, SEA_KEY_LEFT},     {KEY_RIGHT, SEA_KEY_RIGHT},
		{KEY_PPAGE, SEA_KEY_PAGE_UP}, {KEY_NPAGE, SEA_KEY_PAGE_DOWN},
		{KEY_HOME, SEA_KEY_HOME},     {KEY_END, SEA_KEY_END},
		{KEY_ENTER, SEA_KEY_ENTER},   {KEY_BACKSPACE, SEA_KEY_BACKSPACE},
		{KEY_DC, SEA_KEY_DELETE},     {KEY_RESIZE, SEA_KEY_RESIZE},
	};
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i].code == code)
			return keys[i].key;
	if (code >= KEY_F(1) && code <= KEY_F(12))
		return SEA_KEY_F1 + (int)(code - KEY_F(1));
	return SEA_KEY_OTHER;
}

static struct sea_input mouse_input(void)
{
	struct sea_input input = {.key = SEA_KEY_OTHER};
	MEVENT event;

	if (getmouse(&event) == ERR)
		return input;
	input.y = event.y < 0 ? 0 : (size_t)event.y;
	input.x = event.x < 0 ? 0 : (size_t)event.x;
	if (event.bstate & (BUTTON1_PRESSED | BUTTON1_CLICKED))
		input.key = SEA_KEY_CLICK;
	else if (event.bstate & BUTTON4_PRESSED)
		input.key = SEA_KEY_WHEEL_UP;
	else if (event.bstate & BUTTON5_PRESSED)
		input.key = SEA_KEY_WHEEL_DOWN;
	return input;
}

struct sea_input sea_terminal_key(struct sea_terminal *terminal)
{
	struct sea_input input = {.key = SEA_KEY_NONE};
	wint_t code;

	switch (get_wch(&code)) {
	case OK:
		input.key = (int)code;
		if (code == '\r' || code == '\n')
			input.key = SEA_KEY_ENTER;
		else if (code == 0x7f || code == '\b')
			input.key = SEA_KEY_BACKSPACE;
		else if (!code)
			input.key = SEA_KEY_OTHER;
		return input;
	case KEY_CODE_YES:
		if (code == KEY_MOUSE)
			return mouse_input();
		input.key = key_of(code);
		/* Of a terminal that was smaller for a moment ncurses has kept a part. */
		if (input.key == SEA_KEY_RESIZE)
			sea_canvas_free(&terminal->painted);
		return input;
	default:
		return input;
	}
}
