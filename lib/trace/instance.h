/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * instance.h - the trace buffer that outlives the host: tracefs's instance "sea", which
 * Linux 6.12 and later keep in memory that a warm reset leaves alone, if the kernel's
 * command line says so (SEA_INSTANCE_WORDS). The next boot reads there what happened up
 * to a panic.
 *
 * All files are below root, "" on a running system.
 */
#ifndef SEA_INSTANCE_H
#define SEA_INSTANCE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"

/* 12 MiB hold the last 100,000 SEAs or so. */
#define SEA_INSTANCE_WORDS "reserve_mem=12M:4096:sea trace_instance=sea@sea"

enum sea_instance_state {
	SEA_INSTANCE_THERE,
	SEA_INSTANCE_NOT_SET_UP, /* the command line does not ask for it */
	SEA_INSTANCE_NOT_MADE,	 /* it does, and the kernel did not keep the buffer */
	SEA_INSTANCE_TOO_OLD,	 /* a kernel before 6.12 cannot */
	SEA_INSTANCE_UNREADABLE, /* tracefs is not mounted, or is not for this user */
};

enum sea_instance_state sea_instance_look(const char *root);

/* Some of our events are enabled in it: somebody has done so since the host was booted. */
bool sea_instance_is_armed(const char *root);

/* What it holds, as text. The caller closes it. NULL: it cannot be read. */
FILE *sea_instance_read(const char *root, struct sea_error *err);

/*
 * Empties the buffer, writes the text `mark` into it as its first event, and enables all
 * events that tell of SEAs and of the host's errors; *nr_events is how many there are.
 * Times are CLOCK_BOOTTIME's.
 */
int sea_instance_arm(const char *root, const char *mark, unsigned int *nr_events,
		     struct sea_error *err);

#endif /* SEA_INSTANCE_H */
