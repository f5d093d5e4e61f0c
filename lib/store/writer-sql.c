// SPDX-License-Identifier: GPL-2.0-only
/* writer-sql.c - the statements of a writer. */
#include "store/writer-internal.h"

#include "model/clock.h"

int sea_writer_fail(struct sea_writer *w, struct sea_error *err)
{
	w->code = sqlite3_errcode(w->db.sqlite);
	return sea_db_fail(&w->db, "write", err);
}

struct sea_sql *sea_writer_sql(struct sea_writer *w, enum sea_writer_statement which,
			       const char *text)
{
	struct sea_sql *sql = &w->sql[which];

	return sea_sql_begin(&w->db, sql, text) ? NULL : sql;
}

struct sea_sql *sea_writer_sql_record(struct sea_writer *w, enum sea_writer_statement which,
				      const char *text, const struct sea_record *r, __u64 time_ns)
{
	struct sea_sql *sql = sea_writer_sql(w, which, text);

	if (!sql)
		return NULL;
	sea_sql_put(sql, w->next_seq);
	sea_sql_put(sql, w->session);
	sea_sql_put_u64(sql, time_ns);
	sea_sql_put(sql, sea_time_to_ns(&r->wall));
	return sql;
}

int sea_writer_ask(struct sea_sql *sql, __s64 *number)
{
	int rc = sea_sql_step(sql);

	*number = rc == SQLITE_ROW ? sea_sql_take(sql) : 0;
	sea_sql_end(sql);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : -1;
}
