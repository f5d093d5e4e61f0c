// SPDX-License-Identifier: GPL-2.0-only
/*
 * A time that memory does not have: it is looked for by a thread, and the screen shows it
 * until it is told to come back to now.
 */
#include "show/past.h"

#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixtures.h"
#include "scene.h"
#include "show/screen.h"

/* The scene's ticks are from then on, a second from one to the next. */
#define AT_100 1795416644

static struct sea_error err;
static char path[64];

/* What a recorder wrote, as text, which is read in the same way. */
static int write_scene(void **state)
{
	(void)state;
	setlocale(LC_ALL, "C");
	setenv("TZ", "UTC", 1);
	strcpy(path, "/tmp/test-past-XXXXXX");
	scene_to_file(path);
	return 0;
}

static int remove_scene(void **state)
{
	(void)state;
	return unlink(path);
}

static void wait_for(int fd)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	assert_int_equal(poll(&poll_fd, 1, 20000), 1);
}

static enum sea_past_answer answer_of(struct sea_past *past, struct sea_feed **feed)
{
	enum sea_past_answer answer;

	while ((answer = sea_past_answer(past, feed, &err)) == SEA_PAST_NONE)
		wait_for(sea_past_fd(past));
	return answer;
}

/* The wall time of the last tick that the feed has at once */
static time_t last_tick(struct sea_feed *feed)
{
	struct sea_record record;
	time_t at = 0;

	while (sea_feed_next(feed, &record, &err) == SEA_FEED_RECORD)
		if (record.type == SEA_RECORD_TICK)
			at = record.wall.tv_sec;
	return at;
}

static void answers(void **state)
{
	struct sea_feed *feed = NULL;
	struct sea_past *past;

	(void)state;
	assert_int_equal(sea_past_open(&past, path, &err), 0);
	assert_int_equal(sea_past_answer(past, &feed, &err), SEA_PAST_NONE);
	sea_past_ask(past, &(struct timespec){.tv_sec = AT_100 + 1}, false);
	assert_int_equal(answer_of(past, &feed), SEA_PAST_FEED);
	assert_int_equal(last_tick(feed), AT_100 + 1);
	sea_feed_close(feed);
	/* Ahead of all that is stored is its first tick. */
	sea_past_ask(past, &(struct timespec){.tv_sec = AT_100 - 3600}, false);
	assert_int_equal(answer_of(past, &feed), SEA_PAST_FEED);
	assert_int_equal(last_tick(feed), AT_100);
	sea_feed_close(feed);
	/* Of two questions only the last one is answered. */
	sea_past_ask(past, &(struct timespec){.tv_sec = AT_100 + 1}, false);
	sea_past_ask(past, &(struct timespec){.tv_sec = AT_100 + 2}, false);
	assert_int_equal(answer_of(past, &feed), SEA_PAST_FEED);
	assert_int_equal(last_tick(feed), AT_100 + 2);
	sea_feed_close(feed);
	sea_past_ask(past, &(struct timespec){.tv_sec = AT_100 + 7}, true);
	assert_int_equal(answer_of(past, &feed), SEA_PAST_FEED);
	assert_int_equal(last_tick(feed), AT_100 + 1);
	sea_feed_close(feed);
	sea_past_ask(past, &(struct timespec){.tv_sec = AT_100 - 7}, true);
	assert_int_equal(answer_of(past, &feed), SEA_PAST_FAILED);
	/* It may be closed with a question out. */
	sea_past_ask(past, &(struct timespec){.tv_sec = AT_100}, false);
	sea_past_close(past);
}

static void no_store(void **state)
{
	struct sea_feed *feed;
	struct sea_past *past;

	(void)state;
	assert_int_equal(sea_past_open(&past, "/nonexistent/sea.db", &err), 0);
	sea_past_ask(past, &(struct timespec){.tv_sec = AT_100}, false);
	assert_int_equal(answer_of(past, &feed), SEA_PAST_FAILED);
	assert_non_null(strstr(err.text, "/nonexistent/sea.db"));
	sea_past_close(past);
}

static const struct sea_feed_ops ops;
static struct sea_feed live = {&ops};
static struct sea_screen *screen;
static struct sea_text drawn;

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

