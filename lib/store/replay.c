// SPDX-License-Identifier: GPL-2.0-only
#include "store/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "model/clock.h"
#include "store/replay-internal.h"

static const struct sea_replay *const_replay_of(const struct sea_feed *feed)
{
	return (const struct sea_replay *)(const void *)feed;
}

static __s64 now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return sea_time_to_ns(&now);
}

void sea_replay_set_clock(struct sea_replay *replay, __s64 from_ns)
{
	replay->from_ns = from_ns;
	replay->since_ns = now_ns();
}

/* What the recording's clock shows now */
static __s64 shown_ns(const struct sea_replay *replay)
{
	if (replay->is_paused)
		return replay->from_ns;
	return replay->from_ns + (__s64)((double)(now_ns() - replay->since_ns) * replay->speed);
}

static void wait_until(const struct sea_replay *replay, __s64 ns)
{
	double wait = (double)(ns - shown_ns(replay)) / replay->speed;
	struct itimerspec times = {0};

	/* An hour at most: the next look says how long it still is. */
	if (wait > 3600e9)
		wait = 3600e9;
	times.it_value = sea_time_from_ns(wait > 1 ? (__s64)wait : 1);
	timerfd_settime(replay->timer, 0, &times, NULL);
}

/* With a pace, every tick; without one, the first and the last of those that are one. */
static __u64 next_tick(const struct sea_replay *replay, __u64 tick)
{
	__u64 ticks = replay->entry.change->ticks;

	return replay->speed > 0 || replay->is_paused || tick + 1 >= ticks ? tick + 1 : ticks - 1;
}

/* The time of one of the ticks that an entry stands for: they are evenly spread. */
static __s64 spread(__s64 first, __s64 last, __u64 tick, __u64 ticks)
{
	if (ticks < 2)
		return last;
	return first + (__s64)((double)(last - first) * (double)tick / (double)(ticks - 1));
}

static __s64 wall_of_tick(const struct sea_replay *replay, __u64 tick)
{
	return spread(sea_time_to_ns(&replay->entry.change->first),
		      sea_time_to_ns(&replay->entry.record.wall), tick,
		      replay->entry.change->ticks);
}

/* When the next record is due by the recording's clock */
static __s64 due_ns(const struct sea_replay *replay)
{
	if (replay->record.type == SEA_RECORD_TICK)
		return wall_of_tick(replay, replay->tick);
	return sea_time_to_ns(&replay->record.wall);
}

/* A jump goes there or farther. */
static bool is_passed_over(const struct sea_replay *replay, __s64 due)
{
	return replay->seq < replay->jump_seq ||
	       (replay->seq == replay->jump_seq && due <= replay->jump_ns);
}

static bool is_due(struct sea_replay *replay)
{
	__s64 due = due_ns(replay);

	if (is_passed_over(replay, due))
		return true;
	if (replay->is_paused)
		return replay->has_step;
	if (replay->speed <= 0 || due <= shown_ns(replay))
		return true;
	wait_until(replay, due);
	return false;
}

/* The next of the ticks that the entry stands for */
static void give_tick(struct sea_replay *replay, struct sea_record *record)
{
	struct sea_snapshot *snapshot = &replay->decoder.snapshot;
	const struct sea_change *change = replay->entry.change;

	__s64 before = replay->at_ns;

	*record = replay->record;
	record->wall = sea_time_from_ns(wall_of_tick(replay, replay->tick));
	record->time_ns =
		(__u64)spread((__s64)change->first_ns, (__s64)replay->entry.record.time_ns,
			      replay->tick, change->ticks);
	snapshot->wall = record->wall;
	snapshot->time_ns = record->time_ns;
	replay->at_seq = replay->seq;
	replay->at_ns = sea_time_to_ns(&record->wall);
	replay->has_step = false;
	replay->tick = next_tick(replay, replay->tick);
	if (replay->tick >= change->ticks)
		replay->stage = STAGE_NONE;
	/* Where it goes on from a pause; and a clock that was set back goes on from there. */
	if ((replay->is_paused && replay->at_ns > replay->from_ns) || replay->at_ns < before)
		sea_replay_set_clock(replay, replay->at_ns);
}

/*
 * The ends that are told behind a tick, up to the next one: the VMs had ended when it was
 * read, and it may be the last one that anybody sees.
 */
#define ENDS                                                                                  \
	"SELECT v.id, e.wait_status FROM vm_end e JOIN vm_session v ON v.session = e.session" \
	" AND v.vm = e.vm WHERE e.seq > ?1 AND e.wait_status IS NOT NULL AND e.seq <"         \
	" coalesce((SELECT min(seq) FROM tick WHERE seq > ?1), 9223372036854775807)"

