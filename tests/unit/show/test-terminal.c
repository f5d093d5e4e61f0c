// SPDX-License-Identifier: GPL-2.0-only
/*
 * A canvas in a child on a pseudo terminal; the test is the terminal.
 */
#include "fixtures.h"

#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include "show/terminal.h"

enum how { WITH_CLOSE, WITH_EXIT };

/* Opens the terminal, paints, waits for q. The exit status tells how it went. */
static void child(const char *term, enum how how)
{
	struct sea_terminal *terminal = NULL;
	struct sea_canvas canvas = {0};
	struct sea_colours colours;
	size_t lines, columns;
	struct sea_error err;
	int key;

	setenv("TERM", term, 1);
	/* Of another terminal, as somebody exported them. */
	setenv("LINES", "50", 1);
	setenv("COLUMNS", "200", 1);
	sea_colours_default(&colours);
	setlocale(LC_ALL, "C");
	if (sea_terminal_open(&terminal, &colours, &err))
		_exit(strstr(err.text, "use -b") ? 9 : 1);
	sea_terminal_size(terminal, &lines, &columns);
	if (lines != 5 || columns != 40)
		_exit(2);
	sea_canvas_clear(&canvas, 6, 60);
	sea_canvas_put(&canvas, 0, 0, SEA_LOOK_TITLE,
		       "HEADER that is much longer than forty columns are wide, END");
	sea_canvas_put(&canvas, 1, 0, SEA_LOOK_PLAIN, "second");
	sea_canvas_put(&canvas, 2, 0, SEA_LOOK_CURSOR, "third");
	sea_canvas_put(&canvas, 4, 0, SEA_LOOK_BAD, "fifth");
	sea_canvas_put(&canvas, 5, 0, SEA_LOOK_BAD, "SIXTH");
	sea_terminal_paint(terminal, &canvas);
	do {
		struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};

		poll(&fd, 1, 10000);
		key = sea_terminal_key(terminal).key;
	} while (key == 'x' || key == SEA_KEY_UP || key == SEA_KEY_RESIZE);
	if (key != 'q')
		_exit(3);
	if (how == WITH_EXIT)
		exit(0);
	sea_terminal_close(terminal);
	sea_terminal_close(terminal);
	sea_terminal_close(NULL);
	_exit(0);
}

/* Runs the child, sends keys once `until` was painted; returns its status. */
static int run(const char *term, enum how how, const char *keys, const char *until, char *output,
	       size_t size, bool *restored)
{
	struct winsize window = {.ws_row = 5, .ws_col = 40};
	struct termios before, after;
	int master, slave, status;
	bool sent = false;
	size_t len = 0;
	pid_t pid;

	assert_int_equal(openpty(&master, &slave, NULL, NULL, &window), 0);
	assert_int_equal(tcgetattr(slave, &before), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		close(master);
		if (login_tty(dup(slave)))
			_exit(4);
		child(term, how);
	}
	while (len + 1 < size) {
		struct pollfd fd = {.fd = master, .events = POLLIN};
		ssize_t n;

		/* The slave stays open here, so silence is how the end shows. */
		if (poll(&fd, 1, waitpid(pid, &status, WNOHANG) == pid ? 0 : 200) <= 0) {
			if (kill(pid, 0))
				break;
			continue;
		}
		n = read(master, output + len, size - 1 - len);
		if (n <= 0)
			break;
		len += (size_t)n;
		output[len] = '\0';
		if (!sent && until && strstr(output, until)) {
			assert_int_equal(write(master, keys, strlen(keys)), (ssize_t)strlen(keys));
			sent = true;
		}
	}
	output[len] = '\0';
	assert_int_equal(tcgetattr(slave, &after), 0);
	*restored = before.c_lflag == after.c_lflag && before.c_iflag == after.c_iflag &&
		    before.c_oflag == after.c_oflag;
	close(master);
	close(slave);
	return status;
}

static void paints_and_restores(void **state)
{
	static const enum how ways[] = {WITH_CLOSE, WITH_EXIT};
	char output[8192];
	bool restored;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		assert_int_equal(run("vt100", ways[i], "x\033OAq", "fifth", output, sizeof(output),
				     &restored),
				 0);
		assert_true(restored);
		assert_non_null(strstr(output, "HEADER"));
		assert_non_null(strstr(output, "second"));
		/* Cut at the edges, not wrapped around or scrolled. */
		assert_null(strstr(output, "END"));
		assert_null(strstr(output, "SIXTH"));
	}
}

static void refuses_terminals_it_cannot_paint_on(void **state)
{
	static const char *const terms[] = {"dumb", "", "no-such-terminal"};
	char output[1024];
	bool restored;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(terms); i++) {
		int status = run(terms[i], WITH_CLOSE, "", NULL, output, sizeof(output), &restored);

		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 9);
		assert_true(restored);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paints_and_restores),
		cmocka_unit_test(refuses_terminals_it_cannot_paint_on),
	};

	return cmocka_run_group_tests_name("terminal", tests, NULL, NULL);
}
