// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stores of all versions that there ever were: schema-N.sql is one of version N, with
 * the scene in it. It was made once, with the program of that time, and stays:
 *	test-schema --write FILE && tests/unit/store/keep-schema.py FILE
 */
#include "store/schema.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "scene.h"
#include "store/decode.h"
#include "store/encode.h"
#include "store/recording.h"
#include "store/writer.h"

struct writing {
	struct sea_encoder encoder;
	struct sea_batch batch;
};

static void put_into_batch(const struct sea_record *record, void *context)
{
	struct writing *w = context;
	struct sea_entry entry;
	struct sea_error err;

	if (sea_encode(&w->encoder, record, &entry, &err) || !sea_batch_add(&w->batch, &entry))
		fail_msg("the scene cannot be written");
}

static void write_scene(const char *to)
{
	struct writing w = {0};
	struct sea_writer *writer;
	struct sea_error err;

	scene_play(put_into_batch, &w);
	if (sea_writer_open(to, SEA_DB_WRITE, NULL, &writer, &err) ||
	    sea_writer_write(writer, &w.batch, &err))
		fail_msg("%s", err.text);
	sea_writer_close(writer);
	sea_batch_free(&w.batch);
	sea_encoder_free(&w.encoder);
}

/* The store of a version as it was */
static void load(int version)
{
	char name[256];
	static char sql[1 << 20];
	sqlite3 *db;
	FILE *file;

	snprintf(name, sizeof(name), "%s/tests/unit/store/schema-%d.sql", getenv("SEA_SOURCE_ROOT"),
		 version);
	file = fopen(name, "r");
	if (!file)
		fail_msg("%s: %s; a store of each version has to be kept", name, strerror(errno));
	sql[fread(sql, 1, sizeof(sql) - 1, file)] = '\0';
	fclose(file);
	remove(fixture_store);
	assert_int_equal(sqlite3_open(fixture_store, &db), 0);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL))
		fail_msg("%s: %s", name, sqlite3_errmsg(db));
	sqlite3_close(db);
}

struct reading {
	struct sea_reader *reader;
	struct sea_decoder decoder;
	int records;
};

static void compare_with_next(const struct sea_record *expected, void *context)
{
	struct reading *r = context;
	struct sea_record record;
	struct sea_entry entry;
	struct sea_error err;

	/* Idle ticks are stored as one, which has the time of the last. */
	if (expected->type == SEA_RECORD_TICK &&
	    (expected->time_ns == 104 * SEC || expected->time_ns == 105 * SEC))
		return;
	if (sea_reader_next(r->reader, &entry, &err) != 1)
		fail_msg("%s", err.text);
	assert_int_equal(sea_decode(&r->decoder, &entry, &record, &err), 0);
	assert_same_record(&record, expected);
	r->records++;
}

static void read_scene(void)
{
	struct reading r = {0};
	struct sea_error err;

	if (sea_recording_open(fixture_store, &r.reader, &err))
		fail_msg("%s", err.text);
	scene_play(compare_with_next, &r);
	assert_int_equal(r.records, SCENE_RECORDS - 2);
	assert_null(sea_recording_caveat(r.reader));
	sea_decoder_free(&r.decoder);
	sea_reader_close(r.reader);
}

/* Nobody writes to it: it stays what it is. */
static void test_read_as_it_is(void **state)
{
	int version;

	(void)state;
	for (version = 1; version <= SEA_SCHEMA_VERSION; version++) {
		load(version);
		read_scene();
	}
}

static void migrate(void)
{
	struct sea_writer *writer;
	struct sea_error err;

	if (sea_writer_open(fixture_store, SEA_DB_WRITE, NULL, &writer, &err))
		fail_msg("%s", err.text);
	assert_int_equal(sea_db_number(sea_writer_db(writer), "PRAGMA user_version", 0),
			 SEA_SCHEMA_VERSION);
	sea_writer_close(writer);
}

static void test_migrated(void **state)
{
	int version;

	(void)state;
	for (version = 1; version <= SEA_SCHEMA_VERSION; version++) {
		load(version);
		migrate();
		read_scene();
	}
}

/* All columns of all tables and views, as one text */
static void describe(char *text, size_t size)
{
	struct sea_sql sql = {0};
	struct sea_error err;
	struct sea_db db;

	assert_int_equal(sea_db_open(fixture_store, SEA_DB_READ, NULL, &db, &err), 0);
	assert_int_equal(sea_sql_begin(&db, &sql,
				       "SELECT group_concat(line, char(10)) FROM ("
				       "SELECT s.name || '.' || c.name || ' ' || c.type || ' ' ||"
				       " c.\"notnull\" || ' ' || c.pk || ' ' ||"
				       " coalesce(c.dflt_value, '') AS line FROM sqlite_schema s,"
				       " pragma_table_info(s.name) c WHERE s.type <> 'index'"
				       " UNION SELECT name FROM sqlite_schema WHERE type = 'index'"
				       " ORDER BY line)"),
			 0);
	assert_int_equal(sea_sql_step(&sql), SQLITE_ROW);
	snprintf(text, size, "%s", sea_sql_take_string(&sql));
	sea_sql_free(&sql);
	sea_db_close(&db);
}

/* Whichever way it became one of today */
static void test_same_tables(void **state)
{
	static char fresh[32768], old[32768];
	int version;

	(void)state;
	migrate();
	describe(fresh, sizeof(fresh));
	assert_non_null(strstr(fresh, "tick_state.no_list TEXT"));
	for (version = 1; version < SEA_SCHEMA_VERSION; version++) {
		load(version);
		migrate();
		describe(old, sizeof(old));
		assert_string_equal(old, fresh);
	}
}

/* What stands in the file of today's version is what today's program makes. */
static void test_kept_is_current(void **state)
{
	static char fresh[32768], kept[32768];

	(void)state;
	migrate();
	describe(fresh, sizeof(fresh));
	load(SEA_SCHEMA_VERSION);
	describe(kept, sizeof(kept));
	assert_string_equal(kept, fresh);
}

int main(int argc, char **argv)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_make_store, fixture_remove_store)
	const struct CMUnitTest tests[] = {
		TEST(test_read_as_it_is),
		TEST(test_migrated),
		TEST(test_same_tables),
		TEST(test_kept_is_current),
	};

	if (argc == 3 && !strcmp(argv[1], "--write")) {
		write_scene(argv[2]);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
