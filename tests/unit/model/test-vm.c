// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <string.h>

#include "model/vm.h"

static void key_as_text_and_back(void **state)
{
	static const struct sea_vm_key keys[] = {
		{93021500000, 4017, 4019, 11},
		{0, 0, 0, -1},
		{UINT64_MAX, UINT32_MAX, UINT32_MAX, INT32_MAX},
		{1, 2, 3, 0},
	};
	static const char *const texts[] = {
		"4017-93021500000-4019-11",
		"0-0-0-?",
		"4294967295-18446744073709551615-4294967295-2147483647",
		"2-1-3-0",
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		char text[SEA_VM_KEY_LEN];
		struct sea_vm_key key;

		sea_vm_key_text(&keys[i], text);
		assert_string_equal(text, texts[i]);
		assert_true(sea_vm_key_parse(text, &key));
		assert_true(sea_vm_key_equal(&key, &keys[i]));
	}
}

static void what_is_no_key(void **state)
{
	static const char *const texts[] = {
		"",
		"1",
		"1-2-3",
		"1-2-3-",
		"1-2-3--1",
		"a-2-3-4",
		"1-2-3-4-",
		"1-2-3-4x",
		"1-2-3-??",
		" 1-2-3-4",
		"1-2-3-2147483648",
		"4294967296-2-3-4",
		"1-18446744073709551616-3-4",
		"+1-2-3-4",
	};
	struct sea_vm_key key;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++)
		assert_false(sea_vm_key_parse(texts[i], &key));
}

static void each_part_tells_apart(void **state)
{
	const struct sea_vm_key key = {1, 2, 3, 4};
	const struct sea_vm_key others[] = {{9, 2, 3, 4}, {1, 9, 3, 4}, {1, 2, 9, 4}, {1, 2, 3, 9}};
	size_t i;

	(void)state;
	assert_true(sea_vm_key_equal(&key, &key));
	for (i = 0; i < ARRAY_SIZE(others); i++)
		assert_false(sea_vm_key_equal(&key, &others[i]));
}

/* ASan sees one that is given back too early or never. */
static void references(void **state)
{
	const struct sea_vm_info *info, *same;

	(void)state;
	info = sea_vm_info_new(&(struct sea_vm_info){.id = 5, .refs = 77});
	assert_non_null(info);
	same = sea_vm_info_get(info);
	assert_ptr_equal(same, info);
	sea_vm_info_put(info);
	assert_true(same->id == 5);
	sea_vm_info_put(same);
	assert_null(sea_vm_info_get(NULL));
	sea_vm_info_put(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(key_as_text_and_back),
		cmocka_unit_test(what_is_no_key),
		cmocka_unit_test(each_part_tells_apart),
		cmocka_unit_test(references),
	};

	return cmocka_run_group_tests_name("vm", tests, NULL, NULL);
}
