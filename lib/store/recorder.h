/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * recorder.h - the records of a feed into a store, whatever happens to the disk.
 *
 * Under load what came is in the store within a second; while nothing happens, a minute
 * is enough. What cannot be stored waits in memory. When that is full, single SEAs go
 * first: they are counted, as the loss `store`, and the time is told as a gap. Counts of
 * VMs are never lost for it: the next tick that can be stored has them.
 *
 * With limits, what is old is deleted in small steps between what comes. If the store has
 * a largest size, room is kept free beside it, in the file "NAME-reserve", so that this
 * also works on a full disk: the oldest details then make room for the new ones.
 */
#ifndef SEA_RECORDER_H
#define SEA_RECORDER_H

#include "model/record.h"
#include "store/db.h"
#include "store/prune.h"

struct sea_recorder_options {
	const char *path; /* of the store */
	const char *vfs;  /* SQLite's, by name; NULL: the default one */
	/* A line for the operator: what went wrong, or right again. NULL: nobody listens. */
	void (*say)(const char *line, void *context);
	/*
	 * Gets each record that is to be stored, in their order, with those that the recorder
	 * makes itself: gaps. A tick also has what the recorder lost. NULL: nobody listens.
	 */
	void (*tell)(const struct sea_record *record, void *context);
	void *context;
	struct sea_prune_limits limits; /* what is to be kept */
	size_t max_waiting; /* entries that wait while the store cannot be written; 0: 20000 */
};

struct sea_recorder;

/*
 * Opens the store, makes it if there is none, and tells sessions that never ended as
 * lost. A damaged one is moved out of the way, and a new one begun. Another recorder's
 * store, a newer program's and what is no store are errors.
 */
int sea_recorder_open(const struct sea_recorder_options *options, struct sea_recorder **recorder,
		      struct sea_error *err);

/* Takes the record in. The first one of a session also tells of the time before it. */
int sea_recorder_take(struct sea_recorder *recorder, const struct sea_record *record,
		      struct sea_error *err);

/*
 * Writes what has waited long enough by now_ns, of CLOCK_MONOTONIC. Never fails: what
 * cannot be written waits on. Returns when to call it again at the latest; 0: any time.
 */
__u64 sea_recorder_tend(struct sea_recorder *recorder, __u64 now_ns);

/* Writes all that waits, once; -1: it could not, and what waits is lost. */
int sea_recorder_finish(struct sea_recorder *recorder, struct sea_error *err);
/* Takes NULL, too. What was not written is lost. */
void sea_recorder_close(struct sea_recorder *recorder);

/* Other limits, from now on. */
void sea_recorder_set_limits(struct sea_recorder *recorder, const struct sea_prune_limits *limits);

/* Details that were not stored so far, and whether the store can be written now. */
__u64 sea_recorder_lost(const struct sea_recorder *recorder);
bool sea_recorder_is_writing(const struct sea_recorder *recorder);

/* The recorder's own, for marks and for what deletes what is old. */
const struct sea_db *sea_recorder_db(const struct sea_recorder *recorder);

#endif /* SEA_RECORDER_H */
