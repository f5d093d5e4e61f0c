// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <string.h>

#include "model/row-fields.h"
#include "base/columns.h"

static struct sea_error err;

static void a_list(void **state)
{
	struct sea_columns columns = {0};

	(void)state;
	assert_int_equal(sea_columns_parse(&columns, sea_row_fields(), "PID,vm,Fwd", &err), 0);
	assert_int_equal(columns.nr, 3);
	assert_false(columns.defaults);
	assert_ptr_equal(columns.chosen[0], sea_row_field("PID"));
	assert_ptr_equal(columns.chosen[1], sea_row_field("VM"));
	assert_ptr_equal(columns.chosen[2], sea_row_field("FWD"));
	assert_true(sea_columns_has(&columns, sea_row_field("FWD")));
	assert_false(sea_columns_has(&columns, sea_row_field("INJ")));
}

static void with_the_default_ones(void **state)
{
	struct sea_columns columns = {0};

	(void)state;
	assert_int_equal(sea_columns_parse(&columns, sea_row_fields(), "+UUID", &err), 0);
	assert_true(columns.defaults);
	assert_int_equal(columns.nr, 1);
	/* Another list takes the place of the first one. */
	assert_int_equal(sea_columns_parse(&columns, sea_row_fields(), "VM", &err), 0);
	assert_false(columns.defaults);
	assert_int_equal(columns.nr, 1);
	assert_ptr_equal(columns.chosen[0], sea_row_field("VM"));
}

static void wrong(const char *list, const char *says)
{
	struct sea_columns columns = {0};

	assert_int_equal(sea_columns_parse(&columns, sea_row_fields(), list, &err), -1);
	if (!strstr(err.text, says))
		print_error("'%s' is not in '%s'\n", says, err.text);
	assert_non_null(strstr(err.text, says));
}

static void wrong_lists(void **state)
{
	(void)state;
	wrong("", "no column is called ''");
	wrong("VM,", "no column is called ''");
	wrong("VM,NOSUCH", "no column is called 'NOSUCH'");
	wrong("VM,vm", "column VM is given twice");
	wrong("VMVMVMVMVMVMVMVMVMVM", "no column is called 'VMVM");
	wrong("+", "no column is called ''");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list),
		cmocka_unit_test(with_the_default_ones),
		cmocka_unit_test(wrong_lists),
	};

	return cmocka_run_group_tests_name("columns", tests, NULL, NULL);
}
