// SPDX-License-Identifier: GPL-2.0-only
/*
 * seastat import - what other tools wrote, or a recording in the text form, into a store.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "apart.h"
#include "base/printable.h"
#include "base/when.h"
#include "import/ftrace.h"
#include "import/kernel-log.h"
#include "import/rasdaemon.h"
#include "import/to-store.h"
#include "import/trace-dat.h"
#include "model/session.h"
#include "program.h"
#include "store/load.h"
#include "verb.h"

enum {
	OPTION_STORE = 0x100,
	OPTION_HOST,
	OPTION_BOOT_ID,
	OPTION_BOOT_TIME,
	OPTION_THIS_BOOT,
	OPTION_CLOCK,
};

static const struct argp_option argp_options[] = {
	{"store", OPTION_STORE, "FILE", 0, "The store; what it has stays there", 0},
	{"host", OPTION_HOST, "NAME", 0, "The host that FILE is of, where FILE does not say", 1},
	{"boot-id", OPTION_BOOT_ID, "ID", 0,
	 "The boot that FILE is of; if the store knows it, the store has its time, too", 1},
	{"boot-time", OPTION_BOOT_TIME, "TIME", 0,
	 "When that boot began, for files that count from it: " SEA_WHEN_HELP, 1},
	{"this-boot", OPTION_THIS_BOOT, NULL, 0, "FILE is of this host, since it was booted last",
	 1},
	{"clock", OPTION_CLOCK, "NAME", 0,
	 "Of a trace: the clock of its times, as tracefs's file trace_clock names it (default: "
	 "local)",
	 1},
	{NULL, 0, NULL, 0, NULL, 0},
};

struct import_options;

struct format {
	const char *name;
	int (*run)(const struct import_options *options, struct sea_error *err);
};

struct import_options {
	const struct format *format;
	const char *file, *store, *clock;
	struct sea_import_boot boot;
};

static int import_ftrace(const struct import_options *options, struct sea_error *err);
static int import_ndjson(const struct import_options *options, struct sea_error *err);
static int import_kernel_log(const struct import_options *options, struct sea_error *err);
static int import_rasdaemon(const struct import_options *options, struct sea_error *err);
static int import_trace_dat(const struct import_options *options, struct sea_error *err);

static const struct format formats[] = {
	{"ftrace", import_ftrace},	 {"kernel-log", import_kernel_log},
	{"ndjson", import_ndjson},	 {"rasdaemon", import_rasdaemon},
	{"trace.dat", import_trace_dat},
};

static const struct format *find_format(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (!strcmp(formats[i].name, name))
			return &formats[i];
	program_usage_error("no format is called '%.32s'; see seastat import --help", name);
}

static void set_boot_time(struct sea_import_boot *boot, const char *text)
{
	struct sea_clock now;
	struct sea_error err;

	sea_clock_read(&now);
	boot->clock.boot_ns = 0;
	if (sea_when_parse(text, &now.wall, &boot->clock.wall, &err))
		program_usage_error("%s", err.text);
	boot->has_clock = true;
}

static void set_this_boot(struct sea_import_boot *boot)
{
	struct sea_session session;

	sea_session_begin(&session, "/proc", "seastat import");
	memcpy(boot->boot_id, session.boot_id, sizeof(boot->boot_id));
	memcpy(boot->host, session.host, sizeof(boot->host));
	memcpy(boot->kernel, session.kernel, sizeof(boot->kernel));
	memcpy(boot->machine, session.machine, sizeof(boot->machine));
	sea_clock_read(&boot->clock);
	boot->has_clock = true;
}

static void set_clock(struct import_options *options, const char *name)
{
	enum sea_trace_clock clock;

	if (!sea_trace_clock_parse(name, &clock))
		program_usage_error("no trace clock is called '%.32s'; see trace_clock in tracefs",
				    name);
	options->clock = name;
}

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
	case OPTION_HOST:
		sea_printable(arg, strlen(arg), options->boot.host, sizeof(options->boot.host));
		break;
	case OPTION_BOOT_ID:
		if (!sea_vm_uuid_parse(arg, strlen(arg), options->boot.boot_id))
			program_usage_error(
				"'%.40s' is no boot id; journalctl --list-boots has them", arg);
		break;
	case OPTION_BOOT_TIME:
		set_boot_time(&options->boot, arg);
		break;
	case OPTION_THIS_BOOT:
		set_this_boot(&options->boot);
		break;
	case OPTION_CLOCK:
		set_clock(options, arg);
		break;
	case ARGP_KEY_ARG:
		if (!options->format)
			options->format = find_format(arg);
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
		if (!options->store)
			program_usage_error("into which store? give --store FILE");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static FILE *open_input(const struct import_options *options, const char **name,
			struct sea_error *err)
{
	bool is_stdin = !strcmp(options->file, "-");
	FILE *file = is_stdin ? stdin : fopen(options->file, "re");

	*name = is_stdin ? "standard input" : options->file;
	if (!file)
		sea_error_set(err, "cannot open %s: %s", options->file, strerror(errno));
	return file;
}

static void close_input(FILE *file)
{
	if (file != stdin)
		fclose(file);
}

static int load(FILE *file, const char *name, const char *store, bool *is_incomplete,
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

static int import_ndjson(const struct import_options *options, struct sea_error *err)
{
	bool is_incomplete = false;
	const char *name;
	FILE *file = open_input(options, &name, err);
	int rc;

	if (!file)
		return -1;
	rc = load(file, name, options->store, &is_incomplete, err);
	close_input(file);
	if (rc)
		return -1;
	if (is_incomplete)
		fprintf(stderr, "seastat import: a newer seatop wrote some of this, which is left "
				"out\n");
	return is_incomplete ? SEA_STATUS_INCOMPLETE : SEA_STATUS_OK;
}

/* "kernel.log: 1204 lines, 2 boots: 0 SEAs, 0 answers, 3 events of the host" */
static int tell_sum(const char *name, const struct sea_import_sum *sum)
{
	printf("%s: %llu lines, %llu boot%s: %llu SEAs, %llu answers, %llu events of the host\n",
	       name, (unsigned long long)sum->lines, (unsigned long long)sum->sessions,
	       sum->sessions == 1 ? "" : "s", (unsigned long long)sum->seas,
	       (unsigned long long)sum->answers, (unsigned long long)sum->host_events);
	if (sum->unclear)
		fprintf(stderr,
			"seastat import: lines not understood and left out: %llu; the first is line "
			"%llu: %s\n",
			(unsigned long long)sum->unclear, (unsigned long long)sum->first_unclear,
			sum->example);
	if (sum->lost)
		fprintf(stderr,
			"seastat import: the tool that wrote this had lost %llu events%s itself\n",
			(unsigned long long)sum->lost, sum->lost_unsaid ? " or more" : "");
	return sum->unclear || sum->lost ? SEA_STATUS_INCOMPLETE : SEA_STATUS_OK;
}

