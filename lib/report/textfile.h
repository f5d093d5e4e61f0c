/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * textfile.h - a file that is replaced as a whole: whoever reads it has the text of
 * before, or the new one.
 */
#ifndef SEA_TEXTFILE_H
#define SEA_TEXTFILE_H

#include <stddef.h>

#include "base/error.h"

/*
 * Everybody may read the file. The text is first written to a hidden file beside it. On
 * failure the file is as it was.
 */
int sea_textfile_write(const char *path, const char *text, size_t len, struct sea_error *err);

#endif /* SEA_TEXTFILE_H */
