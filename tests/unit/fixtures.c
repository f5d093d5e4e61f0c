// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <sys/mount.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"

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

struct sea_vm_state state_with(__u64 id, const char *comm, __u64 claimed, __u64 host_owned,
			       __u64 not_opted_in, __u64 forwarded)
{
	struct sea_vm_state state = {
		.vm = vm_with(id, comm, claimed, host_owned, not_opted_in, forwarded),
	};

	state.info = info_of(&state.vm);
	return state;
}

const struct sea_vm_info *info_of(const struct sea_vm *vm)
{
	struct sea_vm_info info = {
		.id = vm->id,
		.key = {vm->start_ns, vm->tgid, vm->creator, vm->creator_fd},
		.first_ns = vm->first_ns,
		.first = {.tv_sec = FIXTURE_TIME - 10},
		.name.origin = SEA_VM_FROM_COMM,
	};
	int n;

	n = (int)sea_printable(vm->comm, strnlen(vm->comm, sizeof(vm->comm)), info.comm,
			       sizeof(info.comm));
	snprintf(info.name.text, sizeof(info.name.text), "%.*s-%u", n, info.comm, vm->tgid);
	return sea_vm_info_new(&info);
}

void call_vm(struct sea_vm_state *state, const char *name)
{
	struct sea_vm_info info = *state->info;

	snprintf(info.name.text, sizeof(info.name.text), "%s", name);
	sea_vm_info_put(state->info);
	state->info = sea_vm_info_new(&info);
}

void make_session(struct sea_session *session)
{
	*session = (struct sea_session){
		.run = "11111111-2222-4333-8444-555555555555",
		.boot_id = "66666666-7777-4888-9999-aaaaaaaaaaaa",
		.host = "hv01",
		.kernel = "6.12.107-sea",
		.machine = "aarch64",
		.program = "seatop",
		.version = "0.1.0",
		.source = "tracepoint",
		.tells_all = true,
		.started_ns = 10 * SEC,
		.started = {.tv_sec = FIXTURE_TIME - 90},
	};
}

void make_snapshot(struct sea_snapshot *snapshot)
{
	struct sea_vm_state *vms = calloc(3, sizeof(*vms));

	assert_non_null(vms);
	vms[0] = state_with(1, "db01", 2, 0, 0, 8);
	vms[0].vm.reason[SEA_AMBIGUOUS_WALK] = 3;
	vms[0].vm.response[SEA_INJECTED] = 5;
	vms[0].vm.response[SEA_RESUMED] = 1;
	vms[0].vm.latency_ns = 6 * 3000000;
	vms[0].vm.latency[11] = 6;
	vms[0].vm.last = SEA_LAST(97 * SEC, SEA_FORWARDED, SEA_AMBIGUOUS_WALK);
	vms[0].last_wall = (struct timespec){.tv_sec = FIXTURE_TIME - 3};
	vms[0].listed = (struct sea_listed){.id = 1, .vcpus = 4, .opt_in = SEA_OPT_IN_YES};
	vms[1] = state_with(2, "web", 0, 13000, 0, 0);
	vms[1].vm.reason[SEA_S2_WALK] = 13000;
	vms[1].vm.lost_ratelimit = 12900;
	vms[1].vm.last = SEA_LAST(100 * SEC, SEA_HOST_OWNED, SEA_S2_WALK);
	vms[1].last_wall = (struct timespec){.tv_sec = FIXTURE_TIME};
	vms[1].listed = (struct sea_listed){.id = 2, .vcpus = 2, .opt_in = SEA_OPT_IN_NO};
	vms[2] = state_with(3, "batch-7", 0, 0, 4, 0);
	vms[2].vm.ended_ns = 99 * SEC;
	vms[2].vm.last = SEA_LAST(40 * SEC, SEA_NOT_OPTED_IN, SEA_REASON_NONE);
	vms[2].last_wall = (struct timespec){.tv_sec = FIXTURE_TIME - 60};

	memset(snapshot, 0, sizeof(*snapshot));
	snapshot->time_ns = 100 * SEC;
	snapshot->wall = (struct timespec){.tv_sec = FIXTURE_TIME};
	snapshot->started_ns = 10 * SEC;
	snapshot->source = "tracepoint";
	snapshot->tells_all = true;
	snapshot->check = "kprobe";
	snapshot->checked = 13014;
	snapshot->vms = vms;
	snapshot->nr_vms = snapshot->room = 3;
	snapshot->totals.vms = 3;
	snapshot->loss.count[SEA_LOSS_RATELIMIT] = 12900;
	snapshot->loss.last[SEA_LOSS_RATELIMIT] = snapshot->wall;
}

void make_view(struct sea_view *view, const struct sea_snapshot *now,
	       const struct sea_snapshot *before)
{
	static struct sea_session session;
	struct sea_error err;

	make_session(&session);
	memset(view, 0, sizeof(*view));
	assert_int_equal(sea_view_make(view, &session, now, before, NULL, NULL, &err), 0);
}

int fixture_make_dir(char dir[64])
{
	strcpy(dir, "/tmp/seatop-test-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

int fixture_remove_dir(const char *dir)
{
	char command[128];

	umount2(dir, MNT_DETACH);
	snprintf(command, sizeof(command), "rm -r '%s'", dir);
	return system(command);
}

char fixture_dir[64], fixture_store[128];

int fixture_make_store(void **state)
{
	(void)state;
	if (fixture_make_dir(fixture_dir))
		return -1;
	snprintf(fixture_store, sizeof(fixture_store), "%s/sea.db", fixture_dir);
	return 0;
}

int fixture_remove_store(void **state)
{
	(void)state;
	return fixture_remove_dir(fixture_dir);
}
