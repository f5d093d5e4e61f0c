// SPDX-License-Identifier: GPL-2.0-only
#include "report/totals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/clock.h"
#include "report/tick-counts.h"
#include "store/recording.h"
#include "store/schema.h"
#include "store/session-row.h"

struct ask {
	struct sea_window_totals *totals;
	const struct sea_db *db;
	struct sea_window window;
	struct sea_error *err;
};

static int out_of_memory(struct sea_error *err)
{
	return sea_error_set(err, "cannot sum up the recording: out of memory");
}

/* One more element at the end of an array, zeroed; NULL: out of memory. */
static void *grow(void *array, size_t *nr, size_t size, struct sea_error *err)
{
	void **at = array, *bigger = *at;

	/* Twice as large whenever the number is a power of two. */
	if (!(*nr & (*nr - 1)))
		bigger = realloc(*at, (*nr ? 2 * *nr : 1) * size);
	if (!bigger) {
		out_of_memory(err);
		return NULL;
	}
	*at = bigger;
	return memset((char *)bigger + (*nr)++ * size, 0, size);
}

/*
 * Takes in each row of a statement; window NULL: it does not ask for one. A newer
 * program's table may lack a column: then the totals are incomplete.
 */
static int for_each_row(struct ask *ask, const char *text, const struct sea_window *window,
			sea_sql_take_row take)
{
	const __s64 bounds[] = {window ? window->since_ns : 0, window ? window->until_ns : 0};
	int rc = sea_db_each(ask->db, text, bounds, window ? 2 : 0, take, ask, ask->err);

	ask->totals->incomplete |= rc > 0;
	return rc < 0 ? -1 : 0;
}

static int take_session(struct sea_sql *sql, void *context)
{
	struct ask *ask = context;
	struct sea_totals_session *s =
		grow(&ask->totals->sessions, &ask->totals->nr_sessions, sizeof(*s), ask->err);
	struct sea_session_row row;

	if (!s)
		return -1;
	sea_session_take(sql, &row);
	s->id = row.id;
	memcpy(s->run, row.session.run, sizeof(s->run));
	memcpy(s->boot_id, row.session.boot_id, sizeof(s->boot_id));
	memcpy(s->host, row.session.host, sizeof(s->host));
	memcpy(s->kernel, row.session.kernel, sizeof(s->kernel));
	memcpy(s->machine, row.session.machine, sizeof(s->machine));
	memcpy(s->program, row.session.program, sizeof(s->program));
	memcpy(s->version, row.session.version, sizeof(s->version));
	memcpy(s->source, row.session.source, sizeof(s->source));
	s->tells_all = row.session.tells_all;
	s->started_ns = sea_time_to_ns(&row.session.started);
	s->ended_ns = sea_time_to_ns(&row.session.ended);
	s->last_ns = sea_time_to_ns(&row.last);
	s->end = row.session.end;
	s->redacted = row.redacted;
	return 0;
}

#define SESSIONS "SELECT " SEA_SESSION_COLUMNS " FROM session"
#define BY_START " ORDER BY started_wall_ns, id"

int sea_totals_sessions(struct sea_reader *reader, struct sea_totals_session **sessions, size_t *nr,
			struct sea_error *err)
{
	struct sea_window_totals totals = {0};
	struct ask ask = {.totals = &totals, .db = sea_reader_db(reader), .err = err};
	int rc = for_each_row(&ask, SESSIONS BY_START, NULL, take_session);

	*sessions = totals.sessions;
	*nr = totals.nr_sessions;
	if (rc) {
		free(totals.sessions);
		*sessions = NULL;
		*nr = 0;
	}
	return rc;
}

/* The sessions that are to be in the sums, in a table of this process. */
static int choose(struct ask *ask, const __s64 *chosen, size_t nr)
{
	struct sea_sql sql = {0};
	size_t i;
	int rc = 0;

	if (sea_db_do(ask->db,
		      "CREATE TEMP TABLE IF NOT EXISTS chosen (session INTEGER PRIMARY KEY);"
		      "DELETE FROM temp.chosen;",
		      ask->err))
		return -1;
	if (!chosen)
		return sea_db_do(ask->db, "INSERT INTO temp.chosen SELECT id FROM session",
				 ask->err);
	if (sea_sql_begin(ask->db, &sql, "INSERT INTO temp.chosen VALUES (?)"))
		return sea_db_fail(ask->db, "read", ask->err);
	for (i = 0; !rc && i < nr; i++) {
		sea_sql_begin(ask->db, &sql, NULL);
		sea_sql_put(&sql, chosen[i]);
		rc = sea_sql_do(&sql);
	}
	if (rc)
		sea_db_fail(ask->db, "read", ask->err);
	sea_sql_free(&sql);
	return rc;
}

