// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include "base/field-json.h"
#include "base/json-object.h"

#define FOR_A 0x1
#define FOR_B 0x2

struct thing {
	__u64 number, slots[3];
	double real;
	bool known;
};

static void get_real(const void *object, struct sea_value *value)
{
	const struct thing *thing = object;

	value->known = thing->known;
	value->real = thing->real;
}

static void get_time(const void *object, struct sea_value *value)
{
	const struct thing *thing = object;

	value->known = thing->known;
	value->time = (struct timespec){1700000000, 5};
}

static void get_text(const void *object, struct sea_value *value)
{
	(void)object;
	value->text = "a\"b";
}

static void get_slots(const void *object, struct sea_value *value)
{
	const struct thing *thing = object;

	value->slots = thing->slots;
	value->nr_slots = ARRAY_SIZE(thing->slots);
}

static const struct sea_field list[] = {
	{.path = "n", .kind = SEA_COUNTER, .offset = offsetof(struct thing, number)},
	{.path = "last.time", .kind = SEA_TIME, .get = get_time},
	{.column = "NOPATH", .kind = SEA_GAUGE, .offset = offsetof(struct thing, number)},
	{.path = "last.deep.real", .kind = SEA_REAL, .get = get_real},
	{.path = "flag",
	 .kind = SEA_FLAG,
	 .where = FOR_A,
	 .offset = offsetof(struct thing, number)},
	{.path = "text", .kind = SEA_TEXT, .where = FOR_B, .get = get_text},
	{.path = "slots", .kind = SEA_HISTOGRAM, .get = get_slots},
};

static const struct sea_fields fields = {list, ARRAY_SIZE(list)};

static void check(const struct thing *thing, __u32 where, const char *expected)
{
	json_object *object = json_object_new_object();
	struct sea_text text = {0};
	struct sea_error err;
	bool failed = false;

	sea_json_add_fields(object, &fields, where, thing, &failed);
	sea_json_close_groups(object);
	assert_int_equal(sea_json_write(object, failed, &text, &err), 0);
	assert_string_equal(text.text, expected);
	sea_text_free(&text);
}

static void test_kinds(void **state)
{
	const struct thing thing = {
		.number = 7, .slots = {1, 0, 3}, .real = 1.0 / 3, .known = true};

	(void)state;
	check(&thing, 0,
	      "{\"n\":7,\"last\":{\"time\":\"2023-11-14T22:13:20.000000005Z\","
	      "\"deep\":{\"real\":0.333}},\"flag\":true,\"text\":\"a\\\"b\",\"slots\":[1,0,3]}\n");
}

static void test_where(void **state)
{
	const struct thing thing = {.number = 0, .known = true};

	(void)state;
	check(&thing, FOR_A,
	      "{\"n\":0,\"last\":{\"time\":\"2023-11-14T22:13:20.000000005Z\","
	      "\"deep\":{\"real\":0.000}},\"flag\":false,\"slots\":[0,0,0]}\n");
	check(&thing, FOR_B,
	      "{\"n\":0,\"last\":{\"time\":\"2023-11-14T22:13:20.000000005Z\","
	      "\"deep\":{\"real\":0.000}},\"text\":\"a\\\"b\",\"slots\":[0,0,0]}\n");
}

/* A group of which nothing is known is null as a whole. */
static void test_unknown(void **state)
{
	const struct thing thing = {.number = 1};

	(void)state;
	check(&thing, FOR_A, "{\"n\":1,\"last\":null,\"flag\":true,\"slots\":[0,0,0]}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_where),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests_name("field-json", tests, NULL, NULL);
}
