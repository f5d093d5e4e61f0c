/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * apart.h - work on a file that nobody trusts, in a process of its own.
 */
#ifndef APART_H
#define APART_H

#include <stdio.h>
#include <sys/types.h>

#include "base/error.h"

/* Writes what it finds in the file to out. */
typedef int (*apart_work)(const char *path, FILE *out, struct sea_error *err);

struct apart {
	const char *path;
	pid_t pid;
	FILE *text; /* what the work writes, to be read by the caller */
	int errors; /* descriptor: the work's error */
};

/*
 * Starts the work, with at most 4 GiB of memory and ten minutes of CPU. After success
 * apart_end() has to follow, once text was read to its end.
 */
int apart_begin(struct apart *apart, const char *path, apart_work work, struct sea_error *err);
/* Waits for it. -1: the work failed, or died of the file; the error says so. */
int apart_end(struct apart *apart, struct sea_error *err);

#endif /* APART_H */