static int take_head(struct sea_sql *sql, void *context)
{
	struct ask *ask = context;
	struct sea_window_totals *t = ask->totals;

	t->ticks = sea_sql_take_u64(sql);
	t->checked = sea_sql_take_u64(sql);
	t->overseen = sea_sql_take_u64(sql);
	t->disarmed = sea_sql_take_u64(sql);
	t->blind_ns = sea_sql_take_u64(sql);
	t->ended_unseen = sea_sql_take_u64(sql);
	t->answered_early = sea_sql_take_u64(sql);
	return 0;
}

static int take_cover(struct sea_sql *sql, void *context)
{
	struct ask *ask = context;

	ask->totals->first_ns = sea_sql_take(sql);
	ask->totals->last_ns = sea_sql_take(sql);
	return 0;
}

static struct sea_totals_vm *find(struct sea_window_totals *totals, __s64 number)
{
	size_t low = 0, high = totals->nr_vms;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (totals->vms[middle].vm == number)
			return &totals->vms[middle];
		if (totals->vms[middle].vm < number)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct sea_totals_vm *sea_totals_find(const struct sea_window_totals *totals, __s64 vm)
{
	/* The array is the totals' own, and nothing of it is changed. */
	return find((struct sea_window_totals *)(size_t)totals, vm);
}

static int take_latency(struct sea_sql *sql, void *context)
{
	struct ask *ask = context;
	struct sea_totals_vm *vm = find(ask->totals, sea_sql_take(sql));
	__s64 slot = sea_sql_take(sql);

	if (!vm)
		return 0;
	/* A newer program may tell longer latencies apart: here they are the longest. */
	slot = slot < 0 ? 0 : slot >= SEA_LATENCY_SLOTS ? SEA_LATENCY_SLOTS - 1 : slot;
	vm->counts.latency[slot] += sea_sql_take_u64(sql);
	return 0;
}

static int take_listed(struct sea_sql *sql, void *context)
{
	struct ask *ask = context;
	struct sea_totals_vm *vm = find(ask->totals, sea_sql_take(sql));
	int i;

	if (!vm)
		return 0;
	vm->listed.id = (__u64)vm->vm;
	vm->listed.vcpus = (__u32)sea_sql_take(sql);
	vm->listed.opt_in = (enum sea_opt_in)sea_sql_take(sql);
	if (vm->listed.opt_in >= SEA_OPT_IN_STATES)
		vm->listed.opt_in = SEA_OPT_IN_UNKNOWN;
	for (i = 0; i < SEA_STATISTICS; i++)
		vm->listed.has_before = sea_sql_take_if(sql, &vm->listed.before[i]);
	return 0;
}

static int take_loss(struct sea_sql *sql, void *context)
{
	struct ask *ask = context;
	int cause = sea_loss_number(sea_sql_take_string(sql));

	if (cause < 0) {
		ask->totals->incomplete = true;
		return 0;
	}
	ask->totals->losses[cause].count = sea_sql_take_u64(sql);
	ask->totals->losses[cause].first_ns = sea_sql_take(sql);
	ask->totals->losses[cause].last_ns = sea_sql_take(sql);
	return 0;
}

static int take_gap(struct sea_sql *sql, void *context)
{
	struct ask *ask = context;
	struct sea_totals_gap *gap =
		grow(&ask->totals->gaps, &ask->totals->nr_gaps, sizeof(*gap), ask->err);
	int cause;

	if (!gap)
		return -1;
	gap->session = sea_sql_take(sql);
	cause = sea_gap_cause_number(sea_sql_take_string(sql));
	/* The worst, where a newer program has one that is not known here */
	gap->cause = cause < 0 ? SEA_GAP_RECORDER : (enum sea_gap_cause)cause;
	gap->since_ns = sea_sql_take(sql);
	gap->until_ns = sea_sql_take(sql);
	sea_sql_take_text(sql, gap->why, sizeof(gap->why));
	return 0;
}

static int take_pruned(struct sea_sql *sql, void *context)
{
	struct ask *ask = context;
	struct sea_totals_pruned *pruned =
		grow(&ask->totals->pruned, &ask->totals->nr_pruned, sizeof(*pruned), ask->err);

	if (!pruned)
		return -1;
	sea_sql_take_text(sql, pruned->what, sizeof(pruned->what));
	pruned->until_ns = sea_sql_take(sql);
	pruned->records = sea_sql_take_u64(sql);
	return 0;
}

/* The doubt of this kind that the session has had last and that is not over, or NULL */
static struct sea_totals_doubt *open_doubt(struct sea_window_totals *totals, __s64 session,
					   enum sea_totals_doubt_kind kind)
{
	size_t i = totals->nr_doubts;

