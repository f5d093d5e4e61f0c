// SPDX-License-Identifier: GPL-2.0-only
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
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

int sea_output_write(int fd, const char *text, size_t len, struct sea_error *err)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n > 0) {
			text += n;
			len -= (size_t)n;
		} else if (n < 0 && errno == EAGAIN) {
			/* Somebody else made our terminal or pipe non-blocking. */
			struct pollfd p = {.fd = fd, .events = POLLOUT};

			poll(&p, 1, -1);
		} else if (n < 0 && errno != EINTR) {
			return sea_error_set(err, "cannot write the output: %s%s", strerror(errno),
					     advice(errno));
		}
	}
	return 0;
}
