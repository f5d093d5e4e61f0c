// SPDX-License-Identifier: GPL-2.0-only
#include "base/columns.h"

#include <stdio.h>
#include <string.h>

#define NAME_LEN 16

bool sea_columns_has(const struct sea_columns *columns, const struct sea_field *field)
{
	size_t i;

	for (i = 0; i < columns->nr; i++)
		if (columns->chosen[i] == field)
			return true;
	return false;
}

static int add(struct sea_columns *columns, const struct sea_fields *fields, const char *name,
	       struct sea_error *err)
{
	const struct sea_field *field = sea_field_by_column(fields, name);

	if (!field)
		return sea_error_set(
			err, "no column is called '%.32s'; the manual page has the list", name);
	if (sea_columns_has(columns, field))
		return sea_error_set(err, "column %s is given twice", field->column);
	if (columns->nr == SEA_COLUMNS_MAX)
		return sea_error_set(err, "these are more columns than there are");
	columns->chosen[columns->nr++] = field;
	return 0;
}

int sea_columns_parse(struct sea_columns *columns, const struct sea_fields *fields,
		      const char *list, struct sea_error *err)
{
	char name[NAME_LEN];

	columns->nr = 0;
	columns->defaults = *list == '+';
	list += columns->defaults;
	for (;;) {
		size_t len = strcspn(list, ",");

		snprintf(name, sizeof(name), "%.*s", (int)(len < NAME_LEN ? len : NAME_LEN - 1),
			 list);
		if (add(columns, fields, name, err))
			return -1;
		if (!list[len])
			return 0;
		list += len + 1;
	}
}
