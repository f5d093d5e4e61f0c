// SPDX-License-Identifier: GPL-2.0-only
/* replay-seek.c - where a replayed feed goes to: a moment, a tick, an SEA. */
#include "store/replay-internal.h"

#include "model/clock.h"

/*
 * The number that sql gives for this one, which is its ?1; 0 if it gives none. -1: it cannot
 * be read, which is not the same as that there is none.
 */
static int ask(const struct sea_replay *replay, const char *text, __s64 number, __s64 *answer,
	       struct sea_error *err)
{
	const struct sea_db *db = sea_reader_db(replay->reader);
	struct sea_sql sql = {0};
	int rc = 0, step;

	*answer = 0;
	/* A newer program may have other tables: what only those tell is not there. */
	if (sea_sql_begin(db, &sql, text))
		return db->newer ? 0 : sea_db_fail(db, "read", err);
	sea_sql_put(&sql, number);
	step = sea_sql_step(&sql);
	if (step == SQLITE_ROW)
		*answer = sea_sql_take(&sql);
	else if (step != SQLITE_DONE)
		rc = sea_db_fail(db, "read", err);
	sea_sql_free(&sql);
	return rc;
}

/*
 * What was told of the session and of its VMs before this number, and is told again. The
 * decoder hears of ends and SIGBUS as well, which ticks show.
 */
static int tell_again(struct sea_replay *replay, __s64 session, __s64 to, struct sea_error *err)
{
	const struct sea_read_filter filter = {
		.types = 1U << SEA_RECORD_SESSION | 1U << SEA_RECORD_VM | 1U << SEA_RECORD_END |
			 1U << SEA_RECORD_HOST,
		.session = session,
		.to = to,
	};
	struct sea_record record;
	struct sea_entry entry;
	int rc;

	if (sea_reader_begin(replay->reader, &filter, err))
		return -1;
	while ((rc = sea_reader_next(replay->reader, &entry, err)) > 0) {
		if (sea_decode(&replay->decoder, &entry, &record, err))
			return -1;
		if (record.type != SEA_RECORD_SESSION && record.type != SEA_RECORD_VM)
			continue;
		if (!sea_queue_put(&replay->queue, &record))
			return sea_error_set(err, "cannot replay: out of memory");
	}
	return rc;
}

/* The counters as they were before the tick of this number */
static int count_up_to(struct sea_replay *replay, __s64 session, __s64 from, __s64 to,
		       struct sea_error *err)
{
	struct timespec lost_at[SEA_LOSS_CAUSES] = {0};
	const struct sea_change *sum;

	if (sea_reader_sum(replay->reader, session, from, to, lost_at, &sum, err) ||
	    sea_decode_sum(&replay->decoder, sum, lost_at, err))
		return -1;
	return 0;
}

static void drop_position(struct sea_replay *replay)
{
	sea_queue_free(&replay->queue);
	sea_queue_free(&replay->ahead);
	replay->nr_ahead = replay->at_ahead = 0;
	replay->has_entry = replay->is_at_end = false;
	sea_decoder_free(&replay->decoder);
	replay->stage = STAGE_NONE;
	replay->at_seq = replay->at_ns = 0;
	replay->jump_seq = replay->jump_ns = 0;
	replay->is_finished = replay->has_step = false;
}

/* Goes to the tick of this number, of which the part up to at_ns comes at once. */
static int seek_tick(struct sea_replay *replay, __s64 tick, __s64 at_ns, struct sea_error *err)
{
	__s64 session, from, before, begin;

	if (ask(replay, "SELECT session FROM tick WHERE seq = ?1", tick, &session, err) ||
	    ask(replay, "SELECT min(seq) FROM session_record WHERE session = ?1", session, &from,
		err) ||
	    ask(replay,
		"SELECT max(t.seq) FROM tick t JOIN tick u ON u.session = t.session"
		" WHERE u.seq = ?1 AND t.seq < u.seq",
		tick, &before, err))
		return -1;
	begin = before ?: tick;
	drop_position(replay);
	if (tell_again(replay, session, begin, err) ||
	    (before && count_up_to(replay, session, from, begin, err)) ||
	    sea_reader_begin(replay->reader, &(struct sea_read_filter){.from = begin}, err))
		return -1;
	replay->jump_seq = tick;
	replay->jump_ns = at_ns;
	sea_replay_set_clock(replay, at_ns);
	return 0;
}

