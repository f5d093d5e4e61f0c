/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mark.h - how far somebody got with a store: what was seen, and what was exported.
 *
 * A mark deletes nothing. `seastat report` shows what is newer than `acked`, and
 * retention may be told to keep what is newer than a mark.
 */
#ifndef SEA_MARK_H
#define SEA_MARK_H

#include <time.h>

#include "store/db.h"

#define SEA_MARK_ACKED "acked"
#define SEA_MARK_EXPORTED "exported"

/* All records up to a number, that one included. */
struct sea_mark {
	__s64 seq;	      /* of the last of them; 0: there is none */
	struct timespec wall; /* CLOCK_REALTIME up to which they are */
};

/* The mark of this name. 1: there is one; 0: there is none, and *mark is zeros; -1: error. */
int sea_mark_get(const struct sea_db *db, const char *name, struct sea_mark *mark,
		 struct sea_error *err);

/*
 * The mark behind the last record that is not newer than a moment; NULL: behind all
 * records. A record is one of the store's tables, as sea_reader_seq() counts them.
 */
int sea_mark_at(const struct sea_db *db, const struct timespec *until, struct sea_mark *mark,
		struct sea_error *err);

/*
 * Sets the mark of this name in the store at path. A recorder may write to the store
 * meanwhile. The error says why it cannot: a text, a newer program's store, one that
 * may only be read.
 */
int sea_mark_set(const char *path, const char *name, const struct sea_mark *mark,
		 struct sea_error *err);

#endif /* SEA_MARK_H */
