// SPDX-License-Identifier: GPL-2.0-only
/*
 * seastat - what is to be known about SEAs beyond the live table. This file only
 * finds the verb.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/output.h"
#include "model/row-fields.h"
#include "program.h"
#include "verb.h"

#define PROGRAM "seastat"

const char *argp_program_version = PROGRAM " " SEATOP_VERSION;

static const struct verb verbs[] = {
	{"check", "does a fleet keep to a policy?", verb_check},
	{"compare", "is a fleet worse than another?", verb_compare},
	{"doctor", "can this host count SEAs, and who opted in?", verb_doctor},
	{"export", "a recording as text, one record a line", verb_export},
	{"import", "such text, or what other tools wrote, into a store", verb_import},
	{"metrics", "a recording's numbers, for Prometheus", verb_metrics},
	{"names", "the VMs that run, and where their names come from", verb_names},
	{"record", "what happens, into a store", verb_record},
	{"report", "what was recorded: who, which way, answered, which page", verb_report},
};

#define NR_VERBS (sizeof(verbs) / sizeof(verbs[0]))

static const struct argp_option options[] = {
	{"names", 'N', "FILE", 0, "Names for VMs: lines of KEY NAME", 0},
	{"json", 'J', NULL, 0, "One line of JSON", 0},
	{"verbose", 'v', NULL, 0, "Messages of libbpf, on standard error", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct verb_options *values = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		if (values->rows)
			state->child_inputs[0] = values->rows;
		program_parse(key, state);
		break;
	case ARGP_KEY_FINI:
		program_parse(key, state);
		break;
	case 'N':
		values->names = arg;
		break;
	case 'J':
		values->json = true;
		break;
	case 'v':
		program_be_verbose();
		break;
	case ARGP_KEY_ARG:
		program_usage_error("'%.32s' is one argument too many; see seastat --help", arg);
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

void verb_parse(int argc, char **argv, const char *text, struct verb_options *values)
{
	static const struct argp_child children[] = {
		{&rows_argp, 0, NULL, 1},
		{NULL, 0, NULL, 0},
	};
	const struct argp argp = {
		.options = options,
		.parser = parse_option,
		.doc = text,
		.children = values->rows ? children : NULL,
	};

	argp_parse(&argp, argc, argv, 0, NULL, values);
	if (!values->rows)
		return;
	rows_settle(values->rows, sea_row_fields());
	if (values->json)
		rows_refuse_columns(values->rows, "--json");
}

int verb_write(struct sea_text *text, int rc, struct sea_error *err)
{
	if (!rc && text->failed)
		rc = sea_error_set(err, "cannot write the output: out of memory");
	if (!rc)
		rc = sea_output_write(STDOUT_FILENO, text->text, text->len, NULL, err);
	sea_text_free(text);
	return rc;
}

static void help(void)
{
	size_t i;

	printf("Usage: seastat VERB [OPTION...]\n\n");
	for (i = 0; i < NR_VERBS; i++)
		printf("  %-10s %s\n", verbs[i].name, verbs[i].help);
	printf("\nseastat VERB --help has the options, seastat-VERB(8) the rest.\n");
}

int main(int argc, char **argv)
{
	static char name[64] = PROGRAM;
	struct sea_error err;
	size_t i;

	if (program_begin(PROGRAM, &err))
		return program_fail(&err);
	if (argc < 2)
		program_usage_error("which verb? see seastat --help");
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-?")) {
		help();
		return SEA_STATUS_OK;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		printf("%s\n", argp_program_version);
		return SEA_STATUS_OK;
	}
	for (i = 0; i < NR_VERBS; i++) {
		if (strcmp(argv[1], verbs[i].name))
			continue;
		/* getopt() starts its messages with it. */
		snprintf(name, sizeof(name), PROGRAM " %s", verbs[i].name);
		argv[1] = name;
		return verbs[i].run(argc - 1, argv + 1);
	}
	program_usage_error("no verb is called '%.32s'; see seastat --help", argv[1]);
}
