/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lines.h - lines of a file that somebody else wrote, in bounded memory.
 */
#ifndef SEA_LINES_H
#define SEA_LINES_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "base/span.h"

/* What is longer is cut here: a kernel message has at most a KiB, its JSON a few more. */
#define SEA_LINES_MAX 65536

/* Start from zeros but for file and name, which stay the caller's. */
struct sea_lines {
	FILE *file;
	const char *name; /* for messages */
	bool was_cut;	  /* the line that came last was longer */
	char *buffer;	  /* its own; sea_lines_free() */
};

/*
 * 1: the next line without its end, good until the next call. It may have NULs in it.
 * 0: there is none any more. -1: it cannot be read.
 */
int sea_lines_next(struct sea_lines *lines, struct sea_span *line, struct sea_error *err);
void sea_lines_free(struct sea_lines *lines);

#endif /* SEA_LINES_H */
