// SPDX-License-Identifier: GPL-2.0-only
#include "import/run.h"

#include <stdio.h>
#include <string.h>

#include "base/printable.h"

/* So often the counts become a tick, in time of the input. */
#define TICK_NS SEA_NSEC_PER_SEC

void sea_import_run_init(struct sea_import_run *run, const struct sea_import_options *options,
			 struct sea_import_sum *sum, const char *source)
{
	memset(run, 0, sizeof(*run));
	run->options = options;
	run->sum = sum;
	run->source = source;
	run->boot = options->boot;
}

static void clear(struct sea_import_run *run)
{
	run->is_open = false;
	sea_snapshot_free(&run->snapshot);
	memset(&run->before, 0, sizeof(run->before));
	memset(&run->last, 0, sizeof(run->last));
	run->tick_ns = 0;
}

void sea_import_run_free(struct sea_import_run *run)
{
	clear(run);
}

/* A moment in both clocks, as far as one follows from the other. */
static struct sea_import_time complete(const struct sea_import_run *run,
				       const struct sea_import_time *time)
{
	const struct sea_clock *clock = &run->boot.clock;
	struct sea_import_time t = *time;
	__s64 ahead;

	if (!run->boot.has_clock)
		return t;
	if (t.has_boot && !t.has_wall) {
		t.wall = sea_clock_wall(clock, t.boot_ns);
		t.has_wall = true;
	} else if (t.has_wall && !t.has_boot) {
		ahead = sea_time_to_ns(&t.wall) - sea_time_to_ns(&clock->wall);
		/* What was before the boot has no time of it. */
		t.has_boot = ahead >= 0 || (__u64)-ahead <= clock->boot_ns;
		t.boot_ns = t.has_boot ? clock->boot_ns + (__u64)ahead : 0;
	}
	return t;
}

/* The session has seen time up to this one. */
static void see(struct sea_import_run *run, const struct sea_import_time *t)
{
	struct sea_import_time *last = &run->last;

	if (t->has_boot && (!last->has_boot || t->boot_ns > last->boot_ns)) {
		last->has_boot = true;
		last->boot_ns = t->boot_ns;
	}
	if (t->has_wall &&
	    (!last->has_wall || sea_time_to_ns(&t->wall) > sea_time_to_ns(&last->wall))) {
		last->has_wall = true;
		last->wall = t->wall;
	}
}

static struct sea_record record_at(const struct sea_import_run *run, enum sea_record_type type,
				   const struct sea_import_time *t)
{
	return (struct sea_record){
		.type = type,
		.time_ns = t->has_boot ? t->boot_ns : 0,
		.wall = t->has_wall ? t->wall : (struct timespec){0},
		.session = &run->session,
	};
}

static int give(struct sea_import_run *run, const struct sea_record *record, struct sea_error *err)
{
	return run->options->take(run->options->context, record, err);
}

/* Where it is from, as far as there is room: "ftrace trace.txt" */
static void name_source(const struct sea_import_run *run, char *source, size_t size)
{
	const char *slash = strrchr(run->options->name, '/');
	const char *name = slash ? slash + 1 : run->options->name;
	size_t at = (size_t)snprintf(source, size, "%s ", run->source);

	if (at < size)
		sea_printable(name, strlen(name), source + at, size - at);
}

static int begin(struct sea_import_run *run, const struct sea_import_time *t, struct sea_error *err)
{
	struct sea_session *s = &run->session;
	struct sea_record record;

	memset(s, 0, sizeof(*s));
	sea_uuid_make(s->run);
	memcpy(s->boot_id, run->boot.boot_id, sizeof(s->boot_id));
	memcpy(s->host, run->boot.host, sizeof(s->host));
	memcpy(s->kernel, run->boot.kernel, sizeof(s->kernel));
	memcpy(s->machine, run->boot.machine, sizeof(s->machine));
	snprintf(s->program, sizeof(s->program), "seastat import");
	snprintf(s->version, sizeof(s->version), "%s", SEATOP_VERSION);
	name_source(run, s->source, sizeof(s->source));
	record = record_at(run, SEA_RECORD_SESSION, t);
	s->started_ns = record.time_ns;
	s->started = record.wall;
	run->snapshot.started_ns = record.time_ns;
	run->snapshot.source = s->source;
	run->snapshot.unchecked = "nothing checks what was imported";
	run->snapshot.no_list = "an import has no list of VMs";
	run->tick_ns = record.time_ns;
	run->is_open = true;
	run->sum->sessions++;
	return give(run, &record, err);
}

