// SPDX-License-Identifier: GPL-2.0-only
/*
 * fake-trace.c - stands in for lib/trace/trace.c, so that all of seatop but the kernel
 * can be run on any machine.
 *
 * Each read has one SEA more in each of three VMs. With FAKE_LOST set in the
 * environment one detail record is lost; with FAKE_UNSEEN the last read finds that
 * one SEA was not seen. With FAKE_LATE the last read finds one VM more, whose VMM is
 * gone: its record comes just before.
 */
#include "trace/trace.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define NR_VMS 3
#define LATE_ID (NR_VMS + 1)

struct sea_trace {
	struct sea_trace_options options;
	__u64 reads;
	bool late;
	int fd;
};

int sea_trace_open(const struct sea_trace_options *options, struct sea_trace **trace,
		   struct sea_error *err)
{
	struct sea_trace *t = calloc(1, sizeof(*t));

	if (!t)
		return sea_error_set(err, "out of memory");
	t->options = *options;
	/* One record is there from the start. */
	t->fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	if (t->fd < 0) {
		free(t);
		return sea_error_set(err, "no eventfd");
	}
	*trace = t;
	return 0;
}

void sea_trace_close(struct sea_trace *trace)
{
	if (!trace)
		return;
	close(trace->fd);
	free(trace);
}

const char *sea_trace_source(const struct sea_trace *trace)
{
	(void)trace;
	return "fake";
}

int sea_trace_fd(const struct sea_trace *trace)
{
	return trace->fd;
}

int sea_trace_poll(struct sea_trace *trace, struct sea_error *err)
{
	static const char cmdline[] = "qemu\0-name\0late";
	struct sea_vm_event event = {.tgid = 1001, .start_ns = 1, .comm = "vm1"};
	__u64 count;

	(void)err;
	if (read(trace->fd, &count, sizeof(count)) != sizeof(count))
		return 0;
	if (trace->late) {
		event.vm_id = LATE_ID;
		event.tgid = 1000 + LATE_ID;
		event.cmdline_len = sizeof(cmdline);
		memcpy(event.cmdline, cmdline, sizeof(cmdline));
	}
	trace->options.vm_seen(&event, trace->options.context);
	return 0;
}

int sea_trace_read(struct sea_trace *trace, struct sea_snapshot *snapshot, struct sea_error *err)
{
	struct timespec now;
	__u64 i;

	if (!snapshot->vms) {
		snapshot->vms = calloc(LATE_ID, sizeof(*snapshot->vms));
		snapshot->room = LATE_ID;
	}
	if (!snapshot->vms)
		return sea_error_set(err, "out of memory");
	clock_gettime(CLOCK_BOOTTIME, &now);
	snapshot->time_ns = (__u64)now.tv_sec * 1000000000 + (__u64)now.tv_nsec;
	clock_gettime(CLOCK_REALTIME, &snapshot->wall);
	snapshot->started_ns = snapshot->time_ns;
	snapshot->source = "fake";
	snapshot->tells_all = true;
	snapshot->nr_vms = trace->reads ? NR_VMS + trace->late : 0;
	memset(snapshot->vms, 0, LATE_ID * sizeof(*snapshot->vms));
	for (i = 0; i < snapshot->nr_vms; i++) {
		struct sea_vm *vm = &snapshot->vms[i];

		vm->id = i + 1;
		vm->tgid = (__u32)(1001 + i);
		vm->start_ns = 1;
		vm->disposition[SEA_FORWARDED] = trace->reads;
		vm->last = SEA_LAST(snapshot->time_ns, SEA_FORWARDED, SEA_AMBIGUOUS_WALK);
		memcpy(vm->comm, "vm", 2);
		vm->comm[2] = (char)('1' + i);
		if (!i && getenv("FAKE_LOST"))
			vm->lost_ring_full = 1;
	}
	trace->reads++;
	return 0;
}

int sea_trace_read_last(struct sea_trace *trace, struct sea_snapshot *snapshot,
			struct sea_error *err)
{
	const __u64 one = 1;

	if (getenv("FAKE_LATE")) {
		trace->late = true;
		if (write(trace->fd, &one, sizeof(one)) != sizeof(one))
			return sea_error_set(err, "no event");
	}
	if (sea_trace_read(trace, snapshot, err))
		return -1;
	snapshot->unseen = getenv("FAKE_UNSEEN") ? 1 : 0;
	return 0;
}
