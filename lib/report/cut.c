// SPDX-License-Identifier: GPL-2.0-only
#include "report/cut.h"

#include <stdlib.h>
#include <string.h>

#include "model/clock.h"

/* A session that ran in the window */
struct part {
	const struct sea_totals_session *session;
	__s64 *vms; /* numbers in the table vm, sorted: those that belong to it */
	__u64 *ids; /* and what the session calls them */
	size_t nr_vms;
};

struct cut {
	struct sea_reader *reader;
	const struct sea_db *db;
	struct sea_window window;
	sea_cut_put put;
	void *context;
	struct sea_error *err;
	struct sea_window_totals totals;
	struct part *parts;
	size_t nr_parts;
};

static int out_of_memory(struct cut *c)
{
	return sea_error_set(c->err, "cannot cut the incident out: out of memory");
}

/* VMs that were there in the window, or that a record of it is about */
#define VMS                                                                                 \
	"SELECT vs.vm, vs.id FROM vm_session vs JOIN vm v ON v.id = vs.vm"                  \
	" WHERE vs.session = ?3 AND (vs.vm IN (SELECT tv.vm FROM tick t JOIN tick_vm tv"    \
	"  ON tv.tick = t.seq WHERE t.session = ?3 AND t.wall_ns >= ?1 AND t.wall_ns < ?2)" \
	" OR vs.vm IN (SELECT tl.vm FROM tick t JOIN tick_listed tl ON tl.tick = t.seq"     \
	"  WHERE t.session = ?3 AND t.wall_ns >= ?1 AND t.wall_ns < ?2)"                    \
	" OR vs.vm IN (SELECT vm FROM vm_end WHERE wall_ns >= ?1 AND wall_ns < ?2)"         \
	" OR vs.vm IN (SELECT vm FROM sea WHERE wall_ns >= ?1 AND wall_ns < ?2)"            \
	" OR vs.vm IN (SELECT vm FROM answer WHERE wall_ns >= ?1 AND wall_ns < ?2)"         \
	" OR vs.vm IN (SELECT vm FROM host_event WHERE wall_ns >= ?1 AND wall_ns < ?2)"     \
	" OR (v.first_wall_ns < ?2 AND coalesce(v.ended_wall_ns, ?1) >= ?1))"               \
	" ORDER BY vs.vm"

static int find_vms(struct cut *c, struct part *part)
{
	struct sea_sql sql = {0};
	size_t room = 0;
	int rc;

	if (sea_sql_begin(c->db, &sql, VMS))
		return sea_db_fail(c->db, "read", c->err);
	sea_sql_put(&sql, c->window.since_ns);
	sea_sql_put(&sql, c->window.until_ns);
	sea_sql_put(&sql, part->session->id);
	while ((rc = sea_sql_step(&sql)) == SQLITE_ROW) {
		if (part->nr_vms == room) {
			__s64 *vms = realloc(part->vms, (room + 64) * 2 * sizeof(*vms));
			__u64 *ids;

			part->vms = vms ? vms : part->vms;
			ids = vms ? realloc(part->ids, (room + 64) * 2 * sizeof(*ids)) : NULL;
			part->ids = ids ? ids : part->ids;
			if (!vms || !ids)
				break;
			room = (room + 64) * 2;
		}
		part->vms[part->nr_vms] = sea_sql_take(&sql);
		part->ids[part->nr_vms++] = sea_sql_take_u64(&sql);
	}
	sea_sql_free(&sql);
	if (rc == SQLITE_ROW)
		return out_of_memory(c);
	return rc == SQLITE_DONE ? 0 : sea_db_fail(c->db, "read", c->err);
}

static int find_parts(struct cut *c)
{
	size_t i;

	c->parts = calloc(c->totals.nr_sessions + 1, sizeof(*c->parts));
	if (!c->parts)
		return out_of_memory(c);
	for (i = 0; i < c->totals.nr_sessions; i++) {
		struct part *part = &c->parts[c->nr_parts++];

		part->session = &c->totals.sessions[i];
		if (find_vms(c, part))
			return -1;
	}
	return 0;
}

static const struct part *part_of(const struct cut *c, __s64 session)
{
	size_t i;

	for (i = 0; i < c->nr_parts; i++)
		if (c->parts[i].session->id == session)
			return &c->parts[i];
	return NULL;
}