/* Sees the time of the input, and begins a session with it if none is open. */
static int arrive(struct sea_import_run *run, const struct sea_import_time *time,
		  struct sea_import_time *t, struct sea_error *err)
{
	*t = complete(run, time);
	if (!run->is_open && begin(run, t, err))
		return -1;
	see(run, t);
	return 0;
}

int sea_import_run_see(struct sea_import_run *run, const struct sea_import_time *time,
		       struct sea_error *err)
{
	struct sea_import_time t;

	return arrive(run, time, &t, err);
}

static int tick(struct sea_import_run *run, struct sea_error *err)
{
	struct sea_record record = record_at(run, SEA_RECORD_TICK, &run->last);
	struct sea_snapshot *s = &run->snapshot;

	s->time_ns = record.time_ns;
	s->wall = record.wall;
	s->loss.count[SEA_LOSS_UNCLEAR] = run->sum->unclear;
	s->tells_all = run->tells_all;
	sea_loss_date(&s->loss, &run->before, &s->wall);
	run->before = s->loss;
	run->tick_ns = record.time_ns;
	record.tick = s;
	return give(run, &record, err);
}

int sea_import_run_end(struct sea_import_run *run, struct sea_error *err)
{
	struct sea_record record;
	int rc = 0;

	if (!run->is_open)
		return 0;
	if (run->counts)
		rc = tick(run, err);
	if (!rc) {
		record = record_at(run, SEA_RECORD_SESSION, &run->last);
		run->session.end = SEA_SESSION_STOPPED;
		run->session.tells_all = run->tells_all;
		run->session.ended_ns = record.time_ns;
		run->session.ended = record.wall;
		rc = give(run, &record, err);
	}
	clear(run);
	/* What the caller said is of one boot, and that was this one; but the host stays. */
	memset(&run->boot, 0, sizeof(run->boot));
	memcpy(run->boot.host, run->options->boot.host, sizeof(run->boot.host));
	return rc;
}

int sea_import_run_host(struct sea_import_run *run, const struct sea_import_time *time,
			const struct sea_host_event *event, struct sea_error *err)
{
	struct sea_import_time t;
	struct sea_record record;

	if (arrive(run, time, &t, err))
		return -1;
	record = record_at(run, SEA_RECORD_HOST, &t);
	record.host = event;
	run->sum->host_events++;
	return give(run, &record, err);
}

/* Who the VM is, as far as a pid and a thread's name tell */
static const struct sea_vm_info *describe(const struct sea_import_run *run, __u32 tgid,
					  const char *comm, const struct sea_import_time *t)
{
	struct sea_vm_info info = {
		.id = run->snapshot.nr_vms + 1,
		.key = {.tgid = tgid, .creator_fd = -1},
		.first_ns = t->has_boot ? t->boot_ns : 0,
		.first = t->has_wall ? t->wall : (struct timespec){0},
		.name = {.origin = SEA_VM_FROM_PID},
	};

	sea_printable(comm, strlen(comm), info.comm, sizeof(info.comm));
	snprintf(info.name.text, sizeof(info.name.text), "pid-%u", tgid);
	if (run->options->know)
		run->options->know(run->options->context, tgid, &info);
	return sea_vm_info_new(&info);
}

static int add_vm(struct sea_import_run *run, const struct sea_vm_info *info, struct sea_error *err)
{
	struct sea_snapshot *s = &run->snapshot;
	struct sea_vm_state *state;

	if (sea_snapshot_reserve(s, s->nr_vms + 1, err)) {
		sea_vm_info_put(info);
		return -1;
	}
	state = &s->vms[s->nr_vms++];
	state->info = info;
	state->vm.id = info->id;
	state->vm.tgid = info->key.tgid;
	state->vm.creator_fd = -1;
	state->vm.first_ns = info->first_ns;
	memcpy(state->vm.comm, info->comm, sizeof(state->vm.comm));
	s->totals.vms++;
	return 0;
}

