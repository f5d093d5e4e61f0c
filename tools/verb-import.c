// SPDX-License-Identifier: GPL-2.0-only
/*
 * seastat import - a recording in the text form into a store.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"
#include "store/load.h"
#include "verb.h"

enum {
	OPTION_STORE = 0x100,
};

static const struct argp_option argp_options[] = {
	{"store", OPTION_STORE, "FILE", 0, "The store; what it has stays there", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

struct import_options {
	const char *format, *file, *store;
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct import_options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
	case ARGP_KEY_FINI:
		program_parse(key, state);
		break;
	case OPTION_STORE:
		options->store = arg;
		break;
	case ARGP_KEY_ARG:
		if (!options->format)
			options->format = arg;
		else if (!options->file)
			options->file = arg;
		else
			program_usage_error(
				"'%.32s' is one argument too many; see seastat import --help", arg);
		break;
	case ARGP_KEY_END:
		if (!options->file)
			program_usage_error(
				"which format, and which file? see seastat import --help");
		if (strcmp(options->format, "ndjson"))
			program_usage_error(
				"no format is called '%.32s'; see seastat import --help",
				options->format);
		if (!options->store)
			program_usage_error("into which store? give --store FILE");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static int import(FILE *file, const char *name, const char *store, bool *is_incomplete,
		  struct sea_error *err)
{
	struct sea_line_reader *lines;
	struct sea_writer *writer;
	__u64 entries;
	int rc;

	if (sea_line_reader_open(file, name, &lines, err))
		return -1;
	rc = sea_writer_open(store, SEA_DB_WRITE, NULL, &writer, err);
	if (!rc) {
		rc = sea_load(lines, writer, &entries, err);
		sea_writer_close(writer);
	}
	*is_incomplete = sea_line_is_newer(lines) || sea_line_is_incomplete(lines);
	sea_line_reader_close(lines);
	return rc;
}

int verb_import(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse_option,
		.args_doc = "ndjson FILE",
		.doc = "Read a recording into a store.\vndjson is the text of seastat export; - is "
		       "standard input. Exit status: 0 if all is well, 2 if the recording says more "
		       "than this version understands, 3 on any error.",
	};
	struct import_options options = {0};
	bool is_stdin, is_incomplete = false;
	struct sea_error err;
	FILE *file;
	int rc;

	argp_parse(&argp, argc, argv, 0, NULL, &options);
	is_stdin = !strcmp(options.file, "-");
	file = is_stdin ? stdin : fopen(options.file, "re");
	if (!file) {
		sea_error_set(&err, "cannot open %s: %s", options.file, strerror(errno));
		return program_fail(&err);
	}
	rc = import(file, is_stdin ? "standard input" : options.file, options.store, &is_incomplete,
		    &err);
	if (!is_stdin)
		fclose(file);
	if (rc)
		return program_fail(&err);
	if (is_incomplete)
		fprintf(stderr, "seastat import: a newer seatop wrote some of this, which is left "
				"out\n");
	return is_incomplete ? SEA_STATUS_INCOMPLETE : SEA_STATUS_OK;
}
