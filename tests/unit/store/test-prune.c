// SPDX-License-Identifier: GPL-2.0-only
/* What is deleted, what stays, and that the counts stay what they were. */
#include "store/prune.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixtures.h"
#include "model/clock.h"
#include "store/decode.h"
#include "store/encode.h"
#include "store/line.h"
#include "store/load.h"
#include "store/mark.h"
#include "store/pruned.h"
#include "store/recorder.h"
#include "store/recording.h"
#include "store/replay.h"
#include "store/writer.h"

#define HOUR (3600 * (__s64)SEC)
#define DAY (24 * HOUR)
#define BEGIN (FIXTURE_TIME * (__s64)SEC)

#define NR_VMS 3

/* A host on which each VM takes SEAs every hour. */
struct host {
	struct sea_writer *writer;
	struct sea_encoder encoder;
	struct sea_session session;
	struct sea_vm_state vms[NR_VMS];
	struct sea_snapshot snapshot;
	__s64 now; /* ns since 1970 */
	int sessions;
};

static void put(struct host *h, struct sea_record record)
{
	struct sea_entry entry;
	struct sea_error err;

	record.session = &h->session;
	record.wall = sea_time_from_ns(h->now);
	record.time_ns = (__u64)(h->now - BEGIN + (__s64)SEC);
	if (sea_encode(&h->encoder, &record, &entry, &err) ||
	    sea_writer_add(h->writer, &entry, &err))
		fail_msg("%s", err.text);
}

static void open_host(struct host *h)
{
	struct sea_error err;

	*h = (struct host){.now = BEGIN};
	if (sea_writer_open(fixture_store, SEA_DB_WRITE, NULL, &h->writer, &err))
		fail_msg("%s", err.text);
}

/* first: which of the VMs are new; the others are those of the session before. */
static void begin_session(struct host *h, __u32 first)
{
	struct sea_error err;
	__u32 i;

	assert_int_equal(sea_writer_begin(h->writer, &err), 0);
	h->session = (struct sea_session){.boot_id = "boot", .program = "test", .started_ns = 1};
	h->session.started = sea_time_from_ns(h->now);
	snprintf(h->session.run, sizeof(h->session.run), "run-%d", ++h->sessions);
	h->snapshot = (struct sea_snapshot){
		.vms = h->vms, .nr_vms = NR_VMS, .room = NR_VMS, .check = "kprobe"};
	h->snapshot.hooks.nr = 1;
	h->snapshot.hooks.hooks[0] =
		(struct sea_hook_state){.program = "p", .function = "f", .proof = SEA_PROVEN};
	put(h, (struct sea_record){.type = SEA_RECORD_SESSION});
	for (i = 0; i < NR_VMS; i++) {
		struct sea_vm_info info = {.id = i + 1, .key = {1, first + i, first + i, 9}};

		snprintf(info.name.text, sizeof(info.name.text), "vm%u", first + i);
		h->vms[i] = (struct sea_vm_state){.vm = {.id = i + 1, .creator_fd = -1}};
		h->vms[i].info = sea_vm_info_new(&info);
		h->vms[i].listed = (struct sea_listed){.id = i + 1, .vcpus = 2};
		put(h, (struct sea_record){.type = SEA_RECORD_VM, .vm = h->vms[i].info});
	}
}

static void hour(struct host *h, __u64 seas)
{
	size_t i;

	h->now += HOUR;
	for (i = 0; i < NR_VMS * seas; i++) {
		struct sea_vm_state *vm = &h->vms[i % NR_VMS];
		const struct sea_event event = {.time_ns = (__u64)(h->now - BEGIN),
						.type = SEA_EVENT_SEA,
						.vm_id = vm->vm.id};

		vm->vm.disposition[SEA_FORWARDED] += 1 + i % NR_VMS;
		vm->vm.reason[SEA_REASON_NONE]++;
		vm->vm.response[SEA_RESUMED]++;
		vm->vm.latency[i % 5]++;
		vm->vm.last = SEA_LAST((__u64)(h->now - BEGIN), SEA_FORWARDED, 0);
		vm->last_wall = sea_time_from_ns(h->now);
		put(h,
		    (struct sea_record){.type = SEA_RECORD_SEA, .vm = vm->info, .event = &event});
	}
	h->snapshot.checked += seas;
	h->snapshot.loss.count[SEA_LOSS_RATELIMIT] += 2;
	h->snapshot.unlisted = (__u64)h->now / (__u64)DAY;
	h->snapshot.time_ns = (__u64)(h->now - BEGIN + (__s64)SEC);
	h->snapshot.wall = sea_time_from_ns(h->now);
	put(h, (struct sea_record){.type = SEA_RECORD_TICK, .tick = &h->snapshot});
}

