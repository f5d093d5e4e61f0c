// SPDX-License-Identifier: GPL-2.0-only
#include "trace/records.h"

#include "sea_abi.h"

bool sea_trace_event_valid(const void *data, size_t size)
{
	const struct sea_event *event = data;

	/* The kernel hands over records in multiples of 8 bytes, at least ours. */
	return size >= sizeof(*event) && event->version == SEA_ABI_VERSION &&
	       event->size == sizeof(*event) && event->type <= SEA_EVENT_VM_ENDED &&
	       event->disposition < SEA_DISPOSITIONS && event->reason < SEA_REASONS &&
	       event->response < SEA_RESPONSES;
}

bool sea_trace_vm_event_valid(const void *data, size_t size)
{
	const struct sea_vm_event *event = data;

	return size >= sizeof(*event) && event->version == SEA_ABI_VERSION &&
	       event->size == sizeof(*event) && event->type == SEA_EVENT_VM_SEEN &&
	       event->cmdline_len <= sizeof(event->cmdline);
}
