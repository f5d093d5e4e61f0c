/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * columns.h - which columns a table has, as the command line gives them.
 */
#ifndef SEA_COLUMNS_H
#define SEA_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/fields.h"

#define SEA_COLUMNS_MAX 64

/* Start from zeros: the default columns alone. */
struct sea_columns {
	const struct sea_field *chosen[SEA_COLUMNS_MAX]; /* always there */
	size_t nr;
	bool defaults; /* the default ones are there, too, as far as the width has room */
};

/*
 * Takes a list: "VM,PID,FWD", or "+LIST" for the default columns and those. The names are
 * those of columns of `fields`: sea_row_fields(), or those of a report's table.
 */
int sea_columns_parse(struct sea_columns *columns, const struct sea_fields *fields,
		      const char *list, struct sea_error *err);

/* The column was chosen by name. */
bool sea_columns_has(const struct sea_columns *columns, const struct sea_field *field);

#endif /* SEA_COLUMNS_H */