/* What cannot be asked is told by the next tick. */
static void show_ends(struct sea_replay *replay)
{
	struct sea_sql *sql = &replay->ask_ends;

	if (sea_sql_begin(sea_reader_db(replay->reader), sql, ENDS))
		return;
	sea_sql_put(sql, sea_reader_seq(replay->reader));
	while (sea_sql_step(sql) == SQLITE_ROW) {
		__u64 id = sea_sql_take_u64(sql);

		sea_decode_end(&replay->decoder, id, (int)sea_sql_take(sql));
	}
	sea_sql_end(sql);
}

/* One more; what it points to is good until the next one, unless it is a copy. */
static int read_one(struct sea_replay *replay, struct sea_error *err)
{
	struct sea_record record;

	if (sea_decode(&replay->decoder, &replay->entry, &record, err))
		return -1;
	replay->has_last = record.type == SEA_RECORD_TICK || record.type == SEA_RECORD_SESSION;
	replay->ahead_seq[replay->nr_ahead++] = sea_reader_seq(replay->reader);
	if (record.type == SEA_RECORD_TICK)
		show_ends(replay);
	if (replay->has_last)
		replay->last = record;
	else if (!sea_queue_put(&replay->ahead, &record))
		return sea_error_set(err, "cannot replay: out of memory");
	return 0;
}

/* All records of a session point to one copy: the next one has to wait for them. */
static bool is_next_session(const struct sea_replay *replay)
{
	return replay->nr_ahead && replay->entry.record.type == SEA_RECORD_SESSION;
}

int sea_replay_read(struct sea_replay *replay, struct sea_error *err)
{
	int rc = 1;

	replay->nr_ahead = replay->at_ahead = 0;
	replay->has_last = replay->is_at_end = false;
	while (replay->nr_ahead < SEA_REPLAY_AHEAD && !replay->has_last) {
		if (!replay->has_entry)
			rc = sea_reader_next(replay->reader, &replay->entry, err);
		replay->has_entry = rc > 0 && is_next_session(replay);
		if (rc <= 0 || replay->has_entry)
			break;
		if (read_one(replay, err))
			return -1;
	}
	replay->is_at_end = !rc;
	return rc < 0 ? -1 : 0;
}

/* The first of those that were read ahead. False: there is none. */
static bool take_ahead(struct sea_replay *replay)
{
	if (replay->at_ahead == replay->nr_ahead)
		return false;
	replay->seq = replay->ahead_seq[replay->at_ahead++];
	if (replay->has_last && replay->at_ahead == replay->nr_ahead)
		replay->record = replay->last;
	else
		sea_queue_take(&replay->ahead, &replay->record);
	replay->stage = STAGE_DUE;
	replay->tick = 0;
	return true;
}

static void give(struct sea_replay *replay, struct sea_record *record)
{
	if (replay->record.type == SEA_RECORD_TICK) {
		replay->stage = STAGE_TICKS;
		give_tick(replay, record);
	} else {
		replay->stage = STAGE_NONE;
		*record = replay->record;
	}
}

/* The record that comes next */
static enum sea_feed_next get_ready(struct sea_replay *replay, struct sea_error *err)
{
	while (replay->stage == STAGE_NONE && !take_ahead(replay)) {
		if (replay->is_at_end)
			return SEA_FEED_END;
		switch (sea_replay_read_on(replay, err)) {
		case SEA_ARRIVAL_FAILED:
			return SEA_FEED_FAILED;
		case SEA_ARRIVAL_NOT_YET:
			return SEA_FEED_WAIT;
		default:
			break;
		}
	}
	return SEA_FEED_RECORD;
}

static enum sea_feed_next replay_next(struct sea_feed *feed, struct sea_record *record,
				      struct sea_error *err)
{
	struct sea_replay *replay = sea_replay_of(feed);
	enum sea_feed_next next;

	switch (sea_replay_has_read(replay, err)) {
	case SEA_ARRIVAL_FAILED:
		return SEA_FEED_FAILED;
	case SEA_ARRIVAL_NOT_YET:
		return replay->is_given_up ? SEA_FEED_END : SEA_FEED_WAIT;
	default:
		break;
	}
	if (sea_queue_take(&replay->queue, record))
		return SEA_FEED_RECORD;
	if (replay->is_finished || replay->is_given_up)
		return SEA_FEED_END;
	next = get_ready(replay, err);
	replay->is_finished = next == SEA_FEED_END;
	if (next != SEA_FEED_RECORD)
		return next;
	if (!is_due(replay))
		return SEA_FEED_WAIT;
	give(replay, record);
	return SEA_FEED_RECORD;
}

