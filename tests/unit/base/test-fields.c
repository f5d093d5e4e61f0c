// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <string.h>

#include "base/fields.h"

struct thing {
	__u64 number, other;
	double real;
	const char *text;
	struct timespec time;
	bool known;
};

static void get_real(const void *object, struct sea_value *value)
{
	value->real = ((const struct thing *)object)->real;
}

static void get_text(const void *object, struct sea_value *value)
{
	const struct thing *thing = object;

	value->text = thing->text;
	value->number = thing->number;
}

static void get_time(const void *object, struct sea_value *value)
{
	value->time = ((const struct thing *)object)->time;
}

static void get_perhaps(const void *object, struct sea_value *value)
{
	const struct thing *thing = object;

	value->known = thing->known;
	value->number = thing->number;
}

static const struct sea_field list[] = {
	{.path = "a.number",
	 .column = "NUMBER",
	 .kind = SEA_COUNTER,
	 .offset = offsetof(struct thing, number)},
	{.path = "a.other",
	 .column = "/s",
	 .kind = SEA_GAUGE,
	 .offset = offsetof(struct thing, other)},
	{.column = "REAL", .kind = SEA_REAL, .get = get_real},
	{.path = "text", .column = "TEXT", .kind = SEA_TEXT, .get = get_text},
	{.column = "PLACE", .kind = SEA_TEXT, .ordered = true, .get = get_text},
	{.column = "TIME", .kind = SEA_TIME, .get = get_time},
	{.column = "PERHAPS", .kind = SEA_GAUGE, .get = get_perhaps},
	{.path = "hidden", .kind = SEA_GAUGE, .offset = offsetof(struct thing, other)},
};

static const struct sea_fields fields = {list, ARRAY_SIZE(list)};

static const struct sea_field *column(const char *name)
{
	const struct sea_field *field = sea_field_by_column(&fields, name);

	assert_non_null(field);
	return field;
}

static void found_by_column_and_path(void **state)
{
	(void)state;
	assert_ptr_equal(sea_field_by_column(&fields, "NUMBER"), &list[0]);
	assert_ptr_equal(sea_field_by_column(&fields, "number"), &list[0]);
	assert_ptr_equal(sea_field_by_column(&fields, "/S"), &list[1]);
	assert_null(sea_field_by_column(&fields, "NUM"));
	assert_null(sea_field_by_column(&fields, "NUMBERS"));
	assert_null(sea_field_by_column(&fields, ""));
	assert_ptr_equal(sea_field_by_path(&fields, "a.other"), &list[1]);
	assert_ptr_equal(sea_field_by_path(&fields, "hidden"), &list[7]);
	assert_null(sea_field_by_path(&fields, "a"));
	assert_null(sea_field_by_path(&fields, "A.OTHER"));
}

static void read_by_offset_or_getter(void **state)
{
	const struct thing thing = {.number = 7, .other = 9, .real = 1.5, .text = "x"};
	struct sea_value value = {.number = 1, .real = 2, .slots = &thing.number};

	(void)state;
	sea_field_get(&list[1], &thing, &value);
	assert_true(value.known && value.number == 9 && value.real == 0 && !value.slots);
	sea_field_get(&list[0], &thing, &value);
	assert_true(value.number == 7);
	sea_field_get(&list[2], &thing, &value);
	assert_true(value.real == 1.5 && value.number == 0);
	sea_field_get(&list[6], &thing, &value);
	assert_false(value.known);
}

static void order(const char *name, const struct thing *above, const struct thing *below)
{
	if (sea_field_compare(column(name), above, below) >= 0 ||
	    sea_field_compare(column(name), below, above) <= 0)
		fail_msg("by %s the first is not above the second", name);
	assert_int_equal(sea_field_compare(column(name), above, above), 0);
}

static void numbers_downwards_text_upwards(void **state)
{
	const struct thing small = {.number = 1,
				    .other = UINT64_MAX,
				    .real = 1,
				    .text = "b",
				    .time = {5, 1},
				    .known = true};
	const struct thing large = {
		.number = 2, .other = 1, .real = 1.25, .text = "a", .time = {5, 2}, .known = true};
	const struct thing late = {.time = {6, 0}};

	(void)state;
	order("NUMBER", &large, &small);
	order("/s", &small, &large);
	order("REAL", &large, &small);
	order("TEXT", &large, &small);
	order("PLACE", &small, &large);
	order("TIME", &large, &small);
	order("TIME", &late, &large);
	/* What is not known comes last. */
	order("PERHAPS", &small, &late);
	assert_int_equal(sea_field_compare(column("PERHAPS"), &late, &late), 0);
}