static int compare_numbers(const void *a, const void *b)
{
	const __s64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static bool has_vm(const struct part *part, __s64 vm)
{
	return part->nr_vms && bsearch(&vm, part->vms, part->nr_vms, sizeof(vm), compare_numbers);
}

static bool has_id(const struct part *part, __u64 id)
{
	size_t i;

	for (i = 0; i < part->nr_vms; i++)
		if (part->ids[i] == id)
			return true;
	return false;
}

/* Gives on what the filter lets through, if it is of a session and a VM of the incident. */
static int give(struct cut *c, const struct sea_read_filter *filter)
{
	struct sea_entry entry;
	int rc = sea_reader_begin(c->reader, filter, c->err);

	while (!rc && (rc = sea_reader_next(c->reader, &entry, c->err)) > 0) {
		const struct part *part = part_of(c, sea_reader_session(c->reader));
		bool is_of_vm =
			entry.record.type == SEA_RECORD_VM || entry.record.type == SEA_RECORD_END;

		rc = 0;
		if (!part || (is_of_vm && !has_vm(part, sea_reader_vm(c->reader))))
			continue;
		rc = c->put(&entry, c->context, c->err);
	}
	return rc;
}

/* The last moment before the window, of a session that ran then */
struct moment {
	__s64 seq; /* of the first tick in the window; the ticks ahead of it are the past */
	__u64 time_ns;
	__s64 wall_ns;
};

static int find_moment(struct cut *c, const struct part *part, struct moment *moment)
{
	struct sea_sql sql = {0};
	int rc;

	*moment = (struct moment){0};
	if (sea_sql_begin(c->db, &sql,
			  "SELECT seq + 1, time_ns, wall_ns FROM tick WHERE session = ?1 AND"
			  " wall_ns < ?2 ORDER BY seq DESC LIMIT 1"))
		return sea_db_fail(c->db, "read", c->err);
	sea_sql_put(&sql, part->session->id);
	sea_sql_put(&sql, c->window.since_ns);
	rc = sea_sql_step(&sql);
	if (rc == SQLITE_ROW) {
		moment->seq = sea_sql_take(&sql);
		moment->time_ns = sea_sql_take_u64(&sql);
		moment->wall_ns = sea_sql_take(&sql);
	}
	sea_sql_free(&sql);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : sea_db_fail(c->db, "read", c->err);
}

/* What is known by then without any count */
static void forget_counts(struct sea_change *change, const struct part *part)
{
	struct sea_change known = {.ticks = 1,
				   .state_is_new = change->state_is_new,
				   .state = change->state,
				   .hooks_are_new = change->hooks_are_new,
				   .hooks = change->hooks,
				   .vms = change->vms,
				   .room = change->room};
	size_t i;

	for (i = 0; i < change->nr_vms; i++) {
		struct sea_vm_change row = change->vms[i];

		if (row.row != SEA_CHANGE_VM || row.has_left || !has_id(part, row.id))
			continue;
		row.grown = (struct sea_vm){0};
		row.last_wall = (struct timespec){0};
		known.vms[known.nr_vms++] = row;
	}
	*change = known;
}

/* The session as it was then; good until the reader is asked again. */
static int find_session(struct cut *c, const struct part *part, struct sea_entry *entry)
{
	const struct sea_read_filter filter = {.types = 1U << SEA_RECORD_SESSION,
					       .session = part->session->id};

	if (sea_reader_begin(c->reader, &filter, c->err))
		return -1;
	return sea_reader_next(c->reader, entry, c->err);
}

/* A tick without counts, just ahead of the window */
static int give_state(struct cut *c, const struct part *part)
{
	struct timespec lost_at[SEA_LOSS_CAUSES];
	const struct sea_change *sum;
	struct sea_change *change;
	struct sea_entry entry;
	struct moment moment;
	int rc = find_moment(c, part, &moment);

	if (rc || !moment.seq)
		return rc;
	rc = find_session(c, part, &entry);
	if (rc <= 0)
		return rc;
	if (sea_reader_sum(c->reader, part->session->id, 0, moment.seq, lost_at, &sum, c->err))
		return -1;
	change = sea_change_copy(sum);
	if (!change)
		return out_of_memory(c);
	forget_counts(change, part);
	entry = (struct sea_entry){
		.record = {.type = SEA_RECORD_TICK,
			   .time_ns = moment.time_ns,
			   .wall = sea_time_from_ns(moment.wall_ns),
			   .session = entry.record.session},
		.change = change,
	};
	change->first_ns = moment.time_ns;
	change->first = entry.record.wall;
	rc = c->put(&entry, c->context, c->err);
	sea_change_free(change);
	free(change);
	return rc;
}

/* Gaps that began before the window and reach into it */
static int give_gaps(struct cut *c, const struct part *part)
{
	struct sea_entry entry;
	size_t i;
	int rc;

	for (i = 0; i < c->totals.nr_gaps; i++) {
		const struct sea_totals_gap *of = &c->totals.gaps[i];
		struct sea_gap gap = {.cause = of->cause, .since = sea_time_from_ns(of->since_ns)};

		if (of->session != part->session->id || of->since_ns >= c->window.since_ns)
			continue;
		rc = find_session(c, part, &entry);
		if (rc <= 0)
			return rc;
		if (of->until_ns)
			gap.until = sea_time_from_ns(of->until_ns);
		memcpy(gap.why, of->why, sizeof(gap.why));
		entry = (struct sea_entry){
			.record = {.type = SEA_RECORD_GAP,
				   .time_ns = entry.record.time_ns,
				   .wall = gap.since,
				   .session = entry.record.session,
				   .gap = &gap},
		};
		if (c->put(&entry, c->context, c->err))
			return -1;
	}
	return 0;
}

/* A gap with the session that tells of it, where that one did not run in the window */
static int give_other_gaps(struct cut *c)
{
	struct sea_entry entry;
	size_t i;
	int rc = 0;

	for (i = 0; !rc && i < c->totals.nr_gaps; i++) {
		struct part part = {
			.session = &(struct sea_totals_session){.id = c->totals.gaps[i].session}};

		if (part_of(c, part.session->id))
			continue;
		rc = find_session(c, &part, &entry);
		if (rc <= 0)
			return rc;
		rc = c->put(&entry, c->context, c->err);
		if (!rc)
			rc = give_gaps(c, &part);
	}
	return rc;
}

/*
 * A session that counted on behind the window did so until its end: a tick without counts
 * says it. Its time is taken from the tick that came next.
 */
static int give_end(struct cut *c, const struct part *part)
{
	struct sea_change idle = {.ticks = 1};
	struct sea_sql sql = {0};
	struct sea_entry entry;
	__s64 behind_ns = 0;
	__u64 time_ns = 0;
	int rc;

	if (sea_sql_begin(c->db, &sql,
			  "SELECT time_ns, wall_ns FROM tick WHERE session = ?1 AND wall_ns >= ?2"
			  " ORDER BY seq LIMIT 1"))
		return sea_db_fail(c->db, "read", c->err);
	sea_sql_put(&sql, part->session->id);
	sea_sql_put(&sql, c->window.until_ns);
	rc = sea_sql_step(&sql);
	if (rc == SQLITE_ROW) {
		time_ns = sea_sql_take_u64(&sql);
		behind_ns = sea_sql_take(&sql) - c->window.until_ns + 1;
	}
	sea_sql_free(&sql);
	if (rc == SQLITE_DONE)
		return 0;
	if (rc != SQLITE_ROW)
		return sea_db_fail(c->db, "read", c->err);
	rc = find_session(c, part, &entry);
	if (rc <= 0)
		return rc;
	entry = (struct sea_entry){
		.record = {.type = SEA_RECORD_TICK,
			   .time_ns = time_ns - (__u64)behind_ns,
			   .wall = sea_time_from_ns(c->window.until_ns - 1),
			   .session = entry.record.session},
		.change = &idle,
	};
	idle.first_ns = entry.record.time_ns;
	idle.first = entry.record.wall;
	return c->put(&entry, c->context, c->err);
}

static int give_past(struct cut *c)
{
	const struct sea_read_filter filter = {
		/* The end of a VM whose row leaves the table in the window */
		.types = 1U << SEA_RECORD_SESSION | 1U << SEA_RECORD_VM | 1U << SEA_RECORD_END,
		.until_ns = c->window.since_ns,
	};
	size_t i;

	/* 0 is no end, and there is no time before the first. */
	if (c->window.since_ns <= 0)
		return 0;
	if (give(c, &filter))
		return -1;
	for (i = 0; i < c->nr_parts; i++) {
		if (c->parts[i].session->started_ns >= c->window.since_ns)
			continue;
		if (give_gaps(c, &c->parts[i]) || give_state(c, &c->parts[i]))
			return -1;
	}
	return 0;
}

static int give_all(struct cut *c)
{
	const struct sea_read_filter filter = {
		.since_ns = c->window.since_ns > 0 ? c->window.since_ns : 0,
		.until_ns = c->window.until_ns < INT64_MAX ? c->window.until_ns : 0,
	};
	size_t i;

	if (give_past(c) || give(c, &filter) || give_other_gaps(c))
		return -1;
	for (i = 0; c->window.until_ns < INT64_MAX && i < c->nr_parts; i++)
		if (give_end(c, &c->parts[i]))
			return -1;
	return 0;
}

int sea_cut(struct sea_reader *reader, const struct sea_window *window, sea_cut_put put,
	    void *context, struct sea_error *err)
{
	struct cut c = {.reader = reader,
			.db = sea_reader_db(reader),
			.window = *window,
			.put = put,
			.context = context,
			.err = err};
	int rc = sea_totals_make(&c.totals, reader, window, NULL, 0, err);
	size_t i;

	if (!rc)
		rc = find_parts(&c);
	if (!rc)
		rc = give_all(&c);
	for (i = 0; i < c.nr_parts; i++) {
		free(c.parts[i].vms);
		free(c.parts[i].ids);
	}
	free(c.parts);
	sea_totals_free(&c.totals);
	return rc;
}
