// SPDX-License-Identifier: GPL-2.0-only
#include "seatop-options.h"

#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/when.h"
#include "model/clock.h"
#include "model/row-fields.h"
#include "program.h"

const char *argp_program_version = SEATOP " " SEATOP_VERSION;

enum {
	OPTION_MAX_VMS = 0x100,
	OPTION_SOURCE,
	OPTION_NAMES,
	OPTION_LINES,
	OPTION_REPLAY,
	OPTION_AT,
	OPTION_SPEED,
	OPTION_ADDRESSES,
	OPTION_STORE,
};

static const struct argp_option argp_options[] = {
	{"delay", 'd', "SECS", 0, "Interval: 0.1 to 3600 seconds (default 1)", 0},
	{"iterations", 'n', "COUNT", 0, "Stop after COUNT intervals", 0},
	{"batch", 'b', NULL, 0, "Plain tables (default if output is no terminal)", 0},
	{"once", '1', NULL, 0, "One table after one interval; implies --batch", 0},
	{"json", 'J', NULL, 0, "One line of JSON each interval", 0},
	{"lines", OPTION_LINES, NULL, 0, "JSON with a line for each VM; implies --json", 0},
	{"names", OPTION_NAMES, "FILE", 0, "Names for VMs: lines of KEY NAME", 1},
	{"timestamp", 'T', NULL, 0, "Date and time zone in the header line", 1},
	{"addresses", OPTION_ADDRESSES, NULL, 0, "Show the guest's addresses on the screen", 1},
	{"max-vms", OPTION_MAX_VMS, "COUNT", 0, "VMs counted one by one (default 1024)", 2},
	{"source", OPTION_SOURCE, "NAME", 0, "Only this: tracepoint, trampoline or kprobe", 2},
	{"replay", OPTION_REPLAY, "FILE", 0, "Show a recording; - is text from standard input", 3},
	{"at", OPTION_AT, "TIME", 0, "Begin there: as '2026-11-29 14:00', -2h, 'yesterday 14:00'",
	 3},
	{"speed", OPTION_SPEED, "N", 0, "So many times as fast (default: 1 on a screen)", 3},
	{"store", OPTION_STORE, "FILE", 0,
	 "Where the screen finds older times (default " PROGRAM_STORE ")", 3},
	{"verbose", 'v', NULL, 0, "Messages of libbpf, on standard error", 2},
	{NULL, 0, NULL, 0, NULL, 0},
};

static bool parse_seconds(const char *text, double *seconds)
{
	char *end;

	errno = 0;
	*seconds = strtod(text, &end);
	return end != text && !*end && !errno && isfinite(*seconds) && *seconds >= 0.1 &&
	       *seconds <= 3600;
}

