// SPDX-License-Identifier: GPL-2.0-only
/*
 * seastat metrics - the numbers of a recording for monitoring.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "metrics-file.h"
#include "program.h"
#include "store/recording.h"
#include "verb.h"

enum {
	OPTION_TEXTFILE = 0x100,
	OPTION_FORMAT,
	OPTION_TOP,
};

static const struct argp_option argp_options[] = {
	{"textfile", OPTION_TEXTFILE, "FILE", 0,
	 "Replace this file in place of writing to standard output; node_exporter reads it if it "
	 "ends in .prom",
	 0},
	{"format", OPTION_FORMAT, "NAME", 0,
	 "both (default): valid as Prometheus's text and as OpenMetrics, and so without types of "
	 "counters; prometheus, or openmetrics: with them",
	 0},
	{"top", OPTION_TOP, "COUNT", 0, "VMs with metrics of their own: 0 to 1000 (default 20)", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

struct metrics_options {
	const char *store, *textfile;
	enum sea_exposition format;
	size_t top;
};

static size_t parse_top(const char *text)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || number > 1000)
		program_usage_error("'%.32s' is no number of VMs: 0 to 1000", text);
	return number;
}

static enum sea_exposition parse_format(const char *text)
{
	int number = sea_exposition_number(text);

	if (number < 0)
		program_usage_error(
			"no format is called '%.32s': it is both, prometheus or openmetrics", text);
	return (enum sea_exposition)number;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct metrics_options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
	case ARGP_KEY_FINI:
		program_parse(key, state);
		break;
	case OPTION_TEXTFILE:
		options->textfile = arg;
		break;
	case OPTION_FORMAT:
		options->format = parse_format(arg);
		break;
	case OPTION_TOP:
		options->top = parse_top(arg);
		break;
	case ARGP_KEY_ARG:
		if (options->store)
			program_usage_error(
				"'%.32s' is one argument too many; see seastat metrics --help",
				arg);
		options->store = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static int make(struct sea_reader *reader, size_t top, struct sea_metrics_view *view,
		struct sea_metrics **metrics, struct sea_error *err)
{
	return sea_metrics_open(metrics, err) || sea_metrics_load(*metrics, reader, err) ||
			       sea_metrics_view_make(*metrics, top, view, err) ?
		       -1 :
		       0;
}

static int write_out(const struct metrics_options *options, const struct sea_metrics_view *view,
		     struct sea_error *err)
{
	struct sea_text text = {0};

	if (options->textfile)
		return metrics_file_write(options->textfile, view, options->format, err);
	sea_exposition_add(view, options->format, &text);
	return verb_write(&text, 0, err);
}

int verb_metrics(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse_option,
		.args_doc = "[STORE]",
		.doc = "Write the numbers of a recording for Prometheus and others, as they are at "
		       "its last tick.\vSTORE is a store or the text of seastat export; - is "
		       "standard input (default " VERB_STORE "). Exit status: 0 if all is well, 2 "
		       "if the data is incomplete (sea_data_incomplete says why), 3 on any error.",
	};
	struct metrics_options options = {.store = NULL, .top = METRICS_FILE_TOP};
	struct sea_metrics_view view = {0};
	struct sea_metrics *metrics = NULL;
	struct sea_reader *reader;
	struct sea_error err;
	int rc;

	argp_parse(&argp, argc, argv, 0, NULL, &options);
	if (sea_recording_open(options.store ?: VERB_STORE, &reader, &err))
		return program_fail(&err);
	rc = make(reader, options.top, &view, &metrics, &err);
	if (!rc)
		rc = write_out(&options, &view, &err);
	if (!rc && sea_metrics_is_incomplete(&view))
		rc = SEA_STATUS_INCOMPLETE;
	sea_metrics_view_free(&view);
	sea_metrics_close(metrics);
	sea_reader_close(reader);
	return rc < 0 ? program_fail(&err) : rc;
}
