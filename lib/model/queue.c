// SPDX-License-Identifier: GPL-2.0-only
#include "model/queue.h"

#include <stdlib.h>
#include <string.h>

/* Of those that were taken so many are kept: in a storm records come by the thousand. */
#define SPARE_MAX 16

/* A record, and room for what it points to. Of these, a record has at most one or two. */
struct sea_queued {
	struct sea_queued *next;
	struct sea_record record;
	struct sea_page page;
	union {
		struct sea_event event;
		struct sea_end end;
		struct sea_gap gap;
		struct sea_host_event host;
	};
};

/* Copies what the record points to, and lets it point to the copy. */
static void own(struct sea_queued *q)
{
	struct sea_record *r = &q->record;

	sea_vm_info_get(r->vm);
	if (r->page) {
		q->page = *r->page;
		r->page = &q->page;
	}
	if (r->event) {
		q->event = *r->event;
		r->event = &q->event;
	} else if (r->end) {
		q->end = *r->end;
		r->end = &q->end;
	} else if (r->gap) {
		q->gap = *r->gap;
		r->gap = &q->gap;
	} else if (r->host) {
		q->host = *r->host;
		r->host = &q->host;
	}
}

static void discard(struct sea_queue *queue, struct sea_queued *q)
{
	if (!q)
		return;
	sea_vm_info_put(q->record.vm);
	if (queue->nr_spare == SPARE_MAX) {
		free(q);
		return;
	}
	q->next = queue->spare;
	queue->spare = q;
	queue->nr_spare++;
}

/* What is in it is of no meaning. NULL: out of memory. */
static struct sea_queued *new_queued(struct sea_queue *queue)
{
	struct sea_queued *q = queue->spare;

	if (!q)
		return malloc(sizeof(*q));
	queue->spare = q->next;
	queue->nr_spare--;
	return q;
}

bool sea_queue_put(struct sea_queue *queue, const struct sea_record *record)
{
	struct sea_queued *q = new_queued(queue);

	if (!q)
		return false;
	q->next = NULL;
	q->record = *record;
	own(q);
	if (queue->last)
		queue->last->next = q;
	else
		queue->first = q;
	queue->last = q;
	queue->nr++;
	return true;
}

bool sea_queue_take(struct sea_queue *queue, struct sea_record *record)
{
	discard(queue, queue->given);
	queue->given = queue->first;
	if (!queue->given)
		return false;
	queue->first = queue->given->next;
	if (!queue->first)
		queue->last = NULL;
	queue->nr--;
	*record = queue->given->record;
	return true;
}

void sea_queue_free(struct sea_queue *queue)
{
	struct sea_record record;

	struct sea_queued *q;

	while (sea_queue_take(queue, &record))
		;
	while ((q = queue->spare)) {
		queue->spare = q->next;
		free(q);
	}
	memset(queue, 0, sizeof(*queue));
}
