// SPDX-License-Identifier: GPL-2.0-only
/* writer-session.c - the session that a record is of. */
#include "store/writer-internal.h"

#include <string.h>

#include "model/clock.h"

void sea_writer_forget(struct sea_writer *w)
{
	sea_writer_forget_vms(w);
	w->run[0] = '\0';
	w->session = 0;
	w->last_tick = 0;
	sea_sums_forget(w->sums);
}

static const char find_session_sql[] = "SELECT id FROM session WHERE run = ?";

static int find_session(struct sea_writer *w, const char *run, __s64 *id)
{
	struct sea_sql *sql = sea_writer_sql(w, SEA_SQL_FIND_SESSION, find_session_sql);

	if (!sql)
		return -1;
	sea_sql_put_string(sql, run);
	return sea_writer_ask(sql, id);
}

static const char add_session_sql[] =
	"INSERT INTO session (run, boot_id, host, kernel, machine, program, version,"
	" source, tells_all, started_ns, started_wall_ns, end, last_ns,"
	" last_wall_ns, redacted)"
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'runs', ?, ?, ?)";

static int add_session(struct sea_writer *w, const struct sea_entry *entry)
{
	const struct sea_session *s = entry->record.session;
	struct sea_sql *sql = sea_writer_sql(w, SEA_SQL_ADD_SESSION, add_session_sql);

	if (!sql)
		return -1;
	sea_sql_put_string(sql, s->run);
	sea_sql_put_string(sql, s->boot_id);
	sea_sql_put_string(sql, s->host);
	sea_sql_put_string(sql, s->kernel);
	sea_sql_put_string(sql, s->machine);
	sea_sql_put_string(sql, s->program);
	sea_sql_put_string(sql, s->version);
	sea_sql_put_string(sql, s->source);
	sea_sql_put(sql, s->tells_all);
	sea_sql_put_u64(sql, s->started_ns);
	sea_sql_put(sql, sea_time_to_ns(&s->started));
	sea_sql_put_u64(sql, s->started_ns);
	sea_sql_put(sql, sea_time_to_ns(&s->started));
	sea_sql_put(sql, entry->redacted);
	if (sea_sql_do(sql))
		return -1;
	w->session = sqlite3_last_insert_rowid(w->db.sqlite);
	return 0;
}

int sea_writer_turn(struct sea_writer *w, const struct sea_entry *entry, struct sea_error *err)
{
	const char *run = entry->record.session->run;

	if (w->session && !strcmp(w->run, run))
		return 0;
	sea_writer_forget(w);
	if (find_session(w, run, &w->session))
		return sea_writer_fail(w, err);
	if (!w->session) {
		if (entry->record.type != SEA_RECORD_SESSION)
			return sea_error_set(err,
					     "cannot write %s: a record comes before the "
					     "session that it is of",
					     w->db.path);
		if (add_session(w, entry))
			return sea_writer_fail(w, err);
	}
	memcpy(w->run, run, sizeof(w->run));
	return 0;
}

/* Source, what it tells, and how it ended: what may change in a session. */
static void put_session_state(struct sea_sql *sql, const struct sea_session *s)
{
	sea_sql_put_string(sql, s->source);
	sea_sql_put(sql, s->tells_all);
	sea_sql_put_if(sql, s->ended_ns, s->ended_ns);
	sea_sql_put_if(sql, s->ended.tv_sec || s->ended.tv_nsec, (__u64)sea_time_to_ns(&s->ended));
	sea_sql_put_string(sql, sea_session_end_name(s->end));
}

int sea_writer_sum_up(struct sea_writer *w, bool is_end)
{
	if (!sea_sums_are_due(w->sums, is_end))
		return 0;
	return sea_sums_write(w->sums, &w->db, w->session, w->next_seq);
}

static const char change_session_sql[] =
	"UPDATE session SET source = ?, tells_all = ?, ended_ns = ?,"
	" ended_wall_ns = ?, end = ? WHERE id = ?";
static const char add_session_record_sql[] =
	"INSERT INTO session_record (seq, session, time_ns, wall_ns, source,"
	" tells_all, ended_ns, ended_wall_ns, end)"
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";

int sea_writer_session(struct sea_writer *w, const struct sea_entry *entry)
{
	const struct sea_record *r = &entry->record;
	struct sea_sql *sql = sea_writer_sql(w, SEA_SQL_CHANGE_SESSION, change_session_sql);

	if (!sql)
		return -1;
	put_session_state(sql, r->session);
	sea_sql_put(sql, w->session);
	if (sea_sql_do(sql))
		return -1;
	sql = sea_writer_sql_record(w, SEA_SQL_ADD_SESSION_RECORD, add_session_record_sql, r,
				    r->time_ns);
	if (!sql)
		return -1;
	put_session_state(sql, r->session);
	if (sea_sql_do(sql))
		return -1;
	return r->session->ended_ns && r->session->end != SEA_SESSION_LOST ?
		       sea_writer_sum_up(w, true) :
		       0;
}

static const char see_session_sql[] =
	"UPDATE session SET last_ns = ?, last_wall_ns = ? WHERE id = ?";

int sea_writer_see(struct sea_writer *w, const struct sea_record *r)
{
	struct sea_sql *sql = sea_writer_sql(w, SEA_SQL_SEE_SESSION, see_session_sql);

	if (!sql)
		return -1;
	sea_sql_put_u64(sql, r->time_ns);
	sea_sql_put(sql, sea_time_to_ns(&r->wall));
	sea_sql_put(sql, w->session);
	return sea_sql_do(sql);
}
