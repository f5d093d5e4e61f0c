// SPDX-License-Identifier: GPL-2.0-only
/* arrivals.c - what comes by the ring buffers, as records of the live feed. */
#include "trace/live-internal.h"

#include "base/log.h"
#include "trace/host-record.h"

/* So many details wait in the queue at most; the others wait in the ring buffer. */
#define QUEUE_MAX 4096

bool sea_arrived_vm(const struct sea_vm_event *event, void *context)
{
	struct live *live = context;
	const struct sea_sight sight = {
		.identity =
			{
				.id = event->vm_id,
				.start_ns = event->start_ns,
				.tgid = event->tgid,
				.comm = event->comm,
				.comm_len = sizeof(event->comm),
				.cmdline = {event->cmdline_len ? event->cmdline : NULL,
					    event->cmdline_len, event->cut},
				.cgroup_id = event->cgroup_id,
			},
		.key = {event->start_ns, event->tgid, event->creator, event->creator_fd},
		.first_ns = event->time_ns,
	};
	const struct sea_vm_info *info;
	bool news;

	info = sea_registry_meet(live->registry, &sight, &live->clock, &news);
	if (!info)
		live->failed = true;
	else if (news)
		sea_live_put_vm(live, info);
	return true;
}

/* The VM of a detail. Its own record may have come into its ring after we looked there. */
static const struct sea_vm_info *vm_of(struct live *live, const struct sea_event *event)
{
	const struct sea_sight sight = {
		.identity =
			{
				.id = event->vm_id,
				.start_ns = event->start_ns,
				.tgid = event->tgid,
				.comm = event->comm,
				.comm_len = sizeof(event->comm),
			},
		.key = {event->start_ns, event->tgid, 0, -1},
		.first_ns = event->time_ns,
	};
	const struct sea_vm_info *info = sea_registry_find(live->registry, event->vm_id);
	struct sea_error err;
	bool news;

	if (info || !event->vm_id)
		return info;
	if (sea_trace_poll_seen(live->trace, &err))
		sea_log("%s", err.text);
	info = sea_registry_find(live->registry, event->vm_id);
	if (info)
		return info;
	/* It was lost: this is all there is. */
	info = sea_registry_meet(live->registry, &sight, &live->clock, &news);
	if (info && news)
		sea_live_put_vm(live, info);
	return info;
}

bool sea_arrived_event(const struct sea_event *event, void *context)
{
	struct live *live = context;
	struct sea_record record = {.event = event};

	if (live->queue.nr >= QUEUE_MAX)
		return false;
	switch (event->type) {
	case SEA_EVENT_SEA:
		record.type = SEA_RECORD_SEA;
		break;
	case SEA_EVENT_ANSWERED:
		record.type = SEA_RECORD_ANSWER;
		break;
	default:
		/* The tick tells of ends, also where the detail is lost. */
		return true;
	}
	record.vm = vm_of(live, event);
	if (record.type == SEA_RECORD_SEA)
		sea_registry_note_thread(live->registry, event->vm_id, event->tid);
	record.time_ns = SEA_LAST_NS(event->time_ns);
	record.wall = record.type == SEA_RECORD_SEA ?
			      sea_registry_date(live->registry, event->vm_id, event->time_ns,
						&live->clock) :
			      sea_clock_wall(&live->clock, record.time_ns);
	if (live->hold && record.type == SEA_RECORD_SEA)
		live->failed |= !sea_hold_put(live->hold, live->nr_put, event);
	sea_live_put(live, record);
	return true;
}

static void put_host(struct live *live, const struct sea_host_record *record,
		     struct sea_host_event *host)
{
	const struct sea_vm_info *vm = sea_registry_find_process(live->registry, record->vmm_tgid,
								 record->vmm_start_ns, record->tid);

	host->vm_id = vm ? vm->id : 0;
	if (host->kind == SEA_HOST_SIGBUS)
		sea_registry_note_sigbus(live->registry, record->vmm_tgid, record->vmm_start_ns,
					 host->code);
	sea_live_put(live, (struct sea_record){
				   .type = SEA_RECORD_HOST,
				   .time_ns = record->time_ns,
				   .wall = sea_clock_wall(&live->clock, record->time_ns),
				   .vm = vm,
				   .host = host,
			   });
}

/* What the host did. SEAs that came before it are told before it, too. */
bool sea_arrived_host(const struct sea_host_record *record, void *context)
{
	struct live *live = context;
	struct sea_host_event host;
	struct sea_error err;

	if (sea_trace_poll_events(live->trace, &err))
		sea_log("%s", err.text);
	if (live->queue.nr >= QUEUE_MAX)
		return false;
	sea_host_record_decode(record, &host);
	put_host(live, record, &host);
	return true;
}
