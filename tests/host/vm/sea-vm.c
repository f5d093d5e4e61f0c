// SPDX-License-Identifier: GPL-2.0-only
/* A VMM whose guest consumes bad memory, on the emulated host */
#include <argp.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run.h"

#define HEAL_MS 300
/* A guest that gets nowhere for so long will get nowhere ever, also on a busy machine. */
#define STUCK_SECONDS 60

enum {
	OPT_NAME = 0x100,
	OPT_COUNT,
	OPT_ROUNDS,
	OPT_INTERVAL,
	OPT_VCPUS,
	OPT_DELAY,
	OPT_HOLD,
	OPT_HEAL,
	OPT_ANSWER,
	OPT_THINK,
	OPT_STUCK,
	OPT_DETOUR,
	OPT_KILL,
	OPT_DIE,
	OPT_HELD,
	OPT_MEMORY,
	OPT_PAGES,
	OPT_RUN_BY,
	OPT_LINE,
	OPT_TRUTH,
	OPT_RECORD,
	OPT_QUIET,
	OPT_LIST,
};

static const struct argp_option argp_options[] = {
	{"name", OPT_NAME, "NAME", 0, "Name of the VM, for those who look at the command line", 0},
	{"count", OPT_COUNT, "N", 0,
	 "Times each kind of bad memory of the scenario is met, per vCPU; 0: until SIGTERM", 0},
	{"rounds", OPT_ROUNDS, "N", 0, "Do it all N times, with new VMs each time", 0},
	{"interval", OPT_INTERVAL, "MS", 0, "Pause between them", 0},
	{"vcpus", OPT_VCPUS, "N", 0, "vCPUs of each VM", 0},
	{"delay", OPT_DELAY, "MS", 0, "Pause before the first", 0},
	{"hold", OPT_HOLD, "MS", 0, "Keep the VM after the last, until SIGTERM or so long", 0},
	{"heal-ms", OPT_HEAL, "MS", 0,
	 "How long a bad stage-2 table stays so from its first hit on (300)", 0},
	{"answer", OPT_ANSWER, "HOW", 0,
	 "Answer to an exit: inject (default), inject-registers, serror, resume, write-back, late "
	 "(an SError when the vCPU has run on), reset or kill",
	 0},
	{"think", OPT_THINK, "MS", 0, "Pause before each answer", 0},
	{"stuck", OPT_STUCK, "SECONDS", 0,
	 "All is healed, and the run has failed, when no guest gets on for so long (60; 0: never)",
	 0},
	{"detour", OPT_DETOUR, NULL, 0,
	 "Before it answers, the VMM stops the vCPU and runs it in vain", 0},
	{"kill", OPT_KILL, NULL, 0, "Be killed after the last answer, before the vCPU runs again",
	 0},
	{"die", OPT_DIE, NULL, 0,
	 "Be killed by the first SIGBUS for bad memory, as it is not caught", 0},
	{"held", OPT_HELD, NULL, 0,
	 "With --die: another process has the VM's descriptor until the VMM is dead", 0},
	{"memory", OPT_MEMORY, "FILE", 0,
	 "Keep the guest's data in this file of a tmpfs, for another VM to have it later", 0},
	{"run-by", OPT_RUN_BY, "WHO", 0,
	 "Who runs the vCPUs: threads (default), children that share the VMM's memory, or an "
	 "heir that does, after --delay, when the VMM is gone",
	 0},
	{"line", OPT_LINE, NULL, 0, "Poison lines of 64 bytes, not pages", 0},
	{"truth", OPT_TRUTH, "FILE", 0, "Append what happened as a line of JSON", 0},
	{"pages", OPT_PAGES, "FILE", 0,
	 "Append, as a line of JSON, where each page that goes bad is: in the VMM and in the host",
	 0},
	{"record", OPT_RECORD, "FILE", 0,
	 "Append what guest and VMM saw, and KVM's statistics, field by field", 0},
	{"quiet", OPT_QUIET, NULL, 0, "Only say what differs, and the result", 0},
	{"list", OPT_LIST, NULL, 0, "Name the scenarios, and what each promises", 0},
	{},
};

static const char doc[] =
	"Runs SCENARIO: VMs whose memory goes bad, by the ras-poison device of the emulated host. "
	"Says what VMM and guest saw.\v"
	"Exit status: 0 if all was as promised, 1 if anything differed, 3 if it could not be tried.";

struct arguments {
	struct options options;
	const struct scenario *scenario;
	bool has_count;
	bool has_vcpus;
};

static unsigned int number(const char *arg, unsigned int min, unsigned int max,
			   struct argp_state *state)
{
	char *end;
	unsigned long n = strtoul(arg, &end, 10);

	if (*arg < '0' || *arg > '9' || *end || n < min || n > max)
		argp_error(state, "'%s' is not a number from %u to %u", arg, min, max);
	return n;
}

/* Which of the nr names arg is */
static unsigned int word_of(const char *arg, const char *what, const char *const names[],
			    unsigned int nr, struct argp_state *state)
{
	for (unsigned int i = 0; i < nr; i++)
		if (!strcmp(names[i], arg))
			return i;
	argp_error(state, "no %s '%s'", what, arg);
	return nr;
}