int sea_replay_go_to_start(struct sea_replay *replay, struct sea_error *err)
{
	drop_position(replay);
	sea_replay_set_clock(replay, replay->first_ns);
	return sea_reader_begin(replay->reader, NULL, err);
}

int sea_replay_go(struct sea_replay *replay, __s64 at_ns, struct sea_error *err)
{
	__s64 tick;

	if (ask(replay, "SELECT seq FROM tick WHERE first_wall_ns <= ?1 ORDER BY seq DESC LIMIT 1",
		at_ns, &tick, err))
		return -1;
	return tick ? seek_tick(replay, tick, at_ns, err) : sea_replay_go_to_start(replay, err);
}

int sea_replay_seek(struct sea_feed *feed, const struct timespec *at, struct sea_error *err)
{
	return sea_replay_go(sea_replay_of(feed), sea_time_to_ns(at), err);
}

/* The tick that came last, or, ahead of the first one after a jump, where that goes to. */
static __s64 position(const struct sea_replay *replay, __s64 *at_ns)
{
	*at_ns = replay->at_seq ? replay->at_ns : replay->jump_ns;
	return replay->at_seq ?: replay->jump_seq;
}

/* To the end of a tick; 0: there is none. */
static int seek_end_of(struct sea_replay *replay, __s64 tick, struct sea_error *err)
{
	__s64 wall_ns;

	if (!tick)
		return 1;
	if (ask(replay, "SELECT wall_ns FROM tick WHERE seq = ?1", tick, &wall_ns, err))
		return -1;
	return seek_tick(replay, tick, wall_ns, err);
}

int sea_replay_back(struct sea_feed *feed, struct sea_error *err)
{
	struct sea_replay *replay = sea_replay_of(feed);
	__s64 before, first_ns, at_ns, at = position(replay, &at_ns);

	/* One of those that are stored together: just before it is the one before it. */
	if (at && ask(replay, "SELECT first_wall_ns FROM tick WHERE seq = ?1", at, &first_ns, err))
		return -1;
	if (at && first_ns < at_ns)
		return seek_tick(replay, at, at_ns - 1, err);
	if (ask(replay, "SELECT max(seq) FROM tick WHERE seq < ?1", at, &before, err))
		return -1;
	return seek_end_of(replay, before, err);
}

/* A tick of a VM in which an SEA was counted */
#define HAS_SEA " vm >= 0 AND claimed + host_owned + not_opted_in + forwarded + unknown > 0"

/* To the end of the tick that sql gives for this number */
static int seek_sea(struct sea_replay *replay, const char *sql, __s64 number, struct sea_error *err)
{
	__s64 tick;

	if (ask(replay, sql, number, &tick, err))
		return -1;
	return seek_end_of(replay, tick, err);
}

int sea_replay_next_sea(struct sea_feed *feed, bool backwards, struct sea_error *err)
{
	struct sea_replay *replay = sea_replay_of(feed);
	__s64 at_ns;

	return seek_sea(replay,
			backwards ? "SELECT max(tick) FROM tick_vm WHERE tick < ?1 AND" HAS_SEA :
				    "SELECT min(tick) FROM tick_vm WHERE tick > ?1 AND" HAS_SEA,
			position(replay, &at_ns), err);
}

int sea_replay_last_sea(struct sea_feed *feed, const struct timespec *at, struct sea_error *err)
{
	return seek_sea(sea_replay_of(feed),
			"SELECT max(tick) FROM tick_vm WHERE tick <= (SELECT max(seq) FROM tick"
			" WHERE wall_ns <= ?1) AND" HAS_SEA,
			sea_time_to_ns(at), err);
}
