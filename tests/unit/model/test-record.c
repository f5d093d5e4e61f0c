// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include "model/record.h"

static void check(const char *(*name)(unsigned int), int (*number)(const char *), unsigned int nr,
		  const char *first)
{
	unsigned int i;

	assert_string_equal(name(0), first);
	for (i = 0; i < nr; i++)
		assert_int_equal(number(name(i)), i);
	assert_string_equal(name(nr), "invalid");
	assert_int_equal(number("invalid"), -1);
	assert_int_equal(number(NULL), -1);
}

static void names_and_numbers(void **state)
{
	(void)state;
	check(sea_record_type_name, sea_record_type_number, SEA_RECORD_TYPES, "session");
	check(sea_gap_cause_name, sea_gap_cause_number, SEA_GAP_CAUSES, "tick");
	check(sea_host_kind_name, sea_host_kind_number, SEA_HOST_KINDS, "memory_failure");
	check(sea_session_end_name, sea_session_end_number, SEA_SESSION_ENDS, "runs");
	assert_string_equal(sea_record_type_name(SEA_RECORD_HOST), "host");
	assert_string_equal(sea_gap_cause_name(SEA_GAP_SOURCE), "source");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(names_and_numbers)};

	return cmocka_run_group_tests_name("record", tests, NULL, NULL);
}
