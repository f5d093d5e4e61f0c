// SPDX-License-Identifier: GPL-2.0-only
/*
 * seastat check - does a fleet keep to a policy? Many recordings are one fleet.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "fleet.h"
#include "program.h"
#include "report/policy-alerts.h"
#include "report/verdict.h"
#include "verb.h"

enum {
	OPTION_POLICY = 0x100,
	OPTION_SINCE,
	OPTION_UNTIL,
	OPTION_VM,
	OPTION_HOST,
	OPTION_LABEL,
	OPTION_LABELS,
	OPTION_AS_RULES,
};

static const struct argp_option argp_options[] = {
	{"policy", OPTION_POLICY, "FILE", 0, "What the fleet has to be like: seatop-policy(5)", 0},
	{"since", OPTION_SINCE, "TIME", 0, "From this time on", 0},
	{"until", OPTION_UNTIL, "TIME", 0, "Up to this time (with --since: now)", 0},
	{"vm", OPTION_VM, "GLOB", 0, "Only VMs with such names", 0},
	{"host", OPTION_HOST, "GLOB", 0, "Only hosts with such names", 0},
	{"label", OPTION_LABEL, "NAME=VALUE", 0, "Only hosts with this label", 0},
	{"labels", OPTION_LABELS, "FILE", 0, "More labels than the policy has", 0},
	{"as-rules", OPTION_AS_RULES, NULL, 0, "Write the policy as alerts of Prometheus", 0},
	{"json", 'J', NULL, 0, "One line of JSON", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

struct check {
	const char *policy_file, *labels_file;
	char *label, *value; /* of hosts; NULL: all */
	bool as_rules, json;
	struct sea_policy *policy;
	struct sea_fleet_window window;
	struct sea_cohort cohort;
	struct fleet_paths paths;
};

static void set_label(struct check *check, char *arg)
{
	char *value = strchr(arg, '=');

	if (!value || value == arg || !value[1])
		program_usage_error("'%.32s' is no label: give NAME=VALUE", arg);
	*value = '\0';
	check->label = arg;
	check->value = value + 1;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct check *check = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
	case ARGP_KEY_FINI:
		program_parse(key, state);
		break;
	case OPTION_POLICY:
		check->policy_file = arg;
		break;
	case OPTION_SINCE:
		check->window.since_ns = fleet_time(arg);
		break;
	case OPTION_UNTIL:
		check->window.until_ns = fleet_time(arg);
		break;
	case OPTION_VM:
		check->cohort.vm = arg;
		break;
	case OPTION_HOST:
		check->cohort.host = arg;
		break;
	case OPTION_LABEL:
		set_label(check, arg);
		break;
	case OPTION_LABELS:
		check->labels_file = arg;
		break;
	case OPTION_AS_RULES:
		check->as_rules = true;
		break;
	case 'J':
		check->json = true;
		break;
	case ARGP_KEY_ARG:
		fleet_paths_add(&check->paths, arg);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static bool has_label(const char *host, void *context)
{
	const struct check *check = context;

	return sea_labels_match(&check->policy->labels, check->label, check->value, host);
}

/* What the options say together */
static void settle(struct check *check)
{
	if (!check->policy_file)
		program_usage_error("which policy? give --policy; see seatop-policy(5)");
	if (check->as_rules && (check->paths.nr || check->json))
		program_usage_error("--as-rules takes no recording and no --json: it writes the "
				    "policy");
	if (!check->as_rules && !check->paths.nr)
		program_usage_error("which recordings? see seastat check --help");
	if (check->window.since_ns && !check->window.until_ns)
		check->window.until_ns = fleet_time("now");
	if (check->window.until_ns && check->window.since_ns >= check->window.until_ns)
		program_usage_error("--since is not before --until");
}

static int load(struct check *check, struct sea_error *err)
{
	if (sea_policy_load(check->policy_file, &check->policy, err))
		return -1;
	if (check->labels_file && sea_policy_load_labels(check->labels_file, check->policy, err))
		return -1;
	if (!check->label)
		return 0;
	if (!sea_labels_has(&check->policy->labels, check->label, check->value))
		return sea_error_set(
			err,
			"no host can have the label %.64s=%.64s: add it to the policy, "
			"or to --labels",
			check->label, check->value);
	check->cohort.takes_host = has_label;
	check->cohort.context = check;
	return 0;
}

static int judge(struct check *check, struct sea_text *out, int *status, struct sea_error *err)
{
	const struct sea_exposure *exposure;
	struct sea_verdicts *verdicts;
	struct sea_fleet *fleet;
	int rc = 0;

	if (sea_fleet_new(&check->window, &check->cohort, &fleet, err))
		return -1;
	verdicts = malloc(sizeof(*verdicts));
	if (!verdicts) {
		sea_fleet_free(fleet);
		return sea_error_set(err, "cannot check: out of memory");
	}
	fleet_read(fleet, &check->paths, "check");
	exposure = sea_fleet_sum(fleet);
	sea_verdict_make(check->policy, exposure, verdicts);
	*status = sea_verdict_status(verdicts->worst);
	if (check->json)
		rc = sea_verdict_json(verdicts, exposure, out, err);
	else
		sea_verdict_text(verdicts, exposure, out);
	free(verdicts);
	sea_fleet_free(fleet);
	return rc;
}

int verb_check(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse_option,
		.args_doc = "STORE...",
		.doc = "Say whether a fleet keeps to a policy.\vEach STORE is a recording, or a "
		       "directory of them; all of them are one fleet. TIME is as " SEA_WHEN_HELP
		       ". Exit status: 0 if all rules pass, 1 if one fails, 2 if one cannot be "
		       "told, 3 on any error.",
	};
	struct check check = {0};
	struct sea_text out = {0};
	struct sea_error err;
	int rc, status = SEA_STATUS_OK;

	argp_parse(&argp, argc, argv, 0, NULL, &check);
	settle(&check);
	rc = load(&check, &err);
	if (!rc && check.as_rules)
		sea_policy_alerts(check.policy, &out);
	else if (!rc)
		rc = judge(&check, &out, &status, &err);
	rc = verb_write(&out, rc, &err);
	sea_policy_free(check.policy);
	fleet_paths_free(&check.paths);
	return rc ? program_fail(&err) : status;
}
