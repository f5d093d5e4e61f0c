// SPDX-License-Identifier: GPL-2.0-only
/* A replay yields what was recorded, and from any moment on what it was then. */
#include "store/replay.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixtures.h"
#include "model/clock.h"
#include "scene.h"

#define AT_100 1795416644

static char path[64];

static int write_scene(void **state)
{
	(void)state;
	strcpy(path, "/tmp/test-replay-XXXXXX");
	scene_to_file(path);
	return 0;
}

static int remove_scene(void **state)
{
	(void)state;
	return unlink(path);
}

static struct sea_feed *open_at(__s64 seconds, double speed)
{
	const struct sea_replay_options options = {.at = {seconds ? AT_100 - 100 + seconds : 0, 0},
						   .speed = speed};
	struct sea_feed *feed;
	struct sea_error err;

	if (sea_replay_open(path, &options, &feed, &err))
		fail_msg("%s", err.text);
	return feed;
}

static void next(struct sea_feed *feed, struct sea_record *record)
{
	struct sea_error err;
	enum sea_feed_next rc = sea_feed_next(feed, record, &err);

	if (rc == SEA_FEED_FAILED)
		fail_msg("%s", err.text);
	assert_int_equal(rc, SEA_FEED_RECORD);
}

/* The next tick; what comes before it is passed over. */
static void next_tick(struct sea_feed *feed, struct sea_record *record)
{
	do {
		next(feed, record);
	} while (record->type != SEA_RECORD_TICK);
}

static void compare_with_next(const struct sea_record *expected, void *context)
{
	struct sea_record record;

	next(context, &record);
	assert_same_record(&record, expected);
}

/* The tick in which a VM has ended shows how, though the record of its end comes behind. */
static void test_how_it_ended(void **state)
{
	struct sea_feed *feed = open_at(0, 0);
	struct sea_record record;
	const struct sea_vm *vm = NULL;
	size_t i;

	(void)state;
	while (!vm) {
		next_tick(feed, &record);
		for (i = 0; i < record.tick->nr_vms; i++)
			if (record.tick->vms[i].vm.id == 3 && record.tick->vms[i].vm.ended_ns)
				vm = &record.tick->vms[i].vm;
	}
	assert_true(vm->exit_known);
	assert_int_equal(vm->wait_status, 9);
	next(feed, &record);
	assert_int_equal(record.type, SEA_RECORD_END);
	sea_feed_close(feed);
}

static void test_from_the_start(void **state)
{
	struct sea_feed *feed = open_at(0, 0);
	struct timespec first, last;
	struct sea_record record;
	struct sea_error err;

	(void)state;
	assert_int_equal(sea_feed_fd(feed), -1);
	scene_play(compare_with_next, feed);
	assert_int_equal(sea_feed_next(feed, &record, &err), SEA_FEED_END);
	assert_int_equal(sea_feed_next(feed, &record, &err), SEA_FEED_END);
	sea_replay_span(feed, &first, &last);
	assert_int_equal(first.tv_sec, AT_100 - 90);
	assert_int_equal(last.tv_sec, AT_100 + 22);
	sea_feed_close(feed);
}

struct comparing {
	struct sea_feed *feed;
	__u64 from_ns; /* ticks before this one are passed over */
	const char *run;
	bool begun;
};

/* From the tick at from_ns of the run on, all has to be as it was. */
static void compare_from(const struct sea_record *expected, void *context)
{
	struct comparing *c = context;
	struct sea_record record;

	if (!c->begun && (expected->type != SEA_RECORD_TICK || expected->time_ns != c->from_ns))
		return;
	if (!c->begun)
		next_tick(c->feed, &record);
	else
		next(c->feed, &record);
	c->begun = true;
	assert_same_record(&record, expected);
}

/* From every tick, and from just before and behind it. */
static void test_from_any_tick(void **state)
{
	static const __u64 ticks[] = {100, 101, 102, 103, 104, 105, 106, 107, 121, 122};
	struct sea_error err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(ticks); i++) {
		const struct timespec at = {AT_100 - 100 + (time_t)ticks[i], 0},
				      later = {at.tv_sec, 999999999};
		/* The tick before comes first, where the session has one. */
		struct comparing c = {.from_ns = (ticks[i] - (ticks[i] != 100 && ticks[i] != 121)) *
						 SEC};

		c.feed = open_at((__s64)ticks[i], 0);
		scene_play(compare_from, &c);
		assert_true(c.begun);
		/* There and back, in one feed */
		assert_int_equal(sea_replay_seek(c.feed, &later, &err), 0);
		c.begun = false;
		scene_play(compare_from, &c);
		assert_true(c.begun);
		sea_feed_close(c.feed);
	}
}

/* What comes first after a jump: whose records these are. */
static void test_told_again(void **state)
{
	struct sea_feed *feed = open_at(103, 0);
	struct sea_record record;

	(void)state;
	next(feed, &record);
	assert_int_equal(record.type, SEA_RECORD_SESSION);
	assert_string_equal(record.session->host, "rack7");
	assert_int_equal(record.session->ended_ns, 0);
	assert_true(record.session->replayed);
	next(feed, &record);
	assert_int_equal(record.type, SEA_RECORD_VM);
	assert_string_equal(record.vm->name.text, "db01");
	sea_feed_close(feed);
}