static void hours(struct host *h, int nr, __u64 seas)
{
	while (nr--)
		hour(h, seas);
}

static void end_session(struct host *h, bool is_told)
{
	struct sea_error err;
	size_t i;

	if (is_told) {
		h->session.end = SEA_SESSION_STOPPED;
		h->session.ended_ns = (__u64)(h->now - BEGIN);
		h->session.ended = sea_time_from_ns(h->now);
		put(h, (struct sea_record){.type = SEA_RECORD_SESSION});
	}
	assert_int_equal(sea_writer_commit(h->writer, &err), 0);
	for (i = 0; i < NR_VMS; i++)
		sea_vm_info_put(h->vms[i].info);
}

static void close_host(struct host *h)
{
	sea_encoder_free(&h->encoder);
	sea_writer_close(h->writer);
}

static __s64 number(const struct host *h, const char *sql)
{
	return sea_db_number(sea_writer_db(h->writer), sql, -1);
}

/* Until nothing is to be deleted. Returns how many steps it took. */
static int prune(const struct host *h, const struct sea_prune_limits *limits, bool *is_stuck)
{
	struct sea_prune prune = {.limits = *limits};
	const struct sea_db *db = sea_writer_db(h->writer);
	enum sea_prune_result result;
	struct sea_error err;
	int steps = 0;

	do {
		__s64 changes = sqlite3_total_changes64(db->sqlite);

		result = sea_prune_step(&prune, db, h->now, 0, &err);
		if (result == SEA_PRUNE_FAILED)
			fail_msg("%s", err.text);
		/* No step holds anybody up. */
		assert_in_range(sqlite3_total_changes64(db->sqlite) - changes, 0, 9000);
	} while (result == SEA_PRUNE_MORE && ++steps < 10000);
	if (is_stuck)
		*is_stuck = result == SEA_PRUNE_STUCK;
	return steps;
}

/* The counters at the end of each session, as whoever reads the store adds them up */
static void add_up(struct sea_snapshot *sums, int nr)
{
	struct sea_decoder decoder = {0};
	struct sea_reader *reader;
	struct sea_record record;
	struct sea_entry entry;
	struct sea_error err;
	int rc;

	if (sea_recording_open(fixture_store, &reader, &err))
		fail_msg("%s", err.text);
	while ((rc = sea_reader_next(reader, &entry, &err)) == 1) {
		int session;

		assert_int_equal(sea_decode(&decoder, &entry, &record, &err), 0);
		assert_int_equal(sscanf(record.session->run, "run-%d", &session), 1);
		if (record.type != SEA_RECORD_TICK || session > nr)
			continue;
		sea_snapshot_free(&sums[session - 1]);
		assert_int_equal(sea_snapshot_copy(&sums[session - 1], record.tick, &err), 0);
	}
	if (rc)
		fail_msg("%s", err.text);
	sea_decoder_free(&decoder);
	sea_reader_close(reader);
}

static void assert_same_sums(const struct sea_snapshot *a, const struct sea_snapshot *b)
{
	size_t i;

	assert_int_equal(a->nr_vms, NR_VMS);
	assert_int_equal(b->nr_vms, NR_VMS);
	for (i = 0; i < NR_VMS; i++) {
		assert_memory_equal(&a->vms[i].vm, &b->vms[i].vm, sizeof(a->vms[i].vm));
		assert_int_equal(a->vms[i].last_wall.tv_sec, b->vms[i].last_wall.tv_sec);
		assert_int_equal(a->vms[i].listed.vcpus, b->vms[i].listed.vcpus);
		assert_string_equal(a->vms[i].info->name.text, b->vms[i].info->name.text);
	}
	assert_int_equal(a->checked, b->checked);
	assert_int_equal(a->unlisted, b->unlisted);
	assert_int_equal(a->hooks.nr, b->hooks.nr);
	assert_memory_equal(a->loss.count, b->loss.count, sizeof(a->loss.count));
}

