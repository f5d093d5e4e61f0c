// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <locale.h>
#include <string.h>

#include "base/text.h"

static void grows(void **state)
{
	struct sea_text t = {0};
	int i;

	(void)state;
	for (i = 0; i < 1000; i++)
		sea_text_add(&t, "%03d,", i);
	assert_false(t.failed);
	assert_int_equal(t.len, 4000);
	assert_int_equal(strlen(t.text), 4000);
	assert_memory_equal(t.text + 3996, "999,", 5);
	sea_text_free(&t);
	assert_null(t.text);
}

static void cut_in_utf8(void **state)
{
	char out[64];

	(void)state;
	if (!setlocale(LC_ALL, "C.UTF-8"))
		skip();
	assert_int_equal(sea_text_width("d\xc3\xbc"), 2);
	assert_int_equal(sea_text_width("\xe6\x97\xa5\xe6\x9c\xac"), 4);
	sea_text_cut("database", 8, out, sizeof(out));
	assert_string_equal(out, "database");
	sea_text_cut("database", 5, out, sizeof(out));
	assert_string_equal(out, "data\xe2\x80\xa6");
	/* Two columns do not fit into the one that is left. */
	sea_text_cut("\xe6\x97\xa5\xe6\x9c\xac", 3, out, sizeof(out));
	assert_string_equal(out, "\xe6\x97\xa5\xe2\x80\xa6");
	sea_text_cut("database", 0, out, sizeof(out));
	assert_string_equal(out, "");
	/* Room for one ellipsis and no letter. */
	sea_text_cut("database", 5, out, 4);
	assert_string_equal(out, "\xe2\x80\xa6");
}

static void cut_without_utf8(void **state)
{
	char out[64];

	(void)state;
	assert_non_null(setlocale(LC_ALL, "C"));
	sea_text_cut("d\xc3\xbc\xe6\x97\xa5"
		     "b",
		     4, out, sizeof(out));
	assert_string_equal(out, "d??b");
	sea_text_cut("d\xc3\xbc\xe6\x97\xa5"
		     "b",
		     3, out, sizeof(out));
	assert_string_equal(out, "d?~");
}

static void cut_in_the_middle(void **state)
{
	char out[64];

	(void)state;
	if (!setlocale(LC_ALL, "C.UTF-8"))
		skip();
	sea_text_cut_middle("customer-vm-10", 9, out, sizeof(out));
	assert_string_equal(out, "cust\xe2\x80\xa6m-10");
	sea_text_cut_middle("customer-vm-30", 9, out, sizeof(out));
	assert_string_equal(out, "cust\xe2\x80\xa6m-30");
	sea_text_cut_middle("customer-vm-30", 14, out, sizeof(out));
	assert_string_equal(out, "customer-vm-30");
	/* Half of a wide character does not show. */
	sea_text_cut_middle("\xe6\x97\xa5\xe6\x97\xa5\xe6\x9c\xac", 5, out, sizeof(out));
	assert_string_equal(out, "\xe6\x97\xa5\xe2\x80\xa6\xe6\x9c\xac");
	sea_text_cut_middle("database", 3, out, sizeof(out));
	assert_string_equal(out, "da\xe2\x80\xa6");
	assert_non_null(setlocale(LC_ALL, "C"));
	sea_text_cut_middle("customer-vm-30", 9, out, sizeof(out));
	assert_string_equal(out, "cust~m-30");
}

static void utc(void **state)
{
	const struct timespec t = {.tv_sec = 1795416644, .tv_nsec = 1234567};
	char out[SEA_TIME_LEN];

	(void)state;
	sea_text_utc(&t, out, sizeof(out));
	assert_string_equal(out, "2026-11-23T06:50:44.001234567Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grows),
		cmocka_unit_test(cut_in_utf8),
		cmocka_unit_test(cut_without_utf8),
		cmocka_unit_test(cut_in_the_middle),
		cmocka_unit_test(utc),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
