// SPDX-License-Identifier: GPL-2.0-only
#include "record-options.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <argp.h>

#include "config.h"
#include "model/clock.h"
#include "program.h"
#include "trace/trace.h"
#include "verb.h"

enum {
	OPTION_STORE = 0x100,
	OPTION_CONFIG,
	OPTION_INTERVAL,
	OPTION_MAX_VMS,
	OPTION_SOURCE,
	OPTION_JOURNAL,
	OPTION_KEEP_DAYS,
	OPTION_KEEP_SIZE,
	OPTION_KEEP_UNEXPORTED,
	OPTION_KEEP_UNACKED,
	OPTION_TEXTFILE,
};

static const struct argp_option argp_options[] = {
	{"config", OPTION_CONFIG, "FILE", 0, "Options, as lines of NAME = VALUE", 0},
	{"store", OPTION_STORE, "FILE", 0, "The store (default " VERB_STORE ")", 0},
	{"interval", OPTION_INTERVAL, "SECS", 0, "From tick to tick: 0.1 to 3600 (default 1)", 0},
	{"journal", OPTION_JOURNAL, NULL, 0, "Tell the journal of SEAs, ends, gaps and losses", 0},
	{"keep-days", OPTION_KEEP_DAYS, "DAYS", 0, "Delete what is older (default: nothing)", 0},
	{"keep-size", OPTION_KEEP_SIZE, "MIB", 0, "Keep the store below that (default: any size)",
	 0},
	{"keep-unexported", OPTION_KEEP_UNEXPORTED, NULL, 0,
	 "But never delete what seastat export --mark did not write", 0},
	{"keep-unacked", OPTION_KEEP_UNACKED, NULL, 0,
	 "But never delete what seastat report --ack did not see", 0},
	{"names", 'N', "FILE", 0, "Names for VMs: lines of KEY NAME", 0},
	{"max-vms", OPTION_MAX_VMS, "COUNT", 0, "VMs counted one by one (default 1024)", 0},
	{"source", OPTION_SOURCE, "NAME", 0, "Only this: tracepoint, trampoline or kprobe", 0},
	{"textfile", OPTION_TEXTFILE, "FILE", 0,
	 "Also keep the numbers in this file, for Prometheus's node_exporter", 0},
	{"verbose", 'v', NULL, 0, "Messages of libbpf, on standard error", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static int set_text(char **text, const char *value, struct sea_error *err)
{
	char *copy = strdup(value);

	if (!copy)
		return sea_error_set(err, "out of memory");
	free(*text);
	*text = copy;
	return 0;
}

static int set_interval(__u64 *ns, const char *text, struct sea_error *err)
{
	char *end;
	double seconds;

	errno = 0;
	seconds = strtod(text, &end);
	if (end == text || *end || errno || !isfinite(seconds) || seconds < 0.1 || seconds > 3600)
		return sea_error_set(err, "'%.32s' is no interval: 0.1 to 3600 seconds", text);
	*ns = (__u64)(seconds * 1e9);
	return 0;
}

/* A whole number from min to max; what says what it is one of. */
static int set_number(__u64 *number, const char *text, __u64 min, __u64 max, const char *what,
		      struct sea_error *err)
{
	char *end;

	errno = 0;
	*number = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || *number < min || *number > max)
		return sea_error_set(err, "'%.32s' is no number of %s: %llu to %llu", text, what,
				     (unsigned long long)min, (unsigned long long)max);
	return 0;
}

static int set_max_vms(__u32 *max_vms, const char *text, struct sea_error *err)
{
	__u64 number;

	if (set_number(&number, text, SEA_TRACE_MIN_VMS, SEA_TRACE_MAX_VMS, "VMs", err))
		return -1;
	*max_vms = (__u32)number;
	return 0;
}

static int set_size(__u64 *bytes, const char *text, struct sea_error *err)
{
	__u64 mib;

	if (set_number(&mib, text, 4, 1 << 20, "MiB", err))
		return -1;
	*bytes = mib << 20;
	return 0;
}

/* arg is NULL for an option that has none. */
static int set_option(int key, const char *arg, void *context, struct sea_error *err)
{
	struct record_options *options = context;

	switch (key) {
	case OPTION_CONFIG:
		return set_text(&options->config, arg, err);
	case OPTION_STORE:
		return set_text(&options->store, arg, err);
	case OPTION_INTERVAL:
		return set_interval(&options->interval_ns, arg, err);
	case 'N':
		return set_text(&options->names, arg, err);
	case OPTION_MAX_VMS:
		return set_max_vms(&options->max_vms, arg, err);
	case OPTION_SOURCE:
		return set_text(&options->source, arg, err);
	case OPTION_KEEP_DAYS:
		return set_number(&options->limits.days, arg, 1, 36500, "days", err);
	case OPTION_KEEP_SIZE:
		return set_size(&options->limits.bytes, arg, err);
	case OPTION_JOURNAL:
		options->journal = true;
		return 0;
	case OPTION_KEEP_UNEXPORTED:
		options->limits.unexported = true;
		return 0;
	case OPTION_KEEP_UNACKED:
		options->limits.unacked = true;
		return 0;
	case OPTION_TEXTFILE:
		return set_text(&options->textfile, arg, err);
	default:
		options->verbose = true;
		return 0;
	}
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct sea_error err;
	size_t i;

	if (key == ARGP_KEY_INIT || key == ARGP_KEY_FINI) {
		program_parse(key, state);
		return 0;
	}
	if (key == ARGP_KEY_ARG)
		program_usage_error("'%.32s' is one argument too many; see seastat record --help",
				    arg);
	for (i = 0; argp_options[i].name; i++) {
		if (argp_options[i].key != key)
			continue;
		if (set_option(key, arg, state->input, &err))
			program_usage_error("%s", err.text);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static void parse(int argc, char **argv, struct record_options *options)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse_option,
		.doc = "Record into a store what becomes of the SEAs that guests take, until "
		       "stopped.\vAll options may stand in the file of --config; those of the "
		       "command line go over them. SIGHUP reads it and the names again. Exit "
		       "status: 0 if all is well, 2 if something could not be stored, 3 on wrong "
		       "usage or if this machine cannot do it.",
	};

	argp_parse(&argp, argc, argv, 0, NULL, options);
}

static void warn(const char *line, void *context)
{
	(void)context;
	program_say(PROGRAM_WARNING, line);
}

static int read_file(struct record_options *options, struct sea_error *err)
{
	const struct config config = {
		.section = "record",
		.options = argp_options,
		.set = set_option,
		.warn = warn,
		.context = options,
	};

	return config_read(&config, options->config, err);
}

/* What nobody told */
static int set_defaults(struct record_options *options, struct sea_error *err)
{
	if (!options->interval_ns)
		options->interval_ns = SEA_NSEC_PER_SEC;
	return options->store ? 0 : set_text(&options->store, VERB_STORE, err);
}

int record_options_reload(int argc, char **argv, struct record_options *options,
			  struct sea_error *err)
{
	struct record_options line = {0};
	int rc;

	memset(options, 0, sizeof(*options));
	/* Once to find the file, and once more to go over what it says. */
	parse(argc, argv, &line);
	options->config = line.config;
	line.config = NULL;
	record_options_free(&line);
	rc = options->config ? read_file(options, err) : 0;
	if (!rc) {
		parse(argc, argv, options);
		rc = set_defaults(options, err);
	}
	if (rc)
		record_options_free(options);
	return rc;
}

void record_options_parse(int argc, char **argv, struct record_options *options)
{
	struct sea_error err;

	if (record_options_reload(argc, argv, options, &err))
		program_usage_error("%s", err.text);
}

void record_options_free(struct record_options *options)
{
	free(options->config);
	free(options->store);
	free(options->names);
	free(options->source);
	free(options->textfile);
	memset(options, 0, sizeof(*options));
}
