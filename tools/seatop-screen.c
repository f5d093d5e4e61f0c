// SPDX-License-Identifier: GPL-2.0-only
#include "seatop-screen.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "model/clock.h"
#include "seatop-names.h"
#include "show/screen.h"
#include "show/settings.h"
#include "show/terminal.h"
#include "stop.h"

/* A feed that always has a record is left alone so often, to see whether a key came. */
#define KEYS_EVERY_NS (20 * 1000000LL)

/* The clock is looked at once for so many records at most. */
#define RECORDS_AT_ONCE 16

/* And so often what came is painted all the same. */
#define PAINT_EVERY_NS 500000000LL

/* So many keys at most are taken before what they did is shown, and records are read. */
#define KEYS_AT_ONCE 16

struct loop {
	struct sea_feed *feed;
	struct sea_screen *screen;
	struct sea_terminal *terminal;
	struct sea_canvas canvas;
	struct sea_settings settings;
	void (*tell)(void *context, const struct sea_record *record);
	void *context;
	bool is_recording;
	__s64 keys_ns, painted_ns; /* CLOCK_MONOTONIC, when keys were looked at, and it painted */
	int nr_records;		   /* since the clock was looked at */
	bool has_more_store;	   /* of a time that is looked at */
	bool has_more_keys;	   /* ncurses may have read more of them than it gave */
};

static volatile sig_atomic_t suspend_flag;

static void on_resize(int signal)
{
	/* Only so that ppoll() comes back; ncurses asks for the size. */
	(void)signal;
}

static void on_suspend(int signal)
{
	(void)signal;
	suspend_flag = 1;
}

/* False: it cannot be painted on this terminal. */
static bool open_terminal(struct loop *loop)
{
	struct sigaction resize = {.sa_handler = on_resize}, suspend = {.sa_handler = on_suspend};
	struct sea_error no_terminal;
	struct sigaction old;
	int rc;

	/* ncurses takes Ctrl-Z only if nobody else does; it would stop while it paints. */
	sigaction(SIGTSTP, NULL, &old);
	if (old.sa_handler == SIG_DFL)
		sigaction(SIGTSTP, &suspend, NULL);
	stop_begin_painting(sea_terminal_abandon);
	rc = sea_terminal_open(&loop->terminal, &loop->settings.colours, &no_terminal);
	stop_end_painting();
	if (rc) {
		sigaction(SIGTSTP, &old, NULL);
		return false;
	}
	/* ncurses has its own handler unless there is one already. */
	sigaction(SIGWINCH, NULL, &old);
	if (old.sa_handler == SIG_DFL)
		sigaction(SIGWINCH, &resize, NULL);
	/* One that came before the wait would be seen with the next tick or key only. */
	stop_hold_back(SIGWINCH);
	return true;
}

static __s64 now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return sea_time_to_ns(&now);
}

static int paint(struct loop *loop, struct sea_error *err)
{
	size_t lines, columns;

	sea_terminal_size(loop->terminal, &lines, &columns);
	if (sea_screen_draw(loop->screen, lines, columns, &loop->canvas, err))
		return -1;
	stop_begin_painting(sea_terminal_abandon);
	sea_terminal_paint(loop->terminal, &loop->canvas);
	stop_end_painting();
	loop->painted_ns = now_ns();
	/* Signals came in meanwhile: the terminal may have a new size. */
	loop->has_more_keys = true;
	return 0;
}

static void suspend(const struct loop *loop)
{
	suspend_flag = 0;
	stop_begin_painting(sea_terminal_abandon);
	sea_terminal_suspend(loop->terminal);
	stop_end_painting();
}

static void grant(const struct loop *loop, enum sea_wish wish)
{
	switch (wish) {
	case SEA_WISH_QUIT:
		stop_flag = SIGINT;
		break;
	case SEA_WISH_REPAINT:
		sea_terminal_repaint(loop->terminal);
		break;
	case SEA_WISH_SUSPEND:
		suspend(loop);
		break;
	default:
		break;
	}
}

/* The next key. If the terminal has a new size, ncurses paints before it says so. */
static struct sea_input next_key(const struct loop *loop)
{
	struct sea_input input;

	stop_begin_painting(sea_terminal_abandon);
	input = sea_terminal_key(loop->terminal);
	stop_end_painting();
	return input;
}

/* The keys that are there; the screen is painted once for all of them. */
static int serve_keys(struct loop *loop, struct sea_error *err)
{
	struct sea_input input;
	enum sea_wish wish;
	int nr;

	loop->has_more_keys = false;
	for (nr = 0; !stop_flag && nr < KEYS_AT_ONCE; nr++) {
		input = next_key(loop);
		if (input.key == SEA_KEY_NONE)
			return 0;
		if (sea_screen_key(loop->screen, input.key, input.y, input.x, &wish, err))
			return -1;
		grant(loop, wish);
	}
	loop->has_more_keys = true;
	return 0;
}

/* Takes what the recorder's store has of the time that is looked at. */
static int serve_store(struct loop *loop, struct sea_error *err)
{
	int rc = sea_screen_serve_store(loop->screen, err);

	loop->has_more_store = rc > 0;
	return rc < 0 ? -1 : 0;
}

/* SIGHUP: the file of --names is read again. A terminal that is gone says so itself. */
static void reload_names(const struct loop *loop)
{
	struct sea_error err;
	int rc = seatop_names_reload(&err);

	if (rc)
		sea_screen_say(loop->screen, rc < 0,
			       rc < 0 ? err.text : "the file of --names was read again");
}

