// SPDX-License-Identifier: GPL-2.0-only
#include "import/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int fail(const struct sea_lines *lines, int error, struct sea_error *err)
{
	return sea_error_set(err, "cannot read %s: %s", lines->name, strerror(error ?: EIO));
}

int sea_lines_next(struct sea_lines *lines, struct sea_span *line, struct sea_error *err)
{
	size_t len = 0;
	int c;

	if (!lines->buffer)
		lines->buffer = malloc(SEA_LINES_MAX);
	if (!lines->buffer)
		return fail(lines, ENOMEM, err);
	lines->was_cut = false;
	errno = 0;
	while ((c = getc_unlocked(lines->file)) != EOF && c != '\n') {
		if (len < SEA_LINES_MAX)
			lines->buffer[len++] = (char)c;
		else
			lines->was_cut = true;
	}
	if (c == EOF && ferror(lines->file))
		return fail(lines, errno, err);
	if (c == EOF && !len)
		return 0;
	if (len && lines->buffer[len - 1] == '\r')
		len--;
	*line = (struct sea_span){lines->buffer, len};
	return 1;
}

void sea_lines_free(struct sea_lines *lines)
{
	free(lines->buffer);
	lines->buffer = NULL;
}