/* One line and exit status 3, where argp would say it in three lines. */
#define usage_error(format, ...) \
	program_usage_error(format "; see " SEATOP " --help", ##__VA_ARGS__)

static void set_delay(struct seatop_options *options, const char *text)
{
	if (!parse_seconds(text, &options->delay))
		usage_error("'%.32s' is no interval: 0.1 to 3600 seconds", text);
}

static void set_at(struct seatop_options *options, const char *text)
{
	struct timespec now;
	struct sea_error err;

	clock_gettime(CLOCK_REALTIME, &now);
	if (sea_when_parse(text, &now, &options->recording.at, &err))
		exit(program_fail(&err));
}

static void set_speed(struct seatop_options *options, const char *text)
{
	char *end;

	errno = 0;
	options->recording.speed = strtod(text, &end);
	if (end == text || *end || errno || !(options->recording.speed >= 0.01) ||
	    options->recording.speed > 1e6)
		usage_error("'%.32s' is no speed: 0.01 to 1000000", text);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct seatop_options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->rows;
		program_parse(key, state);
		break;
	case ARGP_KEY_FINI:
		program_parse(key, state);
		break;
	case 'd':
		set_delay(options, arg);
		break;
	case 'n':
		options->intervals = rows_number("number of intervals", arg, 1, UINT32_MAX);
		break;
	case 'b':
		if (options->mode == SEATOP_SCREEN)
			options->mode = SEATOP_BATCH;
		break;
	case '1':
		options->once = true;
		break;
	case 'J':
		if (options->mode != SEATOP_JSON_LINES)
			options->mode = SEATOP_JSON;
		break;
	case OPTION_LINES:
		options->mode = SEATOP_JSON_LINES;
		break;
	case OPTION_ADDRESSES:
		options->show_addresses = true;
		break;
	case OPTION_NAMES:
		options->names = arg;
		break;
	case 'T':
		options->table.full_time = true;
		break;
	case OPTION_MAX_VMS:
		options->live.max_vms = (__u32)rows_number("number of VMs", arg, SEA_TRACE_MIN_VMS,
							   SEA_TRACE_MAX_VMS);
		break;
	case OPTION_SOURCE:
		options->live.source = arg;
		break;
	case OPTION_REPLAY:
		options->replay = arg;
		break;
	case OPTION_STORE:
		options->store = arg;
		break;
	case OPTION_AT:
		set_at(options, arg);
		break;
	case OPTION_SPEED:
		set_speed(options, arg);
		break;
	case 'v':
		program_be_verbose();
		break;
	case ARGP_KEY_ARG:
		if (options->positional == 0)
			set_delay(options, arg);
		else if (options->positional == 1)
			options->intervals = rows_number("number of intervals", arg, 1, UINT32_MAX);
		else
			usage_error("'%.32s' is one argument too many", arg);
		options->positional++;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/* The list of columns goes into --help, from the one place that has it. */
static char *help_filter(int key, const char *text, void *input)
{
	struct sea_text list = {0};
	const struct sea_fields *fields = sea_row_fields();
	size_t i;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)(uintptr_t)text;
	sea_text_add(&list, "Columns:\n");
	for (i = 0; i < fields->nr; i++)
		if (fields->list[i].column)
			sea_text_add(&list, "  %-7s %s\n", fields->list[i].column,
				     fields->list[i].help);
	sea_text_add(&list, "\nExit status: 0 if all is well, 2 if anything was lost, 3 on wrong "
			    "usage or if this machine cannot do it.");
	return list.text;
}

static const struct argp_child children[] = {
	{&rows_argp, 0, NULL, 1},
	{NULL, 0, NULL, 0},
};

static const struct argp argp = {
	.options = argp_options,
	.parser = parse_option,
	.children = children,
	.args_doc = "[INTERVAL [COUNT]]",
	.doc = "Show per VM what becomes of the synchronous external aborts (SEAs) that guests "
	       "take on this arm64 KVM host.\vcolumns",
	.help_filter = help_filter,
};

/* A last word, now that all options are known. */
static void settle(struct seatop_options *options)
{
	const char *columns = getenv("COLUMNS");
	char *end;
	unsigned long width;

	if (options->once) {
		if (options->intervals > 1)
			usage_error("--once is for one interval, and not for %llu",
				    (unsigned long long)options->intervals);
		options->intervals = 1;
		if (options->mode == SEATOP_SCREEN)
			options->mode = SEATOP_BATCH;
	}
	if (options->mode == SEATOP_SCREEN && (!isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO)))
		options->mode = SEATOP_BATCH;
	if (!options->replay && (options->recording.at.tv_sec || options->recording.speed > 0))
		usage_error("--at and --speed are for --replay");
	/* A screen is for people, who read at the pace of things. */
	if (options->mode == SEATOP_SCREEN && !(options->recording.speed > 0))
		options->recording.speed = 1;
	width = columns && *columns >= '0' && *columns <= '9' ? strtoul(columns, &end, 10) : 0;
	if (width && !*end && width <= 10000)
		options->table.width = width;
	rows_settle(&options->rows, sea_row_fields());
	if (options->mode == SEATOP_JSON || options->mode == SEATOP_JSON_LINES)
		rows_refuse_columns(&options->rows, "--json");
	options->table.columns = options->rows.columns;
	options->table.max_rows = options->rows.max_rows;
	options->live.program = SEATOP;
	options->live.interval_ns = (__u64)(options->delay * SEA_NSEC_PER_SEC);
}

void seatop_parse(int argc, char **argv, struct seatop_options *options)
{
	memset(options, 0, sizeof(*options));
	options->delay = 1;
	rows_default(&options->rows, "TOTAL");
	options->store = PROGRAM_STORE;
	argp_parse(&argp, argc, argv, 0, NULL, options);
	settle(options);
}
