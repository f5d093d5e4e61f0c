// SPDX-License-Identifier: GPL-2.0-only
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int is_open(int fd)
{
	return fcntl(fd, F_GETFD) >= 0 || errno != EBADF;
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

	signal(SIGPIPE, SIG_IGN);
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

	while (len) {
		ssize_t n;

		if (!wait_for_reader(fd, stop))
			return sea_error_set(err, "cannot write the output: told to stop while "
						  "nobody reads it");
		n = write(fd, text, len < most ? len : most);
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		} else if (n < 0 && errno != EINTR && errno != EAGAIN) {
			return sea_error_set(err, "cannot write the output: %s%s", strerror(errno),
					     advice(errno));
		}
	}
	return 0;
}
