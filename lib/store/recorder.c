// SPDX-License-Identifier: GPL-2.0-only
#include "store/recorder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/clock.h"
#include "store/encode.h"
#include "store/keeper.h"
#include "store/session-row.h"
#include "store/sound.h"
#include "store/writer.h"

/* How long entries wait for a transaction: those that say something, and idle ticks. */
#define COMMIT_NS SEA_NSEC_PER_SEC
#define IDLE_NS (60 * SEA_NSEC_PER_SEC)

/* So many make a transaction at once. */
#define COMMIT_ENTRIES 4096

#define MAX_WAITING 20000

/* After a failure it is tried again after a second, then two, and so on up to these. */
#define RETRY_MAX_NS (30 * SEA_NSEC_PER_SEC)

struct sea_recorder {
	struct sea_recorder_options options;
	char *path;
	struct sea_writer *writer; /* NULL: the file cannot be opened now */
	struct sea_encoder encoder;
	struct sea_batch batch; /* what waits */
	bool is_urgent;		/* something but idle ticks waits */
	__u64 waiting_ns;	/* CLOCK_MONOTONIC; when the first of them was seen to; 0: none */
	/* The store cannot be written: since when, and when it is tried again. */
	bool is_failing;
	__u64 retry_ns, retry_after_ns;
	char why[SEA_ERROR_LEN];
	struct sea_gap gap;	/* since 0: nothing was dropped since it fails */
	struct sea_clock clock; /* of the last record */
	struct sea_session session;
	__u64 lost;
	/* Of the session before: until when it counted. last_wall_ns 0: there was none. */
	__s64 last_ns, last_wall_ns;
	char last_boot[SEA_UUID_LEN];
	bool last_was_lost;
	bool is_full; /* the store cannot be written as the disk is full */
	struct sea_keeper keeper;
};

static void say(const struct sea_recorder *r, const char *line)
{
	if (r->options.say)
		r->options.say(line, r->options.context);
}

static void tell(const struct sea_recorder *r, const struct sea_record *record)
{
	if (r->options.tell)
		r->options.tell(record, r->options.context);
}

static bool is_detail(const struct sea_record *record)
{
	return record->type == SEA_RECORD_SEA || record->type == SEA_RECORD_ANSWER ||
	       record->type == SEA_RECORD_HOST;
}

/* Makes a new entry of the batch. A detail that has no room is one that is lost. */
static int put(struct sea_recorder *r, const struct sea_entry *entry, struct sea_error *err)
{
	if (sea_batch_add(&r->batch, entry))
		return 0;
	if (!is_detail(&entry->record))
		return sea_error_set(err, "cannot record: out of memory");
	r->lost++;
	return 0;
}

/* Its last tick is all that is known of its end. */
static void take_lost_session(struct sea_sql *sql, struct sea_session *session)
{
	struct sea_session_row row;

	sea_session_take(sql, &row);
	*session = row.session;
	session->ended_ns = row.last_ns;
	session->ended = row.last;
	session->end = SEA_SESSION_LOST;
}

/* Nobody ended these: the recorder was killed, or the host went down. */
static int end_lost_sessions(struct sea_recorder *r, struct sea_error *err)
{
	const struct sea_db *db = sea_writer_db(r->writer);
	struct sea_session session = {0};
	struct sea_entry entry = {
		.record = {.type = SEA_RECORD_SESSION, .session = &session},
	};
	struct sea_sql sql = {0};
	int rc = SQLITE_ERROR;

	if (!sea_sql_begin(db, &sql,
			   "SELECT " SEA_SESSION_COLUMNS
			   " FROM session WHERE end = 'runs' ORDER BY id"))
		while ((rc = sea_sql_step(&sql)) == SQLITE_ROW) {
			take_lost_session(&sql, &session);
			entry.record.time_ns = session.ended_ns;
			entry.record.wall = session.ended;
			r->last_was_lost = true;
			if (put(r, &entry, err)) {
				sea_sql_free(&sql);
				return -1;
			}
		}
	sea_sql_free(&sql);
	return rc == SQLITE_DONE ? 0 : sea_db_fail(db, "read", err);
}

