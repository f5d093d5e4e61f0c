/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pruned.h - what a store had and has no more, as it was old or the file too large. So
 * that nobody takes a time without details for one in which nothing happened.
 */
#ifndef SEA_PRUNED_H
#define SEA_PRUNED_H

#include <time.h>

#include "store/db.h"

enum sea_pruned_what {
	SEA_PRUNED_DETAILS,  /* single SEAs, answers, and events of the host were deleted */
	SEA_PRUNED_TICKS,    /* ticks of a session became one: their sums are there */
	SEA_PRUNED_SESSIONS, /* sessions were deleted with all that was of them */
	SEA_PRUNED_KINDS,
};

/* "details", "ticks", "sessions"; static. */
const char *sea_pruned_name(unsigned int what);
/* What it means for whoever reads: "single SEAs and answers"; static. */
const char *sea_pruned_help(unsigned int what);

struct sea_pruned {
	struct timespec until; /* CLOCK_REALTIME: none is left that is older */
	__u64 records;	       /* how many; 0: nothing was deleted */
};

/* Of all kinds. A store of which nothing was deleted gives zeros. */
int sea_pruned_get(const struct sea_db *db, struct sea_pruned pruned[SEA_PRUNED_KINDS],
		   struct sea_error *err);

/* Adds to what is known of one kind, in the transaction of whoever calls. */
int sea_pruned_add(const struct sea_db *db, enum sea_pruned_what what,
		   const struct sea_pruned *more, struct sea_error *err);

#endif /* SEA_PRUNED_H */
