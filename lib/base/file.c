// SPDX-License-Identifier: GPL-2.0-only
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIRST_ROOM 8192

/* The path below root, in full; false: it is too long, and errno says so. */
static bool join(const char *root, const char *path, char full[PATH_MAX])
{
	int len = snprintf(full, PATH_MAX, "%s%s", root, path);

	if (len < PATH_MAX)
		return true;
	errno = ENAMETOOLONG;
	return false;
}

bool sea_file_exists(const char *root, const char *path)
{
	char full[PATH_MAX];

	return join(root, path, full) && !access(full, F_OK);
}

bool sea_file_line(const char *root, const char *path, char *line, size_t size)
{
	char full[PATH_MAX];
	FILE *file;
	bool read;

	if (!join(root, path, full))
		return false;
	file = fopen(full, "re");
	if (!file)
		return false;
	read = fgets(line, (int)size, file);
	fclose(file);
	if (read)
		line[strcspn(line, "\n")] = '\0';
	return read;
}

void *sea_file_read(const char *root, const char *path, size_t *size)
{
	char full[PATH_MAX], *bytes = NULL;
	size_t room = FIRST_ROOM, done = 0;
	ssize_t n = -1;
	int fd, error;

	if (!join(root, path, full))
		return NULL;
	fd = open(full, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	do {
		char *more = realloc(bytes, room *= 2);

		if (!more) {
			n = -1;
			break;
		}
		bytes = more;
		while (done < room && (n = read(fd, bytes + done, room - done)) > 0)
			done += (size_t)n;
	} while (n > 0);
	error = errno;
	close(fd);
	*size = done;
	if (n == 0)
		return bytes;
	free(bytes);
	errno = error;
	return NULL;
}
