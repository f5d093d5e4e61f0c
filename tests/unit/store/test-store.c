// SPDX-License-Identifier: GPL-2.0-only
/* What goes into a store comes out of it: writer, reader, encode and decode together. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixtures.h"
#include "model/clock.h"
#include "scene.h"
#include "store/decode.h"
#include "store/encode.h"
#include "store/recording.h"
#include "store/writer.h"

struct writing {
	struct sea_encoder encoder;
	struct sea_batch batch;
	int records;
};

static void put_into_batch(const struct sea_record *record, void *context)
{
	struct writing *w = context;
	struct sea_entry entry;
	struct sea_error err;

	assert_int_equal(sea_encode(&w->encoder, record, &entry, &err), 0);
	assert_true(sea_batch_add(&w->batch, &entry));
	w->records++;
}

/* The scene in a store, one transaction for all of it. */
static void write_scene(void)
{
	struct writing w = {0};
	struct sea_writer *writer;
	struct sea_error err;

	scene_play(put_into_batch, &w);
	assert_int_equal(w.records, SCENE_RECORDS);
	assert_int_equal(sea_writer_open(fixture_store, SEA_DB_WRITE, NULL, &writer, &err), 0);
	assert_int_equal(sea_writer_write(writer, &w.batch, &err), 0);
	sea_writer_close(writer);
	sea_batch_free(&w.batch);
	sea_encoder_free(&w.encoder);
}

struct reading {
	struct sea_reader *reader;
	struct sea_decoder decoder;
	int records;
};

/* Idle ticks are stored as one, which has the time of the last. */
static bool is_merged(const struct sea_record *record)
{
	return record->type == SEA_RECORD_TICK &&
	       (record->time_ns == 104 * SEC || record->time_ns == 105 * SEC);
}

static void compare_with_next(const struct sea_record *expected, void *context)
{
	struct reading *r = context;
	struct sea_record record;
	struct sea_entry entry;
	struct sea_error err;

	if (is_merged(expected))
		return;
	assert_int_equal(sea_reader_next(r->reader, &entry, &err), 1);
	assert_int_equal(sea_decode(&r->decoder, &entry, &record, &err), 0);
	assert_true(record.session->replayed);
	assert_same_record(&record, expected);
	r->records++;
}

static void test_all_comes_back(void **state)
{
	struct reading r = {0};
	struct sea_entry entry;
	struct sea_error err;

	(void)state;
	write_scene();
	assert_int_equal(sea_recording_open(fixture_store, &r.reader, &err), 0);
	scene_play(compare_with_next, &r);
	assert_int_equal(r.records, SCENE_RECORDS - 2);
	assert_int_equal(sea_reader_next(r.reader, &entry, &err), 0);
	assert_null(sea_recording_caveat(r.reader));
	sea_decoder_free(&r.decoder);
	sea_reader_close(r.reader);
}

/* Twice the same out of one reader */
static void test_begin_again(void **state)
{
	struct reading r = {0};
	struct sea_error err;

	(void)state;
	write_scene();
	assert_int_equal(sea_recording_open(fixture_store, &r.reader, &err), 0);
	scene_play(compare_with_next, &r);
	sea_decoder_free(&r.decoder);
	assert_int_equal(sea_reader_begin(r.reader, NULL, &err), 0);
	scene_play(compare_with_next, &r);
	assert_int_equal(r.records, 2 * (SCENE_RECORDS - 2));
	sea_decoder_free(&r.decoder);
	sea_reader_close(r.reader);
}

static __s64 number(const struct sea_reader *reader, const char *sql)
{
	return sea_db_number(sea_reader_db(reader), sql, -1);
}