static void check_cell(enum sea_kind kind, enum sea_cell cell, struct sea_value value,
		       const char *expected)
{
	const struct sea_field field = {.kind = kind, .cell = cell};
	char text[64];

	value.known = true;
	sea_field_cell(&field, &value, text, sizeof(text));
	assert_string_equal(text, expected);
}

#define S 1000000000ULL

static void cells(void **state)
{
	static const struct {
		__u64 ns;
		const char *latency, *age;
	} times[] = {
		{0, "0us", "0s"},
		{999, "0us", "0s"},
		{999999, "999us", "0s"},
		{1000000, "1.0ms", "0s"},
		{999900000, "999.9ms", "0s"},
		{S, "1.0s", "1s"},
		{59 * S + S - 1, "60.0s", "59s"},
		{60 * S, "60.0s", "1m"},
		{3599 * S, "3599.0s", "59m"},
		{3600 * S, "3600.0s", "1h"},
		{86399 * S, "86399.0s", "23h"},
		{86400 * S, "86400.0s", "1d"},
		{9 * 86400 * S, "777600.0s", "9d"},
	};
	const struct sea_field field = {.kind = SEA_GAUGE};
	struct sea_value unknown = {.known = false, .number = 5};
	char text[8];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(times); i++) {
		const struct sea_value value = {.number = times[i].ns};

		check_cell(SEA_GAUGE, SEA_CELL_LATENCY, value, times[i].latency);
		check_cell(SEA_GAUGE, SEA_CELL_AGE, value, times[i].age);
	}
	check_cell(SEA_COUNTER, SEA_CELL_PLAIN, (struct sea_value){.number = UINT64_MAX},
		   "18446744073709551615");
	check_cell(SEA_REAL, SEA_CELL_PLAIN, (struct sea_value){.real = 0}, "0");
	check_cell(SEA_REAL, SEA_CELL_PLAIN, (struct sea_value){.real = 0.04}, "0.0");
	check_cell(SEA_REAL, SEA_CELL_PLAIN, (struct sea_value){.real = 9.94}, "9.9");
	check_cell(SEA_REAL, SEA_CELL_PLAIN, (struct sea_value){.real = 9.96}, "10");
	check_cell(SEA_FLAG, SEA_CELL_PLAIN, (struct sea_value){.number = 1}, "yes");
	check_cell(SEA_FLAG, SEA_CELL_PLAIN, (struct sea_value){.number = 0}, "no");
	check_cell(SEA_TEXT, SEA_CELL_PLAIN, (struct sea_value){.text = "a\033b"}, "a?b");
	check_cell(SEA_TEXT, SEA_CELL_PLAIN, (struct sea_value){.text = ""}, "-");
	check_cell(SEA_TIME, SEA_CELL_PLAIN, (struct sea_value){.time = {0, 5}},
		   "1970-01-01T00:00:00.000000005Z");
	sea_field_cell(&field, &unknown, text, sizeof(text));
	assert_string_equal(text, "-");
}

static void what_stands_at_the_right(void **state)
{
	static const struct sea_field right[] = {{.kind = SEA_COUNTER},
						 {.kind = SEA_GAUGE},
						 {.kind = SEA_REAL},
						 {.kind = SEA_TEXT, .cell = SEA_CELL_RIGHT}};
	static const struct sea_field left[] = {
		{.kind = SEA_TEXT}, {.kind = SEA_FLAG}, {.kind = SEA_TIME}};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(right); i++)
		assert_true(sea_field_is_right(&right[i]));
	for (i = 0; i < ARRAY_SIZE(left); i++)
		assert_false(sea_field_is_right(&left[i]));
}

static void words(void **state)
{
	(void)state;
	assert_string_equal(sea_kind_name(SEA_COUNTER), "counter");
	assert_string_equal(sea_kind_name(SEA_HISTOGRAM), "histogram");
	assert_string_equal(sea_kind_name(SEA_KINDS), "invalid");
	assert_string_equal(sea_unit_name(SEA_UNIT_NONE), "");
	assert_string_equal(sea_unit_name(SEA_UNIT_PER_SECOND), "1/s");
	assert_string_equal(sea_unit_name(SEA_UNITS), "invalid");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found_by_column_and_path),
		cmocka_unit_test(read_by_offset_or_getter),
		cmocka_unit_test(numbers_downwards_text_upwards),
		cmocka_unit_test(cells),
		cmocka_unit_test(what_stands_at_the_right),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests_name("fields", tests, NULL, NULL);
}
