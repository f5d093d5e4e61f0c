// SPDX-License-Identifier: GPL-2.0-only
/*
 * seatop - which VMs took synchronous external aborts, which way each went, and
 * whether the VMM answered. The work is in lib/; this is the loop.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/output.h"
#include "model/feed.h"
#include "model/view.h"
#include "program.h"
#include "seatop-names.h"
#include "seatop-options.h"
#include "seatop-screen.h"
#include "show/json.h"
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
	struct sea_session session;
	struct sea_snapshot now, before;
	struct sea_view view;
	struct sea_layout layout;
	__u64 ticks; /* shown so far, the first one included */
	bool finishing;
	bool has_before;    /* the tick before is of the same session */
	bool is_incomplete; /* something was lost, or could not be seen */
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
	if (!rc)
		rc = sea_output_write(STDOUT_FILENO, text.text, text.len, stop_output(), err);
	sea_text_free(&text);
	return rc;
}

/* No more intervals: the feed ends with the last counts. */
static void finish(struct run *run)
{
	if (run->finishing)
		return;
	run->finishing = true;
	sea_feed_finish(run->feed, LAST_PATIENCE_NS);
}

/* Nobody sees the first table of one that is asked for once. */
static bool is_shown(const struct run *run)
{
	return !run->options.once || run->view.tick;
}

/* What the exit status says, of the last tick. */
static void note_losses(void *context, const struct sea_record *record)
{
	struct run *run = context;

	if (record->type == SEA_RECORD_TICK)
		run->is_incomplete =
			sea_loss_total(&record->tick->loss) || record->tick->pid_namespace;
}

/* Makes the view of what was read last. */
static int look(struct run *run, struct sea_error *err)
{
	return sea_view_make(&run->view, &run->session, &run->now,
			     run->has_before ? &run->before : NULL, &run->options.rows.filter,
			     &run->options.rows.order, err);
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

/* Waits until there may be a record or a stop. */
static int wait_for_more(const struct run *run, struct sea_error *err)
{
	struct pollfd fd = {.fd = sea_feed_fd(run->feed), .events = POLLIN};

	if (seatop_names_is_due() || (stop_flag && !run->finishing))
		return 0;
	if (ppoll(&fd, 1, NULL, stop_while_waiting()) < 0 && errno != EINTR)
		return sea_error_set(err, "cannot wait: %s", strerror(errno));
	return 0;
}

/* SIGHUP: after an error all names are as before. */
static void reload_names(void)
{
	struct sea_error err;

	if (seatop_names_reload(&err) < 0)
		program_fail(&err);
}

static int loop(struct run *run, struct sea_error *err)
{
	struct sea_record record;

	for (;;) {
		if (stop_flag)
			finish(run);
		reload_names();
		switch (sea_feed_next(run->feed, &record, err)) {
		case SEA_FEED_RECORD:
			note_losses(run, &record);
			if (take(run, &record, err))
				return -1;
			stop_let_in();
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

static int open_recording(struct run *run, struct sea_error *err)
{
	/* A screen is there at once, and says that it looks. */
	if (run->options.mode == SEATOP_SCREEN)
		return sea_replay_open_later(run->options.replay, &run->options.recording,
					     &run->feed, err);
	return sea_replay_open(run->options.replay, &run->options.recording, &run->feed, err);
}

/* The recording says more than we understand; or NULL. */
static const char *caveat_of(const struct run *run)
{
	return run->options.replay ? sea_replay_caveat(run->feed) : NULL;
}

/* There is no screen after all: it may not be open yet. */
static int wait_for_recording(const struct run *run, struct sea_error *err)
{
	enum sea_replay_arrival arrival = SEA_ARRIVAL_THERE;

	while (sea_replay_is_away(run->feed) && arrival != SEA_ARRIVAL_FAILED && !stop_flag) {
		arrival = sea_replay_arrived(run->feed, err);
		if (arrival == SEA_ARRIVAL_NOT_YET && wait_for_more(run, err))
			return -1;
	}
	return arrival == SEA_ARRIVAL_FAILED ? -1 : 0;
}

static int open_feed(struct run *run, struct sea_error *err)
{
	struct sea_live_options live = run->options.live;

	if (program_open_names(run->options.names, &run->names, &run->map, err))
		return -1;
	live.names = run->names;
	live.intervals = run->options.intervals;
	/* The log of a screen. */
	live.details = run->options.mode == SEATOP_SCREEN;
	return sea_live_open(&live, &run->feed, err) || sea_privilege_drop(err) ? -1 : 0;
}

/* On a screen, or, where that cannot be, as text. */
static int show_all(struct run *run, struct sea_error *err)
{
	int rc = 1;

	if (run->options.mode == SEATOP_SCREEN)
		rc = seatop_screen(&run->options, run->feed, note_losses, run, err);
	if (rc <= 0)
		return rc;
	if (run->options.mode == SEATOP_SCREEN)
		run->options.mode = SEATOP_BATCH;
	if (run->options.replay && wait_for_recording(run, err))
		return -1;
	if (caveat_of(run))
		fprintf(stderr, SEATOP ": %s\n", caveat_of(run));
	return loop(run, err);
}

/* Returns the exit status. */
static int run_all(struct run *run)
{
	struct sea_error error, *err = &error;
	int rc = run->options.replay ? open_recording(run, err) : open_feed(run, err);

	if (!rc) {
		stop_catch();
		seatop_names_watch(run->names, run->options.replay ? NULL : run->options.names);
		rc = show_all(run, err);
	}
	if (!rc && (run->is_incomplete || caveat_of(run)))
		rc = SEA_STATUS_INCOMPLETE;
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
