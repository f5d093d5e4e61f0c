/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * file.h - small files that the kernel makes, below a root: "" on a running system, a
 * directory that a test made up otherwise.
 */
#ifndef SEA_FILE_H
#define SEA_FILE_H

#include <stdbool.h>
#include <stddef.h>

bool sea_file_exists(const char *root, const char *path);

/* The first line, without its end, cut to size - 1 bytes. False: it cannot be read. */
bool sea_file_line(const char *root, const char *path, char *line, size_t size);

/*
 * All of the file, however large; *size is how much. The caller frees it. NULL: errno
 * says why not. An empty file is not NULL.
 */
void *sea_file_read(const char *root, const char *path, size_t *size);

#endif /* SEA_FILE_H */