	while (i-- && totals->doubts[i].session == session)
		if (totals->doubts[i].kind == kind)
			return totals->doubts[i].until_ns ? NULL : &totals->doubts[i];
	return NULL;
}

/* From this moment on it holds for this reason; why NULL: it does not. */
static int tell_doubt(struct ask *ask, __s64 session, enum sea_totals_doubt_kind kind, __s64 ns,
		      const char *why)
{
	struct sea_totals_doubt *doubt = open_doubt(ask->totals, session, kind);

	if (doubt && why && !strcmp(doubt->why, why))
		return 0;
	if (doubt)
		doubt->until_ns = ns;
	if (!why)
		return 0;
	doubt = grow(&ask->totals->doubts, &ask->totals->nr_doubts, sizeof(*doubt), ask->err);
	if (!doubt)
		return -1;
	doubt->session = session;
	doubt->kind = kind;
	doubt->since_ns = ns;
	snprintf(doubt->why, sizeof(doubt->why), "%s", why);
	return 0;
}

static int take_state(struct sea_sql *sql, void *context)
{
	struct ask *ask = context;
	char why[SEA_DOUBT_KINDS][128] = {""};
	bool holds[SEA_DOUBT_KINDS] = {false};
	__s64 session = sea_sql_take(sql), ns = sea_sql_take(sql);
	int kind, rc = 0;

	sea_sql_take_text(sql, why[SEA_DOUBT_AT_LEAST], sizeof(why[0]));
	holds[SEA_DOUBT_AT_LEAST] = why[SEA_DOUBT_AT_LEAST][0];
	holds[SEA_DOUBT_UNPROVEN] = sea_sql_take(sql);
	sea_sql_take_text(sql, why[SEA_DOUBT_UNCHECKED], sizeof(why[0]));
	holds[SEA_DOUBT_UNCHECKED] = why[SEA_DOUBT_UNCHECKED][0];
	holds[SEA_DOUBT_UNLISTED] = sea_sql_take(sql);
	holds[SEA_DOUBT_BLIND] = sea_sql_take(sql);
	sea_sql_take_text(sql, why[SEA_DOUBT_BLIND], sizeof(why[0]));
	sea_sql_take_text(sql, why[SEA_DOUBT_NO_LIST], sizeof(why[0]));
	holds[SEA_DOUBT_NO_LIST] = why[SEA_DOUBT_NO_LIST][0];
	holds[SEA_DOUBT_HIDDEN] = sea_sql_take(sql);
	for (kind = 0; !rc && kind < SEA_DOUBT_KINDS; kind++)
		rc = tell_doubt(ask, session, (enum sea_totals_doubt_kind)kind, ns,
				holds[kind] ? why[kind] : NULL);
	return rc;
}

/* What was over before the window, or began behind it, is no doubt about it. */
static void drop_doubts_outside(struct sea_window_totals *totals, const struct sea_window *window)
{
	size_t i, kept = 0;

	for (i = 0; i < totals->nr_doubts; i++) {
		const struct sea_totals_doubt *doubt = &totals->doubts[i];

		if (doubt->until_ns && doubt->until_ns <= window->since_ns)
			continue;
		totals->doubts[kept++] = *doubt;
	}
	totals->nr_doubts = kept;
}

#define IN_WINDOW "t.wall_ns >= ?1 AND t.wall_ns < ?2 AND t." SEA_TOTALS_IS_CHOSEN
#define BEFORE_END "t.wall_ns < ?2 AND t." SEA_TOTALS_IS_CHOSEN

static const struct {
	const char *sql;
	sea_sql_take_row take;
} questions[] = {
	{SESSIONS " WHERE started_wall_ns < ?2 AND max(last_wall_ns, started_wall_ns,"
		  " coalesce(ended_wall_ns, 0)) >= ?1"
		  " AND id IN (SELECT session FROM temp.chosen)" BY_START,
	 take_session},
	{"SELECT sum(ticks), sum(checked), sum(overseen), sum(disarmed), sum(blind_ns),"
	 " sum(ended_unseen), sum(answered_early)"
	 " FROM tick t WHERE " IN_WINDOW,
	 take_head},
	/* Where nothing happened, one row stands for many ticks, and may be longer than the window.
	 */
	{"SELECT min(max(first_wall_ns, ?1)), max(min(wall_ns, ?2 - 1)) FROM tick t"
	 " WHERE first_wall_ns < ?2 AND wall_ns >= ?1 AND t." SEA_TOTALS_IS_CHOSEN,
	 take_cover},
	{"SELECT vm, slot, sum(answers) FROM tick t JOIN tick_latency l ON l.tick = t.seq WHERE " IN_WINDOW
	 " AND vm >= 0 GROUP BY vm, slot",
	 take_latency},
	/* A VM that left the list keeps what was known of it. */
	{"SELECT vm, vcpus, opt_in, before_claimed, before_host_owned, before_not_opted_in,"
	 " before_forwarded, max(tick) FROM tick t JOIN tick_listed l ON l.tick = t.seq"
	 " WHERE " BEFORE_END " AND vm > 0 AND is_listed GROUP BY vm",
	 take_listed},
	{"SELECT cause, sum(lost), min(t.wall_ns), max(t.wall_ns) FROM tick t"
	 " JOIN tick_loss l ON l.tick = t.seq WHERE " IN_WINDOW " GROUP BY cause",
	 take_loss},
	{"SELECT session, cause, since_wall_ns, coalesce(until_wall_ns, 0), why FROM gaps"
	 " WHERE since_wall_ns < ?2 AND coalesce(until_wall_ns, ?2) > ?1 AND " SEA_TOTALS_IS_CHOSEN
	 " ORDER BY since_wall_ns, seq",
	 take_gap},
	{"SELECT t.session, t.wall_ns, at_least, unproven, unchecked, unlisted,"
	 " blind_since_ns IS NOT NULL, blind_why, no_list, pid_namespace FROM tick t"
	 " JOIN tick_state s ON s.tick = t.seq WHERE " BEFORE_END " ORDER BY t.session, t.seq",
	 take_state},
	{"SELECT what, max(until_wall_ns), sum(records) FROM pruned WHERE until_wall_ns > ?1"
	 " AND ?2 > ?1 GROUP BY what",
	 take_pruned},
};

/* First: what else is known of a VM goes to the one that has counts. */
static int count_vms(struct ask *ask)
{
	struct sea_window_totals *totals = ask->totals;
	int rc = sea_tick_counts(ask->db, &ask->window, &totals->vms, &totals->nr_vms, ask->err);

	totals->incomplete |= rc > 0;
	return rc < 0 ? -1 : 0;
}

int sea_totals_make(struct sea_window_totals *totals, struct sea_reader *reader,
		    const struct sea_window *window, const __s64 *chosen, size_t nr_chosen,
		    struct sea_error *err)
{
	struct ask ask = {
		.totals = totals, .db = sea_reader_db(reader), .window = *window, .err = err};
	int rc = choose(&ask, chosen, nr_chosen);
	size_t i;

	for (i = 0; i < SEA_LOSS_CAUSES; i++)
		totals->losses[i].cause = (enum sea_loss_cause)i;
	if (!rc)
		rc = count_vms(&ask);
	for (i = 0; !rc && i < sizeof(questions) / sizeof(questions[0]); i++)
		rc = for_each_row(&ask, questions[i].sql, window, questions[i].take);
	drop_doubts_outside(totals, window);
	if (rc)
		sea_totals_free(totals);
	return rc;
}

void sea_totals_free(struct sea_window_totals *totals)
{
	free(totals->sessions);
	free(totals->vms);
	free(totals->gaps);
	free(totals->doubts);
	free(totals->pruned);
	*totals = (struct sea_window_totals){0};
}
