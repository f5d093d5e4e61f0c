// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <stdio.h>
#include <string.h>

#include "show/keys.h"

static void every_action_has_a_key(void **state)
{
	bool seen[SEA_ACTIONS] = {false};
	const struct sea_key_help *help;
	size_t nr, i;

	(void)state;
	help = sea_keys_help(&nr);
	for (i = 0; i < nr; i++) {
		assert_false(seen[help[i].action]);
		seen[help[i].action] = true;
		assert_true(help[i].keys[0] && help[i].help[0] && help[i].name[0]);
		assert_int_equal(sea_action_by_name(help[i].name), help[i].action);
	}
	for (i = 1; i < SEA_ACTIONS; i++)
		assert_true(seen[i]);
}

/* What help calls a key is a key, and it does what help says. */
static void keys_do_what_help_says(void **state)
{
	const struct sea_key_help *help;
	struct sea_keymap map;
	size_t nr, i, page, keys = 0;

	(void)state;
	sea_keymap_default(&map);
	help = sea_keys_help(&nr);
	for (i = 0; i < nr; i++) {
		char copy[64], *next = copy, *name;

		snprintf(copy, sizeof(copy), "%s", help[i].keys);
		while ((name = strsep(&next, " "))) {
			int key = sea_key_by_name(name);

			assert_true(key > 0);
			keys++;
			for (page = 0; page < SEA_PAGES; page++)
				assert_int_equal(sea_keymap_action(&map, page, key),
						 !help[i].pages || help[i].pages & 1U << page ?
							 help[i].action :
							 SEA_DO_NOTHING);
		}
	}
	/* No key has two meanings, but for the wheel that is no name. */
	assert_int_equal(map.nr, keys + 2);
	assert_int_equal(sea_keymap_action(&map, SEA_PAGE_TABLE, '~'), SEA_DO_NOTHING);
}

static void names_of_keys(void **state)
{
	(void)state;
	assert_int_equal(sea_key_by_name("a"), 'a');
	assert_int_equal(sea_key_by_name("Ctrl-L"), 12);
	assert_int_equal(sea_key_by_name("F1"), SEA_KEY_F1);
	assert_int_equal(sea_key_by_name("F12"), SEA_KEY_F1 + 11);
	assert_int_equal(sea_key_by_name("F13"), -1);
	assert_int_equal(sea_key_by_name("Space"), ' ');
	assert_int_equal(sea_key_by_name(""), -1);
	assert_int_equal(sea_key_by_name("Ctrl-1"), -1);
	assert_int_equal(sea_key_by_name("nonsense"), -1);
}

static void other_meanings(void **state)
{
	struct sea_keymap map;

	(void)state;
	sea_keymap_default(&map);
	assert_true(sea_keymap_set(&map, "x", SEA_DO_QUIT));
	assert_true(sea_keymap_set(&map, "q", SEA_DO_NOTHING));
	assert_int_equal(sea_keymap_action(&map, SEA_PAGE_TABLE, 'x'), SEA_DO_QUIT);
	assert_int_equal(sea_keymap_action(&map, SEA_PAGE_TABLE, 'q'), SEA_DO_NOTHING);
	assert_false(sea_keymap_set(&map, "nonsense", SEA_DO_QUIT));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_action_has_a_key),
		cmocka_unit_test(keys_do_what_help_says),
		cmocka_unit_test(names_of_keys),
		cmocka_unit_test(other_meanings),
	};

	return cmocka_run_group_tests_name("keys", tests, NULL, NULL);
}