static void press(int key)
{
	enum sea_wish wish;

	assert_int_equal(sea_screen_key(screen, key, 0, 0, &wish, &err), 0);
}

/* Until the thread was there and back, and all that it found is taken */
static void serve(const char *until)
{
	struct pollfd poll_fds[SEA_SCREEN_STORE_FDS];
	int fds[SEA_SCREEN_STORE_FDS];
	nfds_t nr, i;

	for (;;) {
		while (sea_screen_serve_store(screen, &err) > 0)
			;
		if (strstr(draw(), until))
			return;
		nr = sea_screen_store_fds(screen, fds);
		assert_true(nr > 0);
		for (i = 0; i < nr; i++)
			poll_fds[i] = (struct pollfd){.fd = fds[i], .events = POLLIN};
		assert_true(poll(poll_fds, nr, 20000) > 0);
	}
}

/* The host of the scene an hour later. */
static void open_screen(const char *store)
{
	const struct sea_screen_options options = {.interval_ns = SEC, .store = store};
	struct sea_session session;
	struct sea_snapshot tick;
	struct sea_vm_info info;
	struct sea_record record = {.type = SEA_RECORD_SESSION, .session = &session};

	assert_int_equal(sea_screen_open(&options, &live, &screen, &err), 0);
	make_session(&session);
	assert_int_equal(sea_screen_take(screen, &record, &err), 0);
	make_snapshot(&tick);
	tick.wall.tv_sec = AT_100 + 3600 + 2;
	/* VM 2 of this session is the scene's db01, which has another number there. */
	info = *tick.vms[1].info;
	info.key = (struct sea_vm_key){5 * SEC + 3, 4017, 4018, 11};
	sea_vm_info_put(tick.vms[1].info);
	tick.vms[1].info = sea_vm_info_new(&info);
	record = (struct sea_record){.type = SEA_RECORD_TICK, .tick = &tick};
	assert_int_equal(sea_screen_take(screen, &record, &err), 0);
	sea_snapshot_free(&tick);
	has("07:50:46");
}

static void close_screen(void)
{
	sea_screen_close(screen);
	sea_text_free(&drawn);
}

static void an_hour_back(void **state)
{
	(void)state;
	open_screen(path);
	press('b');
	has("reading ");
	serve("STORE 06:50:46, n: now");
	has("db01");
	/* In it one goes on as in a recording. */
	press('[');
	serve("STORE 06:50:45");
	press('n');
	has("07:50:46 hv01");
	assert_null(strstr(draw(), "STORE"));
	close_screen();
}

/* The VM whose page is open is found again, by its key; or it is said that it is not there. */
static void the_same_vm(void **state)
{
	(void)state;
	open_screen(path);
	press(SEA_KEY_ENTER);
	has("web-1002  runs");
	press('b');
	serve("db01  runs");
	has("STORE 06:50:46");
	press('n');
	has("web-1002  runs");
	press(SEA_KEY_ESC);
	press('j');
	press(SEA_KEY_ENTER);
	has("db01-1001  runs");
	press('b');
	serve("This VM is not in the table at this moment");
	close_screen();
}

static void farther_than_memory(void **state)
{
	(void)state;
	open_screen(path);
	press('[');
	serve("STORE 06:5");
	press('n');
	/* Where the last SEA came that is stored */
	press('{');
	serve("STORE 06:51:06");
	/* And where the one before it did; a mark that comes too early is none. */
	press('{');
	press('m');
	draw();
	serve("STORE 06:50:45");
	close_screen();
}

static void without_a_store(void **state)
{
	(void)state;
	open_screen("/nonexistent/sea.db");
	press('b');
	serve("memory goes back to 2026-11-23 07:50:46");
	has("PAUSED 07:50:46");
	close_screen();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers),
		cmocka_unit_test(no_store),
		cmocka_unit_test(an_hour_back),
		cmocka_unit_test(the_same_vm),
		cmocka_unit_test(farther_than_memory),
		cmocka_unit_test(without_a_store),
	};

	return cmocka_run_group_tests_name("past", tests, write_scene, remove_scene);
}
