// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <string.h>

#include "base/error.h"

static void text_is_one_line(void **state)
{
	struct sea_error err;

	(void)state;
	assert_int_equal(sea_error_set(&err, "cannot open %s: %s", "a\nb\033[2J\x7f", "gone"), -1);
	assert_string_equal(err.text, "cannot open a b [2J : gone");
	assert_int_equal(err.status, SEA_STATUS_ERROR);
}

static void long_text_is_cut(void **state)
{
	char text[2 * SEA_ERROR_LEN];
	struct sea_error err;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	sea_error_set(&err, "%s", text);
	assert_int_equal(strlen(err.text), SEA_ERROR_LEN - 1);
}

static void exit_statuses_are_as_documented(void **state)
{
	(void)state;
	assert_int_equal(SEA_STATUS_OK, 0);
	assert_int_equal(SEA_STATUS_FOUND, 1);
	assert_int_equal(SEA_STATUS_INCOMPLETE, 2);
	assert_int_equal(SEA_STATUS_ERROR, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_one_line),
		cmocka_unit_test(long_text_is_cut),
		cmocka_unit_test(exit_statuses_are_as_documented),
	};

	return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
