// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <string.h>

#include "base/json-object.h"

static void test_values(void **state)
{
	json_object *object = json_object_new_object(), *array, *inner;
	struct sea_text text = {0};
	struct sea_error err;
	bool failed = false;

	(void)state;
	sea_json_add_number(object, "most", 18446744073709551615ULL, &failed);
	sea_json_add_bool(object, "yes", true, &failed);
	sea_json_add_null(object, "none", &failed);
	sea_json_add_number_or_null(object, "zero", 0, &failed);
	sea_json_add_number_or_null(object, "one", 1, &failed);
	/* Bytes that are no UTF-8, and a slash, which needs no backslash */
	sea_json_add_string(object, "text", "a/b\xff\"", &failed);
	inner = sea_json_add_object(object, "inner", &failed);
	sea_json_add_number(inner, "n", 2, &failed);
	array = sea_json_add_array(object, "array", &failed);
	inner = sea_json_append_object(array, &failed);
	sea_json_add_number(inner, "n", 3, &failed);
	assert_int_equal(sea_json_write(object, failed, &text, &err), 0);
	assert_string_equal(text.text, "{\"most\":18446744073709551615,\"yes\":true,\"none\":null,"
				       "\"zero\":null,\"one\":1,\"text\":\"a/b?\\\"\","
				       "\"inner\":{\"n\":2},\"array\":[{\"n\":3}]}\n");
	assert_int_equal(text.len, strlen(text.text));
	sea_text_free(&text);
}

static void test_long_string(void **state)
{
	json_object *object = json_object_new_object(), *member;
	bool failed = false;
	char string[3000];

	(void)state;
	memset(string, 'x', sizeof(string) - 1);
	string[sizeof(string) - 1] = '\0';
	sea_json_add_string(object, "text", string, &failed);
	assert_false(failed);
	assert_true(json_object_object_get_ex(object, "text", &member));
	assert_in_range(json_object_get_string_len(member), 1000, 1024);
	json_object_put(object);
}

static void test_no_object(void **state)
{
	struct sea_text text = {0};
	struct sea_error err;

	(void)state;
	assert_int_equal(sea_json_write(NULL, false, &text, &err), -1);
	assert_string_equal(err.text, "cannot write JSON: out of memory");
	assert_int_equal(sea_json_write(json_object_new_object(), true, &text, &err), -1);
	assert_null(text.text);
}

/* The line in parts, with so many elements */
static void in_parts(size_t members, size_t elements, const char *expected)
{
	json_object *object = json_object_new_object();
	struct sea_text text = {0};
	struct sea_error err;
	bool failed = false;
	size_t i;

	if (members)
		sea_json_add_number(object, "n", members, &failed);
	assert_int_equal(sea_json_open_array(object, failed, "list", &text, &err), 0);
	for (i = 0; i < elements; i++) {
		json_object *element = json_object_new_object();

		sea_json_add_number(element, "i", i, &failed);
		assert_int_equal(sea_json_write_element(element, failed, !i, &text, &err), 0);
	}
	assert_int_equal(sea_json_close_array(&text, &err), 0);
	assert_string_equal(text.text, expected);
	assert_int_equal(text.len, strlen(text.text));
	sea_text_free(&text);
}

static void test_in_parts(void **state)
{
	(void)state;
	in_parts(0, 0, "{\"list\":[]}\n");
	in_parts(1, 0, "{\"n\":1,\"list\":[]}\n");
	in_parts(0, 1, "{\"list\":[{\"i\":0}]}\n");
	in_parts(1, 3, "{\"n\":1,\"list\":[{\"i\":0},{\"i\":1},{\"i\":2}]}\n");
}

static void test_parts_that_fail(void **state)
{
	struct sea_text text = {0};
	struct sea_error err;

	(void)state;
	assert_int_equal(sea_json_open_array(NULL, false, "list", &text, &err), -1);
	assert_int_equal(sea_json_write_element(NULL, false, true, &text, &err), -1);
	text.failed = true;
	assert_int_equal(sea_json_write_element(json_object_new_object(), false, true, &text, &err),
			 -1);
	assert_int_equal(sea_json_close_array(&text, &err), -1);
	assert_string_equal(err.text, "cannot write JSON: out of memory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),		cmocka_unit_test(test_long_string),
		cmocka_unit_test(test_no_object),	cmocka_unit_test(test_in_parts),
		cmocka_unit_test(test_parts_that_fail),
	};

	return cmocka_run_group_tests_name("json-object", tests, NULL, NULL);
}
