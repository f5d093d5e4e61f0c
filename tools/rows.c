// SPDX-License-Identifier: GPL-2.0-only
#include "rows.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/row-fields.h"
#include "program.h"

/* No program that takes these has an option of its own with this number. */
enum { OPTION_ACTIVE = 0x200 };

static const struct argp_option options[] = {
	{"pid", 'p', "PID", 0, "Only the VMs of this process", 1},
	{"vm", 'm', "GLOB", 0, "Only VMs whose name matches the pattern", 1},
	{"active", OPTION_ACTIVE, NULL, 0, "Only VMs with SEAs", 1},
	{"sort", 's', "COLUMN", 0, "Sort by this column: numbers downwards, text upwards", 1},
	{"rows", 'r', "COUNT", 0, "Show at most COUNT VMs", 1},
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

static void set_columns(struct rows_options *rows, const char *list)
{
	struct sea_error err;

	if (sea_columns_parse(&rows->columns, list, &err))
		exit(program_fail(&err));
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
	case OPTION_ACTIVE:
		rows->filter.active = true;
		break;
	case 's':
		rows->order.field = sea_row_field(arg);
		if (!rows->order.field)
			program_usage_error("no column is called '%.32s'; see --help", arg);
		rows->sort_is_chosen = true;
		break;
	case 'r':
		rows->max_rows = rows_number("number of rows", arg, 1, UINT32_MAX);
		break;
	case 'o':
		set_columns(rows, arg);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp rows_argp = {.options = options, .parser = parse};