static int replay_fd(const struct sea_feed *feed)
{
	const struct sea_replay *replay = const_replay_of(feed);

	if (replay->out)
		return sea_errands_fd(replay->errands);
	return replay->speed > 0 || replay->is_paused ? replay->timer : -1;
}

/* Nothing more happens in a recording: it ends where it is. */
static void replay_finish(struct sea_feed *feed, __u64 patience_ns)
{
	struct sea_replay *replay = sea_replay_of(feed);

	(void)patience_ns;
	if (replay->out)
		replay->is_given_up = true;
	else
		replay->is_finished = true;
}

void sea_replay_free(struct sea_replay *replay)
{
	sea_queue_free(&replay->queue);
	sea_queue_free(&replay->ahead);
	sea_decoder_free(&replay->decoder);
	sea_sql_free(&replay->ask_ends);
	sea_reader_close(replay->reader);
	free(replay->path);
	if (replay->timer >= 0)
		close(replay->timer);
	free(replay);
}

static void replay_close(struct sea_feed *feed)
{
	struct sea_replay *replay = sea_replay_of(feed);

	if (!sea_replay_leave(replay))
		sea_replay_free(replay);
}

static const struct sea_feed_ops replay_ops = {
	.fd = replay_fd,
	.next = replay_next,
	.finish = replay_finish,
	.close = replay_close,
};

static int out_of_memory(struct sea_error *err)
{
	return sea_error_set(err, "cannot replay: out of memory");
}

void sea_replay_pause(struct sea_feed *feed, bool pause)
{
	struct sea_replay *replay = sea_replay_of(feed);

	sea_replay_set_clock(replay, shown_ns(replay));
	replay->is_paused = pause;
	replay->has_step = false;
}

void sea_replay_step(struct sea_feed *feed)
{
	sea_replay_of(feed)->has_step = true;
}

void sea_replay_set_speed(struct sea_feed *feed, double speed)
{
	struct sea_replay *replay = sea_replay_of(feed);

	sea_replay_set_clock(replay, shown_ns(replay));
	replay->speed = speed;
}

void sea_replay_set_patience(struct sea_feed *feed, __u64 patience_ns)
{
	sea_replay_of(feed)->patience_ns = patience_ns;
}

void sea_replay_span(const struct sea_feed *feed, struct timespec *first, struct timespec *last)
{
	const struct sea_replay *replay = const_replay_of(feed);

	*first = sea_time_from_ns(replay->first_ns);
	*last = sea_time_from_ns(replay->last_ns);
}

const char *sea_replay_caveat(struct sea_feed *feed)
{
	struct sea_replay *replay = sea_replay_of(feed);

	/* While a thread reads, what was known before it went. */
	if (!replay->out && replay->reader)
		replay->caveat = sea_recording_caveat(replay->reader);
	return replay->caveat;
}

int sea_replay_open_file(struct sea_replay *replay, struct sea_error *err)
{
	const struct timespec *at = &replay->begin;
	const struct sea_db *db;

	if (sea_recording_open(replay->path, &replay->reader, err))
		return -1;
	db = sea_reader_db(replay->reader);
	replay->first_ns = sea_db_number(db, "SELECT min(started_wall_ns) FROM session", 0);
	replay->last_ns = sea_db_number(
		db, "SELECT max(max(last_wall_ns, coalesce(ended_wall_ns, 0))) FROM session", 0);
	if (at->tv_sec || at->tv_nsec)
		return sea_replay_go(replay, sea_time_to_ns(at), err);
	return sea_replay_go_to_start(replay, err);
}

/* Opened by open(), now or later */
static int make(const char *path, const struct sea_replay_options *options,
		int (*open)(struct sea_replay *replay, struct sea_error *err),
		struct sea_feed **feed, struct sea_error *err)
{
	struct sea_replay *replay = calloc(1, sizeof(*replay));

	if (!replay)
		return out_of_memory(err);
	replay->feed.ops = &replay_ops;
	replay->speed = options->speed;
	replay->begin = options->at;
	replay->path = strdup(path);
	replay->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (!replay->path)
		out_of_memory(err);
	else if (replay->timer < 0)
		sea_error_set(err, "cannot replay: no timer: %s", strerror(errno));
	if (!replay->path || replay->timer < 0 || open(replay, err)) {
		sea_errands_close(replay->errands);
		sea_replay_free(replay);
		return -1;
	}
	*feed = &replay->feed;
	return 0;
}

int sea_replay_open(const char *path, const struct sea_replay_options *options,
		    struct sea_feed **feed, struct sea_error *err)
{
	return make(path, options, sea_replay_open_file, feed, err);
}

int sea_replay_open_later(const char *path, const struct sea_replay_options *options,
			  struct sea_feed **feed, struct sea_error *err)
{
	return make(path, options, sea_replay_send_to_open, feed, err);
}