static void test_before_and_behind(void **state)
{
	struct sea_feed *feed = open_at(1, 0);
	struct sea_record record;
	struct sea_error err;

	(void)state;
	scene_play(compare_with_next, feed);
	sea_feed_close(feed);
	feed = open_at(1000, 0);
	next_tick(feed, &record);
	assert_int_equal(record.time_ns, 121 * SEC);
	next_tick(feed, &record);
	assert_int_equal(record.time_ns, 122 * SEC);
	assert_int_equal(sea_feed_next(feed, &record, &err), SEA_FEED_END);
	sea_feed_close(feed);
}

static void test_steps(void **state)
{
	struct sea_feed *feed = open_at(103, 1);
	struct sea_record record;
	struct sea_error err;

	(void)state;
	sea_replay_pause(feed, true);
	next_tick(feed, &record);
	assert_int_equal(record.time_ns, 102 * SEC);
	next_tick(feed, &record);
	assert_int_equal(record.time_ns, 103 * SEC);
	/* Nothing comes by itself. */
	assert_int_equal(sea_feed_next(feed, &record, &err), SEA_FEED_WAIT);
	sea_replay_step(feed);
	next_tick(feed, &record);
	assert_int_equal(record.time_ns, 104 * SEC);
	assert_int_equal(sea_feed_next(feed, &record, &err), SEA_FEED_WAIT);
	/* Back to 103, of which the tick before comes first */
	assert_int_equal(sea_replay_back(feed, &err), 0);
	next_tick(feed, &record);
	assert_int_equal(record.time_ns, 102 * SEC);
	next_tick(feed, &record);
	assert_int_equal(record.time_ns, 103 * SEC);
	assert_int_equal(sea_feed_next(feed, &record, &err), SEA_FEED_WAIT);
	sea_feed_close(feed);
}

static void test_jumps_to_seas(void **state)
{
	struct sea_feed *feed = open_at(102, 1);
	struct sea_record record;
	struct sea_error err;

	(void)state;
	sea_replay_pause(feed, true);
	next_tick(feed, &record);
	next_tick(feed, &record);
	assert_int_equal(record.time_ns, 102 * SEC);
	assert_int_equal(sea_replay_next_sea(feed, false, &err), 0);
	next_tick(feed, &record);
	next_tick(feed, &record);
	assert_int_equal(record.time_ns, 122 * SEC);
	assert_int_equal(sea_replay_next_sea(feed, false, &err), 1);
	assert_int_equal(sea_replay_next_sea(feed, true, &err), 0);
	next_tick(feed, &record);
	next_tick(feed, &record);
	assert_int_equal(record.time_ns, 101 * SEC);
	assert_int_equal(sea_replay_next_sea(feed, true, &err), 0);
	next_tick(feed, &record);
	assert_int_equal(record.time_ns, 100 * SEC);
	assert_int_equal(sea_replay_next_sea(feed, true, &err), 1);
	assert_int_equal(sea_replay_back(feed, &err), 1);
	sea_feed_close(feed);
}

static __s64 now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return sea_time_to_ns(&now);
}

/* A second of the recording takes 10 ms, or longer on a slow machine, but never less. */
/* Keys that are pressed faster than records are read: each jump goes on from the one before. */
static void test_jumps_without_reading(void **state)
{
	const struct timespec at = {AT_100 + 7, 0};
	struct sea_feed *feed = open_at(0, 0);
	struct sea_record record;
	struct sea_error err;

	(void)state;
	assert_int_equal(sea_replay_seek(feed, &at, &err), 0);
	assert_int_equal(sea_replay_back(feed, &err), 0);
	assert_int_equal(sea_replay_back(feed, &err), 0);
	next_tick(feed, &record);
	next_tick(feed, &record);
	assert_int_equal(record.wall.tv_sec, AT_100 + 5);
	sea_feed_close(feed);
}

static void test_pace(void **state)
{
	__s64 begin = now_ns();
	struct sea_feed *feed = open_at(103, 100);
	struct sea_record record = {0};
	struct sea_error err;

	(void)state;
	while (record.type != SEA_RECORD_TICK || record.time_ns != 107 * SEC) {
		struct pollfd fd = {.fd = sea_feed_fd(feed), .events = POLLIN};

		switch (sea_feed_next(feed, &record, &err)) {
		case SEA_FEED_WAIT:
			assert_int_equal(poll(&fd, 1, 60000), 1);
			break;
		case SEA_FEED_RECORD:
			break;
		default:
			fail_msg("it ends");
		}
	}
	assert_true(now_ns() - begin >= 4 * (__s64)SEC / 100);
	sea_feed_close(feed);
}