/* The VM of this process, told of before its first record; NULL: it has no row. */
static int find_vm(struct sea_import_run *run, __u32 tgid, const char *comm,
		   const struct sea_import_time *t, struct sea_vm_state **vm, struct sea_error *err)
{
	struct sea_snapshot *s = &run->snapshot;
	struct sea_record record;
	const struct sea_vm_info *info;
	size_t i;

	*vm = NULL;
	for (i = 0; i < s->nr_vms; i++)
		if (s->vms[i].vm.tgid == tgid)
			*vm = &s->vms[i];
	if (*vm || !tgid || s->nr_vms == SEA_IMPORT_VMS)
		return 0;
	info = describe(run, tgid, comm, t);
	if (!info)
		return sea_error_set(err, "cannot read %s: out of memory", run->options->name);
	if (add_vm(run, info, err))
		return -1;
	*vm = &s->vms[s->nr_vms - 1];
	record = record_at(run, SEA_RECORD_VM, t);
	record.vm = info;
	return give(run, &record, err);
}

static void count_sea(struct sea_vm *vm, const struct sea_event *e)
{
	vm->disposition[e->disposition]++;
	vm->reason[e->reason]++;
	vm->last = SEA_LAST(e->time_ns, e->disposition, e->reason);
}

static void count_answer(struct sea_vm *vm, const struct sea_event *e)
{
	__u64 us = e->latency_ns / 1000;
	int slot = us ? 63 - __builtin_clzll(us) : 0;

	vm->response[e->response]++;
	vm->latency_ns += e->latency_ns;
	vm->latency[slot < SEA_LATENCY_SLOTS ? slot : SEA_LATENCY_SLOTS - 1]++;
}

static void count(struct sea_import_run *run, struct sea_vm_state *state,
		  const struct sea_import_time *t, const struct sea_event *e)
{
	struct sea_snapshot *s = &run->snapshot;
	struct sea_vm *vm = state ? &state->vm : &s->other;

	if (!state && e->tgid) {
		s->totals.lost_table_full++;
		s->loss.count[SEA_LOSS_TABLE_FULL]++;
	}
	if (e->type == SEA_EVENT_ANSWERED) {
		count_answer(vm, e);
		return;
	}
	count_sea(vm, e);
	if (state && t->has_wall)
		state->last_wall = t->wall;
}

int sea_import_run_event(struct sea_import_run *run, const struct sea_import_time *time, __u32 tgid,
			 const char *comm, struct sea_event *event, struct sea_error *err)
{
	bool is_answer = event->type == SEA_EVENT_ANSWERED;
	struct sea_import_time t;
	struct sea_vm_state *vm;
	struct sea_record record;

	if (run->is_open && time->has_boot && time->boot_ns >= run->tick_ns + TICK_NS &&
	    tick(run, err))
		return -1;
	if (arrive(run, time, &t, err) || find_vm(run, tgid, comm, &t, &vm, err))
		return -1;
	event->version = SEA_ABI_VERSION;
	event->size = sizeof(*event);
	event->time_ns = t.has_boot ? t.boot_ns : 0;
	event->vm_id = vm ? vm->vm.id : 0;
	event->tgid = tgid;
	count(run, vm, &t, event);
	record = record_at(run, is_answer ? SEA_RECORD_ANSWER : SEA_RECORD_SEA, &t);
	record.vm = vm ? vm->info : NULL;
	record.event = event;
	if (is_answer)
		run->sum->answers++;
	else
		run->sum->seas++;
	return give(run, &record, err);
}

int sea_import_run_lost(struct sea_import_run *run, const struct sea_import_time *time,
			__u64 events, struct sea_error *err)
{
	struct sea_import_time t;

	if (arrive(run, time, &t, err))
		return -1;
	/* Some at least: at least one. */
	if (!events) {
		run->sum->lost_unsaid = true;
		run->snapshot.loss.at_least |= 1U << SEA_LOSS_TRACE;
	}
	run->sum->lost += events ?: 1;
	run->snapshot.loss.count[SEA_LOSS_TRACE] += events ?: 1;
	return tick(run, err);
}
