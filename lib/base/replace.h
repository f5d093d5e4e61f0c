/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * replace.h - a file that is replaced as a whole: whoever reads it has what was there
 * before, or all of the new one.
 */
#ifndef SEA_REPLACE_H
#define SEA_REPLACE_H

#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * The text is first written to a hidden file beside it, and is on the disk before that
 * one takes the name. mode: of the new file, less the umask. On failure the file is as it
 * was.
 */
int sea_replace_file(const char *path, const char *text, size_t len, mode_t mode,
		     struct sea_error *err);
/* The same, with just this mode, whatever the umask is. */
int sea_replace_file_as(const char *path, const char *text, size_t len, mode_t mode,
			struct sea_error *err);

#endif /* SEA_REPLACE_H */
