// SPDX-License-Identifier: GPL-2.0-only
#include "report/textfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail(const char *path, struct sea_error *err)
{
	return sea_error_set(err, "cannot write %s: %s", path, strerror(errno));
}

/* "dir/.seatop.prom.XXXXXX": node_exporter reads no file that does not end in .prom. */
static char *name_beside(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t dir = slash ? (size_t)(slash - path) + 1 : 0;
	char *name;

	return asprintf(&name, "%.*s.%s.XXXXXX", (int)dir, path, path + dir) < 0 ? NULL : name;
}

static int fill(int fd, const char *path, const char *text, size_t len, struct sea_error *err)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno != EINTR)
			return fail(path, err);
		text += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	/* Whatever the umask is: node_exporter is another user. */
	if (fchmod(fd, 0644) || fsync(fd))
		return fail(path, err);
	return 0;
}

int sea_textfile_write(const char *path, const char *text, size_t len, struct sea_error *err)
{
	char *beside = name_beside(path);
	int fd, rc;

	if (!beside)
		return sea_error_set(err, "cannot write %s: out of memory", path);
	fd = mkostemp(beside, O_CLOEXEC);
	if (fd < 0) {
		rc = fail(path, err);
		free(beside);
		return rc;
	}
	rc = fill(fd, path, text, len, err);
	if (close(fd) && !rc)
		rc = fail(path, err);
	if (!rc && rename(beside, path))
		rc = fail(path, err);
	if (rc)
		unlink(beside);
	free(beside);
	return rc;
}
