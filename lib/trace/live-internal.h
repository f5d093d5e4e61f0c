/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * live-internal.h - the live feed as live.c and arrivals.c share it.
 */
#ifndef SEA_LIVE_INTERNAL_H
#define SEA_LIVE_INTERNAL_H

#include "model/feed.h"
#include "model/queue.h"
#include "model/registry.h"
#include "trace/hold.h"
#include "trace/trace.h"

enum live_state {
	STATE_RUNS,
	STATE_FINISHES, /* the last tick is to be read, or read again */
	STATE_FINISHED, /* what is in the queue is the last */
};

struct live {
	struct sea_feed feed;
	struct sea_trace *trace;
	struct sea_registry *registry;
	struct sea_session session;
	struct sea_queue queue;
	struct sea_snapshot snapshot;
	struct sea_loss loss;	/* as of the last tick, with its times */
	struct sea_clock clock; /* as of the last look at it */
	struct sea_gap gap;	/* ticks cannot be read: since when, and why; since 0: they can */
	__u64 ticks, lost_ticks;
	__u64 interval_ns, intervals;
	__u64 patience_ns;	/* CLOCK_BOOTTIME after which the last tick is not read again */
	struct sea_hold *hold;	/* SEAs that wait for their pages; NULL: no pages are wanted */
	__u64 nr_put, nr_taken; /* records: the next one's number */
	int poll, timer;
	enum live_state state;
	bool is_due; /* the timer fired while a record waited for its page */
	bool failed; /* out of memory in a callback */
};

/* Puts a record of this session, or VM, into the queue; out of memory is remembered. */
void sea_live_put(struct live *live, struct sea_record record);
void sea_live_put_vm(struct live *live, const struct sea_vm_info *info);

/* arrivals.c: what comes by the ring buffers. The context is the live feed. */
bool sea_arrived_vm(const struct sea_vm_event *event, void *context);
bool sea_arrived_event(const struct sea_event *event, void *context);
bool sea_arrived_host(const struct sea_host_record *record, void *context);

#endif /* SEA_LIVE_INTERNAL_H */
