/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * entry.h - a record as it is stored: in a store, or as a line of the text form.
 *
 * It is a struct sea_record, but for the tick: that has its change in place of all
 * counters.
 */
#ifndef SEA_ENTRY_H
#define SEA_ENTRY_H

#include "model/record.h"
#include "store/change.h"

struct sea_entry {
	struct sea_record record;	 /* of a TICK, `tick` is NULL */
	const struct sea_change *change; /* TICK */
	bool extends;  /* TICK: nothing changed, nor did in the one before: they become one */
	bool redacted; /* SESSION: addresses of guests were taken out of its records */
};

/* The event's name of the VMM's process, made safe to show. */
void sea_entry_comm(const struct sea_event *event, char comm[SEA_COMM_LEN + 1]);

struct sea_batch_session;

struct sea_batch_item {
	struct sea_batch_item *next;
	struct sea_entry entry; /* all that it points to is the batch's */
};

/*
 * Deep copies of entries, in the order in which they came. Start from zeros;
 * sea_batch_free() releases it.
 */
struct sea_batch {
	struct sea_batch_item *first, *last;
	struct sea_batch_session *sessions;
	size_t nr; /* entries */
};

/* False: out of memory; the batch is as before. */
bool sea_batch_add(struct sea_batch *batch, const struct sea_entry *entry);
/*
 * Makes a tick in which nothing changed last until a later one in which nothing did
 * either. False: they are not such ticks of one session.
 */
bool sea_batch_lengthen(struct sea_batch_item *tick, const struct sea_entry *later);
/*
 * Makes it small: details and host events go, and ticks become one at the place of the
 * last. Returns how many details went.
 */
__u64 sea_batch_shrink(struct sea_batch *batch);
/* Drops all entries. */
void sea_batch_free(struct sea_batch *batch);

#endif /* SEA_ENTRY_H */
