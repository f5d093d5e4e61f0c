// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/output.h"

static void full_disk_is_an_error(void **state)
{
	struct sea_error err = {0};
	int fd = open("/dev/full", O_WRONLY);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(sea_output_write(fd, "x", 1, NULL, &err), -1);
	assert_non_null(strstr(err.text, "No space left on device"));
	assert_int_equal(err.status, SEA_STATUS_ERROR);
	close(fd);
}

static void reader_that_left_is_an_error(void **state)
{
	struct sea_error err = {0};
	int fds[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	assert_int_equal(sea_output_write(fds[1], "x", 1, NULL, &err), -1);
	assert_non_null(strstr(err.text, "Broken pipe"));
	close(fds[1]);
}

/* A full non-blocking pipe gives short writes and EAGAIN; all must arrive. */
static void all_bytes_arrive(void **state)
{
	static char text[1 << 20];
	struct sea_error err;
	int fds[2], status;
	size_t i, seen = 0;
	ssize_t n;
	pid_t pid;

	(void)state;
	for (i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i % 23);
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(fcntl(fds[1], F_SETFL, O_NONBLOCK), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		close(fds[0]);
		_exit(sea_output_write(fds[1], text, sizeof(text), NULL, &err) ? 1 : 0);
	}
	close(fds[1]);
	for (;;) {
		char buffer[777];

		n = read(fds[0], buffer, sizeof(buffer));
		if (n <= 0)
			break;
		assert_memory_equal(buffer, text + seen, n);
		seen += (size_t)n;
	}
	assert_int_equal(seen, sizeof(text));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(fds[0]);
}

static volatile sig_atomic_t stopped;

static void on_alarm(int sig)
{
	stopped = sig;
}

/* SIGALRM comes in a second, and only while something is waited for with *mask. */
static void stop_in_a_second(sigset_t *mask)
{
	struct sigaction action = {.sa_handler = on_alarm};
	sigset_t alarms;

	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	sigprocmask(SIG_BLOCK, &alarms, mask);
	sigdelset(mask, SIGALRM);
	sigaction(SIGALRM, &action, NULL);
	alarm(1);
}

/* A stop ends the wait for a reader, whenever it comes; the reader has its time. */
static void stop_while_nobody_reads(void **state)
{
	static const char text[1 << 17] = "x";
	sigset_t mask;
	const struct sea_output_stop stop = {&stopped, &mask};
	struct sea_error err = {0};
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	stop_in_a_second(&mask);
	assert_int_equal(sea_output_write(fds[1], text, sizeof(text), &stop, &err), -1);
	assert_non_null(strstr(err.text, "while nobody reads"));
	assert_int_equal(stopped, SIGALRM);
	close(fds[0]);
	close(fds[1]);

	/* There is room: it is written all the same. */
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(sea_output_write(fds[1], text, 10000, &stop, &err), 0);
	/* As it was before: SIGALRM is let in. */
	sigprocmask(SIG_SETMASK, &mask, NULL);
	close(fds[0]);
	close(fds[1]);
}

/*
 * A terminal whose other end nobody reads is said to be ready and then takes less
 * than a pipe would. In a child, as it is to be its standard output.
 */
static void stop_while_a_terminal_takes_nothing(void **state)
{
	static char text[1 << 17];
	int master, slave, status, i;
	pid_t pid, ended = 0;

	(void)state;
	memset(text, '\n', sizeof(text));
	assert_int_equal(openpty(&master, &slave, NULL, NULL, NULL), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		sigset_t mask;
		const struct sea_output_stop stop = {&stopped, &mask};
		struct sea_error err = {0};

		dup2(slave, STDOUT_FILENO);
		if (sea_output_prepare(&err))
			_exit(1);
		stop_in_a_second(&mask);
		if (!sea_output_write(STDOUT_FILENO, text, sizeof(text), &stop, &err))
			_exit(2);
		/* The shell that gave it to us would not like it. */
		if (fcntl(STDOUT_FILENO, F_GETFL) & O_NONBLOCK)
			_exit(3);
		_exit(strstr(err.text, "while nobody reads") ? 0 : 4);
	}
	/* By the end it waits in write(), where no signal reaches it. */
	for (i = 0; i < 200 && !(ended = waitpid(pid, &status, WNOHANG)); i++)
		usleep(100000);
	if (!ended) {
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	assert_int_equal(status, 0);
	close(master);
	close(slave);
}

/* In a child, as the descriptors are the test's own output. */
static void prepare(void **state)
{
	pid_t pid = fork();
	int status;

	(void)state;
	assert_true(pid >= 0);
	if (!pid) {
		struct sea_error err = {0};

		close(0);
		close(2);
		if (sea_output_prepare(&err) || fcntl(0, F_GETFD) < 0 || fcntl(2, F_GETFD) < 0)
			_exit(1);
		close(1);
		if (!sea_output_prepare(&err) || !strstr(err.text, "standard output is closed"))
			_exit(2);
		/* Nothing that is opened later may end up there. */
		_exit(fcntl(1, F_GETFD) < 0 ? 3 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(full_disk_is_an_error),
		cmocka_unit_test(reader_that_left_is_an_error),
		cmocka_unit_test(all_bytes_arrive),
		cmocka_unit_test(stop_while_nobody_reads),
		cmocka_unit_test(stop_while_a_terminal_takes_nothing),
		cmocka_unit_test(prepare),
	};

	return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}