static void assert_sound(const struct host *h)
{
	assert_int_equal(number(h, "SELECT count(*) FROM pragma_integrity_check"
				   " WHERE integrity_check <> 'ok'"),
			 0);
	assert_int_equal(number(h, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

/* A replay goes through, also from its middle and back. */
static void assert_replays(void)
{
	const struct sea_replay_options options = {0};
	struct sea_record record;
	struct sea_feed *feed;
	struct sea_error err;
	int ticks = 0, rc;

	assert_int_equal(sea_replay_open(fixture_store, &options, &feed, &err), 0);
	while ((rc = sea_feed_next(feed, &record, &err)) == SEA_FEED_RECORD)
		ticks += record.type == SEA_RECORD_TICK;
	assert_int_equal(rc, SEA_FEED_END);
	assert_in_range(ticks, 1, 100000);
	while (!sea_replay_back(feed, &err))
		assert_int_equal(sea_feed_next(feed, &record, &err), SEA_FEED_RECORD);
	sea_feed_close(feed);
}

/* Two sessions of 20 days: the first ended, of the second 10 days are to be kept. */
static void test_by_age(void **state)
{
	const struct sea_prune_limits limits = {.days = 10};
	struct sea_snapshot before[2] = {0}, after[2] = {0};
	struct sea_pruned pruned[SEA_PRUNED_KINDS];
	struct sea_error err;
	struct host h;

	(void)state;
	open_host(&h);
	begin_session(&h, 100);
	hours(&h, 20 * 24, 2);
	end_session(&h, true);
	begin_session(&h, 101);
	hours(&h, 20 * 24, 2);
	end_session(&h, false);
	add_up(before, 2);
	assert_int_equal(prune(&h, &(struct sea_prune_limits){0}, NULL), 0);
	assert_in_range(prune(&h, &limits, NULL), 3, 50);
	assert_sound(&h);
	add_up(after, 2);
	assert_same_sums(&before[1], &after[1]);
	assert_int_equal(after[0].nr_vms, 0);
	assert_replays();

	/* To the hour; the ticks that are one may be a day more. */
	assert_int_equal(number(&h, "SELECT count(*) FROM sea"), (10 * 24 + 1) * 2 * NR_VMS);
	assert_in_range(number(&h, "SELECT count(*) FROM tick"), 10 * 24, 11 * 24 + 2);
	assert_int_equal(number(&h, "SELECT count(*) FROM session"), 1);
	/* The VM that was in the first session only */
	assert_int_equal(number(&h, "SELECT count(*) FROM vm WHERE name = 'vm100'"), 0);
	assert_int_equal(number(&h, "SELECT count(*) FROM vm"), NR_VMS);

	assert_int_equal(sea_pruned_get(sea_writer_db(h.writer), pruned, &err), 0);
	assert_int_equal(pruned[SEA_PRUNED_DETAILS].records, (30 * 24 - 1) * 2 * NR_VMS);
	assert_int_equal(sea_time_to_ns(&pruned[SEA_PRUNED_DETAILS].until),
			 h.now - 10 * DAY - HOUR);
	assert_int_equal(pruned[SEA_PRUNED_SESSIONS].records, 1);
	assert_int_equal(sea_time_to_ns(&pruned[SEA_PRUNED_SESSIONS].until), BEGIN + 20 * DAY);
	assert_in_range(pruned[SEA_PRUNED_TICKS].records, 1, 40 * 24);

	/* It is done, and goes on with time. */
	assert_int_equal(prune(&h, &limits, NULL), 0);
	h.now += 3 * DAY;
	assert_in_range(prune(&h, &limits, NULL), 1, 5);
	assert_int_equal(number(&h, "SELECT count(*) FROM sea"), (7 * 24 + 1) * 2 * NR_VMS);
	close_host(&h);
	sea_snapshot_free(&before[0]);
	sea_snapshot_free(&before[1]);
	sea_snapshot_free(&after[1]);
}

/*
 * Sums are of the details that are there: where one of a stretch is deleted, the sums of
 * it go, and what is left of it is read one by one.
 */
static void test_sums(void **state)
{
	const struct sea_prune_limits limits = {.days = 10};
	struct host h;

	(void)state;
	open_host(&h);
	begin_session(&h, 100);
	hours(&h, 9 * 24, 10);
	end_session(&h, true);
	begin_session(&h, 101);
	hours(&h, 9 * 24, 10);
	end_session(&h, true);
	assert_int_equal(number(&h, "SELECT count(*) FROM detail_sum"), 2);
	assert_int_equal(number(&h, "SELECT sum(seas) FROM sea_sum"),
			 number(&h, "SELECT count(*) FROM sea"));
	prune(&h, &limits, NULL);
	assert_sound(&h);
	/* The older part of the first session is gone. */
	assert_in_range(number(&h, "SELECT count(*) FROM sea WHERE session = 1"), 1,
			9 * 24 * 10 * NR_VMS - 1);
	assert_int_equal(number(&h, "SELECT count(*) FROM detail_sum"), 1);
	assert_int_equal(number(&h, "SELECT session FROM detail_sum"), 2);
	assert_int_equal(number(&h, "SELECT sum(seas) FROM sea_sum"),
			 number(&h, "SELECT count(*) FROM sea WHERE session = 2"));
	/* Both sessions as a whole, and the sums with them */
	begin_session(&h, 102);
	hours(&h, 1, 10);
	h.now += 12 * DAY;
	hours(&h, 1, 10);
	end_session(&h, true);
	prune(&h, &limits, NULL);
	assert_sound(&h);
	assert_int_equal(number(&h, "SELECT count(*) FROM session"), 1);
	assert_int_equal(number(&h, "SELECT count(*) FROM detail_sum"), 0);
	assert_int_equal(number(&h, "SELECT count(*) FROM sea_sum"), 0);
	close_host(&h);
}

/* A session that nobody ended has none for its last details, nor has the next one. */
static void test_sums_of_lost(void **state)
{
	struct host h;

	(void)state;
	open_host(&h);
	begin_session(&h, 100);
	hours(&h, 100, 10);
	end_session(&h, false);
	begin_session(&h, 101);
	hours(&h, 9 * 24, 10);
	end_session(&h, true);
	assert_int_equal(number(&h, "SELECT count(*) FROM detail_sum"), 1);
	assert_int_equal(number(&h, "SELECT seas FROM detail_sum WHERE session = 2"),
			 9 * 24 * 10 * NR_VMS);
	assert_int_equal(number(&h, "SELECT first_seq FROM detail_sum"),
			 number(&h, "SELECT min(seq) FROM sea WHERE session = 2"));
	close_host(&h);
}

/* What whoever records may still make longer is not touched: the last tick. */
static void test_all_is_old(void **state)
{
	const struct sea_prune_limits limits = {.days = 10};
	struct sea_snapshot before = {0}, after = {0};
	struct host h;

	(void)state;
	open_host(&h);
	begin_session(&h, 100);
	hours(&h, 600, 1);
	end_session(&h, false);
	add_up(&before, 1);
	h.now += 100 * DAY;
	prune(&h, &limits, NULL);
	assert_sound(&h);
	add_up(&after, 1);
	assert_same_sums(&before, &after);
	assert_int_equal(number(&h, "SELECT count(*) FROM sea"), NR_VMS);
	assert_int_equal(number(&h, "SELECT count(*) FROM tick"), 2);
	close_host(&h);
	sea_snapshot_free(&before);
	sea_snapshot_free(&after);
}

static void test_marks_keep(void **state)
{
	struct sea_prune_limits limits = {.days = 10, .unexported = true, .unacked = true};
	struct sea_mark mark;
	struct sea_error err;
	struct timespec at;
	struct host h;
	bool is_stuck;
	__s64 all;

	(void)state;
	open_host(&h);
	begin_session(&h, 100);
	hours(&h, 40 * 24, 1);
	end_session(&h, false);
	all = number(&h, "SELECT count(*) FROM sea");
	assert_int_equal(prune(&h, &limits, NULL), 0);
	/* Both marks are asked. */
	assert_int_equal(sea_mark_at(sea_writer_db(h.writer), NULL, &mark, &err), 0);
	assert_int_equal(sea_mark_set(fixture_store, SEA_MARK_ACKED, &mark, &err), 0);
	assert_int_equal(prune(&h, &limits, NULL), 0);
	at = sea_time_from_ns(BEGIN + 5 * DAY);
	assert_int_equal(sea_mark_at(sea_writer_db(h.writer), &at, &mark, &err), 0);
	assert_int_equal(sea_mark_set(fixture_store, SEA_MARK_EXPORTED, &mark, &err), 0);
	prune(&h, &limits, NULL);
	assert_int_equal(number(&h, "SELECT count(*) FROM sea"), all - 5 * 24 * NR_VMS);
	/* Nor for its size */
	limits.bytes = 4096;
	prune(&h, &limits, &is_stuck);
	assert_true(is_stuck);
	assert_int_equal(number(&h, "SELECT count(*) FROM sea"), all - 5 * 24 * NR_VMS);
	limits.unexported = limits.unacked = false;
	prune(&h, &limits, &is_stuck);
	assert_true(is_stuck);
	assert_int_equal(number(&h, "SELECT count(*) FROM sea"), 0);
	assert_sound(&h);
	close_host(&h);
}

static __s64 size_of_file(const char *name)
{
	struct stat st;

	return stat(name, &st) ? 0 : st.st_size;
}

static void test_by_size(void **state)
{
	const struct sea_prune_limits limits = {.bytes = 2 << 20};
	struct sea_snapshot before = {0}, after = {0};
	struct host h;
	bool is_stuck;
	__s64 ticks;

	(void)state;
	open_host(&h);
	begin_session(&h, 100);
	hours(&h, 1000, 30);
	end_session(&h, false);
	add_up(&before, 1);
	ticks = number(&h, "SELECT count(*) FROM tick");
	assert_true(number(&h, "PRAGMA page_count") * 4096 > 3 << 20);
	assert_in_range(prune(&h, &limits, &is_stuck), 2, 500);
	assert_false(is_stuck);
	assert_true(number(&h, "PRAGMA page_count") * 4096 <= 2 << 20);
	/* The newest SEAs are there, and all ticks. */
	assert_in_range(number(&h, "SELECT count(*) FROM sea"), 3000, 89000);
	assert_int_equal(number(&h, "SELECT max(wall_ns) FROM sea"), h.now);
	assert_int_equal(number(&h, "SELECT count(*) FROM tick"), ticks);
	assert_int_equal(number(&h, "SELECT count(*) FROM sea WHERE wall_ns <="
				    " (SELECT until_wall_ns FROM pruned WHERE what = 'details')") <
				 30 * NR_VMS,
			 1);
	/* A smaller one: then ticks become one. */
	prune(&h, &(struct sea_prune_limits){.bytes = 128 << 10}, NULL);
	assert_int_equal(number(&h, "SELECT count(*) FROM sea"), 0);
	assert_in_range(number(&h, "SELECT count(*) FROM tick"), 2, ticks / 2);
	sqlite3_wal_checkpoint_v2(sea_writer_db(h.writer)->sqlite, NULL, SQLITE_CHECKPOINT_TRUNCATE,
				  NULL, NULL);
	assert_true(size_of_file(fixture_store) <= 160 << 10);
	assert_sound(&h);
	add_up(&after, 1);
	assert_same_sums(&before, &after);
	assert_replays();
	close_host(&h);
	sea_snapshot_free(&before);
	sea_snapshot_free(&after);
}

/* The clock was wrong for a while: nothing is deleted before its time for it. */
static void test_clock_jumps(void **state)
{
	const struct sea_prune_limits limits = {.days = 10};
	struct host h;

	(void)state;
	open_host(&h);
	begin_session(&h, 100);
	hours(&h, 24, 1);
	/* Since 1970, and then ten years ahead */
	h.now -= BEGIN - DAY;
	hours(&h, 3, 1);
	h.now += BEGIN + 3650 * DAY;
	hours(&h, 3, 1);
	h.now -= 3651 * DAY;
	hours(&h, 24, 1);
	end_session(&h, false);
	assert_int_equal(prune(&h, &limits, NULL), 0);
	/* Nor does what is ahead keep all others for ten years. */
	h.now += 20 * DAY;
	begin_session(&h, 100);
	hours(&h, 1, 1);
	end_session(&h, false);
	assert_in_range(prune(&h, &limits, NULL), 1, 50);
	assert_int_equal(number(&h, "SELECT count(*) FROM sea"), NR_VMS);
	close_host(&h);
}

/* Whoever reads the text knows of it, too, and it comes back the same. */
static void test_as_text(void **state)
{
	struct sea_pruned pruned[SEA_PRUNED_KINDS] = {
		{{FIXTURE_TIME, 5}, 7}, {{FIXTURE_TIME, 0}, 0}, {{FIXTURE_TIME + 1, 0}, 9}};
	struct sea_pruned back[SEA_PRUNED_KINDS];
	struct sea_line_writer lines = {0};
	struct sea_reader *reader;
	struct sea_text text = {0};
	struct sea_error err;
	FILE *file;

	(void)state;
	assert_int_equal(sea_line_write_pruned(&lines, pruned, &text, &err), 0);
	assert_non_null(strstr(text.text, "{\"type\":\"pruned\",\"what\":\"details\","
					  "\"until\":\"2026-11-23T06:50:44.000000005Z\","
					  "\"records\":7}\n"));
	assert_null(strstr(text.text, "ticks"));
	file = fopen(fixture_store, "w");
	fputs(text.text, file);
	fputs("{\"type\":\"pruned\",\"what\":\"dreams\",\"records\":1}\n", file);
	fclose(file);
	assert_int_equal(sea_recording_open(fixture_store, &reader, &err), 0);
	assert_int_equal(sea_pruned_get(sea_reader_db(reader), back, &err), 0);
	assert_int_equal(back[0].records, 7);
	assert_int_equal(back[0].until.tv_nsec, 5);
	assert_int_equal(back[1].records, 0);
	assert_int_equal(back[2].records, 9);
	/* What only a newer program deletes */
	assert_non_null(sea_recording_caveat(reader));
	sea_reader_close(reader);
	sea_line_writer_free(&lines);
	sea_text_free(&text);
}

static char said[4096];

static void hear(const char *line, void *context)
{
	(void)context;
	snprintf(said + strlen(said), sizeof(said) - strlen(said), "%s\n", line);
}

/* Until the disk takes no more */
static void fill_disk(const char *name)
{
	static const char zeros[4096];
	char filler[160];
	int fd;

	snprintf(filler, sizeof(filler), "%s/%s", fixture_dir, name);
	fd = open(filler, O_WRONLY | O_CREAT | O_APPEND, 0600);
	assert_true(fd >= 0);
	while (write(fd, zeros, sizeof(zeros)) == sizeof(zeros))
		;
	assert_int_equal(errno, ENOSPC);
	close(fd);
}

/* A storm for a recorder on a disk that is full for good: the oldest make room. */
static void test_full_disk(void **state)
{
	const struct sea_recorder_options options = {.path = fixture_store,
						     .say = hear,
						     .limits = {.bytes = 1 << 30},
						     .max_waiting = 20000};
	struct sea_session session = {.run = "run-1", .boot_id = "boot", .started_ns = 1};
	struct sea_vm_info info = {.refs = 1, .id = 1, .key = {1, 2, 3, 4}};
	struct sea_recorder *recorder;
	struct sea_error err;
	__u64 now = SEC, i, last;

	(void)state;
	said[0] = '\0';
	if (mount("none", fixture_dir, "tmpfs", 0, "size=16m")) {
		print_message("no mount: %s\n", strerror(errno));
		skip();
	}
	if (sea_recorder_open(&options, &recorder, &err))
		fail_msg("%s", err.text);
	for (i = 0; i < 150000; i++) {
		const struct sea_event event = {.type = SEA_EVENT_SEA, .vm_id = 1, .time_ns = i};
		struct sea_record record = {.type = SEA_RECORD_SEA,
					    .time_ns = i + 1,
					    .wall = sea_time_from_ns(BEGIN + (__s64)i),
					    .session = &session,
					    .vm = &info,
					    .event = &event};

		if (i < 2)
			record.type = i ? SEA_RECORD_VM : SEA_RECORD_SESSION;
		assert_int_equal(sea_recorder_take(recorder, &record, &err), 0);
		if (i % 1000)
			continue;
		sea_recorder_tend(recorder, now += 2 * SEC);
		/* And once more, when room was made: it is not for others. */
		if (i == 20000 || i == 60000)
			fill_disk("others");
	}
	for (i = 0; i < 100 && !sea_recorder_is_writing(recorder); i++)
		sea_recorder_tend(recorder, now += 2 * SEC);
	assert_true(sea_recorder_is_writing(recorder));
	if (sea_recorder_finish(recorder, &err))
		fail_msg("%s", err.text);
	assert_int_equal(sea_recorder_lost(recorder), 0);
	last = (__u64)sea_db_number(sea_recorder_db(recorder), "SELECT max(time_ns) FROM sea", -1);
	assert_int_equal(last, 149999);
	assert_int_equal(sea_db_number(sea_recorder_db(recorder),
				       "SELECT count(*) + (SELECT records FROM pruned WHERE what ="
				       " 'details') FROM sea",
				       -1),
			 149998);
	assert_non_null(strstr(said, "the disk is full; make room on it; what comes is kept in "
				     "memory\nthe store is written again; 0 details"));
	sea_recorder_close(recorder);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_make_store, fixture_remove_store)
	const struct CMUnitTest tests[] = {
		TEST(test_by_age),	TEST(test_sums),       TEST(test_sums_of_lost),
		TEST(test_all_is_old),	TEST(test_marks_keep), TEST(test_by_size),
		TEST(test_clock_jumps), TEST(test_as_text),    TEST(test_full_disk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