static void list(void)
{
	for (unsigned int i = 0; i < nr_scenarios; i++)
		if (scenario_fits(&scenarios[i]))
			printf("%-20s %s\n", scenarios[i].name, scenarios[i].promise);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *arguments = state->input;
	struct options *options = &arguments->options;
	const unsigned int hour = 3600 * 1000;

	switch (key) {
	case OPT_NAME:
		options->name = arg;
		break;
	case OPT_COUNT:
		options->count = number(arg, 0, 1000000, state);
		arguments->has_count = true;
		break;
	case OPT_ROUNDS:
		options->rounds = number(arg, 1, 1000000, state);
		break;
	case OPT_INTERVAL:
		options->interval_ms = number(arg, 0, hour, state);
		break;
	case OPT_VCPUS:
		options->nr_vcpus = number(arg, 1, GUEST_MAX_VCPUS, state);
		arguments->has_vcpus = true;
		break;
	case OPT_DELAY:
		options->delay_ms = number(arg, 0, hour, state);
		break;
	case OPT_HOLD:
		options->hold_ms = number(arg, 0, hour, state);
		break;
	case OPT_HEAL:
		options->heal_ms = number(arg, 1, hour, state);
		break;
	case OPT_ANSWER:
		options->answer = word_of(arg, "answer", answer_names, NR_ANSWERS, state);
		break;
	case OPT_THINK:
		options->think_ms = number(arg, 0, hour, state);
		break;
	case OPT_STUCK:
		options->stuck = number(arg, 0, 3600, state);
		break;
	case OPT_DETOUR:
		options->detour = true;
		break;
	case OPT_KILL:
		options->kill = true;
		break;
	case OPT_DIE:
		options->die = true;
		break;
	case OPT_HELD:
		options->held = true;
		break;
	case OPT_MEMORY:
		options->memory = arg;
		break;
	case OPT_PAGES:
		options->pages = arg;
		break;
	case OPT_RUN_BY:
		options->runner = word_of(arg, "runner", runner_names, NR_RUNNERS, state);
		break;
	case OPT_LINE:
		options->line = true;
		break;
	case OPT_TRUTH:
		options->truth = arg;
		break;
	case OPT_RECORD:
		options->record = arg;
		break;
	case OPT_QUIET:
		options->quiet = true;
		break;
	case OPT_LIST:
		list();
		exit(EXIT_SUCCESS);
	case ARGP_KEY_ARG:
		if (arguments->scenario)
			argp_error(state, "one scenario at a time");
		arguments->scenario = scenario_find(arg);
		if (!arguments->scenario)
			argp_error(state, "no scenario '%s', see --list", arg);
		break;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which scenario? See --list");
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

/*
 * The words of the environment variable SEA_VM, which stand in for the command
 * line: that can then be whatever another VMM's would be.
 */
static void words_of(char *text, int *argc, char **argv, int max)
{
	char *word = strtok(text, " ");

	for (*argc = 1; word && *argc < max; word = strtok(NULL, " "))
		argv[(*argc)++] = word;
	argv[*argc] = NULL;
}

int main(int argc, char **argv)
{
	char *words[32] = {argv[0]}, *instead = getenv("SEA_VM");
	struct arguments arguments = {
		.options = {.count = 1,
			    .rounds = 1,
			    .nr_vcpus = 1,
			    .heal_ms = HEAL_MS,
			    .stuck = STUCK_SECONDS},
	};
	const struct argp argp = {argp_options, parse, "SCENARIO", doc, NULL, NULL, NULL};
	const struct scenario *scenario;
	struct options *options = &arguments.options;
	bool killed;

	if (instead) {
		words_of(instead, &argc, words, sizeof(words) / sizeof(words[0]) - 1);
		argv = words;
	}
	argp_err_exit_status = EXIT_ENVIRONMENT;
	if (argp_parse(&argp, argc, argv, 0, NULL, &arguments))
		errx(EXIT_ENVIRONMENT, "cannot parse the command line");

	scenario = arguments.scenario;
	if (!options->name)
		options->name = scenario->name;
	if (!arguments.has_count && scenario->count)
		options->count = scenario->count;
	if (!arguments.has_vcpus && scenario->nr_vcpus)
		options->nr_vcpus = scenario->nr_vcpus;
	if ((options->answer != ANSWER_INJECT || options->detour || options->think_ms) &&
	    !scenario_has(scenario, FORWARDED))
		errx(EXIT_ENVIRONMENT, "%s has no exit to answer", scenario->name);
	if (options->answer == ANSWER_INJECT_REGISTERS && scenario_has_aarch32(scenario))
		errx(EXIT_ENVIRONMENT, "no abort of AArch32 is injected by registers");
	killed = options->answer == ANSWER_KILL || options->kill;
	if (killed && (options->answer == ANSWER_RESUME || options->answer == ANSWER_LATE ||
		       options->answer == ANSWER_WRITE_BACK || !options->count ||
		       !scenario_is_all(scenario, FORWARDED)))
		errx(EXIT_ENVIRONMENT,
		     "--answer=kill and --kill need a last exit that every vCPU comes to, and a "
		     "--count");
	if (options->runner == RUN_BY_HEIR && (killed || options->rounds > 1))
		errx(EXIT_ENVIRONMENT, "--run-by=heir takes no kill and no --rounds");
	if (options->die && (killed || options->rounds > 1 || options->runner == RUN_BY_HEIR ||
			     !scenario_is_all(scenario, CLAIMED)))
		errx(EXIT_ENVIRONMENT,
		     "--die needs a SIGBUS, and takes no kill, no --rounds and no --run-by=heir");
	if (options->held && !options->die)
		errx(EXIT_ENVIRONMENT, "--held goes with --die");
	return run_scenario(scenario, options);
}
