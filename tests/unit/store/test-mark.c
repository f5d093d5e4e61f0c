// SPDX-License-Identifier: GPL-2.0-only
#include "store/mark.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "model/clock.h"
#include "scene.h"
#include "store/encode.h"
#include "store/recording.h"
#include "store/writer.h"

struct writing {
	struct sea_writer *writer;
	struct sea_encoder encoder;
};

static void write_record(const struct sea_record *record, void *context)
{
	struct writing *w = context;
	struct sea_entry entry;
	struct sea_error err;

	assert_int_equal(sea_encode(&w->encoder, record, &entry, &err), 0);
	assert_int_equal(sea_writer_begin(w->writer, &err), 0);
	assert_int_equal(sea_writer_add(w->writer, &entry, &err), 0);
	assert_int_equal(sea_writer_commit(w->writer, &err), 0);
}

/* The writer stays open, as that of a recorder that runs. */
static void record_scene(struct writing *w)
{
	struct sea_error err;

	*w = (struct writing){0};
	assert_int_equal(sea_writer_open(fixture_store, SEA_DB_WRITE, NULL, &w->writer, &err), 0);
	scene_play(write_record, w);
}

static void stop(struct writing *w)
{
	sea_encoder_free(&w->encoder);
	sea_writer_close(w->writer);
}

/* What is newer than the mark */
static int newer_than(struct sea_reader *reader, const struct sea_mark *mark)
{
	struct sea_entry entry;
	struct sea_error err;
	int nr = 0;

	assert_int_equal(sea_reader_begin(reader, &(struct sea_read_filter){.from = mark->seq + 1},
					  &err),
			 0);
	while (sea_reader_next(reader, &entry, &err) == 1)
		nr++;
	return nr;
}

static void test_marks(void **state)
{
	/* Of the scene: 102 s after boot */
	const struct timespec at_102 = {1795416646, 0};
	struct sea_reader *reader;
	struct sea_mark all, some, got;
	struct sea_error err;
	struct writing w;

	(void)state;
	record_scene(&w);
	assert_int_equal(sea_recording_open(fixture_store, &reader, &err), 0);
	assert_int_equal(sea_mark_get(sea_reader_db(reader), SEA_MARK_ACKED, &got, &err), 0);
	assert_int_equal(got.seq, 0);
	assert_int_equal(sea_mark_at(sea_reader_db(reader), NULL, &all, &err), 0);
	assert_int_equal(newer_than(reader, &all), 0);
	assert_int_equal(sea_mark_at(sea_reader_db(reader), &at_102, &some, &err), 0);
	assert_int_equal(some.wall.tv_sec, at_102.tv_sec);
	assert_in_range(newer_than(reader, &some), 1, 20);

	assert_int_equal(sea_mark_set(fixture_store, SEA_MARK_ACKED, &all, &err), 0);
	assert_int_equal(sea_mark_set(fixture_store, SEA_MARK_EXPORTED, &all, &err), 0);
	/* It may go back, too. */
	assert_int_equal(sea_mark_set(fixture_store, SEA_MARK_ACKED, &some, &err), 0);
	assert_int_equal(sea_mark_get(sea_reader_db(reader), SEA_MARK_ACKED, &got, &err), 1);
	assert_int_equal(got.seq, some.seq);
	assert_int_equal(got.wall.tv_sec, at_102.tv_sec);
	assert_int_equal(sea_mark_get(sea_reader_db(reader), SEA_MARK_EXPORTED, &got, &err), 1);
	assert_int_equal(got.seq, all.seq);
	/* Whoever records goes on behind it. */
	scene_play(write_record, &w);
	assert_in_range(newer_than(reader, &all), 20, 100);
	sea_reader_close(reader);
	stop(&w);
}

static void test_before_all(void **state)
{
	const struct timespec long_ago = {1, 0};
	struct sea_mark mark;
	struct sea_error err;
	struct writing w;

	(void)state;
	record_scene(&w);
	assert_int_equal(sea_mark_at(sea_writer_db(w.writer), &long_ago, &mark, &err), 0);
	assert_int_equal(mark.seq, 0);
	stop(&w);
}

static void assert_refused(const char *why)
{
	const struct sea_mark mark = {.seq = 1};
	struct sea_error err;

	assert_int_equal(sea_mark_set(fixture_store, SEA_MARK_ACKED, &mark, &err), -1);
	if (!strstr(err.text, why))
		fail_msg("%s", err.text);
}

static void test_refused(void **state)
{
	struct sea_error err;
	struct writing w;
	FILE *file;

	(void)state;
	assert_refused("No such file");
	file = fopen(fixture_store, "w");
	fputs("{\"type\":\"recording\"}\n", file);
	fclose(file);
	assert_refused("it is no recording");
	remove(fixture_store);
	record_scene(&w);
	assert_int_equal(sea_db_do(sea_writer_db(w.writer), "PRAGMA user_version = 99", &err), 0);
	stop(&w);
	assert_refused("a newer seatop wrote it");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_make_store, fixture_remove_store)
	const struct CMUnitTest tests[] = {
		TEST(test_marks),
		TEST(test_before_all),
		TEST(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
