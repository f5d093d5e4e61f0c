/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * program.h - what seatop and seastat have in common: how they begin, and how they
 * end if argp ends them.
 */
#ifndef SEA_PROGRAM_H
#define SEA_PROGRAM_H

#include <argp.h>

#include "base/error.h"
#include "names/names.h"

/* The recorder's store, if nobody says otherwise */
#define PROGRAM_STORE "/var/lib/seatop/sea.db"

/*
 * To be called first: the locale, standard output, and that what --help and --version
 * print is known to be written. program is for messages; static.
 */
int program_begin(const char *program, struct sea_error *err);

/* How bad it is: what syslog(3) has, and the journal. */
enum program_level {
	PROGRAM_ERROR = 3,
	PROGRAM_WARNING = 4,
	PROGRAM_NOTICE = 5,
	PROGRAM_INFO = 6,
};

/*
 * Writes "PROGRAM: TEXT" to standard error, with "<LEVEL>" in front if that is the
 * journal (systemd.exec(5), JOURNAL_STREAM).
 */
void program_say(enum program_level level, const char *text);

/* Writes "PROGRAM: TEXT" to standard error. Returns the error's exit status. */
int program_fail(const struct sea_error *err);

/* Wrong usage: the text as one line on standard error, and exit status 3. */
void program_usage_error(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* Notes of what was tried go to standard error from now on: -v. */
void program_be_verbose(void);

/*
 * For the parser of options, on ARGP_KEY_INIT and ARGP_KEY_FINI: wrong usage is one
 * line, that of getopt.
 */
void program_parse(int key, struct argp_state *state);

/* Names of VMs, with those in the file if it is not NULL; NULL for *map: there is none. */
int program_open_names(const char *file, struct sea_vm_names **names, struct sea_vm_map **map,
		       struct sea_error *err);

#endif /* SEA_PROGRAM_H */
