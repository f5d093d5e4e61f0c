// SPDX-License-Identifier: GPL-2.0-only
/*
 * seatop - which VMs took synchronous external aborts, which way each went, and
 * whether the VMM answered. The work is in lib/; this is the loop.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/output.h"
#include "model/feed.h"
#include "model/view.h"
#include "program.h"
#include "seatop-options.h"
#include "show/json.h"
#include "show/screen.h"
#include "show/table.h"
#include "stop.h"
#include "trace/privilege.h"

/* The last counts are waited for so long, where somebody will see them. */
#define LAST_PATIENCE_NS 1000000000ULL

struct run {
	struct seatop_options options;
	struct sea_feed *feed;
	struct sea_vm_map *map;
	struct sea_vm_names *names;
	struct sea_screen *screen;
	struct sea_session session;
	struct sea_snapshot now, before;
	struct sea_view view;
	struct sea_layout layout;
	__u64 ticks; /* shown so far, the first one included */
	bool finishing;
	bool has_before;    /* the tick before is of the same session */
	bool is_incomplete; /* the recording says more than we understand */
};

static int render(struct run *run, struct sea_text *text, struct sea_error *err)
{
	struct sea_table_options table = run->options.table;
	struct sea_view view = run->view;

	if (table.max_rows && view.nr_rows > table.max_rows)
		view.nr_rows = table.max_rows;
	if (run->options.mode == SEATOP_JSON)
		return sea_json_render(&view, text, err);
	if (run->options.mode == SEATOP_JSON_LINES)
		return sea_json_render_lines(&view, text, err);
	if (run->screen)
		sea_screen_size(run->screen, &table.max_lines, &table.width);
	return sea_table_render(&run->view, &table, &run->layout, text, err);
}

static int show(struct run *run, struct sea_error *err)
{
	struct sea_text text = {0};
	int rc;

	/* An empty line between tables, as there is no other mark. */
	if (run->options.mode == SEATOP_BATCH && run->view.tick && !run->options.once)
		sea_text_add(&text, "\n");
	rc = render(run, &text, err);
	if (!rc && run->screen) {
		stop_begin_painting(sea_screen_abandon);
		sea_screen_paint(run->screen, text.text);
		stop_end_painting();
	} else if (!rc) {
		rc = sea_output_write(STDOUT_FILENO, text.text, text.len, stop_output(), err);
	}
	sea_text_free(&text);
	return rc;
}

/* No more intervals: the feed ends with the last counts. */
static void finish(struct run *run)
{
	if (run->finishing)
		return;
	run->finishing = true;
	/* A screen goes away with us: nobody would see what came late. */
	sea_feed_finish(run->feed, run->screen ? 0 : LAST_PATIENCE_NS);
}

/* Nobody sees the first table of one that is asked for once, nor the last on a screen. */
static bool is_shown(const struct run *run)
{
	if (run->options.once && !run->view.tick)
		return false;
	return !(run->screen && run->finishing);
}

/* Makes the view of what was read last. */
static int look(struct run *run, struct sea_error *err)
{
	return sea_view_make(&run->view, &run->session, &run->now,
			     run->has_before ? &run->before : NULL, &run->options.filter,
			     &run->options.order, err);
}

static int take_tick(struct run *run, const struct sea_snapshot *tick, struct sea_error *err)
{
	static const char tracing[] = "Tracing SEAs... Hit Ctrl-C to end.\n";
	const struct sea_snapshot last = run->before;
	struct sea_error ignored;

	run->before = run->now;
	run->now = last;
	if (sea_snapshot_copy(&run->now, tick, err))
		return -1;
	run->view.tick = run->ticks++;
	if (look(run, err) || (is_shown(run) && show(run, err)))
		return -1;
	run->has_before = true;
	if (run->options.replay && run->options.intervals && run->ticks > run->options.intervals)
		finish(run);
	if (run->options.mode == SEATOP_BATCH && !run->options.replay && !run->view.tick)
		sea_output_write(STDERR_FILENO, tracing, strlen(tracing), stop_output(), &ignored);
	return 0;
}

static int take(struct run *run, const struct sea_record *record, struct sea_error *err)
{
	switch (record->type) {
	case SEA_RECORD_SESSION:
		/* Rates are not taken across sessions of a recording. */
		if (strcmp(run->session.run, record->session->run))
			run->has_before = false;
		run->session = *record->session;
		return 0;
	case SEA_RECORD_TICK:
		return take_tick(run, record->tick, err);
	default:
		return 0;
	}
}

/* The next key. If the terminal has a new size, ncurses paints before it says so. */
static enum sea_key next_key(const struct run *run)
{
	enum sea_key key;

	stop_begin_painting(sea_screen_abandon);
	key = sea_screen_key(run->screen);
	stop_end_painting();
	return key;
}

