// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arm/hest.h"
#include "hest-table.h"

static void parses(struct hest_table *t, struct sea_hest *hest)
{
	struct sea_error err;

	if (sea_hest_parse(t->bytes, t->size, hest, &err))
		fail_msg("%s", err.text);
	hest_free(t);
}

static void fails(struct hest_table *t, const char *why)
{
	struct sea_hest hest;
	struct sea_error err;

	assert_int_equal(sea_hest_parse(t->bytes, t->size, &hest, &err), -1);
	if (!strstr(err.text, why))
		fail_msg("'%s' does not say '%s'", err.text, why);
	assert_non_null(strstr(err.text, "HEST is damaged: "));
	hest_free(t);
}

static void every_kind_of_source(void **state)
{
	struct hest_table t;
	struct sea_hest hest;

	(void)state;
	hest_start(&t);
	hest_add(&t, HEST_MACHINE_CHECK, 0, 40 + 2 * 28)[32] = 2;
	hest_add(&t, HEST_CORRECTED, 1, 48 + 28)[44] = 1;
	hest_add(&t, HEST_NMI, 2, 20);
	hest_add(&t, HEST_AER_ROOT, 3, 48);
	hest_add(&t, HEST_AER_ENDPOINT, 4, 44);
	hest_add(&t, HEST_AER_BRIDGE, 5, 56);
	hest_add_generic(&t, HEST_GHES, 6, HEST_NOTIFY_SCI, 1);
	hest_add_generic(&t, HEST_GHES_V2, 7, HEST_NOTIFY_SEA, 1);
	hest_add_generic(&t, HEST_GHES, 8, HEST_NOTIFY_SEA, 0);
	hest_add(&t, HEST_DEFERRED, 9, 48 + 3 * 28)[44] = 3;
	hest_add_generic(&t, HEST_GHES, 0x1234, HEST_NOTIFY_SEA, 1);
	parses(&t, &hest);
	assert_int_equal(hest.sources, 11);
	assert_int_equal(hest.ghes, 4);
	assert_int_equal(hest.sea, 3);
	assert_int_equal(hest.sea_enabled, 2);
	assert_int_equal(hest.twice, -1);
}

static void ids_of_those_that_notify_by_sea(void **state)
{
	static const uint16_t ids[] = {0, 7, 8, 255, 256, 65535};
	struct hest_table t;
	struct sea_hest hest;
	unsigned int id, found = 0;
	size_t i;

	(void)state;
	hest_start(&t);
	for (i = 0; i < ARRAY_SIZE(ids); i++)
		hest_add_generic(&t, HEST_GHES_V2, ids[i], HEST_NOTIFY_SEA, 1);
	hest_add_generic(&t, HEST_GHES_V2, 9, HEST_NOTIFY_SEA, 0);
	hest_add_generic(&t, HEST_GHES_V2, 10, HEST_NOTIFY_SCI, 1);
	hest_add(&t, HEST_NMI, 11, 20);
	parses(&t, &hest);
	for (i = 0; i < ARRAY_SIZE(ids); i++)
		assert_true(sea_hest_is_sea(&hest, ids[i]));
	for (id = 0; id < SEA_HEST_IDS + 10; id++)
		found += sea_hest_is_sea(&hest, id);
	assert_int_equal(found, ARRAY_SIZE(ids));
}

/* Linux drops the whole table then, but only of sources that are enabled and generic. */
static void an_id_twice(void **state)
{
	struct hest_table t;
	struct sea_hest hest;

	(void)state;
	hest_start(&t);
	hest_add_generic(&t, HEST_GHES, 5, HEST_NOTIFY_SEA, 1);
	hest_add_generic(&t, HEST_GHES, 5, HEST_NOTIFY_SEA, 0);
	hest_add(&t, HEST_AER_ROOT, 5, 48);
	parses(&t, &hest);
	assert_int_equal(hest.twice, -1);

	hest_start(&t);
	hest_add_generic(&t, HEST_GHES, 300, HEST_NOTIFY_SCI, 1);
	hest_add_generic(&t, HEST_GHES_V2, 300, HEST_NOTIFY_SEA, 1);
	hest_add_generic(&t, HEST_GHES, 301, HEST_NOTIFY_SEA, 1);
	hest_add_generic(&t, HEST_GHES, 301, HEST_NOTIFY_SEA, 1);
	parses(&t, &hest);
	assert_int_equal(hest.twice, 300);
}

/* A source for each bank and CPU: 712 of them are 65,544 bytes, and 3,000 are 276,040. */
static void of_any_size(void **state)
{
	static const unsigned int numbers[] = {711, 712, 713, 3000};
	struct hest_table t;
	struct sea_hest hest;
	unsigned int i;
	size_t n;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(numbers); n++) {
		hest_start(&t);
		for (i = 0; i < numbers[n]; i++)
			hest_add_generic(&t, HEST_GHES_V2, (uint16_t)i, HEST_NOTIFY_SEA, 1);
		assert_int_equal(t.size, 40 + 92 * numbers[n]);
		parses(&t, &hest);
		assert_int_equal(hest.sources, numbers[n]);
		assert_int_equal(hest.sea_enabled, numbers[n]);
		assert_true(sea_hest_is_sea(&hest, numbers[n] - 1));
		assert_false(sea_hest_is_sea(&hest, numbers[n]));
	}
}

static void empty(void **state)
{
	struct hest_table t;
	struct sea_hest hest;

	(void)state;
	hest_start(&t);
	parses(&t, &hest);
	assert_int_equal(hest.sources, 0);
	assert_int_equal(hest.twice, -1);
}

