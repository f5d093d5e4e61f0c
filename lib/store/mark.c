// SPDX-License-Identifier: GPL-2.0-only
#include "store/mark.h"

#include <stdint.h>

#include "model/clock.h"

/* Whatever has a number, and when it was made */
#define RECORDS                                         \
	"SELECT seq, wall_ns FROM session_record"       \
	" UNION ALL SELECT seq, wall_ns FROM vm_record" \
	" UNION ALL SELECT seq, wall_ns FROM sea"       \
	" UNION ALL SELECT seq, wall_ns FROM answer"    \
	" UNION ALL SELECT seq, wall_ns FROM vm_end"    \
	" UNION ALL SELECT seq, wall_ns FROM tick"      \
	" UNION ALL SELECT seq, wall_ns FROM gap"       \
	" UNION ALL SELECT seq, wall_ns FROM host_event"

/* A statement that gives seq and wall_ns, or nothing. 1: it gave them. */
static int ask(const struct sea_db *db, struct sea_sql *sql, struct sea_mark *mark,
	       struct sea_error *err)
{
	int rc = sea_sql_step(sql);

	*mark = (struct sea_mark){0};
	if (rc == SQLITE_ROW) {
		mark->seq = sea_sql_take(sql);
		mark->wall = sea_time_from_ns(sea_sql_take(sql));
	} else if (rc != SQLITE_DONE) {
		sea_db_fail(db, "read", err);
	}
	sea_sql_free(sql);
	return rc == SQLITE_ROW ? 1 : rc == SQLITE_DONE ? 0 : -1;
}

int sea_mark_get(const struct sea_db *db, const char *name, struct sea_mark *mark,
		 struct sea_error *err)
{
	struct sea_sql sql = {0};

	if (sea_sql_begin(db, &sql, "SELECT seq, wall_ns FROM mark WHERE name = ?"))
		return sea_db_fail(db, "read", err);
	sea_sql_put_string(&sql, name);
	return ask(db, &sql, mark, err);
}

int sea_mark_at(const struct sea_db *db, const struct timespec *until, struct sea_mark *mark,
		struct sea_error *err)
{
	struct sea_sql sql = {0};
	int rc;

	if (sea_sql_begin(db, &sql,
			  "SELECT seq, wall_ns FROM (" RECORDS ") WHERE wall_ns <= ?1"
			  " ORDER BY seq DESC LIMIT 1"))
		return sea_db_fail(db, "read", err);
	sea_sql_put(&sql, until ? sea_time_to_ns(until) : INT64_MAX);
	rc = ask(db, &sql, mark, err);
	if (rc >= 0 && until)
		mark->wall = *until;
	return rc < 0 ? -1 : 0;
}

int sea_mark_set(const char *path, const char *name, const struct sea_mark *mark,
		 struct sea_error *err)
{
	struct sea_sql sql = {0};
	struct sea_db db;
	int rc = 0;

	if (sea_db_open(path, SEA_DB_SHARE, NULL, &db, err))
		return -1;
	if (sea_sql_begin(&db, &sql,
			  "INSERT INTO mark (name, seq, wall_ns) VALUES (?1, ?2, ?3)"
			  " ON CONFLICT (name) DO UPDATE SET seq = ?2, wall_ns = ?3"))
		rc = sea_db_fail(&db, "mark", err);
	if (!rc) {
		sea_sql_put_string(&sql, name);
		sea_sql_put(&sql, mark->seq);
		sea_sql_put(&sql, sea_time_to_ns(&mark->wall));
		if (sea_sql_do(&sql))
			rc = sea_db_fail(&db, "mark", err);
	}
	sea_sql_free(&sql);
	sea_db_close(&db);
	return rc;
}
