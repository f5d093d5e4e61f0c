/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reader-internal.h - what reader.c and reader-tick.c share: the reader, and how it asks.
 */
#ifndef SEA_READER_INTERNAL_H
#define SEA_READER_INTERNAL_H

#include "base/hash.h"
#include "store/intern.h"
#include "store/reader.h"

/* The records of one type; its statement stands at the next one. */
struct sea_reader_source {
	struct sea_sql sql;
	bool is_open, is_at_end;
	__s64 seq;
};

struct sea_known_session;
struct sea_known_vm;

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

int sea_reader_fail(const struct sea_reader *r, struct sea_error *err);

/* Who a VM of the tables is; *info NULL: nothing says. */
int sea_reader_who(struct sea_reader *r, __s64 session, __s64 vm, const struct sea_vm_info **info,
		   struct sea_error *err);

/* The next columns: a time, and the number of a name, or nr if it is none of them. */
struct timespec sea_reader_time(struct sea_sql *sql);
unsigned int sea_reader_name(struct sea_sql *sql, unsigned int nr,
			     const char *(*name_of)(unsigned int number));

/* The rest of a tick, from behind the times of its row. */
int sea_reader_tick(struct sea_reader *r, struct sea_sql *sql, struct sea_error *err);

#endif /* SEA_READER_INTERNAL_H */
