// SPDX-License-Identifier: GPL-2.0-only
#include "base/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0 || errno != EBADF;
}

/*
 * Terminals by descriptors of our own that do not block, else -1. O_NONBLOCK on the
 * ones that we were given would be for the shell, too.
 */
static int terminals[STDERR_FILENO + 1] = {-1, -1, -1};

static void open_terminal(int fd)
{
	char path[32];

	if (terminals[fd] >= 0 || !isatty(fd))
		return;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	terminals[fd] = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

int sea_output_prepare(struct sea_error *err)
{
	int out = is_open(STDOUT_FILENO);
	int fd;

	/* The lowest free descriptor is what open() returns. */
	do {
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);

	open_terminal(STDOUT_FILENO);
	open_terminal(STDERR_FILENO);

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (!out)
		return sea_error_set(err, "cannot write: standard output is closed; "
					  "redirect it to a file or a pipe");
	return 0;
}

static const char *advice(int error)
{
	switch (error) {
	case ENOSPC:
	case EDQUOT:
		return "; make room and start again";
	case EPIPE:
		return "; the reader went away";
	default:
		return "";
	}
}

/* Nothing but a file takes any number of bytes without making us wait. */
static bool is_file(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISREG(st.st_mode);
}

/*
 * How long to wait before asking again who is said to be ready and takes nothing: a
 * terminal that has room for one byte, and is to write a newline, which are two.
 */
#define RETRY_MS 10

static void wait_a_little(const struct sea_output_stop *stop)
{
	static const struct timespec retry = {0, RETRY_MS * 1000000};

	ppoll(NULL, 0, &retry, stop ? stop->mask : NULL);
}

/* False: a stop came, and nothing could be written since. */
static bool wait_for_reader(int fd, const struct sea_output_stop *stop)
{
	static const struct timespec patience = {SEA_OUTPUT_STOP_MS / 1000,
						 SEA_OUTPUT_STOP_MS % 1000 * 1000000};
	struct pollfd p = {.fd = fd, .events = POLLOUT};
	bool stopped;
	int n;

	do {
		stopped = stop && *stop->flag;
		n = ppoll(&p, 1, stopped ? &patience : NULL, stop ? stop->mask : NULL);
	} while (n < 0 && errno == EINTR);
	return n;
}

int sea_output_write(int fd, const char *text, size_t len, const struct sea_output_stop *stop,
		     struct sea_error *err)
{
	/* A pipe that poll() finds ready takes so many bytes at once. */
	size_t most = is_file(fd) ? len : PIPE_BUF;
	int in_vain = 0;

	if (fd >= 0 && fd <= STDERR_FILENO && terminals[fd] >= 0)
		fd = terminals[fd];
	while (len) {
		ssize_t n;

		if (in_vain * RETRY_MS > SEA_OUTPUT_STOP_MS || !wait_for_reader(fd, stop))
			return sea_error_set(err, "cannot write the output: told to stop while "
						  "nobody reads it");
		n = write(fd, text, len < most ? len : most);
		if (n > 0) {
			text += n;
			len -= (size_t)n;
			in_vain = 0;
		} else if (n < 0 && errno == EAGAIN) {
			wait_a_little(stop);
			in_vain += stop && *stop->flag;
		} else if (n < 0 && errno != EINTR) {
			return sea_error_set(err, "cannot write the output: %s%s", strerror(errno),
					     advice(errno));
		}
	}
	return 0;
}

int sea_output_error(const struct sea_error *err, const char *program,
		     const struct sea_output_stop *stop)
{
	char line[SEA_ERROR_LEN + 64];
	struct sea_error ignored;

	snprintf(line, sizeof(line), "%s: %s\n", program, err->text);
	sea_output_write(STDERR_FILENO, line, strlen(line), stop, &ignored);
	return err->status;
}
