// SPDX-License-Identifier: GPL-2.0-only
#include "store/entry.h"

#include <stdlib.h>
#include <string.h>

#include "base/printable.h"

/* A session as it was when an entry of it came. */
struct sea_batch_session {
	struct sea_batch_session *next;
	struct sea_session session;
};

/* An item and what its entry points to: of these an entry has one or two. */
struct owned {
	struct sea_batch_item item;
	struct sea_page page;
	struct sea_change *change;
	union {
		struct sea_event event;
		struct sea_end end;
		struct sea_gap gap;
		struct sea_host_event host;
	};
};

void sea_entry_comm(const struct sea_event *event, char comm[SEA_COMM_LEN + 1])
{
	sea_printable(event->comm, strnlen(event->comm, SEA_COMM_LEN), comm, SEA_COMM_LEN + 1);
}

static struct owned *owned_of(struct sea_batch_item *item)
{
	return (struct owned *)(void *)item;
}

static void discard(struct sea_batch_item *item)
{
	struct owned *owned = owned_of(item);

	sea_vm_info_put(item->entry.record.vm);
	if (owned->change)
		sea_change_free(owned->change);
	free(owned->change);
	free(owned);
}

/* Most entries in a row are of the same session in the same state. */
static const struct sea_session *keep_session(struct sea_batch *batch,
					      const struct sea_session *session)
{
	struct sea_batch_session *kept = batch->sessions;

	if (kept && !memcmp(&kept->session, session, sizeof(*session)))
		return &kept->session;
	kept = malloc(sizeof(*kept));
	if (!kept)
		return NULL;
	kept->session = *session;
	kept->next = batch->sessions;
	batch->sessions = kept;
	return &kept->session;
}

/* Copies what the record points to, and lets it point to the copy. */
static bool own(struct owned *owned)
{
	struct sea_entry *entry = &owned->item.entry;
	struct sea_record *r = &entry->record;

	if (entry->change) {
		owned->change = sea_change_copy(entry->change);
		entry->change = owned->change;
		if (!owned->change)
			return false;
	}
	sea_vm_info_get(r->vm);
	r->tick = NULL;
	if (r->page) {
		owned->page = *r->page;
		r->page = &owned->page;
	}
	if (r->event) {
		owned->event = *r->event;
		r->event = &owned->event;
	} else if (r->end) {
		owned->end = *r->end;
		r->end = &owned->end;
	} else if (r->gap) {
		owned->gap = *r->gap;
		r->gap = &owned->gap;
	} else if (r->host) {
		owned->host = *r->host;
		r->host = &owned->host;
	}
	return true;
}

static void append(struct sea_batch *batch, struct sea_batch_item *item)
{
	item->next = NULL;
	if (batch->last)
		batch->last->next = item;
	else
		batch->first = item;
	batch->last = item;
	batch->nr++;
}

bool sea_batch_add(struct sea_batch *batch, const struct sea_entry *entry)
{
	struct owned *owned = calloc(1, sizeof(*owned));

	if (!owned)
		return false;
	owned->item.entry = *entry;
	owned->item.entry.record.session = keep_session(batch, entry->record.session);
	if (!owned->item.entry.record.session || !own(owned)) {
		free(owned);
		return false;
	}
	append(batch, &owned->item);
	return true;
}

bool sea_batch_lengthen(struct sea_batch_item *tick, const struct sea_entry *later)
{
	struct sea_record *r = &tick->entry.record;

	if (r->type != SEA_RECORD_TICK || later->record.type != SEA_RECORD_TICK ||
	    !sea_change_is_idle(tick->entry.change) || !sea_change_is_idle(later->change) ||
	    strcmp(r->session->run, later->record.session->run))
		return false;
	owned_of(tick)->change->ticks += later->change->ticks;
	r->time_ns = later->record.time_ns;
	r->wall = later->record.wall;
	return true;
}

/* Adds the tick to the one before it. False: they stay two. */
static bool merge_ticks(struct sea_batch_item *before, struct sea_batch_item *item)
{
	struct sea_error ignored;
	struct owned *tick = owned_of(item), *old = owned_of(before);
	struct sea_change *change = old->change;

	if (strcmp(before->entry.record.session->run, item->entry.record.session->run))
		return false;
	if (sea_change_merge(change, tick->change, &ignored))
		return false;
	old->change = tick->change;
	tick->change = change;
	item->entry.change = change;
	/* What is more than idle does not make the one before them all longer. */
	item->entry.extends = before->entry.extends && item->entry.extends;
	return true;
}

__u64 sea_batch_shrink(struct sea_batch *batch)
{
	struct sea_batch_item *item = batch->first, *next, *tick = NULL;
	struct sea_batch kept = {.sessions = batch->sessions};
	__u64 details = 0;

	/* Ticks are put back when the next one is there, or at the end. */
	for (; item; item = next) {
		next = item->next;
		switch (item->entry.record.type) {
		case SEA_RECORD_SEA:
		case SEA_RECORD_ANSWER:
		case SEA_RECORD_HOST:
			details++;
			discard(item);
			break;
		case SEA_RECORD_TICK:
			if (tick && merge_ticks(tick, item))
				discard(tick);
			else if (tick)
				append(&kept, tick);
			tick = item;
			break;
		default:
			append(&kept, item);
			break;
		}
	}
	if (tick)
		append(&kept, tick);
	*batch = kept;
	return details;
}

void sea_batch_free(struct sea_batch *batch)
{
	struct sea_batch_item *item, *next;
	struct sea_batch_session *session, *next_session;

	for (item = batch->first; item; item = next) {
		next = item->next;
		discard(item);
	}
	for (session = batch->sessions; session; session = next_session) {
		next_session = session->next;
		free(session);
	}
	memset(batch, 0, sizeof(*batch));
}
