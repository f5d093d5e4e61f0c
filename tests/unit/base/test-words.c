// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include "base/words.h"

static void every_number_has_its_own_name(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < SEA_DISPOSITIONS; i++)
		assert_int_equal(sea_disposition_number(sea_disposition_name(i)), i);
	for (i = 0; i < SEA_REASONS; i++)
		assert_int_equal(sea_reason_number(sea_reason_name(i)), i);
	for (i = 0; i < SEA_RESPONSES; i++)
		assert_int_equal(sea_response_number(sea_response_name(i)), i);
}

/* They are an interface: kernel, JSON and metrics have the same. */
static void names_are_those_of_the_design(void **state)
{
	(void)state;
	assert_string_equal(sea_disposition_name(SEA_CLAIMED), "claimed");
	assert_string_equal(sea_disposition_name(SEA_HOST_OWNED), "host_owned");
	assert_string_equal(sea_disposition_name(SEA_NOT_OPTED_IN), "not_opted_in");
	assert_string_equal(sea_disposition_name(SEA_FORWARDED), "forwarded");
	assert_string_equal(sea_disposition_name(SEA_UNKNOWN), "unknown");
	assert_string_equal(sea_reason_name(SEA_NO_RAS), "no_ras");
	assert_string_equal(sea_reason_name(SEA_VNCR), "vncr");
	assert_string_equal(sea_reason_name(SEA_S2_WALK), "s2_walk");
	assert_string_equal(sea_reason_name(SEA_AMBIGUOUS_WALK), "ambiguous_walk");
	assert_string_equal(sea_reason_text(SEA_AMBIGUOUS_WALK), "ambiguous walk");
	assert_string_equal(sea_reason_text(SEA_S2_WALK), "s2_walk");
	assert_string_equal(sea_response_name(SEA_INJECTED), "injected");
	assert_string_equal(sea_response_name(SEA_RESUMED), "resumed");
	assert_string_equal(sea_response_name(SEA_ABANDONED), "abandoned");
	assert_string_equal(sea_opt_in_name(SEA_OPT_IN_UNKNOWN), "unknown");
	assert_string_equal(sea_opt_in_name(SEA_OPT_IN_PROTECTED), "protected");
	assert_string_equal(sea_opt_in_name(SEA_OPT_IN_NO), "no");
	assert_string_equal(sea_opt_in_name(SEA_OPT_IN_YES), "yes");
}

static void strangers_are_refused(void **state)
{
	(void)state;
	assert_string_equal(sea_disposition_name(SEA_DISPOSITIONS), "invalid");
	assert_string_equal(sea_reason_name(~0U), "invalid");
	assert_string_equal(sea_reason_text(SEA_REASONS), "invalid");
	assert_string_equal(sea_response_name(SEA_RESPONSES), "invalid");
	assert_string_equal(sea_opt_in_name(SEA_OPT_IN_STATES), "invalid");
	assert_int_equal(sea_disposition_number("Claimed"), -1);
	assert_int_equal(sea_reason_number(""), -1);
	assert_int_equal(sea_response_number(NULL), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_number_has_its_own_name),
		cmocka_unit_test(names_are_those_of_the_design),
		cmocka_unit_test(strangers_are_refused),
	};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
