// SPDX-License-Identifier: GPL-2.0-only
/* Which VMs a filter is of, and what it says of itself. */
#include "model/filter.h"

#include "fixtures.h"

static const struct sea_filter_who web = {"web-7", "3fa9b2c0-1111-2222-3333-444455556666", 4711};
static const struct sea_filter_who nobody = {"db01", "", 12};

static void what_is_typed(void **state)
{
	(void)state;
	assert_true(sea_filter_finds("", &web));
	assert_true(sea_filter_finds("EB", &web));
	assert_true(sea_filter_finds("4711", &web));
	assert_false(sea_filter_finds("471", &web));
	assert_true(sea_filter_finds("3FA9", &web));
	assert_false(sea_filter_finds("a9b2", &web));
	assert_true(sea_filter_finds("db|web", &web));
	assert_false(sea_filter_finds("db|", &web));
	assert_true(sea_filter_finds("w*7", &web));
	assert_false(sea_filter_finds("w*8", &web));
	assert_false(sea_filter_finds("3fa9", &nobody));
}

static void all_that_is_asked(void **state)
{
	const struct sea_filter both = {.glob = "web*", .text = "7"};
	const struct sea_filter wrong_pid = {.glob = "web*", .pid = 12};
	const struct sea_filter none = {0}, empty = {.text = ""};

	(void)state;
	assert_true(sea_filter_is_of(&both, &web));
	assert_false(sea_filter_is_of(&both, &nobody));
	assert_false(sea_filter_is_of(&wrong_pid, &web));
	assert_false(sea_filter_is_of(&wrong_pid, &nobody));
	assert_true(sea_filter_is_of(&none, &web));
	assert_true(sea_filter_is_of(&empty, &nobody));
	assert_true(sea_filter_asks_who(&both) && sea_filter_asks_who(&wrong_pid));
	assert_false(sea_filter_asks_who(&none) || sea_filter_asks_who(&empty));
	assert_false(sea_filter_asks_what(&both));
	assert_true(sea_filter_asks_what(&(struct sea_filter){.active = true}));
	assert_true(sea_filter_asks_what(&(struct sea_filter){.not_ended = true}));
	assert_false(sea_filter_asks_who(&(struct sea_filter){.not_ended = true}));
}

static void assert_said(const struct sea_filter *filter, const char *what)
{
	struct sea_text text = {0};

	sea_filter_say(filter, &text);
	assert_string_equal(text.text, what);
	sea_text_free(&text);
}

static void in_words(void **state)
{
	const struct sea_filter all = {
		.pid = 7, .glob = "w*", .text = "db", .active = true, .not_ended = true};

	(void)state;
	assert_said(&(struct sea_filter){0}, "VMs");
	assert_said(&(struct sea_filter){.not_ended = true}, "VMs that run");
	assert_said(&all, "VMs called w*, of process 7, like \"db\", with SEAs, that run");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_typed),
		cmocka_unit_test(all_that_is_asked),
		cmocka_unit_test(in_words),
	};

	return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