/* The session that came last, whichever boot it was of */
static int find_last_session(struct sea_recorder *r, struct sea_error *err)
{
	const struct sea_db *db = sea_writer_db(r->writer);
	struct sea_sql sql = {0};
	int rc = SQLITE_ERROR;

	if (!sea_sql_begin(db, &sql,
			   "SELECT boot_id, coalesce(ended_ns, last_ns),"
			   " coalesce(ended_wall_ns, last_wall_ns) FROM session"
			   " ORDER BY id DESC LIMIT 1"))
		rc = sea_sql_step(&sql);
	if (rc == SQLITE_ROW) {
		sea_sql_take_text(&sql, r->last_boot, sizeof(r->last_boot));
		r->last_ns = sea_sql_take(&sql);
		r->last_wall_ns = sea_sql_take(&sql);
	}
	sea_sql_free(&sql);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : sea_db_fail(db, "read", err);
}

/* Opens the file; one that is damaged is moved away, and a new one made. */
static int open_writer(struct sea_recorder *r, struct sea_error *err)
{
	int rc = sea_writer_open(r->path, SEA_DB_WRITE, r->options.vfs, &r->writer, err);
	bool is_damaged = rc ? sea_db_was_store(r->path, r->options.vfs) :
			       !sea_store_is_sound(sea_writer_db(r->writer));

	if (!is_damaged)
		return rc;
	sea_writer_close(r->writer);
	r->writer = NULL;
	if (sea_store_move_away(r->path, r->options.say, r->options.context, err))
		return -1;
	return sea_writer_open(r->path, SEA_DB_WRITE, r->options.vfs, &r->writer, err);
}

int sea_recorder_open(const struct sea_recorder_options *options, struct sea_recorder **recorder,
		      struct sea_error *err)
{
	struct sea_recorder *r = calloc(1, sizeof(*r));

	if (r)
		r->path = strdup(options->path);
	if (!r || !r->path) {
		free(r);
		return sea_error_set(err, "cannot record: out of memory");
	}
	r->options = *options;
	r->keeper = (struct sea_keeper){
		.path = r->path, .say = options->say, .context = options->context};
	sea_keeper_set(&r->keeper, &options->limits);
	if (!r->options.max_waiting)
		r->options.max_waiting = MAX_WAITING;
	if (open_writer(r, err) || find_last_session(r, err) || end_lost_sessions(r, err)) {
		sea_recorder_close(r);
		return -1;
	}
	*recorder = r;
	return 0;
}

/* Between two sessions nobody counted. */
static int tell_gap_before(struct sea_recorder *r, const struct sea_record *record,
			   struct sea_error *err)
{
	const struct sea_session *session = record->session;
	bool same_boot = session->boot_id[0] && !strcmp(session->boot_id, r->last_boot);
	struct sea_gap gap = {
		.cause = SEA_GAP_RECORDER,
		.since = sea_time_from_ns(r->last_wall_ns),
		.since_ns = same_boot ? (__u64)r->last_ns : 0,
		.until = session->started,
		.until_ns = session->started_ns,
	};
	struct sea_entry entry = {
		.record = {.type = SEA_RECORD_GAP,
			   .time_ns = session->started_ns,
			   .wall = session->started,
			   .session = session,
			   .gap = &gap},
	};

	snprintf(gap.why, sizeof(gap.why), "%s",
		 !same_boot	  ? "the host was started anew" :
		 r->last_was_lost ? "the recorder was killed" :
				    "the recorder was stopped");
	if (!r->last_wall_ns)
		return 0;
	r->last_wall_ns = 0;
	tell(r, &entry.record);
	return put(r, &entry, err);
}

/* A copy of the tick that also has what we lost ourselves; its VMs are the tick's. */
static void add_own_losses(const struct sea_recorder *r, const struct sea_snapshot *tick,
			   struct sea_snapshot *copy)
{
	*copy = *tick;
	copy->loss.count[SEA_LOSS_STORE] += r->lost;
}

/* An idle tick behind an idle one that still waits makes that one longer. */
static bool lengthen_last(struct sea_recorder *r, const struct sea_entry *entry)
{
	struct sea_batch_item *last = r->batch.last;

	if (!entry->extends || !last || last->entry.record.type != SEA_RECORD_TICK)
		return false;
	return sea_batch_lengthen(last, entry);
}

int sea_recorder_take(struct sea_recorder *r, const struct sea_record *record,
		      struct sea_error *err)
{
	struct sea_record own = *record;
	struct sea_snapshot tick;
	struct sea_entry entry;
	bool is_new = strcmp(r->session.run, record->session->run);

