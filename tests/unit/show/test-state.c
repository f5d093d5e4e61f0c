// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <string.h>

#include "show/state.h"

static void lists(void **state)
{
	struct sea_list list = {0};

	(void)state;
	sea_list_fit(&list, 30, 10);
	assert_false(sea_list_move(&list, SEA_DO_UP, true));
	assert_true(sea_list_move(&list, SEA_DO_PAGE_DOWN, true));
	assert_int_equal(list.cursor, 9);
	sea_list_move(&list, SEA_DO_DOWN, true);
	sea_list_fit(&list, 30, 10);
	assert_int_equal(list.cursor, 10);
	assert_int_equal(list.top, 1);
	sea_list_move(&list, SEA_DO_LAST, true);
	sea_list_fit(&list, 30, 10);
	assert_int_equal(list.cursor, 29);
	assert_int_equal(list.top, 20);
	/* It gets shorter: the cursor is on a line that there is, and no line is empty. */
	sea_list_fit(&list, 12, 10);
	assert_int_equal(list.cursor, 11);
	assert_int_equal(list.top, 2);
	sea_list_fit(&list, 0, 10);
	assert_int_equal(list.cursor, 0);
	assert_int_equal(list.top, 0);
	/* A page of text has no cursor: at its end the last line is at the bottom. */
	sea_list_fit(&list, 30, 10);
	sea_list_move(&list, SEA_DO_LAST, false);
	assert_int_equal(list.top, 20);
	assert_false(sea_list_move(&list, SEA_DO_DOWN, false));
	sea_list_move(&list, SEA_DO_PAGE_UP, false);
	assert_int_equal(list.top, 11);
	sea_list_move(&list, SEA_DO_FIRST, false);
	assert_int_equal(list.top, 0);
}

static void type(struct sea_state *s, const char *text)
{
	for (; *text; text++)
		assert_int_equal(sea_state_type(s, (unsigned char)*text), SEA_TYPED_MORE);
}

static void filter_as_typed(void **state)
{
	struct sea_state s;

	(void)state;
	sea_state_begin(&s);
	s.lists[SEA_PAGE_TABLE].cursor = 7;
	s.follows = true;
	assert_true(sea_state_act(&s, SEA_DO_FILTER));
	type(&s, "wx");
	assert_string_equal(s.filter, "wx");
	assert_int_equal(s.lists[SEA_PAGE_TABLE].cursor, 0);
	assert_false(s.follows);
	sea_state_type(&s, SEA_KEY_BACKSPACE);
	sea_state_type(&s, 0xfc);
	sea_state_type(&s, 0x65e5);
	sea_state_type(&s, 0x1f600);
	assert_string_equal(s.filter, "w\xc3\xbc\xe6\x97\xa5\xf0\x9f\x98\x80");
	sea_state_type(&s, SEA_KEY_BACKSPACE);
	sea_state_type(&s, SEA_KEY_BACKSPACE);
	assert_string_equal(s.filter, "w\xc3\xbc");
	/* Keys that are no characters, and control characters, are none. */
	sea_state_type(&s, SEA_KEY_UP);
	sea_state_type(&s, 7);
	assert_string_equal(s.filter, "w\xc3\xbc");
	assert_int_equal(sea_state_type(&s, SEA_KEY_ENTER), SEA_TYPED_DONE);
	assert_int_equal(s.prompt, SEA_PROMPT_NONE);
	/* Esc gives the one back that there was. */
	sea_state_act(&s, SEA_DO_FILTER);
	type(&s, "ab");
	assert_int_equal(sea_state_type(&s, SEA_KEY_ESC), SEA_TYPED_DROPPED);
	assert_string_equal(s.filter, "w\xc3\xbc");
	/* In the table, Esc drops it. */
	sea_state_act(&s, SEA_DO_BACK);
	assert_string_equal(s.filter, "");
	/* Far too much of it */
	sea_state_act(&s, SEA_DO_FILTER);
	while (strlen(s.filter) + 1 < sizeof(s.filter))
		sea_state_type(&s, 'x');
	sea_state_type(&s, 'x');
	assert_int_equal(strlen(s.filter), sizeof(s.filter) - 1);
	sea_state_type(&s, 'U' - 'A' + 1);
	assert_string_equal(s.filter, "");
}

static void pages_lead_back(void **state)
{
	struct sea_state s;
	int i;

	(void)state;
	sea_state_begin(&s);
	sea_state_act(&s, SEA_DO_TRUST);
	sea_state_act(&s, SEA_DO_HELP);
	assert_int_equal(s.page, SEA_PAGE_HELP);
	/* Help of help is help. */
	sea_state_act(&s, SEA_DO_HELP);
	sea_state_act(&s, SEA_DO_BACK);
	assert_int_equal(s.page, SEA_PAGE_TRUST);
	sea_state_act(&s, SEA_DO_BACK);
	assert_int_equal(s.page, SEA_PAGE_TABLE);
	sea_state_act(&s, SEA_DO_BACK);
	assert_int_equal(s.page, SEA_PAGE_TABLE);
	/* Round and round: the table is there at the end. */
	for (i = 0; i < 100; i++)
		sea_state_open(&s, i % 2 ? SEA_PAGE_EVENTS : SEA_PAGE_TRUST);
	for (i = 0; i < SEA_PAGES_DEEP; i++)
		sea_state_act(&s, SEA_DO_BACK);
	assert_int_equal(s.page, SEA_PAGE_TABLE);
}

static void counts(void **state)
{
	struct sea_state s;

	(void)state;
	sea_state_begin(&s);
	/* Without a mark nothing can be since it. */
	sea_state_act(&s, SEA_DO_COUNTS);
	assert_int_equal(s.counts, SEA_COUNTS_INTERVAL);
	sea_state_act(&s, SEA_DO_COUNTS);
	assert_int_equal(s.counts, SEA_COUNTS_TOTAL);
	s.has_mark = true;
	sea_state_act(&s, SEA_DO_COUNTS);
	assert_int_equal(s.counts, SEA_COUNTS_MARK);
	assert_false(sea_state_act(&s, SEA_DO_MARK));
	assert_false(sea_state_act(&s, SEA_DO_QUIT));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),
		cmocka_unit_test(filter_as_typed),
		cmocka_unit_test(pages_lead_back),
		cmocka_unit_test(counts),
	};

	return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