static int serve_keys(struct run *run, struct sea_error *err)
{
	enum sea_key key;

	while (run->screen && (key = next_key(run)) != SEA_KEY_NONE) {
		if (key == SEA_KEY_QUIT)
			stop_flag = SIGINT;
		if (key == SEA_KEY_RESIZE && run->ticks && show(run, err))
			return -1;
	}
	return 0;
}

/* Waits until there may be a record, a key or a stop. */
static int wait_for_more(struct run *run, struct sea_error *err)
{
	struct pollfd fds[] = {
		{.fd = sea_feed_fd(run->feed), .events = POLLIN},
		{.fd = run->screen ? STDIN_FILENO : -1, .events = POLLIN},
	};

	if (stop_flag && !run->finishing)
		return 0;
	if (ppoll(fds, 2, NULL, stop_while_waiting()) < 0 && errno != EINTR)
		return sea_error_set(err, "cannot wait: %s", strerror(errno));
	/* A terminal that is gone would be readable for ever. */
	if (fds[1].revents & (POLLHUP | POLLERR))
		stop_flag = SIGHUP;
	return serve_keys(run, err);
}

static int loop(struct run *run, struct sea_error *err)
{
	struct sea_record record;

	for (;;) {
		if (stop_flag)
			finish(run);
		switch (sea_feed_next(run->feed, &record, err)) {
		case SEA_FEED_RECORD:
			if (take(run, &record, err))
				return -1;
			break;
		case SEA_FEED_WAIT:
			if (wait_for_more(run, err))
				return -1;
			break;
		case SEA_FEED_END:
			return 0;
		default:
			return -1;
		}
	}
}

static void on_resize(int signal)
{
	/* Only so that ppoll() comes back; ncurses asks for the size. */
	(void)signal;
}

/* False: it cannot be painted on this terminal. */
static bool open_screen(struct run *run)
{
	struct sigaction resize = {.sa_handler = on_resize};
	struct sea_error no_screen;
	struct sigaction old;
	int rc;

	stop_begin_painting(sea_screen_abandon);
	rc = sea_screen_open(&run->screen, &no_screen);
	stop_end_painting();
	if (rc)
		return false;
	/* ncurses has its own handler unless there is one already. */
	sigaction(SIGWINCH, NULL, &old);
	if (old.sa_handler == SIG_DFL)
		sigaction(SIGWINCH, &resize, NULL);
	return true;
}

static void close_screen(const struct run *run)
{
	if (!run->screen)
		return;
	stop_begin_painting(sea_screen_abandon);
	sea_screen_close(run->screen);
	stop_end_painting();
}

static int open_recording(struct run *run, struct sea_error *err)
{
	const char *caveat;

	if (sea_replay_open(run->options.replay, &run->options.recording, &run->feed, err))
		return -1;
	caveat = sea_replay_caveat(run->feed);
	if (!caveat)
		return 0;
	run->is_incomplete = true;
	fprintf(stderr, SEATOP ": %s\n", caveat);
	return 0;
}

static int open_feed(struct run *run, struct sea_error *err)
{
	struct sea_live_options live = run->options.live;

	if (program_open_names(run->options.names, &run->names, &run->map, err))
		return -1;
	live.names = run->names;
	live.intervals = run->options.intervals;
	return sea_live_open(&live, &run->feed, err) || sea_privilege_drop(err) ? -1 : 0;
}

/* Returns the exit status. */
static int run_all(struct run *run)
{
	struct sea_error error, *err = &error;
	int rc = run->options.replay ? open_recording(run, err) : open_feed(run, err);

	if (!rc) {
		stop_catch();
		if (run->options.mode == SEATOP_SCREEN && !open_screen(run))
			run->options.mode = SEATOP_BATCH;
		rc = loop(run, err);
	}
	if (!rc &&
	    (sea_loss_total(&run->view.loss) || run->view.pid_namespace || run->is_incomplete))
		rc = SEA_STATUS_INCOMPLETE;
	close_screen(run);
	sea_feed_close(run->feed);
	sea_vm_names_close(run->names);
	sea_vm_map_free(run->map);
	sea_view_free(&run->view);
	sea_snapshot_free(&run->now);
	sea_snapshot_free(&run->before);
	return rc < 0 ? sea_output_error(err, SEATOP, stop_output()) : rc;
}

int main(int argc, char **argv)
{
	static char name[] = SEATOP;
	struct sea_error err;
	struct run run = {0};

	/* getopt() starts its messages with it; ours have no path there either. */
	if (argc > 0)
		argv[0] = name;
	if (program_begin(SEATOP, &err))
		return program_fail(&err);
	seatop_parse(argc, argv, &run.options);
	return run_all(&run);
}
