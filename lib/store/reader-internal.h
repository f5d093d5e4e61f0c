/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reader-internal.h - what the reader's files share: reader.c steps through the tables,
 * reader-rows.c and reader-tick.c make entries of their rows, reader-known.c has the sessions
 * and VMs that those are of.
 */
#ifndef SEA_READER_INTERNAL_H
#define SEA_READER_INTERNAL_H

#include "base/hash.h"
#include "model/clock.h"
#include "store/intern.h"
#include "store/reader.h"
#include "store/session-row.h"

/* The records of one type; its statement stands at the next one. */
struct sea_reader_source {
	struct sea_sql sql;
	bool is_open, is_at_end;
	__s64 seq;
};

/* Where the records of a type are */
struct sea_reader_table {
	const char *columns, *table;
	bool has_vm;
};

extern const struct sea_reader_table sea_reader_tables[SEA_RECORD_TYPES];

struct sea_known_session {
	__s64 id; /* of the table */
	struct sea_session_row row;
	UT_hash_handle hh;
};

struct sea_known_vm_key {
	__s64 session, vm; /* of the tables */
};

struct sea_known_vm {
	struct sea_known_vm_key key;
	const struct sea_vm_info *info;
	UT_hash_handle hh;
};

/* The tables that a tick is in, but for its own */
enum sea_tick_table {
	SEA_TICK_VM,
	SEA_TICK_LATENCY,
	SEA_TICK_LISTED,
	SEA_TICK_LOSS,
	SEA_TICK_STATE,
	SEA_TICK_HOOK,
	SEA_TICK_TABLES,
};

struct sea_reader {
	struct sea_db db;
	struct sea_read_filter filter;
	struct sea_reader_source sources[SEA_RECORD_TYPES];
	int given; /* the source whose row was handed out; -1: none */
	struct sea_sql ask_session, ask_vm, ask_page, ask_sum;
	struct sea_sql ask_tick[SEA_TICK_TABLES], ask_sums[SEA_TICK_TABLES];
	struct sea_known_session *sessions;
	struct sea_known_vm *vms;
	struct sea_intern *texts;
	__s64 seq, session, vm; /* of the entry that came last */
	/* What that entry points to */
	struct sea_change change;
	struct timespec *lost_at; /* where the times of losses go while they are summed up */
	struct sea_event event;
	struct sea_page page;
	struct sea_end end;
	struct sea_gap gap;
	struct sea_host_event host;
};

static inline int sea_reader_fail(const struct sea_reader *r, struct sea_error *err)
{
	return sea_db_fail(&r->db, "read", err);
}

/* A session of the table; NULL: it has none of that number, or cannot be read. */
struct sea_known_session *sea_reader_session_of(struct sea_reader *r, __s64 id,
						struct sea_error *err);
/* A VM, from behind seq, session and times of a row of vm_record; NULL: out of memory. */
struct sea_vm_info *sea_reader_info(struct sea_sql *sql);
/* What is known of the VM is this from now on. Takes info over; NULL: out of memory. */
int sea_reader_know(struct sea_reader *r, __s64 session, __s64 vm, struct sea_vm_info *info,
		    struct sea_known_vm **out, struct sea_error *err);

/* Who a VM of the tables is; *info NULL: nothing says. */
int sea_reader_who(struct sea_reader *r, __s64 session, __s64 vm, const struct sea_vm_info **info,
		   struct sea_error *err);

/* The next columns: a time, and the number of a name, or nr if it is none of them. */
static inline struct timespec sea_reader_time(struct sea_sql *sql)
{
	return sea_time_from_ns(sea_sql_take(sql));
}
unsigned int sea_reader_name(struct sea_sql *sql, unsigned int nr,
			     const char *(*name_of)(unsigned int number));

/* Forgets all sessions and VMs. */
void sea_reader_forget(struct sea_reader *r);

/* The row at which the source of the type stands, as an entry. */
int sea_reader_entry(struct sea_reader *r, int type, struct sea_entry *entry,
		     struct sea_error *err);
/* The rest of a tick, from behind the times of its row. */
int sea_reader_tick(struct sea_reader *r, struct sea_sql *sql, struct sea_error *err);

#endif /* SEA_READER_INTERNAL_H */
