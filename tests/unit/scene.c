// SPDX-License-Identifier: GPL-2.0-only
#include "scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "model/clock.h"
#include "model/vm-counters.h"
#include "store/encode.h"
#include "store/line.h"

#define BOOT "5ee4fa21-6f8b-4a8c-9df0-0123456789ab"

struct scene {
	scene_visit visit;
	void *context;
	struct sea_session session;
	struct sea_snapshot snapshot;
	struct sea_vm_state vms[8];
	struct sea_loss loss;
};

static const struct sea_clock at_100 = {100 * SEC, {1795416644, 0}};

static struct timespec wall(__u64 ns)
{
	return sea_clock_wall(&at_100, ns);
}

static struct sea_record record_at(struct scene *s, enum sea_record_type type, __u64 ns)
{
	return (struct sea_record){
		.type = type, .time_ns = ns, .wall = wall(ns), .session = &s->session};
}

static void tell(struct scene *s, struct sea_record record)
{
	s->visit(&record, s->context);
}

static void begin_session(struct scene *s, const char *run, __u64 ns)
{
	s->session = (struct sea_session){
		.boot_id = BOOT,
		.host = "rack7",
		.kernel = "6.12.95-sea",
		.machine = "aarch64",
		.program = "seastat record",
		.version = "0.1.0",
		.source = "tracepoint",
		.tells_all = true,
		.started_ns = ns,
		.started = wall(ns),
	};
	memcpy(s->session.run, run, strlen(run));
	s->snapshot = (struct sea_snapshot){.vms = s->vms, .room = ARRAY_SIZE(s->vms)};
	memset(s->vms, 0, sizeof(s->vms));
	s->snapshot.started_ns = ns;
	s->snapshot.source = s->session.source;
	s->loss = (struct sea_loss){0};
	tell(s, record_at(s, SEA_RECORD_SESSION, ns));
}

static void end_session(struct scene *s, __u64 ns)
{
	s->session.ended_ns = ns;
	s->session.ended = wall(ns);
	s->session.end = SEA_SESSION_STOPPED;
	tell(s, record_at(s, SEA_RECORD_SESSION, ns));
}

/* Given back with sea_vm_info_put() */
static struct sea_vm_info *known_as(__u64 id, __u32 tgid, const char *name, __u64 first_ns)
{
	struct sea_vm_info info = {
		.id = id,
		.key = {5 * SEC + 3, tgid, tgid + 1, 11},
		.first_ns = first_ns,
		.first = wall(first_ns),
		.comm = "qemu-system-aar",
		.name = {.origin = SEA_VM_FROM_CMDLINE},
	};
	struct sea_vm_info *known;

	memcpy(info.name.text, name, strlen(name));
	known = sea_vm_info_new(&info);
	assert_non_null(known);
	return known;
}

static void tell_vm(struct scene *s, const struct sea_vm_info *info)
{
	struct sea_record record = record_at(s, SEA_RECORD_VM, info->first_ns);

	record.vm = info;
	tell(s, record);
}

static struct sea_vm_state *add_vm(struct scene *s, const struct sea_vm_info *info)
{
	struct sea_vm_state *state = &s->snapshot.vms[s->snapshot.nr_vms++];

	*state = (struct sea_vm_state){.info = info};
	state->vm.id = info->id;
	state->vm.tgid = info->key.tgid;
	state->vm.start_ns = info->key.start_ns;
	state->vm.creator = info->key.creator;
	state->vm.creator_fd = info->key.creator_fd;
	state->vm.first_ns = info->first_ns;
	memcpy(state->vm.comm, info->comm, sizeof(state->vm.comm));
	return state;
}

