// SPDX-License-Identifier: GPL-2.0-only
/*
 * A recording on a disk that does not answer: a jump in it holds up no key, the screen says
 * that it looks, and what is found is shown when it is there.
 */
#include "show/travel.h"

#include <locale.h>
#include <poll.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixtures.h"
#include "made-up-store.h"
#include "model/clock.h"
#include "show/screen.h"
#include "store/fault-vfs.h"
#include "store/replay.h"

/* Ticks a minute apart, of which every tenth has an SEA: more than is read at the start. */
#define SINCE 1795416600LL
#define TICKS 6000
#define MINUTE 60000000000LL

static struct sea_error err;
static char dir[64], path[128];
static struct sea_feed *feed;
static struct sea_screen *screen;
static struct sea_text drawn;

static int make_store(void **state)
{
	const struct made_up_host host = {
		"hv01", "run-1", SINCE * 1000000000LL, (TICKS + 1) * MINUTE, 3, 1};
	struct sea_text sql = {0};
	int i;

	(void)state;
	setlocale(LC_ALL, "C");
	setenv("TZ", "UTC", 1);
	fault_vfs_be_default();
	if (fixture_make_dir(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/sea.db", dir);
	made_up_host(&host, &sql);
	for (i = 1; i <= TICKS; i++)
		made_up_seas(&host, 9 + i, i * MINUTE, 1 + i % 3, "claimed", i % 10 ? 0 : 1, &sql);
	return made_up_store(path, &sql, &err);
}

static int remove_store(void **state)
{
	(void)state;
	return fixture_remove_dir(dir);
}

static const char *draw(void)
{
	struct sea_canvas canvas = {0};

	sea_text_free(&drawn);
	assert_int_equal(sea_screen_draw(screen, 24, 100, &canvas, &err), 0);
	sea_canvas_text(&canvas, &drawn);
	sea_canvas_free(&canvas);
	return drawn.text;
}

static void has(const char *part)
{
	const char *text = draw();

	if (!strstr(text, part))
		print_error("no '%s' in\n%s", part, text);
	assert_non_null(strstr(text, part));
}

static enum sea_wish press(int key)
{
	enum sea_wish wish;

	assert_int_equal(sea_screen_key(screen, key, 0, 0, &wish, &err), 0);
	return wish;
}

static void go_to(const char *when)
{
	press('T');
	for (; *when; when++)
		press(*when);
	press(SEA_KEY_ENTER);
}

/* What the feed has at once, as the loop of seatop takes it */
static void take_all(void)
{
	struct sea_record record;

	while (sea_feed_next(feed, &record, &err) == SEA_FEED_RECORD)
		assert_int_equal(sea_screen_take(screen, &record, &err), 0);
}

/* Until the thread is back with what was looked for */
static void until(const char *what)
{
	struct pollfd fd = {.events = POLLIN};

	for (;;) {
		assert_int_equal(sea_screen_serve_store(screen, &err), 0);
		take_all();
		if (strstr(draw(), what))
			return;
		fd.fd = sea_feed_fd(feed);
		if (poll(&fd, 1, 20000) != 1)
			fail_msg("no '%s' in\n%s", what, draw());
	}
}

static void open_recording(void)
{
	const struct sea_replay_options how = {.speed = 1, .at = {.tv_sec = SINCE + 60 * 60}};
	const struct sea_screen_options options = {.interval_ns = SEC, .is_recording = true};

	assert_int_equal(sea_replay_open(path, &how, &feed, &err), 0);
	assert_int_equal(sea_screen_open(&options, feed, &screen, &err), 0);
	/* 06:50 and an hour */
	until("2026-11-23 07:50:00");
}

static void close_recording(void)
{
	sea_screen_close(screen);
	sea_feed_close(feed);
	sea_text_free(&drawn);
}

/* The disk answers no more, and the jump waits for it. */
static void hold(void)
{
	fault.is_held = 1;
}

static void wait_until_it_reads(void)
{
	while (!fault.waiting)
		usleep(1000);
}

static void no_key_waits(void **state)
{
	(void)state;
	open_recording();
	hold();
	go_to("2026-11-25 06:50");
	wait_until_it_reads();
	has("LOOKING IN RECORDING");
	has("looking in the recording; q leaves it");
	/* What was there is there, and pages, the table and the way out work. */
	has("2026-11-23 07:50:00");
	press('t');
	has("Can these numbers be trusted?");
	has("LOOKING IN RECORDING");
	press(SEA_KEY_ESC);
	assert_int_equal(press('q'), SEA_WISH_QUIT);
	/* One jump at a time. */
	press('[');
	has("looking in the recording; q leaves it");
	press(' ');
	go_to("2026-11-24 06:50");
	has("2026-11-23 07:50:00");
	assert_int_equal(sea_screen_serve_store(screen, &err), 0);
	take_all();
	has("LOOKING IN RECORDING");
	fault.is_held = 0;
	until("PAUSED 06:50:00");
	has("2026-11-25 06:50:00");
	assert_null(strstr(draw(), "ooking"));
	close_recording();
}

/* Each way of going elsewhere arrives where it does on a disk that answers. */
static void each_way(void **state)
{
	static const struct {
		int key;
		const char *there;
	} ways[] = {{'[', "PAUSED 06:49:00"}, {'{', "PAUSED 06:40:00"}, {'}', "PAUSED 06:50:00"}};
	size_t i;

	(void)state;
	open_recording();
	go_to("2026-11-25 06:50");
	until("PAUSED 06:50:00");
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		hold();
		press(ways[i].key);
		fault.is_held = 0;
		until(ways[i].there);
	}
	/* Time goes on when it is there. */
	press('[');
	until("PAUSED 06:49:00");
	hold();
	press(' ');
	fault.is_held = 0;
	until("RECORDING x1");
	/* There is nothing before the first SEA. */
	go_to("2026-11-23 06:55");
	until("PAUSED 06:55:00");
	hold();
	press('{');
	fault.is_held = 0;
	until("no SEA before this one is known");
	has("PAUSED 06:54:00");
	close_recording();
}

/* Whoever leaves does not wait either: the thread gives all of it back. */
static void leaves(void **state)
{
	(void)state;
	open_recording();
	hold();
	go_to("2026-11-26 06:50");
	wait_until_it_reads();
	close_recording();
	assert_true(fault.waiting);
	fault.is_held = 0;
	while (fault.waiting)
		usleep(1000);
}

static void serve_until(const char *what)
{
	struct pollfd fds[SEA_SCREEN_STORE_FDS];
	int store[SEA_SCREEN_STORE_FDS];
	nfds_t nr, i;

	for (;;) {
		while (sea_screen_serve_store(screen, &err) > 0)
			;
		if (strstr(draw(), what))
			return;
		nr = sea_screen_store_fds(screen, store);
		for (i = 0; i < nr; i++)
			fds[i] = (struct pollfd){.fd = store[i], .events = POLLIN};
		if (poll(fds, nr, 20000) < 1)
			fail_msg("no '%s' in\n%s", what, draw());
	}
}

/* The screen is there before the recording is open. */
static void opens_later(void **state)
{
	const struct sea_replay_options how = {.speed = 1, .at = {.tv_sec = SINCE + 60 * 60}};
	const struct sea_screen_options options = {.interval_ns = SEC, .is_recording = true};

	(void)state;
	hold();
	assert_int_equal(sea_replay_open_later(path, &how, &feed, &err), 0);
	assert_int_equal(sea_screen_open(&options, feed, &screen, &err), 0);
	wait_until_it_reads();
	take_all();
	has("nothing was read yet");
	has("LOOKING IN RECORDING");
	go_to("-2h");
	press('b');
	press('h');
	assert_int_equal(press('q'), SEA_WISH_QUIT);
	press(SEA_KEY_ESC);
	fault.is_held = 0;
	until("2026-11-23 07:50:00");
	assert_null(strstr(draw(), "LOOKING"));
	close_recording();
	/* Left before it is open */
	hold();
	assert_int_equal(sea_replay_open_later(path, &how, &feed, &err), 0);
	wait_until_it_reads();
	sea_feed_close(feed);
	fault.is_held = 0;
	while (fault.waiting)
		usleep(1000);
	/* None that can be opened */
	assert_int_equal(sea_replay_open_later("/nowhere/sea.db", &how, &feed, &err), 0);
	assert_int_equal(sea_screen_open(&options, feed, &screen, &err), 0);
	while (!sea_screen_serve_store(screen, &err))
		usleep(1000);
	assert_string_equal(err.text, "cannot open /nowhere/sea.db: No such file or directory");
	close_recording();
}

/* What follows a jump is read by a thread, too; a jump from there goes on where that is back. */
static void reading_on(void **state)
{
	(void)state;
	open_recording();
	press(' ');
	go_to("2026-11-25 06:50");
	until("PAUSED 06:50:00");
	/* Past all that is in memory */
	press('+');
	for (int i = 0; i < 12; i++)
		press('+');
	hold();
	press(' ');
	while (!fault.waiting) {
		take_all();
		has("RECORDING x4096");
	}
	press('t');
	has("Can these numbers be trusted?");
	press(SEA_KEY_ESC);
	press('-');
	has("RECORDING x2048");
	go_to("2026-11-24 06:50");
	has("LOOKING IN RECORDING");
	take_all();
	fault.is_held = 0;
	until("PAUSED 06:50:00");
	has("2026-11-24 06:50:00");
	close_recording();
}

/* Nor does whoever leaves while it is being read. */
static void leaves_while_it_reads(void **state)
{
	(void)state;
	open_recording();
	press('+');
	for (int i = 0; i < 12; i++)
		press('+');
	hold();
	while (!fault.waiting)
		take_all();
	sea_feed_finish(feed, 0);
	assert_int_equal(sea_feed_next(feed, &(struct sea_record){0}, &err), SEA_FEED_END);
	close_recording();
	assert_true(fault.waiting);
	fault.is_held = 0;
	while (fault.waiting)
		usleep(1000);
}

/* That nothing is there is another thing than that it cannot be read. */
static void disk_fails(void **state)
{
	static const char *const keys[] = {"n", "T2026-11-26 12:00\r", "{", "}"};
	size_t i;

	(void)state;
	/* SQLite keeps no page that it could read again. */
	sqlite3_soft_heap_limit64(1);
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *key;
		int rc = 0;

		open_recording();
		fault.read = SQLITE_IOERR_READ;
		for (key = keys[i]; *key && !rc; key++) {
			enum sea_wish wish;

			rc = sea_screen_key(screen, *key == '\r' ? SEA_KEY_ENTER : *key, 0, 0,
					    &wish, &err);
		}
		while (!rc && strstr(draw(), "LOOKING")) {
			usleep(1000);
			rc = sea_screen_serve_store(screen, &err);
		}
		fault.read = 0;
		assert_int_equal(rc, -1);
		assert_non_null(strstr(err.text, "cannot read "));
		assert_non_null(strstr(err.text, "see the kernel's log for the disk"));
		close_recording();
	}
	sqlite3_soft_heap_limit64(0);
}