/* Reads the input of one format. */
typedef int (*read_input)(const struct import_options *options,
			  const struct sea_import_options *how, struct sea_import_sum *sum,
			  struct sea_error *err);

static int import_with(const struct import_options *options, read_input read, struct sea_error *err)
{
	struct sea_import_store store;
	struct sea_import_options how = {.name = options->file,
					 .boot = options->boot,
					 .trace_clock = options->clock,
					 .take = sea_import_store_take,
					 .context = &store};
	struct sea_import_sum sum = {0};
	struct sea_writer *writer;
	struct sea_clock now;
	int rc;

	sea_clock_read(&now);
	how.now = now.wall;
	if (sea_writer_open(options->store, SEA_DB_WRITE, NULL, &writer, err))
		return -1;
	if (how.boot.boot_id[0])
		sea_import_boot_of_store(sea_writer_db(writer), &how.boot);
	rc = sea_import_begin(&store, writer, err);
	if (!rc) {
		rc = read(options, &how, &sum, err);
		if (rc)
			sea_import_cancel(&store);
		else
			rc = sea_import_commit(&store, err);
	}
	sea_writer_close(writer);
	return rc ? -1 : tell_sum(options->file, &sum);
}

/* The importers of text */
typedef int (*read_text)(FILE *file, const struct sea_import_options *options,
			 struct sea_import_sum *sum, struct sea_error *err);

static int read_file(read_text read, const struct import_options *options,
		     const struct sea_import_options *how, struct sea_import_sum *sum,
		     struct sea_error *err)
{
	struct sea_import_options named = *how;
	FILE *file = open_input(options, &named.name, err);
	int rc;

	if (!file)
		return -1;
	rc = read(file, &named, sum, err);
	close_input(file);
	return rc;
}

static int read_kernel_log(const struct import_options *options,
			   const struct sea_import_options *how, struct sea_import_sum *sum,
			   struct sea_error *err)
{
	return read_file(sea_import_kernel_log, options, how, sum, err);
}

static int import_kernel_log(const struct import_options *options, struct sea_error *err)
{
	return import_with(options, read_kernel_log, err);
}

static int read_ftrace(const struct import_options *options, const struct sea_import_options *how,
		       struct sea_import_sum *sum, struct sea_error *err)
{
	return read_file(sea_import_ftrace, options, how, sum, err);
}

static int import_ftrace(const struct import_options *options, struct sea_error *err)
{
	return import_with(options, read_ftrace, err);
}

static int read_rasdaemon(const struct import_options *options,
			  const struct sea_import_options *how, struct sea_import_sum *sum,
			  struct sea_error *err)
{
	return sea_import_rasdaemon(options->file, how, sum, err);
}

static int import_rasdaemon(const struct import_options *options, struct sea_error *err)
{
	return import_with(options, read_rasdaemon, err);
}

static int read_trace_dat(const struct import_options *options,
			  const struct sea_import_options *how, struct sea_import_sum *sum,
			  struct sea_error *err)
{
	struct apart apart;
	int rc;

	if (apart_begin(&apart, options->file, sea_trace_dat_write, err))
		return -1;
	rc = sea_import_ftrace(apart.text, how, sum, err);
	/* What cut the text short is the error to tell. */
	return apart_end(&apart, err) ?: rc;
}

static int import_trace_dat(const struct import_options *options, struct sea_error *err)
{
	return import_with(options, read_trace_dat, err);
}

int verb_import(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse_option,
		.args_doc = "FORMAT FILE",
		.doc = "Add to a store what another tool, or seastat export, wrote.\vFORMAT is one of\n"
		       "  ftrace      a trace as text: tracefs's trace, trace-cmd report\n"
		       "  kernel-log  the kernel's log: journalctl -k -o json, dmesg, syslog\n"
		       "  ndjson      the text of seastat export\n"
		       "  rasdaemon   rasdaemon's SQLite file\n"
		       "  trace.dat   the file of trace-cmd record\n"
		       "FILE - is standard input, but for rasdaemon and trace.dat. Exit status: 0 if all is well, "
		       "2 if a part was not understood or had been lost before, 3 on any error.",
	};
	struct import_options options = {0};
	struct sea_error err;
	int rc;

	argp_parse(&argp, argc, argv, 0, NULL, &options);
	rc = options.format->run(&options, &err);
	return rc < 0 ? program_fail(&err) : rc;
}
