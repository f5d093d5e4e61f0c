// SPDX-License-Identifier: GPL-2.0-only
#include "show/write.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/output.h"

int sea_write_new(const char *path, const char *text, size_t len, struct sea_error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int rc;

	if (fd < 0)
		return sea_error_set(err, "cannot write %s: %s%s", path, strerror(errno),
				     errno == EEXIST ? "; choose another name" : "");
	rc = sea_output_write(fd, text, len, NULL, err);
	if (close(fd) && !rc)
		rc = sea_error_set(err, "cannot write %s: %s", path, strerror(errno));
	if (rc)
		unlink(path);
	return rc;
}
