/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * write.h - what was on the screen, in a file.
 */
#ifndef SEA_SHOW_WRITE_H
#define SEA_SHOW_WRITE_H

#include <stddef.h>

#include "base/error.h"

/*
 * Makes a file, which only its owner may read, and writes the text there. Fails if there
 * is something of that name: nothing is ever overwritten. A file that could not be
 * written whole is taken away again.
 */
int sea_write_new(const char *path, const char *text, size_t len, struct sea_error *err);

#endif /* SEA_SHOW_WRITE_H */