static void test_tables(void **state)
{
	struct sea_reader *reader;
	struct sea_error err;

	(void)state;
	write_scene();
	assert_int_equal(sea_recording_open(fixture_store, &reader, &err), 0);
	/* db01 is one VM in both sessions, batch, the shy one and db02 are three more. */
	assert_int_equal(number(reader, "SELECT count(*) FROM vm"), 4);
	assert_int_equal(number(reader, "SELECT count(DISTINCT session) FROM vm_session WHERE vm ="
					" (SELECT id FROM vm WHERE name = 'db01')"),
			 2);
	assert_int_equal(number(reader, "SELECT creator FROM vm WHERE tgid = 4100"), 4101);
	assert_int_equal(number(reader, "SELECT sum(forwarded) FROM tick_vm WHERE vm ="
					" (SELECT id FROM vm WHERE name = 'db01')"),
			 3);
	assert_int_equal(number(reader, "SELECT sum(s2_walk) FROM tick_vm"), 12999);
	assert_int_equal(number(reader, "SELECT lost FROM tick_loss WHERE cause = 'ratelimit'"),
			 12990);
	assert_int_equal(number(reader, "SELECT wait_status FROM vm WHERE name = 'batch'"), 9);
	assert_int_equal(number(reader, "SELECT ended_ns FROM vm WHERE name = 'batch'"),
			 99 * SEC + 5);
	/* Ticks that are one: how many they are, and from when to when. */
	assert_int_equal(number(reader, "SELECT ticks FROM tick WHERE time_ns = 106000000000"), 3);
	assert_int_equal(number(reader, "SELECT first_ns FROM tick WHERE time_ns = 106000000000"),
			 104 * SEC);
	assert_int_equal(number(reader, "SELECT count(*) FROM gaps"), 1);
	assert_int_equal(number(reader, "SELECT until_ns FROM gaps"), 107 * SEC + 9);
	assert_int_equal(number(reader, "SELECT last_ns FROM session WHERE id = 2"), 122 * SEC);
	assert_int_equal(number(reader, "SELECT ended_ns FROM session WHERE id = 1"), 108 * SEC);
	assert_int_equal(number(reader, "SELECT count(*) FROM session WHERE end = 'runs'"), 1);
	sea_reader_close(reader);
}

/* How many records pass */
static int count_records(struct sea_reader *reader, const struct sea_read_filter *filter)
{
	struct sea_entry entry;
	struct sea_error err;
	int nr = 0, rc;

	assert_int_equal(sea_reader_begin(reader, filter, &err), 0);
	while ((rc = sea_reader_next(reader, &entry, &err)) == 1)
		nr++;
	assert_int_equal(rc, 0);
	return nr;
}

static void test_filter(void **state)
{
	const __s64 at_100 = 1795416644LL * (__s64)SEC;
	struct sea_reader *reader;
	struct sea_entry entry;
	struct sea_error err;
	__s64 db01;

	(void)state;
	write_scene();
	assert_int_equal(sea_recording_open(fixture_store, &reader, &err), 0);
	db01 = number(reader, "SELECT id FROM vm WHERE name = 'db01'");
	assert_int_equal(count_records(reader, &(struct sea_read_filter){.session = 2}), 5);
	assert_int_equal(
		count_records(reader, &(struct sea_read_filter){.types = 1 << SEA_RECORD_SEA}), 3);
	assert_int_equal(
		count_records(reader,
			      &(struct sea_read_filter){.types = 1 << SEA_RECORD_SEA, .vm = db01}),
		2);
	assert_int_equal(
		count_records(reader,
			      &(struct sea_read_filter){.types = 1 << SEA_RECORD_TICK,
							.since_ns = at_100 + (__s64)SEC,
							.until_ns = at_100 + 3 * (__s64)SEC}),
		2);
	assert_int_equal(count_records(reader, &(struct sea_read_filter){.from = 2, .to = 4}), 2);
	/* Whose it is, though the record that told of it does not pass */
	assert_int_equal(sea_reader_begin(reader,
					  &(struct sea_read_filter){.types = 1 << SEA_RECORD_SEA},
					  &err),
			 0);
	assert_int_equal(sea_reader_next(reader, &entry, &err), 1);
	assert_string_equal(entry.record.vm->name.text, "db01");
	assert_int_equal(sea_reader_vm(reader), db01);
	assert_int_equal(sea_reader_session(reader), 1);
	sea_reader_close(reader);
}

