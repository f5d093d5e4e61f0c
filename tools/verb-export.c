// SPDX-License-Identifier: GPL-2.0-only
/*
 * seastat export - a recording as text, one record a line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/output.h"
#include "base/when.h"
#include "model/clock.h"
#include "program.h"
#include "report/cut.h"
#include "report/notice.h"
#include "store/decode.h"
#include "store/line.h"
#include "store/mark.h"
#include "store/recording.h"
#include "verb.h"

/* So much is written at once. */
#define PIECE (256 * 1024)

enum {
	OPTION_ADDRESSES = 0x100,
	OPTION_FORMAT,
	OPTION_MARK,
	OPTION_INCIDENT,
	OPTION_SINCE,
	OPTION_UNTIL,
};

static const struct argp_option argp_options[] = {
	{"addresses", OPTION_ADDRESSES, NULL, 0, "With the addresses of guests, which are theirs",
	 0},
	{"format", OPTION_FORMAT, "FORMAT", 0,
	 "ndjson (default), or journal: what record --journal tells, for systemd-journal-remote",
	 0},
	{"mark", OPTION_MARK, NULL, 0,
	 "Mark in the store how far it was exported; see seastat record --keep-unexported", 0},
	{"incident", OPTION_INCIDENT, NULL, 0,
	 "Only a window, with all that belongs to it: sessions, VMs, gaps", 0},
	{"since", OPTION_SINCE, "TIME", 0, "Where it begins: " SEA_WHEN_HELP, 0},
	{"until", OPTION_UNTIL, "TIME", 0, "And where it ends, without that moment", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

struct export_options {
	const char *file;
	bool addresses, mark, journal, incident, has_window;
	struct sea_window window;
};

static __s64 parse_time(const char *text)
{
	struct timespec now, time;
	struct sea_error err;

	clock_gettime(CLOCK_REALTIME, &now);
	if (sea_when_parse(text, &now, &time, &err))
		program_usage_error("%s", err.text);
	return sea_time_to_ns(&time);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct export_options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
	case ARGP_KEY_FINI:
		program_parse(key, state);
		break;
	case OPTION_ADDRESSES:
		options->addresses = true;
		break;
	case OPTION_FORMAT:
		options->journal = !strcmp(arg, "journal");
		if (!options->journal && strcmp(arg, "ndjson"))
			program_usage_error("no format is called '%.32s': ndjson or journal", arg);
		break;
	case OPTION_MARK:
		options->mark = true;
		break;
	case OPTION_INCIDENT:
		options->incident = true;
		break;
	case OPTION_SINCE:
		options->window.since_ns = parse_time(arg);
		options->has_window = true;
		break;
	case OPTION_UNTIL:
		options->window.until_ns = parse_time(arg);
		options->has_window = true;
		break;
	case ARGP_KEY_ARG:
		if (options->file)
			program_usage_error(
				"'%.32s' is one argument too many; see seastat export --help", arg);
		options->file = arg;
		break;
	case ARGP_KEY_NO_ARGS:
		program_usage_error("which recording? see seastat export --help");
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static int flush(struct sea_text *text, size_t enough, struct sea_error *err)
{
	if (text->len < enough)
		return 0;
	if (sea_output_write(STDOUT_FILENO, text->text, text->len, NULL, err))
		return -1;
	text->len = 0;
	return 0;
}

static int write_pruned(struct sea_reader *reader, struct sea_line_writer *lines,
			struct sea_text *text, struct sea_error *err)
{
	struct sea_pruned pruned[SEA_PRUNED_KINDS];

	/* A newer program's store may have this in another way. */
	if (sea_pruned_get(sea_reader_db(reader), pruned, err))
		return sea_reader_db(reader)->newer ? 0 : -1;
	return sea_line_write_pruned(lines, pruned, text, err);
}

struct incident {
	struct sea_line_writer lines;
	struct sea_text text;
};

static int put_line(const struct sea_entry *entry, void *context, struct sea_error *err)
{
	struct incident *incident = context;

	if (sea_line_write(&incident->lines, entry, &incident->text, err))
		return -1;
	return flush(&incident->text, PIECE, err);
}

/* A window of it, as a recording of its own */
static int export_incident(struct sea_reader *reader, const struct export_options *options,
			   struct sea_error *err)
{
	struct incident incident = {.lines = {.redact = !options->addresses}};
	int rc = write_pruned(reader, &incident.lines, &incident.text, err);

	if (!rc)
		rc = sea_cut(reader, &options->window, put_line, &incident, err);
	if (!rc)
		rc = flush(&incident.text, 1, err);
	sea_line_writer_free(&incident.lines);
	sea_text_free(&incident.text);
	return rc;
}

static void check_usage(const struct export_options *options)
{
	if (options->has_window && !options->incident)
		program_usage_error("--since and --until are for --incident");
	if (options->incident && options->mark)
		program_usage_error("--mark is for all of a recording, and not for --incident");
	if (options->incident && options->journal)
		program_usage_error("--format journal is for all of a recording, and not for "
				    "--incident");
	if (options->window.since_ns >= options->window.until_ns)
		program_usage_error("--since has to be before --until");
}

/* *mark: how far it got. */
static int export(struct sea_reader *reader, bool redact, struct sea_mark *mark,
		  struct sea_error *err)
{
	struct sea_line_writer lines = {.redact = redact};
	struct sea_text text = {0};
	struct sea_entry entry;
	int rc = write_pruned(reader, &lines, &text, err);

	while (!rc && (rc = sea_reader_next(reader, &entry, err)) > 0) {
		rc = sea_line_write(&lines, &entry, &text, err);
		mark->seq = sea_reader_seq(reader);
		mark->wall = entry.record.wall;
		if (!rc)
			rc = flush(&text, PIECE, err);
	}
	if (!rc)
		rc = flush(&text, 1, err);
	sea_line_writer_free(&lines);
	sea_text_free(&text);
	return rc;
}

static void add_notice(const struct sea_notice *notice, void *context)
{
	sea_notice_export(notice, context);
}

/* As what record --journal would have told */
static int export_journal(struct sea_reader *reader, struct sea_mark *mark, struct sea_error *err)
{
	struct sea_text text = {0};
	struct sea_noticer noticer = {.tell = add_notice, .context = &text};
	struct sea_decoder decoder = {0};
	struct sea_record record;
	struct sea_entry entry;
	int rc;

	while ((rc = sea_reader_next(reader, &entry, err)) > 0) {
		mark->seq = sea_reader_seq(reader);
		mark->wall = entry.record.wall;
		rc = sea_decode(&decoder, &entry, &record, err) ||
				     sea_noticer_take(&noticer, &record, err) ||
				     flush(&text, PIECE, err) ?
			     -1 :
			     0;
		if (rc)
			break;
	}
	if (!rc && text.failed)
		rc = sea_error_set(err, "cannot write the journal: out of memory");
	if (!rc)
		rc = flush(&text, 1, err);
	sea_noticer_free(&noticer);
	sea_decoder_free(&decoder);
	sea_text_free(&text);
	return rc;
}

int verb_export(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse_option,
		.args_doc = "FILE",
		.doc = "Write a recording as text: a line of JSON for each record.\vFILE is a store, "
		       "or such text; - is standard input. Exit status: 0 if all is well, 2 if the "
		       "recording says more than this version understands, 3 on any error.",
	};
	struct export_options options = {.window = SEA_WINDOW_ALL};
	struct sea_mark mark = {0};
	struct sea_reader *reader;
	struct sea_error err;
	const char *caveat;
	int rc;

	argp_parse(&argp, argc, argv, 0, NULL, &options);
	check_usage(&options);
	if (sea_recording_open(options.file, &reader, &err))
		return program_fail(&err);
	if (options.incident)
		rc = export_incident(reader, &options, &err);
	else if (options.journal)
		rc = export_journal(reader, &mark, &err);
	else
		rc = export(reader, !options.addresses, &mark, &err);
	if (!rc && options.mark)
		rc = sea_mark_set(options.file, SEA_MARK_EXPORTED, &mark, &err);
	caveat = sea_recording_caveat(reader);
	if (!rc && caveat) {
		fprintf(stderr, "seastat export: %s\n", caveat);
		rc = SEA_STATUS_INCOMPLETE;
	}
	sea_reader_close(reader);
	return rc < 0 ? program_fail(&err) : rc;
}