static void tick(struct scene *s, __u64 ns)
{
	s->snapshot.time_ns = ns;
	s->snapshot.wall = wall(ns);
	sea_loss_date(&s->snapshot.loss, &s->loss, &s->snapshot.wall);
	s->loss = s->snapshot.loss;
	/* The totals have three of the losses a second time. */
	s->snapshot.totals.lost_table_full = s->loss.count[SEA_LOSS_TABLE_FULL];
	s->snapshot.totals.lost_no_vcpu = s->loss.count[SEA_LOSS_NO_VCPU];
	s->snapshot.totals.lost_answers = s->loss.count[SEA_LOSS_ANSWERS];

	struct sea_record record = record_at(s, SEA_RECORD_TICK, ns);

	record.tick = &s->snapshot;
	tell(s, record);
}

static struct sea_event event_of(const struct sea_vm_info *vm, __u64 ns)
{
	struct sea_event event = {
		.version = SEA_ABI_VERSION,
		.size = sizeof(event),
		.type = SEA_EVENT_SEA,
		.disposition = SEA_FORWARDED,
		.reason = SEA_AMBIGUOUS_WALK,
		.time_ns = ns + 77,
		.esr = 0x92000015,
		.far = 0xffff800012345678,
		.ipa = 0x40003000,
		.pc = 0xffffffc000011112,
		.tid = 4020,
		.vcpu = 3,
		.cpu = 7,
		.flags = SEA_FAR_VALID | SEA_IPA_VALID | SEA_PC_VALID,
	};

	if (!vm)
		return event;
	event.vm_id = vm->id;
	event.tgid = vm->key.tgid;
	event.start_ns = vm->key.start_ns;
	memcpy(event.comm, vm->comm, sizeof(event.comm));
	return event;
}

static void tell_event(struct scene *s, const struct sea_vm_info *vm, const struct sea_event *event,
		       const struct sea_page *page)
{
	struct sea_record record =
		record_at(s, event->type == SEA_EVENT_SEA ? SEA_RECORD_SEA : SEA_RECORD_ANSWER,
			  SEA_LAST_NS(event->time_ns));

	record.vm = vm;
	record.event = event;
	record.page = page;
	tell(s, record);
}

static void tell_details(struct scene *s, const struct sea_vm_info *db01)
{
	const struct sea_page page = {
		.known = SEA_PAGE_HVA | SEA_PAGE_PFN | SEA_PAGE_SIZE | SEA_PAGE_NODE |
			 SEA_PAGE_POISON,
		.poisoned = 1,
		.hva = 0xffff9a000000,
		.pfn = 0x1234567,
		.size = 2097152,
		.node = 1,
	};
	const struct sea_page only_pfn = {.known = SEA_PAGE_PFN, .pfn = 9};
	struct sea_event event = event_of(db01, 97 * SEC);

	tell_event(s, db01, &event, NULL);
	event.time_ns += SEC;
	event.reason = SEA_REASON_NONE;
	event.flags = SEA_IPA_VALID;
	event.far = event.pc = 0;
	memset(event.comm, 0, sizeof(event.comm));
	memcpy(event.comm, "renamed", sizeof("renamed"));
	tell_event(s, db01, &event, &page);
	event = event_of(db01, 99 * SEC);
	event.type = SEA_EVENT_ANSWERED;
	event.response = SEA_INJECTED;
	event.latency_ns = 3000000;
	tell_event(s, db01, &event, NULL);
	/* One past the table's bound: no VM is known. */
	event = event_of(NULL, 99 * SEC);
	event.disposition = SEA_HOST_OWNED;
	event.reason = SEA_S2_WALK;
	event.tgid = 77;
	event.start_ns = 7 * SEC;
	memcpy(event.comm, "stranger", sizeof("stranger"));
	tell_event(s, NULL, &event, &only_pfn);
}

static void first_ticks(struct scene *s, struct sea_vm_info *db01, struct sea_vm_info *shy,
			struct sea_vm_info *batch)
{
	struct sea_snapshot *now = &s->snapshot;
	struct sea_vm_state *state;

