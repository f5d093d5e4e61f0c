/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * verb.h - the verbs of seastat. Each has its own options and manual page.
 */
#ifndef SEASTAT_VERB_H
#define SEASTAT_VERB_H

#include <argp.h>

#include "base/error.h"
#include "base/text.h"
#include "program.h"
#include "rows.h"

/* The store, if nobody says otherwise */
#define VERB_STORE PROGRAM_STORE

struct verb {
	const char *name;
	const char *help;
	/* The arguments start with the verb, by its full name. Returns the exit status. */
	int (*run)(int argc, char **argv);
};

int verb_check(int argc, char **argv);
int verb_compare(int argc, char **argv);
int verb_doctor(int argc, char **argv);
int verb_export(int argc, char **argv);
int verb_import(int argc, char **argv);
int verb_metrics(int argc, char **argv);
int verb_names(int argc, char **argv);
int verb_record(int argc, char **argv);
int verb_report(int argc, char **argv);

/* What the verbs that look at VMs take. */
struct verb_options {
	const char *names;	   /* file of names, or NULL */
	struct rows_options *rows; /* which VMs, and how; NULL: the verb does not take that */
	bool json;
};

/*
 * Parses the arguments, of which `text` says what the verb does. Wrong usage is
 * one line on standard error and exit status 3.
 */
void verb_parse(int argc, char **argv, const char *text, struct verb_options *options);

/*
 * Writes what the verb made, and frees it. rc is how the making went: 0, or -1 with
 * the error filled in. Returns 0 or -1.
 */
int verb_write(struct sea_text *text, int rc, struct sea_error *err);

#endif /* SEASTAT_VERB_H */
