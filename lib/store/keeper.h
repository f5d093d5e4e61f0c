/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * keeper.h - when to delete what is old: in small steps, and also on a full disk.
 */
#ifndef SEA_KEEPER_H
#define SEA_KEEPER_H

#include <time.h>

#include "store/prune.h"

/* Set the first three; the rest starts from zeros. */
struct sea_keeper {
	const char *path;			      /* of the store; stays the caller's */
	void (*say)(const char *line, void *context); /* for the operator; NULL: nobody */
	void *context;
	struct sea_prune prune;
	__u64 next_ns;	  /* CLOCK_MONOTONIC: when the next step is due */
	bool has_told;	  /* that it cannot be done */
	bool has_reserve; /* there is room to be given back */
	/*
	 * The disk was full, and there is no reserve since: no more than this is to be in use
	 * in the file. 0: there is room.
	 */
	__u64 cap;
};

/* Limits from now on; zeros: nothing is deleted. */
void sea_keeper_set(struct sea_keeper *keeper, const struct sea_prune_limits *limits);

/*
 * One step, if it is time for one. db NULL: not now; wall: of the last record. is_full:
 * the store cannot be written, as the disk is full. True: then there is more room now.
 */
bool sea_keeper_tend(struct sea_keeper *keeper, const struct sea_db *db, __u64 now_ns,
		     const struct timespec *wall, bool is_full);

/* When to tend it again, at the latest; 0: any time. */
__u64 sea_keeper_next(const struct sea_keeper *keeper);

#endif /* SEA_KEEPER_H */