	now->tells_all = true;
	now->check = "kprobe";
	now->checked = 6;
	now->totals.vms = 3;
	now->hooks.nr = 2;
	now->hooks.hooks[0] = (struct sea_hook_state){.program = "sea_tp_claimed",
						      .function = "kvm_sea_claimed",
						      .proof = SEA_PROVEN,
						      .by = "it fired"};
	now->hooks.hooks[1] = (struct sea_hook_state){.program = "sea_kp_abort",
						      .function = "kvm_handle_guest_abort",
						      .part = SEA_PART_CHECK,
						      .mechanism = SEA_BY_KPROBE,
						      .missed = 2,
						      .missed_at_least = true};
	state = add_vm(s, db01);
	state->vm.disposition[SEA_FORWARDED] = 3;
	state->vm.reason[SEA_AMBIGUOUS_WALK] = 2;
	state->vm.reason[SEA_REASON_NONE] = 1;
	state->vm.response[SEA_INJECTED] = 1;
	state->vm.latency_ns = 3000000;
	state->vm.latency[11] = 1;
	state->vm.last = SEA_LAST(98 * SEC, SEA_FORWARDED, SEA_REASON_NONE);
	state->last_wall = wall(98 * SEC);
	state->listed = (struct sea_listed){.id = 1,
					    .vcpus = 4,
					    .opt_in = SEA_OPT_IN_YES,
					    .has_before = true,
					    .before = {1, 2}};
	add_vm(s, shy);
	state = add_vm(s, batch);
	state->vm.disposition[SEA_NOT_OPTED_IN] = 4;
	state->vm.reason[SEA_REASON_NONE] = 4;
	state->vm.last = SEA_LAST(40 * SEC, SEA_NOT_OPTED_IN, SEA_REASON_NONE);
	state->last_wall = wall(40 * SEC);
	state->listed = (struct sea_listed){.id = 3, .vcpus = 2, .opt_in = SEA_OPT_IN_NO};
	tick(s, 100 * SEC);

	/* Nothing but a storm of one VM, and of those without a row */
	state = &now->vms[1];
	state->vm.disposition[SEA_HOST_OWNED] = 13000;
	state->vm.reason[SEA_S2_WALK] = 12999;
	state->vm.reason[SEA_VNCR] = 1;
	state->vm.lost_ratelimit = 12990;
	state->vm.last = SEA_LAST(101 * SEC, SEA_HOST_OWNED, SEA_S2_WALK);
	state->last_wall = wall(101 * SEC);
	now->other.disposition[SEA_CLAIMED] = 5;
	now->other.reason[SEA_REASON_NONE] = 5;
	now->other.last = SEA_LAST(101 * SEC, SEA_CLAIMED, SEA_REASON_NONE);
	now->checked = 13011;
	now->loss.count[SEA_LOSS_RATELIMIT] = 12990;
	now->loss.count[SEA_LOSS_TABLE_FULL] = 5;
	now->loss.at_least = 1U << SEA_LOSS_MISSED | 1U << SEA_LOSS_UNSEEN;
	now->hooks.hooks[1].proof = SEA_DISPROVEN;
	tick(s, 101 * SEC);
}

/* VM 3 ends, and gives its row away in the next tick. */
static void end_batch(struct scene *s, const struct sea_vm_info *batch)
{
	const struct sea_end end = {99 * SEC + 5, 9};
	struct sea_record record = record_at(s, SEA_RECORD_END, end.time_ns);
	struct sea_snapshot *now = &s->snapshot;

	now->vms[2].vm.ended_ns = end.time_ns;
	now->vms[2].just_ended = true;
	now->vms[2].listed = (struct sea_listed){0};
	now->ended_unseen = 1;
	now->unproven = true;
	now->unlisted = 2;
	now->disarmed = 1;
	now->blind_ns = 17;
	now->blind_since_ns = 101 * SEC;
	now->blind_why = "kernel.ftrace_enabled is 0";
	now->unchecked = "kprobes are off";
	now->no_list = "no BTF";
	now->overseen = 3;
	now->totals.answered_early = 1;
	now->loss.count[SEA_LOSS_DISARMED] = 1;
	tick(s, 102 * SEC);
	record.vm = batch;
	record.end = &end;
	tell(s, record);
	now->gone = (struct sea_vm){0};
	sea_vm_add(&now->gone, &now->vms[2].vm);
	now->gone_listed = (struct sea_listed){.has_before = true, .before = {0, 0, 7, 0}};
	now->nr_gone = 1;
	now->nr_vms = 2;
	tick(s, 103 * SEC);
}

