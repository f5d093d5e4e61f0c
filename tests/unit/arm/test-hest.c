// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <stdlib.h>
#include <string.h>

#include "arm/hest.h"

struct table {
	uint8_t bytes[1024];
	size_t size;
};

static void put32(uint8_t *p, uint32_t n)
{
	p[0] = (uint8_t)n;
	p[1] = (uint8_t)(n >> 8);
	p[2] = (uint8_t)(n >> 16);
	p[3] = (uint8_t)(n >> 24);
}

static void start(struct table *t)
{
	memset(t, 0, sizeof(*t));
	memcpy(t->bytes, "HEST", 4);
	t->size = 40;
}

static uint8_t *add(struct table *t, uint8_t type, size_t size)
{
	uint8_t *source = t->bytes + t->size;

	source[0] = type;
	t->size += size;
	put32(t->bytes + 36, t->bytes[36] + 1U);
	return source;
}

static int parse(struct table *t, struct sea_hest *hest, struct sea_error *err)
{
	/* Memory of its own, so that ASan sees a byte too many. */
	void *copy = malloc(t->size);
	int rc;

	assert_non_null(copy);
	put32(t->bytes + 4, (uint32_t)t->size);
	memcpy(copy, t->bytes, t->size);
	rc = sea_hest_parse(copy, t->size, hest, err);
	free(copy);
	return rc;
}

static void every_kind_of_source(void **state)
{
	struct sea_hest hest;
	struct sea_error err;
	struct table t;
	uint8_t *p;

	(void)state;
	start(&t);
	add(&t, 0, 40 + 2 * 28)[32] = 2;
	add(&t, 1, 48 + 28)[44] = 1;
	add(&t, 2, 20);
	add(&t, 6, 48);
	add(&t, 7, 44);
	add(&t, 8, 56);
	p = add(&t, 9, 64);
	p[7] = 1;
	p[32] = 3; /* SCI */
	p = add(&t, 10, 92);
	p[7] = 1;
	p[32] = 8; /* SEA */
	p = add(&t, 9, 64);
	p[32] = 8; /* not enabled */
	add(&t, 11, 48);
	assert_int_equal(parse(&t, &hest, &err), 0);
	assert_int_equal(hest.sources, 10);
	assert_int_equal(hest.ghes, 3);
	assert_int_equal(hest.sea, 2);
	assert_int_equal(hest.sea_enabled, 1);
}

static void empty(void **state)
{
	struct sea_hest hest;
	struct sea_error err;
	struct table t;

	(void)state;
	start(&t);
	assert_int_equal(parse(&t, &hest, &err), 0);
	assert_int_equal(hest.sources, 0);
}

static void damaged(void **state)
{
	struct sea_hest hest;
	struct sea_error err;
	struct table t;

	(void)state;
	assert_int_equal(sea_hest_parse("HEST", 4, &hest, &err), -1);
	assert_non_null(strstr(err.text, "damaged"));
	start(&t);
	t.bytes[0] = 'X';
	assert_int_equal(parse(&t, &hest, &err), -1);

	/* A source that is not all there, and one that is unknown */
	start(&t);
	add(&t, 9, 64);
	t.size--;
	assert_int_equal(parse(&t, &hest, &err), -1);
	start(&t);
	add(&t, 3, 64);
	assert_int_equal(parse(&t, &hest, &err), -1);
	start(&t);
	add(&t, 12, 64);
	assert_int_equal(parse(&t, &hest, &err), -1);
	/* Banks past the end */
	start(&t);
	add(&t, 0, 40)[32] = 255;
	assert_int_equal(parse(&t, &hest, &err), -1);
	/* A count past the end */
	start(&t);
	add(&t, 2, 20);
	put32(t.bytes + 36, 0xffffffff);
	assert_int_equal(parse(&t, &hest, &err), -1);
	/* A length that is more than there is, or less than the header */
	start(&t);
	put32(t.bytes + 4, 41);
	assert_int_equal(sea_hest_parse(t.bytes, 40, &hest, &err), -1);
	put32(t.bytes + 4, 39);
	assert_int_equal(sea_hest_parse(t.bytes, 40, &hest, &err), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_source),
		cmocka_unit_test(empty),
		cmocka_unit_test(damaged),
	};

	return cmocka_run_group_tests_name("hest", tests, NULL, NULL);
}
