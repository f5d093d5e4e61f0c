// SPDX-License-Identifier: GPL-2.0-only
#include "store/reserve.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char *name_of(const char *path)
{
	char *name;

	return asprintf(&name, "%s-reserve", path) < 0 ? NULL : name;
}

bool sea_reserve_take(const char *path)
{
	char *name = name_of(path);
	int fd = name ? open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640) : -1;
	bool taken = fd >= 0 && !posix_fallocate(fd, 0, SEA_RESERVE_BYTES);

	if (fd >= 0)
		close(fd);
	/* A part of it would only be in others' way. */
	if (fd >= 0 && !taken)
		unlink(name);
	free(name);
	return taken;
}

bool sea_reserve_give(const char *path)
{
	char *name = name_of(path);
	bool kept = !name || unlink(name);

	free(name);
	return kept;
}