static void tell_host(struct scene *s, const struct sea_vm_info *db01)
{
	const struct sea_host_event sigbus = {
		.kind = SEA_HOST_SIGBUS,
		.known = SEA_HOST_ADDRESS | SEA_HOST_CODE,
		.address = 0xffff9a000000,
		.code = 4,
		.lsb = 21,
		.tgid = 4017,
		.tid = 4020,
		.cpu = 7,
		.vm_id = 1,
	};
	const struct sea_host_event failure = {
		.kind = SEA_HOST_MEMORY_FAILURE,
		.known = SEA_HOST_PFN | SEA_HOST_RESULT | SEA_HOST_FLAGS,
		.pfn = 0x1234567,
		.result = -16,
		.flags = 0x9,
		.text = "recovery action for dirty LRU page",
	};
	struct sea_record record = record_at(s, SEA_RECORD_HOST, 106 * SEC + 1);

	record.vm = db01;
	record.host = &sigbus;
	tell(s, record);
	record.vm = NULL;
	record.host = &failure;
	tell(s, record);
}

static void tell_gap(struct scene *s)
{
	struct sea_gap gap = {.cause = SEA_GAP_TICK, .since_ns = 107 * SEC, .why = "no memory"};
	struct sea_record record = record_at(s, SEA_RECORD_GAP, 107 * SEC + 5);

	gap.since = wall(gap.since_ns);
	record.gap = &gap;
	tell(s, record);
	gap.until_ns = 107 * SEC + 9;
	gap.until = wall(gap.until_ns);
	record = record_at(s, SEA_RECORD_GAP, gap.until_ns);
	record.gap = &gap;
	tell(s, record);
}

static void first_session(struct scene *s)
{
	struct sea_vm_info *db01 = known_as(1, 4017, "db01", 96 * SEC);
	struct sea_vm_info *process = known_as(2, 4100, "qemu-system-aar-4100", 97 * SEC);
	struct sea_vm_info *shy = known_as(2, 4100, "qemu-system-aar-4100", 97 * SEC);
	struct sea_vm_info *batch = known_as(3, 4200, "batch", 20 * SEC);

	memcpy(db01->uuid, "12345678-1234-4234-8234-123456789abc", SEA_VM_UUID_LEN);
	memcpy(db01->cgroup, "/machine.slice/db01", sizeof("/machine.slice/db01"));
	memcpy(db01->name.other, "qemu-1-db01", sizeof("qemu-1-db01"));
	db01->name.other_origin = SEA_VM_FROM_MACHINED;
	db01->name.disputed = true;
	process->key.creator = 0;
	process->key.creator_fd = -1;
	process->name.origin = SEA_VM_FROM_COMM;

	begin_session(s, "00000000-0000-4000-8000-000000000001", 10 * SEC);
	tell_vm(s, db01);
	tell_vm(s, process);
	tell_details(s, db01);
	tell_vm(s, shy);
	tell_vm(s, batch);
	first_ticks(s, db01, shy, batch);
	end_batch(s, batch);
	tick(s, 104 * SEC);
	tick(s, 105 * SEC);
	tick(s, 106 * SEC);
	tell_host(s, db01);
	tick(s, 107 * SEC);
	tell_gap(s);
	end_session(s, 108 * SEC);
	sea_vm_info_put(db01);
	sea_vm_info_put(process);
	sea_vm_info_put(shy);
	sea_vm_info_put(batch);
}

