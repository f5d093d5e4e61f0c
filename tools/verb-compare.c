// SPDX-License-Identifier: GPL-2.0-only
/*
 * seastat compare - is a fleet worse than another, or than it was before?
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "fleet.h"
#include "program.h"
#include "report/compare.h"
#include "verb.h"

enum {
	OPTION_SINCE = 0x100, /* the base's; the new one's is one more */
	OPTION_NEW_SINCE,
	OPTION_UNTIL,
	OPTION_NEW_UNTIL,
	OPTION_HOST,
	OPTION_NEW_HOST,
	OPTION_VM,
	OPTION_POLICY,
	OPTION_CONFIDENCE,
	OPTION_RATIO,
	OPTION_POWER,
};

static const struct argp_option argp_options[] = {
	{"base-since", OPTION_SINCE, "TIME", 0, "Of the base: from this time on", 0},
	{"base-until", OPTION_UNTIL, "TIME", 0, "Of the base: up to this time", 0},
	{"new-since", OPTION_NEW_SINCE, "TIME", 0, "Of the new one: from this time on", 0},
	{"new-until", OPTION_NEW_UNTIL, "TIME", 0, "Of the new one: up to this time", 0},
	{"base-host", OPTION_HOST, "GLOB", 0, "Of the base: only hosts with such names", 0},
	{"new-host", OPTION_NEW_HOST, "GLOB", 0, "Of the new one: only hosts with such names", 0},
	{"vm", OPTION_VM, "GLOB", 0, "Only VMs with such names", 0},
	{"policy", OPTION_POLICY, "FILE", 0, "Its rules of the data say what is complete", 0},
	{"confidence", OPTION_CONFIDENCE, "PERCENT", 0, "Of all differences together (default 95)",
	 0},
	{"ratio", OPTION_RATIO, "TIMES", 0, "So many times as large would matter (default 2)", 0},
	{"power", OPTION_POWER, "PERCENT", 0, "And is to be seen so often (default 80)", 0},
	{"json", 'J', NULL, 0, "One line of JSON", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

/* [0] is the base, [1] is new. */
struct compare {
	struct fleet_paths paths[2];
	struct sea_fleet_window windows[2];
	struct sea_cohort cohorts[2];
	int nr; /* of the two that were given */
	const char *policy_file;
	struct sea_policy *policy;
	struct sea_compare_options options;
	bool json;
};

/* A number of so many that least <= number < most */
static double parse_number(const char *text, const char *what, double least, double most)
{
	char *end;
	double number;

	errno = 0;
	number = strtod(text, &end);
	if (end == text || *end || errno || !isfinite(number) || number < least || number >= most)
		program_usage_error("'%.32s' is no %s: %g to below %g", text, what, least, most);
	return number;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct compare *c = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
	case ARGP_KEY_FINI:
		program_parse(key, state);
		break;
	case OPTION_SINCE:
	case OPTION_NEW_SINCE:
		c->windows[key - OPTION_SINCE].since_ns = fleet_time(arg);
		break;
	case OPTION_UNTIL:
	case OPTION_NEW_UNTIL:
		c->windows[key - OPTION_UNTIL].until_ns = fleet_time(arg);
		break;
	case OPTION_HOST:
	case OPTION_NEW_HOST:
		c->cohorts[key - OPTION_HOST].host = arg;
		break;
	case OPTION_VM:
		c->cohorts[0].vm = c->cohorts[1].vm = arg;
		break;
	case OPTION_POLICY:
		c->policy_file = arg;
		break;
	case OPTION_CONFIDENCE:
		c->options.confidence = parse_number(arg, "confidence", 50, 100) / 100;
		break;
	case OPTION_RATIO:
		c->options.ratio = parse_number(arg, "ratio", 1.01, 1000);
		break;
	case OPTION_POWER:
		c->options.power = parse_number(arg, "power", 50, 100) / 100;
		break;
	case 'J':
		c->json = true;
		break;
	case ARGP_KEY_ARG:
		if (c->nr == 2)
			program_usage_error(
				"'%.32s' is one argument too many; put recordings into a directory",
				arg);
		fleet_paths_add(&c->paths[c->nr++], arg);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static void settle(struct compare *c)
{
	int i;

	if (c->nr < 2)
		program_usage_error("which two? see seastat compare --help");
	for (i = 0; i < 2; i++) {
		struct sea_fleet_window *window = &c->windows[i];

		if (window->since_ns && !window->until_ns)
			window->until_ns = fleet_time("now");
		if (window->until_ns && window->since_ns >= window->until_ns)
			program_usage_error("--%s-since is not before --%s-until",
					    i ? "new" : "base", i ? "new" : "base");
	}
}

/* Reads both, and finds out whether they are complete. */
static int read_both(struct compare *c, struct sea_exposure *both, char *why, size_t size,
		     struct sea_error *err)
{
	struct sea_verdicts *verdicts = malloc(sizeof(*verdicts));
	int i, rc = 0;

	if (!verdicts)
		return sea_error_set(err, "cannot compare: out of memory");
	why[0] = '\0';
	for (i = 0; !rc && i < 2; i++) {
		struct sea_fleet *fleet;

		rc = sea_fleet_new(&c->windows[i], &c->cohorts[i], &fleet, err);
		if (rc)
			break;
		fleet_read(fleet, &c->paths[i], "compare");
		both[i] = *sea_fleet_sum(fleet);
		sea_fleet_free(fleet);
		sea_verdict_make(c->policy, &both[i], verdicts);
		if (verdicts->incomplete[0] && !why[0])
			snprintf(why, size, "%s: %.150s", i ? "new" : "base", verdicts->incomplete);
	}
	free(verdicts);
	return rc;
}

static int compare(struct compare *c, struct sea_text *out, int *status, struct sea_error *err)
{
	static struct sea_comparisons comparisons;
	static struct sea_exposure both[2];
	char why[SEA_VERDICT_TEXT_LEN];

	if (c->policy_file ? sea_policy_load(c->policy_file, &c->policy, err) :
			     sea_policy_new(&c->policy, err))
		return -1;
	if (read_both(c, both, why, sizeof(why), err))
		return -1;
	sea_compare(&both[0], &both[1], &c->options, why, &comparisons);
	*status = sea_verdict_status(comparisons.worst);
	if (c->json)
		return sea_compare_json(&comparisons, &both[0], &both[1], &c->options, out, err);
	sea_compare_text(&comparisons, &both[0], &both[1], &c->options, out);
	return 0;
}

int verb_compare(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse_option,
		.args_doc = "BASE NEW",
		.doc = "Say whether a fleet is worse than another, or than it was before.\vBASE and "
		       "NEW are a recording each, or a directory of them; they may be the same, with "
		       "two windows. TIME is as " SEA_WHEN_HELP
		       ". Exit status: 0 if nothing is worse, 1 if something is, 2 if something "
		       "cannot be told, 3 on any error.",
	};
	struct compare c = {.options = {.confidence = 0.95, .ratio = 2, .power = 0.8}};
	struct sea_text out = {0};
	struct sea_error err;
	int rc, status = SEA_STATUS_OK;

	argp_parse(&argp, argc, argv, 0, NULL, &c);
	settle(&c);
	rc = compare(&c, &out, &status, &err);
	rc = verb_write(&out, rc, &err);
	sea_policy_free(c.policy);
	fleet_paths_free(&c.paths[0]);
	fleet_paths_free(&c.paths[1]);
	return rc ? program_fail(&err) : status;
}
