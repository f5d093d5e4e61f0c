// SPDX-License-Identifier: GPL-2.0-only
#include "store/db.h"

#include <string.h>

#include "fixtures.h"

static struct sea_db db;
static struct sea_error err;

static int open_scratch(void **state)
{
	(void)state;
	if (sea_db_open("scratch", SEA_DB_SCRATCH, NULL, &db, &err))
		return -1;
	return sea_db_do(&db,
			 "CREATE TABLE t (n INTEGER, word TEXT);"
			 "INSERT INTO t VALUES (1, 'one'), (2, NULL), (3, 'three'), (4, 'four')",
			 &err);
}

static int close_scratch(void **state)
{
	(void)state;
	sea_db_close(&db);
	return 0;
}

struct taken {
	__s64 numbers[8];
	char words[8][8];
	size_t nr, fails_at;
};

static int take(struct sea_sql *sql, void *context)
{
	struct taken *taken = context;

	if (taken->nr + 1 == taken->fails_at)
		return sea_error_set(&err, "no more");
	taken->numbers[taken->nr] = sea_sql_take(sql);
	sea_sql_take_text(sql, taken->words[taken->nr], sizeof(taken->words[0]));
	taken->nr++;
	return 0;
}

static int each(const char *text, const __s64 *values, size_t nr, struct taken *taken)
{
	err.text[0] = '\0';
	return sea_db_each(&db, text, values, nr, take, taken, &err);
}

#define FROM_TO "SELECT n, word FROM t WHERE n >= ?1 AND n < ?2 ORDER BY n"

static void each_row(void **state)
{
	const __s64 from_to[] = {2, 4};
	struct taken taken = {0};

	(void)state;
	assert_int_equal(each(FROM_TO, from_to, 2, &taken), 0);
	assert_int_equal(taken.nr, 2);
	assert_int_equal(taken.numbers[0], 2);
	assert_string_equal(taken.words[0], "");
	assert_int_equal(taken.numbers[1], 3);
	assert_string_equal(taken.words[1], "three");
	assert_int_equal(each("SELECT n, word FROM t WHERE n > 9", NULL, 0, &taken), 0);
	assert_int_equal(taken.nr, 2);
}

static void a_row_is_refused(void **state)
{
	struct taken taken = {.fails_at = 3};

	(void)state;
	assert_int_equal(each("SELECT n, word FROM t", NULL, 0, &taken), -1);
	assert_int_equal(taken.nr, 2);
	assert_string_equal(err.text, "no more");
	/* The statement holds nothing: the table may go. */
	assert_int_equal(sea_db_do(&db, "DROP TABLE t", &err), 0);
}

/* A statement that fails, at once or at a row, says why, */
static void it_fails(void **state)
{
	struct taken taken = {0};

	(void)state;
	assert_int_equal(each("SELECT n, other FROM t", NULL, 0, &taken), -1);
	assert_string_equal(err.text, "cannot read scratch: no such column: other");
	assert_int_equal(each("SELECT n, abs(n - 1 - 9223372036854775807) FROM t", NULL, 0, &taken),
			 0);
	taken.nr = 0;
	assert_int_equal(each("SELECT n, abs(1 - n - 9223372036854775807) FROM t", NULL, 0, &taken),
			 -1);
	assert_int_equal(taken.nr, 1);
	assert_string_equal(err.text, "cannot read scratch: integer overflow");
}

/* but a newer program's file may well lack what is asked for. */
static void a_newer_file(void **state)
{
	struct taken taken = {0};

	(void)state;
	db.newer = true;
	assert_int_equal(each("SELECT n, other FROM t", NULL, 0, &taken), 1);
	assert_string_equal(err.text, "");
	db.newer = false;
	db.incomplete = true;
	assert_int_equal(each("SELECT n, other FROM t", NULL, 0, &taken), 1);
	assert_int_equal(each("SELECT n, word FROM t", NULL, 0, &taken), 0);
	assert_int_equal(taken.nr, 4);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_scratch, close_scratch)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_row),
		TEST(a_row_is_refused),
		TEST(it_fails),
		TEST(a_newer_file),
	};

	return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