static void second_session(struct scene *s)
{
	struct sea_vm_info *db02 = known_as(1, 5017, "db02", 120 * SEC);
	struct sea_vm_info *db01 = known_as(2, 4017, "db01", 121 * SEC);
	struct sea_vm_state *state;

	begin_session(s, "00000000-0000-4000-8000-000000000002", 120 * SEC);
	tell_vm(s, db02);
	tell_vm(s, db01);
	s->snapshot.tells_all = true;
	add_vm(s, db02);
	state = add_vm(s, db01);
	state->listed = (struct sea_listed){
		.id = 2, .vcpus = 4, .has_before = true, .before = {1, 2, 0, 8}};
	tick(s, 121 * SEC);
	state->vm.disposition[SEA_CLAIMED] = 1;
	state->vm.reason[SEA_REASON_NONE] = 1;
	state->vm.last = SEA_LAST(121 * SEC + 1024, SEA_CLAIMED, SEA_REASON_NONE);
	state->last_wall = wall(121 * SEC + 1024);
	tick(s, 122 * SEC);
	sea_vm_info_put(db02);
	sea_vm_info_put(db01);
}

void scene_play(scene_visit visit, void *context)
{
	struct scene s = {.visit = visit, .context = context};

	first_session(&s);
	second_session(&s);
}

static void assert_same_time(const struct timespec *a, const struct timespec *b)
{
	assert_int_equal(sea_time_to_ns(a), sea_time_to_ns(b));
}

static void assert_same_session(const struct sea_session *a, const struct sea_session *b)
{
	assert_string_equal(a->run, b->run);
	assert_string_equal(a->boot_id, b->boot_id);
	assert_string_equal(a->host, b->host);
	assert_string_equal(a->kernel, b->kernel);
	assert_string_equal(a->machine, b->machine);
	assert_string_equal(a->program, b->program);
	assert_string_equal(a->version, b->version);
	assert_string_equal(a->source, b->source);
	assert_int_equal(a->tells_all, b->tells_all);
	assert_int_equal(a->started_ns, b->started_ns);
	assert_same_time(&a->started, &b->started);
	assert_int_equal(a->ended_ns, b->ended_ns);
	assert_same_time(&a->ended, &b->ended);
	assert_int_equal(a->end, b->end);
}

static void assert_same_vm(const struct sea_vm_info *a, const struct sea_vm_info *b)
{
	assert_int_equal(!a, !b);
	if (!a)
		return;
	assert_int_equal(a->id, b->id);
	assert_true(sea_vm_key_equal(&a->key, &b->key));
	assert_int_equal(a->first_ns, b->first_ns);
	assert_same_time(&a->first, &b->first);
	assert_string_equal(a->comm, b->comm);
	assert_string_equal(a->name.text, b->name.text);
	assert_int_equal(a->name.origin, b->name.origin);
	assert_string_equal(a->name.other, b->name.other);
	assert_int_equal(a->name.other_origin, b->name.other_origin);
	assert_int_equal(a->name.disputed, b->name.disputed);
	assert_string_equal(a->uuid, b->uuid);
	assert_string_equal(a->cgroup, b->cgroup);
}

