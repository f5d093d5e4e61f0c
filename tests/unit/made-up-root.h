/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * made-up-root.h - a directory that stands in for a system's root: pieces of /proc, /sys
 * and /dev that a test makes up.
 */
#ifndef SEA_TEST_MADE_UP_ROOT_H
#define SEA_TEST_MADE_UP_ROOT_H

#include <stddef.h>

/* A new, empty one; to be used as setup and teardown of a test, whose state it is. */
int root_make(void **state);
int root_remove(void **state);

/* Writes the file below root, and makes the directories that lead to it. */
void root_put(const char *root, const char *path, const char *text);
void root_put_bytes(const char *root, const char *path, const void *bytes, size_t size);
/* Likewise a symbolic link, whose text leads nowhere: "pid:[4026531836]" */
void root_link(const char *root, const char *path, const char *text);
/* Likewise an empty directory. */
void root_mkdir(const char *root, const char *path);
/* Removes it, with all below it; it has to be there. */
void root_delete(const char *root, const char *path);

#endif /* SEA_TEST_MADE_UP_ROOT_H */
