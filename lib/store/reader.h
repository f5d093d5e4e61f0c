/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reader.h - the records of a store, in the order in which they were made.
 */
#ifndef SEA_READER_H
#define SEA_READER_H

#include "store/db.h"
#include "store/entry.h"

/* Which records; zeros: all of them. */
struct sea_read_filter {
	__u32 types;	/* bits of enum sea_record_type: 1 << SEA_RECORD_SEA; 0: all */
	__s64 since_ns; /* ns since 1970, of `wall`: not before */
	__s64 until_ns; /* and before that; 0: to the end */
	__s64 from, to; /* of the number that each record has: not below, and below; 0: all */
	__s64 session;	/* of the table session; 0: all */
	__s64 vm;	/* of the table vm: SEAs, answers, ends and VM records; 0: all */
};

struct sea_reader;

/* Of a file that is open, which becomes the reader's. sea_reader_close() takes NULL. */
int sea_reader_take(struct sea_db *db, struct sea_reader **reader, struct sea_error *err);
void sea_reader_close(struct sea_reader *reader);

/* Begins with the first record that passes the filter; NULL: the first of all. */
int sea_reader_begin(struct sea_reader *reader, const struct sea_read_filter *filter,
		     struct sea_error *err);

/*
 * 1: the next entry, good until the next call; the session it points to stays. 0: there
 * is none any more. -1: it cannot be read. `redacted` is set in SESSION entries only.
 */
int sea_reader_next(struct sea_reader *reader, struct sea_entry *entry, struct sea_error *err);

/*
 * The sum of all ticks with numbers from `from` to before `to`, which have to be one
 * session's; good until the next call. lost_at: when each cause was last seen to lose.
 * What sea_reader_next() gave last is gone, what it gives next is not changed.
 */
int sea_reader_sum(struct sea_reader *reader, __s64 session, __s64 from, __s64 to,
		   struct timespec lost_at[SEA_LOSS_CAUSES], const struct sea_change **sum,
		   struct sea_error *err);

/* What the entry that came last is called in the tables. */
__s64 sea_reader_seq(const struct sea_reader *reader);
__s64 sea_reader_session(const struct sea_reader *reader);
__s64 sea_reader_vm(const struct sea_reader *reader); /* 0: it has none */

/* For questions by SQL: sums over time. The reader's own. */
const struct sea_db *sea_reader_db(const struct sea_reader *reader);

#endif /* SEA_READER_H */
