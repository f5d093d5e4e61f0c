// SPDX-License-Identifier: GPL-2.0-only
#include "base/csv.h"

#include "fixtures.h"

static void assert_cell(const char *text, const char *expected)
{
	struct sea_text out = {0};

	sea_csv_cell(&out, text, true);
	assert_string_equal(out.text ? out.text : "", expected);
	sea_text_free(&out);
}

static void test_cells(void **state)
{
	(void)state;
	assert_cell("db01", "db01");
	assert_cell("", "");
	assert_cell("a,b", "\"a,b\"");
	assert_cell("say \"so\"", "\"say \"\"so\"\"\"");
	assert_cell("\"", "\"\"\"\"");
	assert_cell("two\nlines", "\"two\nlines\"");
	assert_cell(" ahead", "\" ahead\"");
}

/* What a spreadsheet would take for a formula */
static void test_formulas(void **state)
{
	(void)state;
	assert_cell("=1+1", "'=1+1");
	assert_cell("+1", "'+1");
	assert_cell("-1", "'-1");
	assert_cell("@SUM(A1)", "'@SUM(A1)");
	assert_cell("\tx", "'\tx");
	assert_cell("=a,\"b\"", "\"'=a,\"\"b\"\"\"");
	assert_cell("a=1", "a=1");
}

static void test_rows(void **state)
{
	struct sea_text out = {0};

	(void)state;
	sea_csv_cell(&out, "VM", true);
	sea_csv_number(&out, 18446744073709551615ULL, false);
	sea_csv_cell(&out, "", false);
	sea_csv_end(&out);
	sea_csv_number(&out, 0, true);
	sea_csv_end(&out);
	assert_string_equal(out.text, "VM,18446744073709551615,\r\n0\r\n");
	sea_text_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cells),
		cmocka_unit_test(test_formulas),
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
