// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <stdlib.h>
#include <string.h>

struct sea_vm_names *names_without_proc(void)
{
	struct sea_vm_names *names;
	struct sea_error err;

	/* Any directory that has no numbers in it. */
	assert_int_equal(sea_vm_names_open("/usr", &names, &err), 0);
	return names;
}

struct sea_vm vm_with(__u64 id, const char *comm, __u64 claimed, __u64 host_owned,
		      __u64 not_opted_in, __u64 forwarded)
{
	struct sea_vm vm = {
		.id = id,
		.tgid = 1000 + (__u32)id,
		.start_ns = 5 * SEC,
		.first_ns = 90 * SEC,
		.disposition = {claimed, host_owned, not_opted_in, forwarded},
	};

	memcpy(vm.comm, comm, strnlen(comm, sizeof(vm.comm)));
	return vm;
}

void make_snapshot(struct sea_snapshot *snapshot)
{
	static struct sea_listed listed[2];
	static const struct sea_listing listing = {.vms = listed, .nr = 2};
	struct sea_vm *vms = calloc(3, sizeof(*vms));

	assert_non_null(vms);
	vms[0] = vm_with(1, "db01", 2, 0, 0, 8);
	vms[0].reason[SEA_AMBIGUOUS_WALK] = 3;
	vms[0].response[SEA_INJECTED] = 5;
	vms[0].response[SEA_RESUMED] = 1;
	vms[0].latency_ns = 6 * 3000000;
	vms[0].latency[11] = 6;
	vms[0].last = SEA_LAST(97 * SEC, SEA_FORWARDED, SEA_AMBIGUOUS_WALK);
	vms[1] = vm_with(2, "web", 0, 13000, 0, 0);
	vms[1].reason[SEA_S2_WALK] = 13000;
	vms[1].lost_ratelimit = 12900;
	vms[1].last = SEA_LAST(100 * SEC, SEA_HOST_OWNED, SEA_S2_WALK);
	vms[2] = vm_with(3, "batch-7", 0, 0, 4, 0);
	vms[2].ended_ns = 99 * SEC;
	vms[2].last = SEA_LAST(40 * SEC, SEA_NOT_OPTED_IN, SEA_REASON_NONE);

	listed[0] = (struct sea_listed){.id = 1, .vcpus = 4, .opt_in = SEA_OPT_IN_YES};
	listed[1] = (struct sea_listed){.id = 2, .vcpus = 2, .opt_in = SEA_OPT_IN_NO};

	memset(snapshot, 0, sizeof(*snapshot));
	snapshot->time_ns = 100 * SEC;
	snapshot->wall = (struct timespec){.tv_sec = 1795416644};
	snapshot->started_ns = 10 * SEC;
	snapshot->source = "tracepoint";
	snapshot->tells_all = true;
	snapshot->check = "kprobe";
	snapshot->checked = 13014;
	snapshot->listing = &listing;
	snapshot->vms = vms;
	snapshot->nr_vms = snapshot->room = 3;
	snapshot->totals.vms = 3;
}

void make_view(struct sea_view *view, const struct sea_snapshot *now,
	       const struct sea_snapshot *before)
{
	struct sea_vm_names *names = names_without_proc();
	struct sea_error err;

	memset(view, 0, sizeof(*view));
	assert_int_equal(sea_view_make(view, now, before, names, NULL, NULL, &err), 0);
	sea_vm_names_close(names);
}