	if (record->type == SEA_RECORD_TICK) {
		add_own_losses(r, record->tick, &tick);
		own.tick = &tick;
	}
	if (sea_encode(&r->encoder, &own, &entry, err))
		return -1;
	r->session = *record->session;
	r->clock = (struct sea_clock){record->time_ns, record->wall};
	if (!entry.extends)
		r->is_urgent = true;
	if (!lengthen_last(r, &entry) && put(r, &entry, err))
		return -1;
	tell(r, &own);
	return is_new ? tell_gap_before(r, record, err) : 0;
}

/* Time that is told as missing: since the store could not be written, and until now */
static void put_gap(struct sea_recorder *r)
{
	const struct sea_entry entry = {
		.record = {.type = SEA_RECORD_GAP,
			   .time_ns = r->clock.boot_ns,
			   .wall = r->clock.wall,
			   .session = &r->session,
			   .gap = &r->gap},
	};
	struct sea_error err;

	tell(r, &entry.record);
	if (put(r, &entry, &err))
		say(r, err.text);
}

static void end_gap(struct sea_recorder *r)
{
	if (!r->gap.since.tv_sec)
		return;
	r->gap.until_ns = r->clock.boot_ns;
	r->gap.until = r->clock.wall;
	put_gap(r);
	r->gap = (struct sea_gap){0};
}

/* No room to wait: single SEAs go. */
static void make_room(struct sea_recorder *r)
{
	__u64 lost;

	if (r->batch.nr < r->options.max_waiting)
		return;
	lost = sea_batch_shrink(&r->batch);
	r->lost += lost;
	if (!lost || r->gap.since.tv_sec)
		return;
	r->gap = (struct sea_gap){
		.cause = SEA_GAP_STORE, .since_ns = r->clock.boot_ns, .since = r->clock.wall};
	snprintf(r->gap.why, sizeof(r->gap.why), "%.*s", (int)sizeof(r->gap.why) - 1, r->why);
	put_gap(r);
}

/* The session and its VMs, for a file that knows neither */
static int tell_all(struct sea_recorder *r, struct sea_error *err)
{
	struct sea_entry entry = {
		.record = {.type = SEA_RECORD_SESSION,
			   .time_ns = r->session.started_ns,
			   .wall = r->session.started,
			   .session = &r->session},
	};
	int rc = put(r, &entry, err);
	size_t i;

	for (i = 0; !rc && i < r->encoder.before.nr_vms; i++) {
		const struct sea_vm_info *info = r->encoder.before.vms[i].info;

		if (!info)
			continue;
		entry.record = (struct sea_record){.type = SEA_RECORD_VM,
						   .time_ns = info->first_ns,
						   .wall = info->first,
						   .session = &r->session,
						   .vm = info};
		rc = put(r, &entry, err);
	}
	return rc;
}

/* What waited: VMs that are newer than the last tick, ends and gaps. */
static int tell_waiting(struct sea_recorder *r, struct sea_batch *waiting, struct sea_error *err)
{
	const struct sea_batch_item *item;
	int rc = 0;

	r->lost += sea_batch_shrink(waiting);
	for (item = waiting->first; !rc && item; item = item->next) {
		const struct sea_record *record = &item->entry.record;

		if (record->type != SEA_RECORD_SESSION && record->type != SEA_RECORD_TICK &&
		    !strcmp(record->session->run, r->session.run))
			rc = put(r, &item->entry, err);
	}
	return rc;
}

/* The file is damaged: a new one begins with all that is known now. */
static int begin_anew(struct sea_recorder *r, struct sea_error *err)
{
	struct sea_batch waiting = r->batch;
	int rc;

	sea_writer_close(r->writer);
	r->writer = NULL;
	if (sea_store_move_away(r->path, r->options.say, r->options.context, err) ||
	    sea_writer_open(r->path, SEA_DB_WRITE, r->options.vfs, &r->writer, err))
		return -1;
	r->batch = (struct sea_batch){0};
	rc = tell_all(r, err) || tell_waiting(r, &waiting, err) ? -1 : 0;
	sea_batch_free(&waiting);
	/* So the next tick has all counts of the session in it. */
	sea_encoder_free(&r->encoder);
	return rc;
}

