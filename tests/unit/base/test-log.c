// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <string.h>

#include "base/log.h"

static char last[32768];
static unsigned int notes;

static void keep(const char *note)
{
	notes++;
	strncpy(last, note, sizeof(last) - 1);
}

static int begin(void **state)
{
	(void)state;
	notes = 0;
	last[0] = '\0';
	sea_log_to(NULL);
	return 0;
}

static void nobody_asked(void **state)
{
	(void)state;
	sea_log("%d", 1);
	assert_int_equal(notes, 0);
}

static void note_comes_without_its_newlines(void **state)
{
	(void)state;
	sea_log_to(keep);
	sea_log("a\nb %d\n\n", 7);
	assert_int_equal(notes, 1);
	assert_string_equal(last, "a\nb 7");
	sea_log("\n");
	assert_int_equal(notes, 2);
	assert_string_equal(last, "");
}

static void long_note_is_cut(void **state)
{
	static char text[20000];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	sea_log_to(keep);
	sea_log("%s", text);
	assert_int_equal(notes, 1);
	assert_int_equal(strlen(last), 16383);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nobody_asked, begin),
		cmocka_unit_test_setup(note_comes_without_its_newlines, begin),
		cmocka_unit_test_setup(long_note_is_cut, begin),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
