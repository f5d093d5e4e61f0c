// SPDX-License-Identifier: GPL-2.0-only
#include "import/ftrace-host.h"

#include <signal.h>
#include <stdint.h>

#include "import/host-text.h"
#include "import/scan.h"

/* "... (mc:0 location:0:1:-1 address:0x823456000 grain:64 syndrome:0x0 ...)" */
static bool read_mc(struct sea_span args, struct sea_host_event *event)
{
	sea_host_add(event, "", args);
	if (!sea_scan_past(&args, " address:", NULL) || !sea_scan_0x(&args, &event->address))
		return false;
	/* EDAC's drivers say 0 where they do not know. */
	if (event->address)
		event->known |= SEA_HOST_ADDRESS;
	return true;
}

static bool read_text(struct sea_span args, struct sea_host_event *event)
{
	sea_host_add(event, "", args);
	return args.len > 0;
}

/* "{1} corrected error: memory error physical addr: 0000000823456000 (mask: ...) ..." */
static bool read_extlog(struct sea_span args, struct sea_host_event *event)
{
	sea_host_add(event, "", args);
	if (!sea_scan_past(&args, "physical addr: ", NULL) || !sea_scan_hex(&args, &event->address))
		return false;
	if (event->address != UINT64_MAX)
		event->known |= SEA_HOST_ADDRESS;
	return true;
}

/* "pfn 0x823456: recovery action for dirty LRU page: Recovered" */
static bool read_memory_failure(struct sea_span args, struct sea_host_event *event)
{
	struct sea_span type, result;

	if (!sea_span_skip(&args, "pfn ") || !sea_scan_0x(&args, &event->pfn) ||
	    !sea_span_skip(&args, ": recovery action for "))
		return false;
	event->known |= SEA_HOST_PFN;
	sea_host_add(event, "", args);
	type = args;
	if (!sea_span_last(&type, ':', &result))
		return false;
	if (sea_host_result(sea_scan_trim(result), &event->result))
		event->known |= SEA_HOST_RESULT;
	return true;
}

/* "sig=7 errno=0 code=4 comm=CPU 2/KVM pid=4021 grp=0 res=0": a name may have blanks. */
static bool read_signal(struct sea_span args, struct sea_host_event *event)
{
	struct sea_span rest = args;
	__s64 code;
	__u64 pid = 0;
	bool is_found = false;

	if (!sea_scan_past(&rest, " code=", NULL) || !sea_scan_signed(&rest, &code))
		return false;
	while (sea_scan_past(&rest, " pid=", NULL))
		is_found = sea_scan_number(&rest, &pid) && pid <= INT32_MAX;
	if (!is_found)
		return false;
	event->code = (__s32)code;
	event->known |= SEA_HOST_CODE;
	event->tid = (__u32)pid;
	return true;
}

/* SIGBUS for bad memory: the others are for unaligned or unmapped addresses. */
static bool is_memory_signal(struct sea_span args)
{
	__s64 code;

	return sea_span_begins(args, "sig=7 ") && sea_scan_past(&args, " code=", NULL) &&
	       sea_scan_signed(&args, &code) &&
	       (code == BUS_MCEERR_AR || code == BUS_MCEERR_AO || code == SI_KERNEL);
}

enum sea_ftrace_host_result sea_ftrace_host(const struct sea_ftrace_line *line,
					    struct sea_host_event *event)
{
	static const struct {
		const char *name;
		enum sea_host_kind kind;
		bool (*read)(struct sea_span args, struct sea_host_event *event);
	} events[] = {
		{"mc_event", SEA_HOST_MC_EVENT, read_mc},
		{"arm_event", SEA_HOST_ARM_EVENT, read_text},
		{"non_standard_event", SEA_HOST_NON_STANDARD, read_text},
		{"memory_failure_event", SEA_HOST_MF_EVENT, read_memory_failure},
		{"extlog_mem_event", SEA_HOST_GHES, read_extlog},
		{"signal_generate", SEA_HOST_SIGBUS, read_signal},
	};
	size_t i;

	if (sea_span_is(line->event, "signal_generate") && !is_memory_signal(line->args))
		return SEA_FTRACE_HOST_NONE;
	for (i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
		if (!sea_span_is(line->event, events[i].name))
			continue;
		sea_host_begin(event, events[i].kind);
		event->cpu = line->cpu;
		return events[i].read(line->args, event) ? SEA_FTRACE_HOST_TOLD :
							   SEA_FTRACE_HOST_WRONG;
	}
	return SEA_FTRACE_HOST_NONE;
}
