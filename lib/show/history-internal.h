/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * history-internal.h - what history.c keeps, and history-look.c looks back through.
 */
#ifndef SEA_HISTORY_INTERNAL_H
#define SEA_HISTORY_INTERNAL_H

#include "show/history.h"

/* A session's copy, as snapshots point to its source. */
struct sea_kept_session {
	struct sea_kept_session *next;
	struct sea_session session;
};

/* How to get from a tick to the one before it. */
struct sea_moment {
	struct sea_moment *prev, *next; /* prev: farther back */
	/* The tick before; vms has only those that the later tick changed or left out. */
	struct sea_snapshot was;
	const struct sea_kept_session *session; /* of `was` */
	__u64 *came;				/* VMs that were not there yet, by id */
	size_t nr_came;
	size_t bytes;
	bool has_sea;	/* the later tick has SEAs more */
	bool is_idle;	/* no VM changed, and nothing was lost */
	size_t skipped; /* ticks between the two in which nothing changed, and that are not kept */
};

struct sea_history {
	struct sea_snapshot now, spare;
	bool has_tick, is_held, has_grown;
	struct sea_kept_session *sessions; /* the oldest one is first */
	struct sea_kept_session *session;  /* that was told last */
	struct sea_kept_session *of_now;   /* that of `now` */
	struct sea_moment *moments;	   /* the oldest one is first */
	size_t depth, bytes, limit;
	__u64 ticks; /* that were taken */
	struct sea_log *log;
	size_t nr_gaps;
	struct sea_gap gap;
};

int sea_history_out_of_memory(struct sea_error *err);

#endif /* SEA_HISTORY_INTERNAL_H */