/* What was read ahead of the entry that is wrong stays known. */
static void damaged_behind_good_ones(void **state)
{
	struct hest_table t;
	struct sea_hest hest;
	struct sea_error err;
	int i;

	(void)state;
	hest_start(&t);
	for (i = 0; i < 711; i++)
		hest_add_generic(&t, HEST_GHES_V2, (uint16_t)i, HEST_NOTIFY_SEA, 1);
	hest_add(&t, 12, 711, 92);
	assert_int_equal(sea_hest_parse(t.bytes, t.size, &hest, &err), -1);
	assert_string_equal(err.text, "HEST is damaged: error source 712 of 712, at byte 65452, "
				      "is of type 12, which ACPI 6.5 does not have");
	assert_int_equal(hest.sources, 711);
	assert_int_equal(hest.sea_enabled, 711);
	hest_free(&t);
}

/* A source one byte short, of every type: the entry is named, and what is missing. */
static void cut_short(void **state)
{
	static const struct {
		uint8_t type;
		size_t size;
	} kinds[] = {
		{HEST_MACHINE_CHECK, 40}, {HEST_CORRECTED, 48},	   {HEST_NMI, 20},
		{HEST_AER_ROOT, 48},	  {HEST_AER_ENDPOINT, 44}, {HEST_AER_BRIDGE, 56},
		{HEST_GHES, 64},	  {HEST_GHES_V2, 92},	   {HEST_DEFERRED, 48},
	};
	struct hest_table t;
	struct sea_hest hest;
	char why[96];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		hest_start(&t);
		hest_add(&t, HEST_NMI, 1, 20);
		hest_add(&t, kinds[i].type, 2, kinds[i].size);
		parses(&t, &hest);
		assert_int_equal(hest.sources, 2);

		hest_start(&t);
		hest_add(&t, HEST_NMI, 1, 20);
		hest_add(&t, kinds[i].type, 2, kinds[i].size - 1);
		snprintf(why, sizeof(why),
			 "error source 2 of 2, at byte 60, takes %zu bytes or more, and the table "
			 "has %zu left",
			 kinds[i].size, kinds[i].size - 1);
		fails(&t, why);
	}
	/* Not even its type and id */
	hest_start(&t);
	hest_add(&t, HEST_NMI, 1, 20);
	hest_set_count(&t, 2);
	fails(&t, "error source 2 of 2, at byte 60, takes 4 bytes or more, and the table has 0");
}

static void banks(void **state)
{
	static const struct {
		uint8_t type, offset;
		size_t size;
	} kinds[] = {
		{HEST_MACHINE_CHECK, 32, 40}, {HEST_CORRECTED, 44, 48}, {HEST_DEFERRED, 44, 48}};
	struct hest_table t;
	struct sea_hest hest;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		/* 28 bytes each, and the last of them is short of one. */
		hest_start(&t);
		hest_add(&t, kinds[i].type, 1, kinds[i].size + 255 * 28)[kinds[i].offset] = 255;
		hest_add_generic(&t, HEST_GHES, 2, HEST_NOTIFY_SEA, 1);
		parses(&t, &hest);
		assert_int_equal(hest.sea_enabled, 1);

		hest_start(&t);
		hest_add(&t, kinds[i].type, 1, kinds[i].size + 3 * 28 - 1)[kinds[i].offset] = 3;
		fails(&t, "or more, and the table has");
	}
}

static void types_that_are_none(void **state)
{
	static const uint8_t types[] = {3, 4, 5, 12, 255};
	struct hest_table t;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		hest_start(&t);
		hest_add(&t, types[i], 1, 100);
		fails(&t, "which ACPI 6.5 does not have");
	}
	/* Types have 16 bits. */
	hest_start(&t);
	hest_add(&t, HEST_GHES, 1, 64)[1] = 1;
	fails(&t, "is of type 265,");
}

static void its_header(void **state)
{
	struct hest_table t;

	(void)state;
	hest_start(&t);
	t.size = 39;
	fails(&t, "39 bytes without its signature");
	hest_start(&t);
	t.bytes[3] = 'X';
	fails(&t, "without its signature");
	hest_start(&t);
	hest_set_length(&t, 41);
	fails(&t, "its length is 41, and it has 40 bytes");
	hest_start(&t);
	hest_set_length(&t, 39);
	fails(&t, "its length is 39, and it has 40 bytes");
	hest_start(&t);
	hest_set_length(&t, 0xffffffff);
	fails(&t, "its length is 4294967295");
	/* What is behind the length does not belong to it. */
	hest_start(&t);
	hest_add(&t, HEST_NMI, 1, 20);
	hest_set_length(&t, 59);
	fails(&t, "takes 20 bytes or more, and the table has 19 left");
	hest_start(&t);
	hest_add(&t, HEST_NMI, 1, 20);
	hest_set_count(&t, 0xffffffff);
	fails(&t, "error source 2 of 4294967295");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_source),
		cmocka_unit_test(ids_of_those_that_notify_by_sea),
		cmocka_unit_test(an_id_twice),
		cmocka_unit_test(of_any_size),
		cmocka_unit_test(empty),
		cmocka_unit_test(damaged_behind_good_ones),
		cmocka_unit_test(cut_short),
		cmocka_unit_test(banks),
		cmocka_unit_test(types_that_are_none),
		cmocka_unit_test(its_header),
	};

	return cmocka_run_group_tests_name("hest", tests, NULL, NULL);
}