/* A whole day in one row: with a pace each of its ticks comes, without one two. */
static void test_idle_day(void **state)
{
	static const char text[] =
		"{\"type\":\"recording\",\"schema\":\"seatop.recording/1\"}\n"
		"{\"type\":\"session\",\"session\":1,\"run\":\"r\",\"end\":\"runs\","
		"\"started\":\"2026-11-29T00:00:00Z\",\"started_ns\":1000000000}\n"
		"{\"type\":\"tick\",\"session\":1,\"time\":\"2026-11-29T00:00:01Z\","
		"\"boottime_ns\":2000000000,\"first\":\"2026-11-29T00:00:01Z\","
		"\"first_ns\":2000000000,\"ticks\":1,\"checked\":3}\n"
		"{\"type\":\"tick\",\"session\":1,\"time\":\"2026-11-30T00:00:01Z\","
		"\"boottime_ns\":86402000000000,\"first\":\"2026-11-29T00:00:02Z\","
		"\"first_ns\":3000000000,\"ticks\":86400}\n";
	const struct timespec start = {1795910400, 0};
	FILE *file = fopen(path, "w");
	struct sea_record record;
	struct sea_feed *feed;
	struct sea_error err;
	struct timespec at = start;

	(void)state;
	fputs(text, file);
	fclose(file);
	feed = open_at(0, 0);
	next_tick(feed, &record);
	next_tick(feed, &record);
	assert_int_equal(record.time_ns, 3 * SEC);
	next_tick(feed, &record);
	assert_int_equal(record.time_ns, 86402 * SEC);
	assert_int_equal(record.tick->time_ns, 86402 * SEC);
	assert_int_equal(record.tick->checked, 3);
	assert_int_equal(sea_feed_next(feed, &record, &err), SEA_FEED_END);
	sea_feed_close(feed);

	feed = open_at(0, 1);
	sea_replay_pause(feed, true);
	at.tv_sec += 43200;
	assert_int_equal(sea_replay_seek(feed, &at, &err), 0);
	do {
		next_tick(feed, &record);
	} while (record.wall.tv_sec < at.tv_sec);
	assert_int_equal(record.time_ns, 43201 * SEC);
	assert_int_equal(sea_feed_next(feed, &record, &err), SEA_FEED_WAIT);
	assert_int_equal(sea_replay_back(feed, &err), 0);
	do {
		next_tick(feed, &record);
	} while (record.wall.tv_sec < at.tv_sec - 1);
	assert_int_equal(record.time_ns, 43200 * SEC);
	assert_int_equal(sea_feed_next(feed, &record, &err), SEA_FEED_WAIT);
	sea_replay_step(feed);
	next_tick(feed, &record);
	assert_int_equal(record.time_ns, 43201 * SEC);
	sea_feed_close(feed);
}

static __s32 sigbus_at(struct sea_feed *feed, __u64 time_ns)
{
	struct sea_record record;

	do {
		next_tick(feed, &record);
	} while (record.time_ns < time_ns);
	assert_int_equal(record.time_ns, time_ns);
	return sea_snapshot_find(record.tick, 1)->sigbus;
}

/* From the start or after a jump, a row says what its VMM was sent before. */
static void test_sigbus_in_rows(void **state)
{
	struct sea_feed *feed = open_at(0, 0);
	struct sea_error err;

	(void)state;
	assert_int_equal(sigbus_at(feed, 106 * SEC), 0);
	assert_int_equal(sigbus_at(feed, 107 * SEC), 4);
	sea_feed_close(feed);
	feed = open_at(107, 0);
	assert_int_equal(sigbus_at(feed, 107 * SEC), 4);
	assert_int_equal(sea_replay_seek(feed, &(struct timespec){AT_100 + 5, 0}, &err), 0);
	assert_int_equal(sigbus_at(feed, 105 * SEC), 0);
	sea_feed_close(feed);
}

static void test_finish(void **state)
{
	struct sea_feed *feed = open_at(0, 0);
	struct sea_record record;
	struct sea_error err;

	(void)state;
	next_tick(feed, &record);
	sea_feed_finish(feed, 0);
	assert_int_equal(sea_feed_next(feed, &record, &err), SEA_FEED_END);
	sea_feed_close(feed);
}

static void test_no_such_file(void **state)
{
	const struct sea_replay_options options = {0};
	struct sea_feed *feed;
	struct sea_error err;

	(void)state;
	assert_int_equal(sea_replay_open("/nowhere/sea.db", &options, &feed, &err), -1);
	assert_string_equal(err.text, "cannot open /nowhere/sea.db: No such file or directory");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, write_scene, remove_scene)
	const struct CMUnitTest tests[] = {
		TEST(test_from_the_start),
		TEST(test_how_it_ended),
		TEST(test_from_any_tick),
		TEST(test_told_again),
		TEST(test_before_and_behind),
		TEST(test_steps),
		TEST(test_jumps_to_seas),
		TEST(test_pace),
		TEST(test_idle_day),
		TEST(test_jumps_without_reading),
		TEST(test_sigbus_in_rows),
		TEST(test_finish),
		cmocka_unit_test(test_no_such_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