static void fail(struct sea_recorder *r, __u64 now_ns, const struct sea_error *why)
{
	char line[SEA_ERROR_LEN + 64];

	if (!r->is_failing) {
		snprintf(line, sizeof(line), "%s; what comes is kept in memory", why->text);
		say(r, line);
		r->is_failing = true;
		r->retry_after_ns = COMMIT_NS;
	} else if (r->retry_after_ns < RETRY_MAX_NS) {
		r->retry_after_ns *= 2;
	}
	r->retry_ns = now_ns + r->retry_after_ns;
	r->is_full = r->writer && sea_writer_was_full(r->writer);
	snprintf(r->why, sizeof(r->why), "%s", why->text);
	make_room(r);
}

static void succeed(struct sea_recorder *r)
{
	char line[128];

	r->is_full = false;
	sea_batch_free(&r->batch);
	r->is_urgent = false;
	r->waiting_ns = 0;
	if (!r->is_failing)
		return;
	r->is_failing = false;
	snprintf(line, sizeof(line), "the store is written again; %llu details were not stored",
		 (unsigned long long)r->lost);
	say(r, line);
	end_gap(r);
	r->is_urgent = r->batch.nr;
}

static int commit(struct sea_recorder *r, struct sea_error *err)
{
	if (!r->writer && sea_writer_open(r->path, SEA_DB_WRITE, r->options.vfs, &r->writer, err))
		return -1;
	if (!sea_writer_write(r->writer, &r->batch, err))
		return 0;
	if (!sea_db_is_damaged(sea_writer_db(r->writer)))
		return -1;
	if (begin_anew(r, err))
		return -1;
	return sea_writer_write(r->writer, &r->batch, err);
}

static bool is_due(const struct sea_recorder *r, __u64 now_ns)
{
	if (r->is_failing)
		return now_ns >= r->retry_ns;
	return r->batch.nr >= COMMIT_ENTRIES ||
	       now_ns >= r->waiting_ns + (r->is_urgent ? COMMIT_NS : IDLE_NS);
}

/* Returns when to call it again; 0: any time. */
static __u64 tend_batch(struct sea_recorder *r, __u64 now_ns)
{
	struct sea_error err;

	if (!r->batch.nr)
		return 0;
	if (!r->waiting_ns)
		r->waiting_ns = now_ns;
	if (is_due(r, now_ns)) {
		if (commit(r, &err))
			fail(r, now_ns, &err);
		else
			succeed(r);
	} else if (r->is_failing) {
		make_room(r);
	}
	if (!r->batch.nr)
		return 0;
	if (!r->waiting_ns)
		r->waiting_ns = now_ns;
	return r->is_failing ? r->retry_ns : r->waiting_ns + (r->is_urgent ? COMMIT_NS : IDLE_NS);
}

__u64 sea_recorder_tend(struct sea_recorder *r, __u64 now_ns)
{
	const struct sea_db *db = sea_recorder_db(r);
	__u64 next, keeper_next;

	if (r->is_failing && !r->is_full)
		db = NULL;
	/* On a full disk what was deleted makes room for what waits. */
	if (sea_keeper_tend(&r->keeper, db, now_ns, &r->clock.wall, r->is_failing))
		r->retry_ns = now_ns;
	next = tend_batch(r, now_ns);
	keeper_next = sea_keeper_next(&r->keeper);
	return !next || (keeper_next && keeper_next < next) ? keeper_next : next;
}

void sea_recorder_set_limits(struct sea_recorder *r, const struct sea_prune_limits *limits)
{
	sea_keeper_set(&r->keeper, limits);
}

int sea_recorder_finish(struct sea_recorder *r, struct sea_error *err)
{
	/* Twice, as the end of a gap is told when it is over. */
	while (r->batch.nr) {
		if (commit(r, err))
			return -1;
		succeed(r);
	}
	return 0;
}

void sea_recorder_close(struct sea_recorder *r)
{
	if (!r)
		return;
	sea_writer_close(r->writer);
	sea_batch_free(&r->batch);
	sea_encoder_free(&r->encoder);
	free(r->path);
	free(r);
}

__u64 sea_recorder_lost(const struct sea_recorder *recorder)
{
	return recorder->lost;
}

bool sea_recorder_is_writing(const struct sea_recorder *recorder)
{
	return !recorder->is_failing;
}

const struct sea_db *sea_recorder_db(const struct sea_recorder *recorder)
{
	return recorder->writer ? sea_writer_db(recorder->writer) : NULL;
}
