/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record-options.h - what seastat record is told, on the command line or in a file.
 */
#ifndef SEASTAT_RECORD_OPTIONS_H
#define SEASTAT_RECORD_OPTIONS_H

#include <stdbool.h>

#include <linux/types.h>

#include "base/error.h"
#include "store/prune.h"

/* All zeros at the start; record_options_free() releases it. */
struct record_options {
	char *config;		      /* the file; NULL: none */
	char *store, *names, *source; /* NULL: not told */
	char *textfile;		      /* NULL: none */
	__u64 interval_ns;	      /* from tick to tick */
	__u32 max_vms;		      /* 0: the default */
	bool verbose, journal;
	struct sea_prune_limits limits;
};

/*
 * The options of a command line, which go over those of the file that it names. Wrong
 * usage is one line on standard error and exit status 3.
 */
void record_options_parse(int argc, char **argv, struct record_options *options);

/*
 * The same again, for a file that may say something else now. After an error *options
 * is as record_options_free() leaves it.
 */
int record_options_reload(int argc, char **argv, struct record_options *options,
			  struct sea_error *err);

void record_options_free(struct record_options *options);

#endif /* SEASTAT_RECORD_OPTIONS_H */
