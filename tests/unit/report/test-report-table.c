// SPDX-License-Identifier: GPL-2.0-only
/* Which rows the table of a report has, in which order, and what it says of the others. */
#include "report/report.h"

#include <stdio.h>
#include <string.h>

#include "fixtures.h"
#include "report/incident.h"
#include "report/report-csv.h"
#include "report/report-fields.h"
#include "report/report-json.h"
#include "report/report-text.h"

static char dir[64], path[128];

static int play(void **state)
{
	(void)state;
	if (fixture_make_dir(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/sea.db", dir);
	incident_play(path);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	return fixture_remove_dir(dir);
}

static void make(struct sea_report *report, struct sea_report_options *options)
{
	static const char *const files[] = {path};
	struct sea_error err;

	options->files = files;
	options->nr_files = 1;
	options->window = SEA_WINDOW_ALL;
	*report = (struct sea_report){0};
	if (sea_report_make(report, options, &err))
		fail_msg("%s", err.text);
}

/* The VMs of the table are called that, in this order. */
static void assert_rows(const struct sea_report *report, const char *names)
{
	char all[256] = "";
	size_t i, n = 0;

	for (i = 0; i < report->table.nr; i++)
		n += (size_t)snprintf(all + n, sizeof(all) - n, "%s%s", i ? " " : "",
				      report->vms[report->table.place[i]].name);
	assert_string_equal(all, names);
}

static const struct sea_field *column(enum sea_report_by by, const char *name)
{
	const struct sea_field *field =
		sea_field_by_column(sea_report_table_of(by)->fields(), name);

	assert_non_null(field);
	return field;
}

static void in_order(void **state)
{
	struct sea_report_options options = {0};
	struct sea_report r;

	(void)state;
	make(&r, &options);
	assert_rows(&r, "storm db01 web batch");
	sea_report_free(&r);
	options.order.reverse = true;
	make(&r, &options);
	assert_rows(&r, "batch web db01 storm");
	sea_report_free(&r);
	options.order = (struct sea_order){.field = column(SEA_BY_VM, "vm")};
	make(&r, &options);
	assert_rows(&r, "batch db01 storm web");
	options.order.reverse = true;
	options.max_rows = 3;
	sea_report_free(&r);
	make(&r, &options);
	assert_rows(&r, "web storm db01");
	assert_int_equal(r.table.more, 1);
	assert_int_equal(r.table.seas, r.total);
	sea_report_free(&r);
}

/* VMs that ended are not in the table, and are said to be; the sums have them. */
static void what_became_of_them(void **state)
{
	struct sea_report_options options = {.filter.not_ended = true, .filter.active = true};
	struct sea_text out = {0};
	struct sea_report r;
	struct sea_error err;

	(void)state;
	make(&r, &options);
	assert_rows(&r, "storm batch");
	assert_int_equal(r.nr_vms, 4);
	assert_int_equal(r.total, 1008);
	assert_int_equal(r.table.hidden, 2);
	assert_int_equal(r.table.seas + r.table.hidden_seas, r.total);
	assert_true(r.table.hidden_seas);
	assert_int_equal(sea_report_text(&r, 0, &out, &err), 0);
	assert_non_null(strstr(out.text, "\n(VMs with SEAs, that run: 2 of 4, "));
	assert_non_null(strstr(out.text, " of 1008 SEAs)\n"));
	sea_text_free(&out);
	assert_int_equal(sea_report_json(&r, &out, &err), 0);
	assert_non_null(strstr(out.text, "\"running\":true"));
	assert_non_null(strstr(out.text, "\"hidden\":{\"vms\":2,\"seas\":"));
	assert_null(strstr(out.text, "\"vms\":[{\"name\":\"db01\""));
	sea_text_free(&out);
	sea_report_free(&r);
}

/* What is not asked for is in no number, and is said to be left out. */
static void who_is_asked_for(void **state)
{
	struct sea_report_options options = {.filter.text = "DB|web"};
	struct sea_text out = {0};
	struct sea_report r;
	struct sea_error err;

	(void)state;
	make(&r, &options);
	assert_rows(&r, "db01 web");
	assert_int_equal(r.left_out_vms, 2);
	assert_int_equal(r.left_out_seas + r.total, 1008);
	assert_int_equal(sea_report_text(&r, 0, &out, &err), 0);
	assert_non_null(strstr(out.text, ", only VMs like \"DB|web\"; 2 VMs with "));
	assert_non_null(strstr(out.text, " SEAs are left out\n"));
	sea_text_free(&out);
	assert_int_equal(sea_report_json(&r, &out, &err), 0);
	assert_non_null(strstr(out.text, "\"left_out\":{\"vms\":2,\"seas\":"));
	sea_text_free(&out);
	sea_report_free(&r);
	/* Of somebody else's process there is nothing. */
	options = (struct sea_report_options){.filter.pid = 1};
	make(&r, &options);
	assert_int_equal(r.nr_vms, 0);
	assert_int_equal(r.left_out_vms, 4);
	assert_int_equal(r.left_out_seas, 1008);
	sea_report_free(&r);
}

static void columns(void **state)
{
	struct sea_report_options options = {.by = SEA_BY_PAGE};
	struct sea_text out = {0};
	struct sea_report r;
	struct sea_error err;

	(void)state;
	assert_int_equal(sea_columns_parse(&options.columns,
					   sea_report_table_of(SEA_BY_PAGE)->fields(), "VMS,page",
					   &err),
			 0);
	options.order = (struct sea_order){.field = column(SEA_BY_PAGE, "HITS"), .reverse = true};
	make(&r, &options);
	assert_int_equal(sea_report_text(&r, 0, &out, &err), 0);
	assert_non_null(strstr(out.text, "\nVMS PAGE\n"));
	sea_text_free(&out);
	assert_int_equal(sea_report_csv(&r, &out, &err), 0);
	assert_memory_equal(out.text, "vms,PAGE\r\n", 10);
	sea_text_free(&out);
	assert_true(r.pages[r.table.place[0]].hits <= r.pages[r.table.place[r.table.nr - 1]].hits);
	sea_report_free(&r);
	options.columns = (struct sea_columns){0};
	assert_int_equal(sea_columns_parse(&options.columns,
					   sea_report_table_of(SEA_BY_PAGE)->fields(), "+SIZE",
					   &err),
			 0);
	make(&r, &options);
	assert_int_equal(sea_report_text(&r, 0, &out, &err), 0);
	assert_non_null(strstr(out.text, "\nPAGE "));
	assert_non_null(strstr(out.text, " BY "));
	assert_non_null(strstr(out.text, " SIZE\n"));
	sea_text_free(&out);
	sea_report_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_order),
		cmocka_unit_test(what_became_of_them),
		cmocka_unit_test(who_is_asked_for),
		cmocka_unit_test(columns),
	};

	return cmocka_run_group_tests_name("report-table", tests, play, remove_dir);
}