/* Live, and then back in the recorder's store, whose disk stops answering: n leads back. */
static void back_to_now(void **state)
{
	static const struct sea_feed_ops ops;
	static struct sea_feed live = {&ops};
	const struct sea_screen_options options = {.interval_ns = SEC, .store = path};
	struct sea_session session;
	struct sea_snapshot tick;
	struct sea_record record = {.type = SEA_RECORD_SESSION, .session = &session};

	(void)state;
	assert_int_equal(sea_screen_open(&options, &live, &screen, &err), 0);
	make_session(&session);
	assert_int_equal(sea_screen_take(screen, &record, &err), 0);
	make_snapshot(&tick);
	tick.wall.tv_sec = SINCE + 60 * 60 * 24;
	record = (struct sea_record){.type = SEA_RECORD_TICK, .tick = &tick};
	assert_int_equal(sea_screen_take(screen, &record, &err), 0);
	sea_snapshot_free(&tick);
	press('b');
	serve_until("STORE 05:50:00, n: now");
	hold();
	go_to("2026-11-25 12:00");
	wait_until_it_reads();
	has("LOOKING IN STORE");
	press('n');
	has("06:50:00 hv01");
	assert_null(strstr(draw(), "STORE"));
	assert_true(fault.waiting);
	fault.is_held = 0;
	while (fault.waiting)
		usleep(1000);
	sea_screen_close(screen);
	sea_text_free(&drawn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_key_waits),
		cmocka_unit_test(each_way),
		cmocka_unit_test(leaves),
		cmocka_unit_test(back_to_now),
		cmocka_unit_test(opens_later),
		cmocka_unit_test(reading_on),
		cmocka_unit_test(leaves_while_it_reads),
		cmocka_unit_test(disk_fails),
	};

	return cmocka_run_group_tests_name("travel", tests, make_store, remove_store);
}
