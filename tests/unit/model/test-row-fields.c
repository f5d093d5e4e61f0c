// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <string.h>

#include "model/row-fields.h"
#include "model/view-fields.h"
#include "model/view.h"

/* The cell of a row in a column */
static void check_cell(const struct sea_row *row, const char *column, const char *expected)
{
	const struct sea_field *field = sea_row_field(column);
	struct sea_value value;
	char cell[SEA_VALUE_LEN];

	assert_non_null(field);
	sea_field_get(field, row, &value);
	sea_field_cell(field, &value, cell, sizeof(cell));
	if (strcmp(cell, expected))
		fail_msg("%s is '%s' and not '%s'", column, cell, expected);
}

static void cells(void **state)
{
	static const char *const expected[][2] = {
		{"VM", "db01-1001"}, {"PID", "1001"},	 {"OPT", "yes"},   {"CLAIM", "2"},
		{"HOST", "0"},	     {"NOOPT", "0"},	 {"FWD", "8"},	   {"UNKN", "0"},
		{"INJ", "5"},	     {"RES", "1"},	 {"ABD", "0"},	   {"PEND", "2"},
		{"TOTAL", "10"},     {"BEFORE", "-"},	 {"/s", "1.5"},	   {"VCPUS", "4"},
		{"NEW", "3"},	     {"NORAS", "0"},	 {"VNCR", "0"},	   {"S2WALK", "0"},
		{"AMBIG", "3"},	     {"LAT", "3.0ms"},	 {"P99", "4.1ms"}, {"LOST", "0"},
		{"ID", "1"},	     {"ORIGIN", "comm"}, {"COMM", "db01"}, {"STATE", "running"},
		{"UUID", "-"},	     {"CGROUP", "-"},	 {"RATE", "1.5"},
	};
	struct sea_snapshot now, before;
	struct sea_view view;
	size_t i;

	(void)state;
	make_snapshot(&now);
	make_snapshot(&before);
	before.time_ns -= 2 * SEC;
	before.vms[0].vm.disposition[SEA_FORWARDED] = 5;
	make_view(&view, &now, &before);
	for (i = 0; i < ARRAY_SIZE(expected); i++)
		check_cell(&view.rows[0], expected[i][0], expected[i][1]);
	check_cell(&view.rows[2], "OPT", "ended");
	check_cell(&view.rows[2], "STATE", "ended");
	check_cell(&view.rows[2], "END", "-");
	view.rows[2].vm.exit_known = 1;
	view.rows[2].vm.wait_status = 7;
	view.rows[2].sigbus = 4;
	check_cell(&view.rows[2], "END", "SIGBUS (MCEERR_AR)");
	view.rows[0].vm.exit_known = 1;
	check_cell(&view.rows[0], "END", "-");
	check_cell(&view.rows[2], "VCPUS", "-");
	check_cell(&view.rows[2], "LAT", "-");
	check_cell(&view.rows[2], "P99", "-");
	check_cell(&view.other, "STATE", "-");
	check_cell(&view.other, "OPT", "-");
	check_cell(&view.other, "PID", "-");
	view.gone.nr_vms = 12;
	check_cell(&view.gone, "VM", "gone (12 VMs)");
	check_cell(&view.gone, "STATE", "ended");
	/* The last slot of the histogram has no bound above. */
	view.rows[0].vm.latency[SEA_LATENCY_SLOTS - 1] = 1000;
	check_cell(&view.rows[0], "P99", ">8.4s");
	view.rows[0].listed.has_before = true;
	view.rows[0].before = 7;
	check_cell(&view.rows[0], "BEFORE", "7");
	sea_view_free(&view);
	sea_snapshot_free(&now);
	sea_snapshot_free(&before);
}

/* Who has something to do comes first: no, unknown, yes. */
static void order_of_opt_in(void **state)
{
	struct sea_row no = {.listed.opt_in = SEA_OPT_IN_NO, .kind = SEA_ROW_VM};
	struct sea_row yes = {.listed.opt_in = SEA_OPT_IN_YES, .kind = SEA_ROW_VM};
	struct sea_row unknown = {.listed.opt_in = SEA_OPT_IN_UNKNOWN, .kind = SEA_ROW_VM};
	const struct sea_field *field = sea_row_field("OPT");

	(void)state;
	assert_true(sea_field_compare(field, &no, &unknown) < 0);
	assert_true(sea_field_compare(field, &unknown, &yes) < 0);
}

/* Latest first; who took none comes last. */
static void order_of_last(void **state)
{
	struct sea_row late = {.vm.last = 0x300, .last_age_ns = 1};
	struct sea_row early = {.vm.last = 0x200, .last_age_ns = 5};
	struct sea_row none = {.last_age_ns = 0};
	const struct sea_field *field = sea_row_field("LAST");

	(void)state;
	assert_true(sea_field_compare(field, &late, &early) < 0);
	assert_true(sea_field_compare(field, &early, &none) < 0);
}

/* A latency beyond all bounds is longer than any other; none at all comes last. */
static void order_of_p99(void **state)
{
	struct sea_row none = {0}, fast = {.vm = {.response = {1}, .latency = {[2] = 1}}};
	struct sea_row slow = {.vm = {.response = {1}, .latency = {[20] = 1}}};
	struct sea_row slowest = {
		.vm = {.response = {1}, .latency = {[SEA_LATENCY_SLOTS - 1] = 1}}};
	const struct sea_field *field = sea_row_field("P99");

	(void)state;
	assert_true(sea_field_compare(field, &slowest, &slow) < 0);
	assert_true(sea_field_compare(field, &slow, &fast) < 0);
	assert_true(sea_field_compare(field, &fast, &none) < 0);
}

/* No path, column or metric with its labels is there twice; each field has help. */
static void check_list(const struct sea_fields *fields)
{
	size_t i, j;

	assert_true(fields->nr > 20);
	for (i = 0; i < fields->nr; i++) {
		const struct sea_field *a = &fields->list[i];

		assert_true(a->help && strlen(a->help) > 4);
		assert_true(a->path || a->column);
		assert_true(a->get || a->kind == SEA_COUNTER || a->kind == SEA_GAUGE);
		for (j = 0; j < i; j++) {
			const struct sea_field *b = &fields->list[j];

			if (a->path && b->path)
				assert_string_not_equal(a->path, b->path);
			if (a->column && b->column)
				assert_string_not_equal(a->column, b->column);
			if (a->metric && b->metric && !strcmp(a->metric, b->metric))
				assert_string_not_equal(a->labels, b->labels);
		}
	}
}

static void lists_are_sound(void **state)
{
	(void)state;
	check_list(sea_row_fields());
	check_list(sea_view_fields());
	assert_null(sea_row_field("rates"));
	assert_ptr_equal(sea_row_field("rate"), sea_row_field("/s"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells),	   cmocka_unit_test(order_of_opt_in),
		cmocka_unit_test(order_of_last),   cmocka_unit_test(order_of_p99),
		cmocka_unit_test(lists_are_sound),
	};

	return cmocka_run_group_tests_name("row-fields", tests, NULL, NULL);
}