/* Waits until there may be a record, a key or a stop. */
static int wait_for_more(struct loop *loop, struct sea_error *err)
{
	static const struct timespec at_once = {0};
	bool over = sea_screen_is_over(loop->screen);
	struct pollfd fds[2 + SEA_SCREEN_STORE_FDS] = {
		{.fd = over ? -1 : sea_feed_fd(loop->feed), .events = POLLIN},
		{.fd = STDIN_FILENO, .events = POLLIN},
	};
	int store[SEA_SCREEN_STORE_FDS];
	nfds_t i, nr;

	if (stop_flag)
		return 0;
	reload_names(loop);
	if (serve_store(loop, err))
		return -1;
	if (sea_screen_is_stale(loop->screen) && paint(loop, err))
		return -1;
	nr = sea_screen_store_fds(loop->screen, store);
	for (i = 0; i < nr; i++)
		fds[2 + i] = (struct pollfd){.fd = store[i], .events = POLLIN};
	if (ppoll(fds, 2 + nr, loop->has_more_keys || loop->has_more_store ? &at_once : NULL,
		  stop_while_waiting()) < 0 &&
	    errno != EINTR)
		return sea_error_set(err, "cannot wait: %s", strerror(errno));
	/* A terminal that is gone would be readable for ever. */
	if (fds[1].revents & (POLLHUP | POLLERR))
		stop_flag = SIGHUP;
	if (suspend_flag)
		suspend(loop);
	return serve_keys(loop, err);
}

/*
 * Records may come faster than they are taken: signals and keys are let in between them,
 * and what a key did is painted.
 */
static int look_at_keys(struct loop *loop, enum sea_record_type type, struct sea_error *err)
{
	static const struct timespec at_once = {0};
	struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};
	__s64 now;

	/* A tick takes a while, and the one behind it is far away. */
	if (type != SEA_RECORD_TICK && ++loop->nr_records < RECORDS_AT_ONCE)
		return 0;
	loop->nr_records = 0;
	now = now_ns();
	if (now < loop->keys_ns + KEYS_EVERY_NS)
		return 0;
	loop->keys_ns = now;
	if (ppoll(&fd, 1, &at_once, stop_while_waiting()) < 0 && errno != EINTR)
		return sea_error_set(err, "cannot wait: %s", strerror(errno));
	if (fd.revents & (POLLHUP | POLLERR))
		stop_flag = SIGHUP;
	if (stop_flag)
		return 0;
	if (fd.revents & POLLIN)
		return serve_keys(loop, err) || paint(loop, err) ? -1 : 0;
	return now > loop->painted_ns + PAINT_EVERY_NS ? paint(loop, err) : 0;
}

static int take(struct loop *loop, const struct sea_record *record, struct sea_error *err)
{
	loop->tell(loop->context, record);
	return sea_screen_take(loop->screen, record, err);
}

/* Returns 1 at the feed's end, and when it is to stop. */
static int step(struct loop *loop, struct sea_error *err)
{
	enum sea_record_type type;
	struct sea_record record;

	/* Nobody would see what came since the last tick: it is not read any more. */
	if (stop_flag)
		return 1;
	if (sea_screen_is_over(loop->screen))
		return wait_for_more(loop, err);
	switch (sea_feed_next(loop->feed, &record, err)) {
	case SEA_FEED_RECORD:
		type = record.type;
		return take(loop, &record, err) || look_at_keys(loop, type, err) ? -1 : 0;
	case SEA_FEED_WAIT:
		return wait_for_more(loop, err);
	case SEA_FEED_END:
		if (!loop->is_recording)
			return 1;
		/* One may go back in it. */
		sea_screen_over(loop->screen);
		return 0;
	default:
		return -1;
	}
}

static void close_terminal(const struct loop *loop)
{
	stop_begin_painting(sea_terminal_abandon);
	sea_terminal_close(loop->terminal);
	stop_end_painting();
}

int seatop_screen(const struct seatop_options *options, struct sea_feed *feed,
		  void (*tell)(void *context, const struct sea_record *record), void *context,
		  struct sea_error *err)
{
	struct sea_screen_options show = {
		.filter = options->rows.filter,
		.sort = options->rows.sort ? options->rows.order.field : NULL,
		.reverse = options->rows.order.reverse,
		.columns = options->table.columns,
		.max_rows = options->table.max_rows,
		.interval_ns = options->live.interval_ns,
		.show_addresses = options->show_addresses,
		.is_recording = options->replay,
		.speed = options->recording.speed,
		.store = options->replay ? NULL : options->store,
	};
	struct loop loop = {
		.feed = feed,
		.tell = tell,
		.context = context,
		.is_recording = options->replay,
	};
	struct sea_error wrong;
	int rc;

	/* What is wrong with them is said, and the rest of them holds. */
	if (sea_settings_read(&loop.settings, &wrong))
		show.message = wrong.text;
	show.keys = &loop.settings.keys;
	if (loop.settings.has_columns && !show.columns.nr)
		show.columns = loop.settings.columns;
	if (sea_screen_open(&show, feed, &loop.screen, err))
		return -1;
	if (!open_terminal(&loop)) {
		sea_screen_close(loop.screen);
		return 1;
	}
	do {
		rc = step(&loop, err);
	} while (!rc);
	close_terminal(&loop);
	sea_canvas_free(&loop.canvas);
	sea_screen_close(loop.screen);
	return rc < 0 ? -1 : 0;
}
