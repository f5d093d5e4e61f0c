/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * queue.h - records that wait until somebody asks a feed for the next one.
 */
#ifndef SEA_QUEUE_H
#define SEA_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/record.h"

struct sea_queued;

/* Start from zeros; sea_queue_free() releases it. */
struct sea_queue {
	struct sea_queued *first, *last; /* those that wait */
	struct sea_queued *given;	 /* the one that was taken last: its record is in use */
	size_t nr;			 /* that wait */
	struct sea_queued *spare;	 /* a few of those that were taken, to be used again */
	size_t nr_spare;
};

/*
 * Puts a copy of the record and of what it points to at the end; the session, and a
 * tick, have to stay where they are. False: out of memory.
 */
bool sea_queue_put(struct sea_queue *queue, const struct sea_record *record);

/* Takes the first one off; good until the next call. False: there is none. */
bool sea_queue_take(struct sea_queue *queue, struct sea_record *record);

void sea_queue_free(struct sea_queue *queue);

#endif /* SEA_QUEUE_H */
