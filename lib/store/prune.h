/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * prune.h - deletes what is old, or what a file that is too large has least need of.
 *
 * Single SEAs, answers and events of the host go first. Then the ticks of a session
 * become one, with their sums: counts stay exact, when they grew is not known any more.
 * At last sessions that ended go, with their VMs, ends and gaps. The session that runs
 * stays. In each of these the oldest go first. What went is kept in mind (pruned.h).
 */
#ifndef SEA_PRUNE_H
#define SEA_PRUNE_H

#include <stdbool.h>

#include "store/db.h"

/* What is to be kept; zeros: all of it, for ever. */
struct sea_prune_limits {
	__u64 days;	 /* what is older goes; 0: for ever */
	__u64 bytes;	 /* the file is to be no larger; 0: as large as it gets */
	bool unexported; /* what is not behind the mark `exported` stays, come what may */
	bool unacked;	 /* the same of the mark `acked` */
};

enum sea_prune_result {
	SEA_PRUNE_FAILED = -1, /* the error says why; nothing of this step is deleted */
	SEA_PRUNE_DONE = 0,    /* nothing is to be deleted now */
	SEA_PRUNE_MORE = 1,    /* something was, and more may have to be */
	SEA_PRUNE_STUCK = 2,   /* the file is too large, and nothing may be deleted any more */
};

/* Whoever prunes step by step. Start from zeros. */
struct sea_prune {
	struct sea_prune_limits limits;
	bool is_trimming; /* the file was too large, and is made smaller than it has to be */
};

/*
 * One step: a transaction of some 10 ms. now_ns is CLOCK_REALTIME in ns since 1970.
 * cap: the disk is full, and so many bytes are to be in use in the file, which keeps what
 * is free in it for the next records; 0: it is not.
 */
enum sea_prune_result sea_prune_step(struct sea_prune *prune, const struct sea_db *db, __s64 now_ns,
				     __u64 cap, struct sea_error *err);

/* Bytes of the file that are in use. */
__u64 sea_prune_used(const struct sea_db *db);

#endif /* SEA_PRUNE_H */
