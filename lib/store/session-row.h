/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * session-row.h - a row of the table session, for all who read one.
 */
#ifndef SEA_SESSION_ROW_H
#define SEA_SESSION_ROW_H

#include "model/session.h"
#include "store/db.h"

/* What a statement asks for, in the order in which sea_session_take() takes it. */
#define SEA_SESSION_COLUMNS                                                             \
	"id, run, boot_id, host, kernel, machine, program, version, source, tells_all," \
	" started_ns, started_wall_ns, ended_ns, ended_wall_ns, end, redacted, last_ns, last_wall_ns"

struct sea_session_row {
	__s64 id; /* of the table */
	struct sea_session session;
	bool redacted;	      /* addresses of guests were taken out when it was exported */
	__u64 last_ns;	      /* CLOCK_BOOTTIME of its last tick, */
	struct timespec last; /* and CLOCK_REALTIME */
};

/* An end that only a newer program knows is "lost" here. */
void sea_session_take(struct sea_sql *sql, struct sea_session_row *row);

#endif /* SEA_SESSION_ROW_H */
