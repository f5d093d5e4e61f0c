// SPDX-License-Identifier: GPL-2.0-only
#include "rows.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/row-fields.h"
#include "program.h"

/* No program that takes these has an option of its own with this number. */
enum { OPTION_ACTIVE = 0x200, OPTION_RUNNING };

static const struct argp_option options[] = {
	{"pid", 'p', "PID", 0, "Only the VMs of this process", 1},
	{"vm", 'm', "GLOB", 0, "Only VMs whose name matches the pattern", 1},
	{"filter", 'f', "TEXT", 0,
	 "Only VMs that / of the screen finds: a part of the name, a pid, "
	 "the beginning of a UUID; A|B is either",
	 1},
	{"active", OPTION_ACTIVE, NULL, 0, "Only VMs with SEAs", 1},
	{"running", OPTION_RUNNING, NULL, 0, "Only VMs that run", 1},
	{"sort", 's', "COLUMN", 0, "Sort by this column: numbers downwards, text upwards", 1},
	{"reverse", 'R', NULL, 0, "The other way round", 1},
	{"rows", 'r', "COUNT", 0, "At most COUNT rows; 0: all", 1},
	{"columns", 'o', "LIST", 0, "Columns, as VM,PID,FWD; +LIST adds to the default", 1},
	{NULL, 0, NULL, 0, NULL, 0},
};

void rows_default(struct rows_options *rows, const char *column)
{
	memset(rows, 0, sizeof(*rows));
	rows->order.field = column ? sea_row_field(column) : NULL;
}

__u64 rows_number(const char *what, const char *text, __u64 min, __u64 max)
{
	char *end;
	__u64 number;

	errno = 0;
	number = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || number < min || number > max)
		program_usage_error("'%.32s' is no %s: %llu to %llu; see --help", text, what,
				    (unsigned long long)min, (unsigned long long)max);
	return number;
}

void rows_set_max(struct rows_options *rows, const char *text)
{
	rows->max_rows = rows_number("number of rows", text, 0, UINT32_MAX);
	rows->max_is_chosen = true;
}

void rows_settle(struct rows_options *rows, const struct sea_fields *fields)
{
	struct sea_error err;

	if (rows->sort) {
		rows->order.field = sea_field_by_column(fields, rows->sort);
		if (!rows->order.field)
			program_usage_error(
				"no column is called '%.32s'; the manual page has the list",
				rows->sort);
	}
	if (rows->list && sea_columns_parse(&rows->columns, fields, rows->list, &err))
		exit(program_fail(&err));
}

void rows_refuse_columns(const struct rows_options *rows, const char *form)
{
	if (rows->list)
		program_usage_error("--columns is for tables: %s has all fields", form);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct rows_options *rows = state->input;

	switch (key) {
	case 'p':
		rows->filter.pid = (__u32)rows_number("pid", arg, 1, INT32_MAX);
		break;
	case 'm':
		rows->filter.glob = arg;
		break;
	case 'f':
		rows->filter.text = arg;
		break;
	case OPTION_ACTIVE:
		rows->filter.active = true;
		break;
	case OPTION_RUNNING:
		rows->filter.not_ended = true;
		break;
	case 's':
		rows->sort = arg;
		break;
	case 'R':
		rows->order.reverse = true;
		break;
	case 'r':
		rows_set_max(rows, arg);
		break;
	case 'o':
		rows->list = arg;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp rows_argp = {.options = options, .parser = parse};