/* A VM whose key becomes known later than that of its session before */
static void test_late_key(void **state)
{
	const struct sea_vm_key key = {5 * SEC + 3, 5017, 5018, 11},
				part = {5 * SEC + 3, 5017, 0, -1};
	struct sea_session session = {.run = "00000000-0000-4000-8000-000000000003",
				      .boot_id = "5ee4fa21-6f8b-4a8c-9df0-0123456789ab",
				      .started_ns = 1};
	struct sea_vm_info info = {.refs = 1, .id = 9, .key = part};
	struct sea_event event = {.time_ns = 130 * SEC};
	struct sea_entry entry = {.record = {.session = &session}};
	struct sea_writer *writer;
	struct sea_reader *reader;
	struct sea_error err;

	(void)state;
	write_scene();
	assert_int_equal(sea_writer_open(fixture_store, SEA_DB_WRITE, NULL, &writer, &err), 0);
	assert_int_equal(sea_writer_begin(writer, &err), 0);
	assert_int_equal(sea_writer_add(writer, &entry, &err), 0);
	entry.record.type = SEA_RECORD_VM;
	entry.record.vm = &info;
	assert_int_equal(sea_writer_add(writer, &entry, &err), 0);
	entry.record.type = SEA_RECORD_SEA;
	entry.record.event = &event;
	assert_int_equal(sea_writer_add(writer, &entry, &err), 0);
	/* So far it may be any VM of that process: it is one more. */
	assert_int_equal(sea_db_number(sea_writer_db(writer), "SELECT count(*) FROM vm", 0), 5);
	info.key = key;
	entry.record.type = SEA_RECORD_VM;
	entry.record.event = NULL;
	assert_int_equal(sea_writer_add(writer, &entry, &err), 0);
	assert_int_equal(sea_writer_commit(writer, &err), 0);
	sea_writer_close(writer);

	assert_int_equal(sea_recording_open(fixture_store, &reader, &err), 0);
	assert_int_equal(number(reader, "SELECT count(*) FROM vm"), 4);
	assert_int_equal(number(reader, "SELECT count(*) FROM sea JOIN vm ON vm.id = sea.vm"
					" WHERE vm.tgid = 5017"),
			 1);
	assert_int_equal(number(reader, "SELECT count(*) FROM vm_session JOIN vm ON vm.id ="
					" vm_session.vm WHERE vm.tgid = 5017"),
			 2);
	sea_reader_close(reader);
}

/* Two VMs of one process by one thread, the second after the first ended */
static void test_same_key(void **state)
{
	const struct sea_vm_key key = {5 * SEC, 70, 71, 11};
	struct sea_session session = {.run = "r", .boot_id = "b", .started_ns = 1};
	struct sea_vm_info info = {.refs = 1, .id = 1, .key = key};
	struct sea_end end = {.time_ns = 20 * SEC, .wait_status = -1};
	struct sea_entry entry = {.record = {.session = &session}};
	struct sea_writer *writer;
	struct sea_error err;

	(void)state;
	assert_int_equal(sea_writer_open(fixture_store, SEA_DB_WRITE, NULL, &writer, &err), 0);
	assert_int_equal(sea_writer_begin(writer, &err), 0);
	assert_int_equal(sea_writer_add(writer, &entry, &err), 0);
	entry.record.vm = &info;
	entry.record.type = SEA_RECORD_VM;
	assert_int_equal(sea_writer_add(writer, &entry, &err), 0);
	info.id = 2;
	assert_int_equal(sea_writer_add(writer, &entry, &err), 0);
	/* Two numbers of a session are two VMs. */
	assert_int_equal(sea_db_number(sea_writer_db(writer), "SELECT count(*) FROM vm", 0), 2);
	entry.record.type = SEA_RECORD_END;
	entry.record.time_ns = end.time_ns;
	entry.record.end = &end;
	assert_int_equal(sea_writer_add(writer, &entry, &err), 0);
	info.id = 1;
	assert_int_equal(sea_writer_add(writer, &entry, &err), 0);
	/* And one that has ended does not come back with the next session. */
	memcpy(session.run, "s", 2);
	entry.record = (struct sea_record){.session = &session};
	assert_int_equal(sea_writer_add(writer, &entry, &err), 0);
	entry.record.type = SEA_RECORD_VM;
	entry.record.vm = &info;
	assert_int_equal(sea_writer_add(writer, &entry, &err), 0);
	assert_int_equal(sea_db_number(sea_writer_db(writer), "SELECT count(*) FROM vm", 0), 3);
	assert_int_equal(sea_writer_commit(writer, &err), 0);
	sea_writer_close(writer);
}

static void test_record_before_session(void **state)
{
	struct sea_session session = {.run = "r"};
	struct sea_gap gap = {.cause = SEA_GAP_TICK};
	struct sea_entry entry = {
		.record = {.type = SEA_RECORD_GAP, .session = &session, .gap = &gap}};
	struct sea_batch batch = {0};
	struct sea_writer *writer;
	struct sea_error err;

	(void)state;
	assert_true(sea_batch_add(&batch, &entry));
	assert_int_equal(sea_writer_open(fixture_store, SEA_DB_WRITE, NULL, &writer, &err), 0);
	assert_int_equal(sea_writer_write(writer, &batch, &err), -1);
	assert_non_null(strstr(err.text, "before the session"));
	assert_int_equal(sea_db_number(sea_writer_db(writer), "SELECT count(*) FROM gap", -1), 0);
	sea_writer_close(writer);
	sea_batch_free(&batch);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_make_store, fixture_remove_store)
	const struct CMUnitTest tests[] = {
		TEST(test_all_comes_back),
		TEST(test_begin_again),
		TEST(test_tables),
		TEST(test_filter),
		TEST(test_late_key),
		TEST(test_same_key),
		TEST(test_record_before_session),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
