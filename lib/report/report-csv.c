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

int sea_report_csv(const struct sea_report *report, struct sea_text *out, struct sea_error *err)
{
	const struct sea_report_list *list = sea_report_table(report);
	const struct sea_fields *fields = list->fields();
	struct sea_report_item item = {.report = report};
	bool first = true;
	size_t i;

	for (i = 0; i < fields->nr; i++) {
		if (!fields->list[i].path)
			continue;
		sea_csv_cell(out, fields->list[i].path, first);
		first = false;
	}
	sea_csv_end(out);
	for (; item.i < sea_report_list_length(list, report); item.i++) {
		first = true;
		for (i = 0; i < fields->nr; i++) {
			if (!fields->list[i].path)
				continue;
			put_value(&fields->list[i], &item, first, out);
			first = false;
		}
		sea_csv_end(out);
	}
	return out->failed ? sea_error_set(err, "cannot write CSV: out of memory") : 0;
}