static void assert_same_row(const struct sea_vm *a, const struct sea_vm *b)
{
	assert_memory_equal(a->disposition, b->disposition, sizeof(a->disposition));
	assert_memory_equal(a->reason, b->reason, sizeof(a->reason));
	assert_memory_equal(a->response, b->response, sizeof(a->response));
	assert_int_equal(a->latency_ns, b->latency_ns);
	assert_memory_equal(a->latency, b->latency, sizeof(a->latency));
	assert_int_equal(a->lost_ratelimit, b->lost_ratelimit);
	assert_int_equal(a->lost_ring_full, b->lost_ring_full);
	assert_int_equal(a->lost_name, b->lost_name);
	assert_int_equal(a->last, b->last);
	assert_int_equal(a->ended_ns, b->ended_ns);
	assert_int_equal(a->id, b->id);
	assert_int_equal(a->tgid, b->tgid);
	assert_int_equal(a->start_ns, b->start_ns);
	assert_int_equal(a->first_ns, b->first_ns);
	assert_string_equal(a->comm, b->comm);
}

static void assert_same_listed(const struct sea_listed *a, const struct sea_listed *b)
{
	assert_int_equal(a->id, b->id);
	assert_int_equal(a->vcpus, b->vcpus);
	assert_int_equal(a->opt_in, b->opt_in);
	assert_int_equal(a->has_before, b->has_before);
	assert_memory_equal(a->before, b->before, sizeof(a->before));
}

static void assert_same_text(const char *a, const char *b)
{
	assert_string_equal(a ? a : "(none)", b ? b : "(none)");
}

static void assert_same_hooks(const struct sea_hooks *a, const struct sea_hooks *b)
{
	size_t i;

	assert_int_equal(a->nr, b->nr);
	for (i = 0; i < a->nr; i++) {
		const struct sea_hook_state *x = &a->hooks[i], *y = &b->hooks[i];

		assert_same_text(x->program, y->program);
		assert_same_text(x->function, y->function);
		assert_int_equal(x->part, y->part);
		assert_int_equal(x->mechanism, y->mechanism);
		assert_int_equal(x->proof, y->proof);
		assert_same_text(x->by, y->by);
		assert_int_equal(x->missed, y->missed);
		assert_int_equal(x->missed_at_least, y->missed_at_least);
	}
}

static void assert_same_loss(const struct sea_loss *a, const struct sea_loss *b)
{
	int i;

	assert_int_equal(a->at_least, b->at_least);
	for (i = 0; i < SEA_LOSS_CAUSES; i++) {
		assert_int_equal(a->count[i], b->count[i]);
		assert_same_time(&a->last[i], &b->last[i]);
	}
}

static void assert_same_tick(const struct sea_snapshot *a, const struct sea_snapshot *b)
{
	size_t i;

	assert_int_equal(a->time_ns, b->time_ns);
	assert_same_time(&a->wall, &b->wall);
	assert_int_equal(a->started_ns, b->started_ns);
	assert_same_text(a->source, b->source);
	assert_int_equal(a->tells_all, b->tells_all);
	assert_int_equal(a->unproven, b->unproven);
	assert_same_text(a->check, b->check);
	assert_int_equal(a->checked, b->checked);
	assert_int_equal(a->unlisted, b->unlisted);
	assert_same_hooks(&a->hooks, &b->hooks);
	assert_same_text(a->unchecked, b->unchecked);
	assert_int_equal(a->overseen, b->overseen);
	assert_int_equal(a->disarmed, b->disarmed);
	assert_int_equal(a->blind_ns, b->blind_ns);
	assert_int_equal(a->blind_since_ns, b->blind_since_ns);
	assert_same_text(a->blind_why, b->blind_why);
	assert_same_text(a->no_list, b->no_list);
	assert_int_equal(a->ended_unseen, b->ended_unseen);
	assert_int_equal(a->nr_vms, b->nr_vms);
	for (i = 0; i < a->nr_vms; i++) {
		assert_same_row(&a->vms[i].vm, &b->vms[i].vm);
		assert_same_listed(&a->vms[i].listed, &b->vms[i].listed);
		assert_same_time(&a->vms[i].last_wall, &b->vms[i].last_wall);
		assert_int_equal(a->vms[i].just_ended, b->vms[i].just_ended);
		assert_same_vm(a->vms[i].info, b->vms[i].info);
	}
	assert_same_row(&a->other, &b->other);
	assert_same_row(&a->gone, &b->gone);
	assert_same_listed(&a->gone_listed, &b->gone_listed);
	assert_int_equal(a->nr_gone, b->nr_gone);
	assert_memory_equal(&a->totals, &b->totals, sizeof(a->totals));
	assert_same_loss(&a->loss, &b->loss);
}

