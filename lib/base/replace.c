// SPDX-License-Identifier: GPL-2.0-only
#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A name in the same directory, which is hidden: "out/.report.html.Xa31bc" */
static char *name_beside(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t dir = slash ? (size_t)(slash - path) + 1 : 0;
	char *name;

	return asprintf(&name, "%.*s.%s.XXXXXX", (int)dir, path, path + dir) < 0 ? NULL : name;
}

static int write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		text += n;
		len -= (size_t)n;
	}
	return 0;
}

/* What the process may give at most; it has but one, and nobody else changes it here. */
static mode_t less_umask(mode_t mode)
{
	mode_t mask = umask(0);

	umask(mask);
	return mode & ~mask;
}

int sea_replace_file_as(const char *path, const char *text, size_t len, mode_t mode,
			struct sea_error *err)
{
	char *beside = name_beside(path);
	int fd = beside ? mkostemp(beside, O_CLOEXEC) : -1, rc;

	if (fd < 0) {
		free(beside);
		return sea_error_set(err, "cannot write %s: %s", path, strerror(errno));
	}
	rc = write_all(fd, text, len);
	if (!rc)
		rc = fchmod(fd, mode) || fsync(fd) ? -1 : 0;
	/* The first error says why; close() may not change it. */
	if (rc)
		sea_error_set(err, "cannot write %s: %s", path, strerror(errno));
	if (close(fd) && !rc)
		rc = sea_error_set(err, "cannot write %s: %s", path, strerror(errno));
	if (!rc && rename(beside, path))
		rc = sea_error_set(err, "cannot write %s: %s", path, strerror(errno));
	if (rc)
		unlink(beside);
	free(beside);
	return rc;
}

int sea_replace_file(const char *path, const char *text, size_t len, mode_t mode,
		     struct sea_error *err)
{
	return sea_replace_file_as(path, text, len, less_umask(mode), err);
}
