// SPDX-License-Identifier: GPL-2.0-only
#include "store/session-row.h"

#include "model/clock.h"

void sea_session_take(struct sea_sql *sql, struct sea_session_row *row)
{
	struct sea_session *s = &row->session;
	int end;

	*row = (struct sea_session_row){.id = sea_sql_take(sql)};
	sea_sql_take_text(sql, s->run, sizeof(s->run));
	sea_sql_take_text(sql, s->boot_id, sizeof(s->boot_id));
	sea_sql_take_text(sql, s->host, sizeof(s->host));
	sea_sql_take_text(sql, s->kernel, sizeof(s->kernel));
	sea_sql_take_text(sql, s->machine, sizeof(s->machine));
	sea_sql_take_text(sql, s->program, sizeof(s->program));
	sea_sql_take_text(sql, s->version, sizeof(s->version));
	sea_sql_take_text(sql, s->source, sizeof(s->source));
	s->tells_all = sea_sql_take(sql);
	s->started_ns = sea_sql_take_u64(sql);
	s->started = sea_time_from_ns(sea_sql_take(sql));
	s->ended_ns = sea_sql_take_u64(sql);
	s->ended = sea_time_from_ns(sea_sql_take(sql));
	end = sea_session_end_number(sea_sql_take_string(sql));
	s->end = end < 0 ? SEA_SESSION_LOST : (enum sea_session_end)end;
	row->redacted = sea_sql_take(sql);
	row->last_ns = sea_sql_take_u64(sql);
	row->last = sea_time_from_ns(sea_sql_take(sql));
}
