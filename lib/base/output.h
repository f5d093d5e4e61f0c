/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * output.h - standard output, whole pieces only.
 *
 * Scripts read what the tools write, so a piece (a table, a line of JSON) is
 * built first and then written at once, and a failing write is an error and
 * never half a line that looks like success.
 */
#ifndef SEA_OUTPUT_H
#define SEA_OUTPUT_H

#include <signal.h>
#include <stddef.h>

#include "base/error.h"

/* A reader that takes nothing for so long after a stop will take nothing at all. */
#define SEA_OUTPUT_STOP_MS 1000

/* How somebody who blocks signals can be stopped while nobody reads. */
struct sea_output_stop {
	const volatile sig_atomic_t *flag; /* not 0: stop; set by a signal's handler */
	const sigset_t *mask;		   /* blocked while we wait */
};

/*
 * Makes sure that descriptors 0 to 2 are open, so that no map or link can take
 * their place. 0 and 2 become /dev/null if closed. Fails if 1 is closed. Also
 * ignores SIGPIPE and SIGXFSZ: a reader that went away, or a file that has become as
 * large as it may, is reported by sea_output_write(). To be
 * called before privileges are dropped, as a terminal may be somebody else's.
 */
int sea_output_prepare(struct sea_error *err);

/*
 * Writes all len bytes to fd, across short writes and signals. With a stop it
 * gives up on a reader that does not read once the flag is set; NULL: never.
 */
int sea_output_write(int fd, const char *text, size_t len, const struct sea_output_stop *stop,
		     struct sea_error *err);

/*
 * Writes "PROGRAM: TEXT\n" to standard error, unless nobody takes it after a stop.
 * Returns err's exit status.
 */
int sea_output_error(const struct sea_error *err, const char *program,
		     const struct sea_output_stop *stop);

#endif /* SEA_OUTPUT_H */