static void assert_same_event(const struct sea_event *a, const struct sea_event *b)
{
	assert_memory_equal(a, b, sizeof(*a));
}

static void assert_same_gap(const struct sea_gap *a, const struct sea_gap *b)
{
	assert_int_equal(a->cause, b->cause);
	assert_int_equal(a->since_ns, b->since_ns);
	assert_int_equal(a->until_ns, b->until_ns);
	assert_same_time(&a->since, &b->since);
	assert_same_time(&a->until, &b->until);
	assert_string_equal(a->why, b->why);
}

static void assert_same_host(const struct sea_host_event *a, const struct sea_host_event *b)
{
	assert_int_equal(a->kind, b->kind);
	assert_int_equal(a->known, b->known);
	assert_int_equal(a->pfn, b->pfn);
	assert_int_equal(a->address, b->address);
	assert_int_equal(a->result, b->result);
	assert_int_equal(a->flags, b->flags);
	assert_int_equal(a->code, b->code);
	assert_int_equal(a->lsb, b->lsb);
	assert_int_equal(a->tgid, b->tgid);
	assert_int_equal(a->tid, b->tid);
	assert_int_equal(a->cpu, b->cpu);
	assert_int_equal(a->vm_id, b->vm_id);
	assert_string_equal(a->text, b->text);
}

void assert_same_record(const struct sea_record *a, const struct sea_record *b)
{
	assert_string_equal(sea_record_type_name(a->type), sea_record_type_name(b->type));
	assert_int_equal(a->time_ns, b->time_ns);
	assert_same_time(&a->wall, &b->wall);
	assert_same_session(a->session, b->session);
	assert_same_vm(a->vm, b->vm);
	assert_int_equal(!a->event, !b->event);
	assert_int_equal(!a->page, !b->page);
	assert_int_equal(!a->end, !b->end);
	assert_int_equal(!a->tick, !b->tick);
	assert_int_equal(!a->gap, !b->gap);
	assert_int_equal(!a->host, !b->host);
	if (a->event)
		assert_same_event(a->event, b->event);
	if (a->page)
		assert_memory_equal(a->page, b->page, sizeof(*a->page));
	if (a->end) {
		assert_int_equal(a->end->time_ns, b->end->time_ns);
		assert_int_equal(a->end->wait_status, b->end->wait_status);
	}
	if (a->tick)
		assert_same_tick(a->tick, b->tick);
	if (a->gap)
		assert_same_gap(a->gap, b->gap);
	if (a->host)
		assert_same_host(a->host, b->host);
}

struct writing {
	struct sea_encoder encoder;
	struct sea_line_writer lines;
	struct sea_text text;
};

static void write_record(const struct sea_record *record, void *context)
{
	struct writing *w = context;
	struct sea_entry entry;
	struct sea_error err;

	assert_int_equal(sea_encode(&w->encoder, record, &entry, &err), 0);
	/* As the writer of a store does it: idle ticks become one. */
	assert_int_equal(sea_line_write(&w->lines, &entry, &w->text, &err), 0);
}

struct sea_text scene_text(bool redact)
{
	struct writing w = {.lines = {.redact = redact}};

	scene_play(write_record, &w);
	sea_encoder_free(&w.encoder);
	sea_line_writer_free(&w.lines);
	return w.text;
}

void scene_to_file(char *template)
{
	struct sea_text text = scene_text(false);
	FILE *file = fdopen(mkstemp(template), "w");

	assert_non_null(file);
	assert_true(fputs(text.text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	sea_text_free(&text);
}
