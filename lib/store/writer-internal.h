/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * writer-internal.h - what the writer's files share. writer.c has the transactions and asks
 * writer-session.c, writer-vm.c, writer-event.c and writer-tick.c to write the records;
 * those have their statements prepared by writer-sql.c. Whatever fails returns -1 and is
 * told by sea_writer_fail(), unless it takes an error itself.
 */
#ifndef SEA_WRITER_INTERNAL_H
#define SEA_WRITER_INTERNAL_H

#include "base/hash.h"
#include "store/sums.h"
#include "store/writer.h"

/* Each is prepared at its first use, with the text that it has there. */
enum sea_writer_statement {
	SEA_SQL_FIND_SESSION,
	SEA_SQL_ADD_SESSION,
	SEA_SQL_CHANGE_SESSION,
	SEA_SQL_ADD_SESSION_RECORD,
	SEA_SQL_SEE_SESSION,
	SEA_SQL_FIND_VM_OF_SESSION,
	SEA_SQL_FIND_VM_BY_KEY,
	SEA_SQL_ADD_VM,
	SEA_SQL_ADD_VM_OF_SESSION,
	SEA_SQL_CHANGE_VM,
	SEA_SQL_ADD_VM_RECORD,
	SEA_SQL_ADD_SEA,
	SEA_SQL_ADD_ANSWER,
	SEA_SQL_ADD_PAGE,
	SEA_SQL_ADD_END,
	SEA_SQL_END_VM,
	SEA_SQL_ADD_TICK,
	SEA_SQL_EXTEND_TICK,
	SEA_SQL_ADD_TICK_VM,
	SEA_SQL_ADD_TICK_LATENCY,
	SEA_SQL_ADD_TICK_LISTED,
	SEA_SQL_ADD_TICK_LOSS,
	SEA_SQL_ADD_TICK_STATE,
	SEA_SQL_ADD_TICK_HOOK,
	SEA_SQL_ADD_GAP,
	SEA_SQL_ADD_HOST,
	SEA_WRITER_STATEMENTS,
};

struct sea_writer_vm;

struct sea_writer {
	struct sea_db db;
	struct sea_sql sql[SEA_WRITER_STATEMENTS];
	__s64 next_seq;
	/* The session of the last entry, and what is known of its VMs */
	char run[SEA_UUID_LEN];
	__s64 session;
	struct sea_writer_vm *vms;
	__s64 last_tick;       /* its last tick, if nothing came behind it; 0: something did */
	struct sea_sums *sums; /* of its details that are in no stretch yet */
	bool writing;	       /* a transaction is open */
	int code;	       /* SQLite's, of what failed last */
};

/* Sets err by what SQLite said last. Returns -1. */
int sea_writer_fail(struct sea_writer *w, struct sea_error *err);
/* A statement of that text, begun anew; NULL: SQLite does not understand it. */
struct sea_sql *sea_writer_sql(struct sea_writer *w, enum sea_writer_statement which,
			       const char *text);
/* The same, with seq, session and both times put in: what all records begin with. */
struct sea_sql *sea_writer_sql_record(struct sea_writer *w, enum sea_writer_statement which,
				      const char *text, const struct sea_record *r, __u64 time_ns);
/* The first number that a statement gives; 0: it gives none. */
int sea_writer_ask(struct sea_sql *sql, __s64 *number);

/* Makes the entry's session the one that is being written. */
int sea_writer_turn(struct sea_writer *w, const struct sea_entry *entry, struct sea_error *err);
/* Forgets which one that is. */
void sea_writer_forget(struct sea_writer *w);
int sea_writer_session(struct sea_writer *w, const struct sea_entry *entry);
/* The session was seen to count until this record. */
int sea_writer_see(struct sea_writer *w, const struct sea_record *r);
/* A stretch ends at a tick, which counts all that is in it; or with its session. */
int sea_writer_sum_up(struct sea_writer *w, bool is_end);

/* The VM that this number of the session stands for; 0: none yet. */
int sea_writer_find_vm(struct sea_writer *w, __u64 id, __s64 *vm);
/* That of a record; 0: it has none. */
int sea_writer_vm_of(struct sea_writer *w, const struct sea_record *r, __s64 *vm);
int sea_writer_vm(struct sea_writer *w, const struct sea_record *r);
int sea_writer_end(struct sea_writer *w, const struct sea_record *r);
void sea_writer_forget_vms(struct sea_writer *w);

int sea_writer_sea(struct sea_writer *w, const struct sea_record *r);
int sea_writer_answer(struct sea_writer *w, const struct sea_record *r);
int sea_writer_gap(struct sea_writer *w, const struct sea_record *r);
int sea_writer_host(struct sea_writer *w, const struct sea_record *r);

int sea_writer_tick(struct sea_writer *w, const struct sea_entry *entry, struct sea_error *err);

#endif /* SEA_WRITER_INTERNAL_H */
