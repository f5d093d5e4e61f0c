// SPDX-License-Identifier: GPL-2.0-only
#include "report/report-csv.h"

#include "base/csv.h"
#include "report/report-fields.h"

static void put_value(const struct sea_field *field, const struct sea_report_item *item, bool first,
		      struct sea_text *out)
{
	char time[SEA_TIME_LEN];
	struct sea_value value;

	sea_field_get(field, item, &value);
	if (!value.known) {
		sea_csv_cell(out, "", first);
	} else if (field->kind == SEA_TEXT) {
		sea_csv_cell(out, value.text, first);
	} else if (field->kind == SEA_TIME) {
		sea_text_utc(&value.time, time, sizeof(time));
		sea_csv_cell(out, time, first);
	} else {
		sea_csv_number(out, value.number, first);
	}
}

/* More than any list has, and those that were chosen */
#define FIELDS_MAX (2 * SEA_COLUMNS_MAX)

/* All fields that JSON has, or the columns that were chosen. Returns how many they are. */
static size_t collect(const struct sea_report *report, const struct sea_field *out[FIELDS_MAX])
{
	const struct sea_fields *fields = sea_report_table(report)->fields();
	const struct sea_columns *chosen = &report->options.columns;
	bool all = !chosen->nr || chosen->defaults;
	size_t i, nr = 0;

	for (i = 0; all && i < fields->nr && nr < FIELDS_MAX; i++)
		if (fields->list[i].path)
			out[nr++] = &fields->list[i];
	for (i = 0; i < chosen->nr && nr < FIELDS_MAX; i++)
		if (!all || !chosen->chosen[i]->path)
			out[nr++] = chosen->chosen[i];
	return nr;
}

int sea_report_csv(const struct sea_report *report, struct sea_text *out, struct sea_error *err)
{
	const struct sea_field *fields[FIELDS_MAX];
	size_t nr = collect(report, fields), i, row;

	for (i = 0; i < nr; i++)
		sea_csv_cell(out, fields[i]->path ?: fields[i]->column, !i);
	sea_csv_end(out);
	for (row = 0; row < report->table.nr; row++) {
		const struct sea_report_item item = {report, report->table.place[row]};

		for (i = 0; i < nr; i++)
			put_value(fields[i], &item, !i, out);
		sea_csv_end(out);
	}
	return out->failed ? sea_error_set(err, "cannot write CSV: out of memory") : 0;
}
