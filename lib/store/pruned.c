// SPDX-License-Identifier: GPL-2.0-only
#include "store/pruned.h"

#include <string.h>

#include "model/clock.h"

static const struct {
	const char *name, *help;
} kinds[SEA_PRUNED_KINDS] = {
	[SEA_PRUNED_DETAILS] = {"details", "single SEAs, answers and events of the host"},
	[SEA_PRUNED_TICKS] = {"ticks", "when counts grew; what they grew to is there"},
	[SEA_PRUNED_SESSIONS] = {"sessions", "all of the sessions that ended before"},
};

const char *sea_pruned_name(unsigned int what)
{
	return what < SEA_PRUNED_KINDS ? kinds[what].name : "invalid";
}

const char *sea_pruned_help(unsigned int what)
{
	return what < SEA_PRUNED_KINDS ? kinds[what].help : "invalid";
}

int sea_pruned_get(const struct sea_db *db, struct sea_pruned pruned[SEA_PRUNED_KINDS],
		   struct sea_error *err)
{
	struct sea_sql sql = {0};
	int rc, i;

	memset(pruned, 0, SEA_PRUNED_KINDS * sizeof(*pruned));
	if (sea_sql_begin(
		    db, &sql,
		    "SELECT what, max(until_wall_ns), sum(records) FROM pruned GROUP BY what"))
		return sea_db_fail(db, "read", err);
	while ((rc = sea_sql_step(&sql)) == SQLITE_ROW) {
		const char *what = sea_sql_take_string(&sql);

		for (i = 0; i < SEA_PRUNED_KINDS; i++) {
			if (!what || strcmp(what, kinds[i].name))
				continue;
			pruned[i].until = sea_time_from_ns(sea_sql_take(&sql));
			pruned[i].records = sea_sql_take_u64(&sql);
			break;
		}
	}
	sea_sql_free(&sql);
	return rc == SQLITE_DONE ? 0 : sea_db_fail(db, "read", err);
}

int sea_pruned_add(const struct sea_db *db, enum sea_pruned_what what,
		   const struct sea_pruned *more, struct sea_error *err)
{
	struct sea_sql sql = {0};
	int rc = -1;

	if (!more->records)
		return 0;
	/* One row of each kind, which has the number of the kind and one more. */
	if (!sea_sql_begin(db, &sql,
			   "INSERT INTO pruned (id, wall_ns, what, until_wall_ns, records)"
			   " VALUES (?1, unixepoch() * 1000000000, ?2, ?3, ?4)"
			   " ON CONFLICT (id) DO UPDATE SET wall_ns = excluded.wall_ns,"
			   " until_wall_ns = max(until_wall_ns, excluded.until_wall_ns),"
			   " records = records + excluded.records")) {
		sea_sql_put(&sql, (__s64)what + 1);
		sea_sql_put_string(&sql, kinds[what].name);
		sea_sql_put(&sql, sea_time_to_ns(&more->until));
		sea_sql_put_u64(&sql, more->records);
		rc = sea_sql_do(&sql);
	}
	if (rc)
		sea_db_fail(db, "write", err);
	sea_sql_free(&sql);
	return rc;
}
