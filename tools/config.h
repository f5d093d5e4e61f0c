/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * config.h - a configuration file: lines of KEY = VALUE, where a key is the name of a
 * long option. libinih reads it; # begins a comment, and so does ; behind a blank.
 */
#ifndef SEASTAT_CONFIG_H
#define SEASTAT_CONFIG_H

#include <argp.h>

#include "base/error.h"

struct config {
	const char *section;		   /* the one that counts, beside none: "record" */
	const struct argp_option *options; /* keys, all zeros at the end */
	/* Takes what argp would have: arg is NULL for an option without an argument. */
	int (*set)(int key, const char *arg, void *context, struct sea_error *err);
	void (*warn)(const char *line, void *context); /* "FILE:LINE: what is left out" */
	void *context;
};

/*
 * Sets what the file at path says. An option without an argument is set by "yes", and
 * left alone by "no". What is no option, or not in the section, costs a warning. After
 * an error, which names the line, what stands before it is set.
 */
int config_read(const struct config *config, const char *path, struct sea_error *err);

#endif /* SEASTAT_CONFIG_H */
