// SPDX-License-Identifier: GPL-2.0-only
#include "made-up.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "model/clock.h"
#include "model/queue.h"
#include "model/registry.h"
#include "model/vm-counters.h"

#define STEP_S 3600

/* 2026-11-23 06:50:44 UTC, when a made-up clock begins */
#define CLOCK_S 1795416644ULL

/* Of the VMMs: no process of this machine started then. */
#define START_NS 1

struct made_up_feed {
	struct sea_feed feed;
	struct made_up how;
	struct sea_session session;
	struct sea_queue queue;
	struct sea_snapshot snapshot;
	struct sea_loss loss;
	struct sea_gap gap;
	struct sea_registry *registry;
	struct sea_vm_names *own_names; /* NULL: somebody else's are asked */
	__u64 ticks;			/* that were due so far */
	__u64 lost_ticks;
	int timer;
	bool finishing, finished;
	/* A tick is under way: its details are made one by one, as they are asked for. */
	bool in_tick, is_last;
	struct sea_clock clock;
	__u64 detail; /* the next one */
};

static const struct {
	const char *word;
	size_t offset;
} numbers[] = {
	{"vms", offsetof(struct made_up, vms)},
	{"ends", offsetof(struct made_up, ends)},
	{"fails", offsetof(struct made_up, fails)},
	{"steps", offsetof(struct made_up, steps)},
	{"details", offsetof(struct made_up, details)},
	{"idle", offsetof(struct made_up, idle)},
	{"blind", offsetof(struct made_up, blind)},
	{"ended_unseen", offsetof(struct made_up, ended_unseen)},
	{"later", offsetof(struct made_up, later)},
	{"stops", offsetof(struct made_up, stops)},
};

static const struct {
	const char *word;
	size_t offset;
} flags[] = {
	{"late", offsetof(struct made_up, late)},
	{"unseen", offsetof(struct made_up, unseen)},
	{"no_list", offsetof(struct made_up, no_list)},
	{"unchecked", offsetof(struct made_up, unchecked)},
	{"unproven", offsetof(struct made_up, unproven)},
	{"mix", offsetof(struct made_up, mix)},
	{"clock", offsetof(struct made_up, clock)},
};

static int set_word(struct made_up *how, const char *word, __u64 number)
{
	size_t i;
	int cause;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (strcmp(word, numbers[i].word))
			continue;
		*(__u64 *)(void *)((char *)how + numbers[i].offset) = number;
		return 0;
	}
	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (strcmp(word, flags[i].word))
			continue;
		*(bool *)(void *)((char *)how + flags[i].offset) = true;
		return 0;
	}
	cause = strncmp(word, "lost.", 5) ? -1 : sea_loss_number(word + 5);
	if (cause < 0)
		return -1;
	how->lost[cause] = number;
	return 0;
}

int made_up_parse(const char *text, struct made_up *how, struct sea_error *err)
{
	char copy[512], *next = copy, *word;

	*how = (struct made_up){.vms = 3};
	snprintf(copy, sizeof(copy), "%s", text ? text : "");
	while ((word = strsep(&next, ","))) {
		char *number = strchr(word, '=');

		if (number)
			*number++ = '\0';
		if (*word && set_word(how, word, number ? strtoull(number, NULL, 10) : 1))
			return sea_error_set(err, "nothing made up is called '%s'", word);
	}
	return 0;
}

static struct made_up_feed *made_up_of(struct sea_feed *feed)
{
	return (struct made_up_feed *)(void *)feed;
}

static void put(struct made_up_feed *f, struct sea_record record)
{
	record.session = &f->session;
	if (!sea_queue_put(&f->queue, &record))
		abort();
}

/* Now, by a wall clock that may have been set. */
static void read_clock(const struct made_up_feed *f, struct sea_clock *clock)
{
	if (f->how.clock)
		*clock = (struct sea_clock){(100 + f->how.later + f->ticks) * SEA_NSEC_PER_SEC,
					    {(time_t)(CLOCK_S + f->how.later + f->ticks), 0}};
	else
		sea_clock_read(clock);
	if (f->how.steps && f->ticks >= f->how.steps)
		clock->wall.tv_sec -= STEP_S;
}

static __u64 nr_vms(const struct made_up_feed *f)
{
	/* Nothing is known before counting begins. */
	return f->ticks ? f->how.vms + (f->how.late && f->is_last) : 0;
}

static void put_vm(const struct sea_vm_info *info, void *context)
{
	put(context, (struct sea_record){.type = SEA_RECORD_VM,
					 .time_ns = info->first_ns,
					 .wall = info->first,
					 .vm = info});
}

/* The record of a VM whose VMM is gone: the kernel saw its command line. */
static void meet_late_vm(struct made_up_feed *f, const struct sea_clock *clock)
{
	static const char cmdline[] = "qemu\0-name\0late";
	struct sea_sight sight = {.first_ns = clock->boot_ns};
	bool news;

	sight.identity.id = f->how.vms + 1;
	sight.identity.tgid = (__u32)(1000 + sight.identity.id);
	sight.identity.start_ns = START_NS;
	sight.identity.cmdline = (struct sea_vm_cmdline){cmdline, sizeof(cmdline), false};
	put_vm(sea_registry_meet(f->registry, &sight, clock, &news), f);
}

static bool is_idle(const struct made_up_feed *f, __u64 i)
{
	return i < f->how.idle;
}

static __u64 ends_in(const struct made_up_feed *f, __u64 i)
{
	return f->how.ends ? f->how.ends + i : UINT64_MAX;
}

/* So many SEAs: one in each tick until the VM ended, also in those that could not be read. */
static __u64 seas_of(const struct made_up_feed *f, __u64 i)
{
	if (is_idle(f, i))
		return 0;
	return f->ticks < ends_in(f, i) ? f->ticks : ends_in(f, i);
}

/* What the VMs of a mix take, by their numbers: 0 to 3, and 4 to 7 the same. */
static const struct {
	enum sea_disposition disposition;
	enum sea_reason reason;
} kinds[] = {
	{SEA_FORWARDED, SEA_REASON_NONE},
	{SEA_HOST_OWNED, SEA_S2_WALK},
	{SEA_NOT_OPTED_IN, SEA_REASON_NONE},
	{SEA_CLAIMED, SEA_REASON_NONE},
};

/* One VM of a mix: the higher its number, the more SEAs. */
static void fill_mix(struct sea_vm *vm, __u64 i, __u64 seas, __u64 now_ns)
{
	unsigned int kind = i % 4;
	__u64 before = vm->disposition[kinds[kind].disposition];

	seas *= i + 1;
	vm->disposition[kinds[kind].disposition] = seas;
	vm->reason[kinds[kind].reason] = seas;
	if (seas > before)
		vm->last = SEA_LAST(now_ns, kinds[kind].disposition, kinds[kind].reason);
	if (kind || !seas)
		return;
	/* Of the forwarded ones the last is pending, and every third was resumed. */
	vm->response[SEA_RESUMED] = (seas - 1) / 3;
	vm->response[SEA_INJECTED] = seas - 1 - vm->response[SEA_RESUMED];
	vm->latency[11] = vm->response[SEA_INJECTED];
	vm->latency[13] = vm->response[SEA_RESUMED];
	vm->latency_ns =
		3000000 * vm->response[SEA_INJECTED] + 10000000 * vm->response[SEA_RESUMED];
}

static void fill_vm(struct made_up_feed *f, __u64 i, const struct sea_clock *clock)
{
	struct sea_vm_state *state = &f->snapshot.vms[i];
	struct sea_vm *vm = &state->vm;
	__u64 before = vm->disposition[SEA_FORWARDED];

	vm->id = i + 1;
	vm->tgid = vm->creator = (__u32)(1000 + vm->id);
	vm->creator_fd = 11;
	vm->start_ns = START_NS;
	vm->first_ns = vm->first_ns ?: clock->boot_ns;
	if (!vm->comm[0])
		snprintf(vm->comm, sizeof(vm->comm), "vm%u", (unsigned int)vm->id);
	if (f->how.mix) {
		fill_mix(vm, i, seas_of(f, i), clock->boot_ns);
		before = UINT64_MAX;
	} else {
		vm->disposition[SEA_FORWARDED] = seas_of(f, i);
		vm->reason[SEA_AMBIGUOUS_WALK] = seas_of(f, i);
	}
	if (vm->disposition[SEA_FORWARDED] > before)
		vm->last = SEA_LAST(clock->boot_ns, SEA_FORWARDED, SEA_AMBIGUOUS_WALK);
	state->listed = (struct sea_listed){.id = vm->id, .vcpus = 2, .opt_in = SEA_OPT_IN_YES};
	if (f->how.mix && i % 4 == 2)
		state->listed.opt_in = SEA_OPT_IN_NO;
	if (!vm->ended_ns && f->ticks >= ends_in(f, i))
		vm->ended_ns = clock->boot_ns;
}

/* False: this tick has no more. */
static bool put_detail(struct made_up_feed *f)
{
	const struct sea_clock *clock = &f->clock;
	__u64 vm = f->how.vms ? f->detail % f->how.vms : 0;
	struct sea_event event = {
		.version = SEA_ABI_VERSION,
		.size = sizeof(event),
		.type = SEA_EVENT_SEA,
		.disposition = f->how.mix ? kinds[vm % 4].disposition : SEA_FORWARDED,
		.reason = f->how.mix ? kinds[vm % 4].reason : SEA_AMBIGUOUS_WALK,
		.time_ns = clock->boot_ns,
		.vm_id = vm + 1,
		.esr = 0x92000217,
		.far = 0xffff000012345678,
		.ipa = 0x80001000,
		.pc = 0xffff800010001234,
		.tgid = (__u32)(1001 + vm),
		.flags = SEA_IPA_VALID | SEA_PC_VALID | SEA_FAR_VALID,
	};
	/* Of a mix: two vCPUs by turns, and a page of the host that some know for bad. */
	const struct sea_page page = {
		.known = SEA_PAGE_PFN | SEA_PAGE_POISON,
		.pfn = 0x40000 + vm,
		.poisoned = vm % 8 < 4,
	};
	struct sea_record record = {
		.type = SEA_RECORD_SEA,
		.time_ns = clock->boot_ns,
		.wall = clock->wall,
		.vm = sea_registry_find(f->registry, vm + 1),
		.event = &event,
		.page = f->how.mix ? &page : NULL,
	};

	if (f->ticks < 2 || f->detail == f->how.details)
		return false;
	f->detail++;
	event.vcpu = f->how.mix ? f->ticks % 2 : 0;
	put(f, record);
	if (event.disposition != SEA_FORWARDED)
		return true;
	event.type = SEA_EVENT_ANSWERED;
	event.response = SEA_INJECTED;
	event.latency_ns = 3000000;
	record.type = SEA_RECORD_ANSWER;
	record.page = NULL;
	put(f, record);
	return true;
}

static void put_ends(struct made_up_feed *f)
{
	size_t i;

	for (i = 0; i < f->snapshot.nr_vms; i++) {
		const struct sea_vm_state *state = &f->snapshot.vms[i];
		const struct sea_end end = {state->vm.ended_ns, -1};

		if (state->just_ended)
			put(f, (struct sea_record){.type = SEA_RECORD_END,
						   .time_ns = end.time_ns,
						   .wall = f->snapshot.wall,
						   .vm = state->info,
						   .end = &end});
	}
}

/* One hook counts, one checks, and both work if nothing else is asked for. */
static void fill_hooks(struct made_up_feed *f)
{
	static const struct sea_hook_state source = {
		.program = "made_up_source",
		.function = "made_up_claim",
		.part = SEA_PART_SOURCE,
		.mechanism = SEA_BY_TRAMPOLINE,
		.proof = SEA_PROVEN,
		.by = "called by made_up_abort",
	};
	static const struct sea_hook_state check = {
		.program = "made_up_check",
		.function = "made_up_claim",
		.part = SEA_PART_CHECK,
		.mechanism = SEA_BY_KPROBE,
		.proof = SEA_PROVEN,
		.by = "its trial fired",
	};
	struct sea_snapshot *s = &f->snapshot;

	s->hooks.hooks[0] = source;
	s->hooks.nr = 1;
	s->unproven = f->how.unproven;
	if (s->unproven) {
		s->hooks.hooks[0].proof = SEA_PROOF_NONE;
		s->hooks.hooks[0].by = "the kernel hides its symbols";
	}
	s->check = f->how.unchecked ? NULL : "kprobe";
	s->unchecked =
		f->how.unchecked ? "no hook of another kind than the source's works here" : NULL;
	if (s->check)
		s->hooks.hooks[s->hooks.nr++] = check;
	s->no_list = f->how.no_list ? "made up: the kernel's files are of an unknown form" : NULL;
	s->ended_unseen = f->ticks ? f->how.ended_unseen : 0;
}

/* Blind in one tick: what a look at the switches would find. */
static void fill_blind(struct made_up_feed *f)
{
	struct sea_snapshot *s = &f->snapshot;
	bool is_blind = f->how.blind && f->ticks == f->how.blind;

	if (is_blind) {
		s->disarmed++;
		s->blind_since_ns = s->time_ns;
	} else if (s->blind_since_ns) {
		s->blind_ns += s->time_ns - s->blind_since_ns;
		s->blind_since_ns = 0;
	}
	s->blind_why = is_blind ? "kernel.ftrace_enabled is 0" : NULL;
	if (s->disarmed)
		s->loss.count[SEA_LOSS_DISARMED] += s->disarmed;
}

static void fill_loss(struct made_up_feed *f)
{
	struct sea_loss *loss = &f->snapshot.loss;
	int i;

	memset(loss, 0, sizeof(*loss));
	for (i = 0; f->ticks && i < SEA_LOSS_CAUSES; i++)
		loss->count[i] = f->how.lost[i];
	if (f->how.unseen && f->is_last)
		loss->count[SEA_LOSS_UNSEEN]++;
	fill_blind(f);
	loss->count[SEA_LOSS_TICK] += f->lost_ticks;
	sea_loss_date(loss, &f->loss, &f->snapshot.wall);
	f->loss = *loss;
}

static void put_gap(struct made_up_feed *f, const struct sea_clock *clock)
{
	put(f, (struct sea_record){.type = SEA_RECORD_GAP,
				   .time_ns = clock->boot_ns,
				   .wall = clock->wall,
				   .gap = &f->gap});
}

static bool fails_now(const struct made_up_feed *f)
{
	return f->how.fails && (f->ticks == f->how.fails || f->ticks == f->how.fails + 1);
}

static void fail(struct made_up_feed *f, const struct sea_clock *clock)
{
	f->lost_ticks++;
	if (f->gap.since_ns)
		return;
	f->gap = (struct sea_gap){.cause = SEA_GAP_TICK, .why = "made up"};
	f->gap.since_ns = f->snapshot.time_ns;
	f->gap.since = f->snapshot.wall;
	put_gap(f, clock);
}

static __u64 checked(const struct made_up_feed *f)
{
	return sea_snapshot_total(&f->snapshot) + (f->how.unseen && f->is_last);
}

/* What comes ahead of the details */
static void begin_tick(struct made_up_feed *f)
{
	struct sea_clock *clock = &f->clock;

	if (f->gap.since_ns) {
		f->gap.until_ns = clock->boot_ns;
		f->gap.until = clock->wall;
		put_gap(f, clock);
		f->gap.since_ns = 0;
	}
	if (f->how.late && f->is_last)
		meet_late_vm(f, clock);
	f->detail = 0;
	f->in_tick = true;
}

/* And behind them */
static void end_tick(struct made_up_feed *f)
{
	const struct sea_clock clock = f->clock;
	struct sea_error err;
	size_t i;

	if (sea_snapshot_reserve(&f->snapshot, nr_vms(f), &err))
		abort();
	f->snapshot.nr_vms = nr_vms(f);
	for (i = 0; i < f->snapshot.nr_vms; i++)
		fill_vm(f, i, &clock);
	f->snapshot.time_ns = clock.boot_ns;
	f->snapshot.wall = clock.wall;
	f->snapshot.started_ns = f->session.started_ns;
	f->snapshot.source = f->session.source;
	f->snapshot.tells_all = true;
	f->snapshot.totals.vms = f->snapshot.nr_vms;
	f->snapshot.checked = checked(f);
	fill_hooks(f);
	fill_loss(f);
	if (sea_registry_fill(f->registry, &f->snapshot, put_vm, f, &err))
		abort();
	put(f, (struct sea_record){.type = SEA_RECORD_TICK,
				   .time_ns = clock.boot_ns,
				   .wall = clock.wall,
				   .tick = &f->snapshot});
	put_ends(f);
	f->ticks++;
	f->in_tick = false;
}

static void put_session(struct made_up_feed *f)
{
	struct sea_clock clock;

	read_clock(f, &clock);
	put(f, (struct sea_record){
		       .type = SEA_RECORD_SESSION, .time_ns = clock.boot_ns, .wall = clock.wall});
}

static void set_timer(struct made_up_feed *f, __u64 first_ns, __u64 interval_ns)
{
	const struct itimerspec times = {
		.it_value = {(time_t)(first_ns / SEA_NSEC_PER_SEC),
			     (long)(first_ns % SEA_NSEC_PER_SEC)},
		.it_interval = {(time_t)(interval_ns / SEA_NSEC_PER_SEC),
				(long)(interval_ns % SEA_NSEC_PER_SEC)},
	};

	timerfd_settime(f->timer, 0, &times, NULL);
}

static void after_tick(struct made_up_feed *f)
{
	struct sea_clock clock;

	if (f->how.stops && f->ticks > f->how.stops)
		set_timer(f, 0, 0);
	if (!f->is_last)
		return;
	read_clock(f, &clock);
	f->session.ended_ns = clock.boot_ns;
	f->session.ended = clock.wall;
	f->session.end = SEA_SESSION_STOPPED;
	put_session(f);
	f->finished = true;
}

/* False: it is not time for a tick. */
static bool look(struct made_up_feed *f)
{
	__u64 times;

	if (f->finished || read(f->timer, &times, sizeof(times)) != sizeof(times))
		return false;
	if (f->how.intervals && f->ticks >= f->how.intervals)
		f->finishing = true;
	f->is_last = f->finishing;
	read_clock(f, &f->clock);
	if (!fails_now(f) || f->finishing) {
		begin_tick(f);
		return true;
	}
	fail(f, &f->clock);
	f->ticks++;
	after_tick(f);
	return true;
}

static enum sea_feed_next next(struct sea_feed *feed, struct sea_record *record,
			       struct sea_error *err)
{
	struct made_up_feed *f = made_up_of(feed);

	(void)err;
	while (!sea_queue_take(&f->queue, record)) {
		if (f->in_tick) {
			if (put_detail(f))
				continue;
			end_tick(f);
			after_tick(f);
		} else if (!look(f)) {
			return f->finished ? SEA_FEED_END : SEA_FEED_WAIT;
		}
	}
	return SEA_FEED_RECORD;
}

static int get_fd(const struct sea_feed *feed)
{
	return ((const struct made_up_feed *)(const void *)feed)->timer;
}

static void finish(struct sea_feed *feed, __u64 patience_ns)
{
	struct made_up_feed *f = made_up_of(feed);

	(void)patience_ns;
	if (f->finishing)
		return;
	f->finishing = true;
	set_timer(f, 1, 0);
}

static void set_interval(struct sea_feed *feed, __u64 interval_ns)
{
	struct made_up_feed *f = made_up_of(feed);

	if (!f->finishing)
		set_timer(f, interval_ns, interval_ns);
}

static void close_feed(struct sea_feed *feed)
{
	struct made_up_feed *f = made_up_of(feed);

	sea_queue_free(&f->queue);
	sea_snapshot_free(&f->snapshot);
	sea_registry_close(f->registry);
	sea_vm_names_close(f->own_names);
	close(f->timer);
	free(f);
}

static const struct sea_feed_ops ops = {get_fd, next, finish, set_interval, close_feed};

int made_up_open(const struct made_up *how, const char *program, struct sea_feed **feed,
		 struct sea_error *err)
{
	struct made_up_feed *f = calloc(1, sizeof(*f));
	struct sea_clock clock;

	if (!f)
		return sea_error_set(err, "out of memory");
	f->feed.ops = &ops;
	f->how = *how;
	f->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	/* Any directory without processes: names come from comm. */
	if (!how->names && sea_vm_names_open("/usr", &f->own_names, err))
		abort();
	if (f->timer < 0 || sea_registry_open(how->names ?: f->own_names, &f->registry, err))
		abort();
	set_timer(f, 1, how->interval_ns);
	read_clock(f, &clock);
	sea_session_begin(&f->session, "/proc", program);
	if (how->clock) {
		snprintf(f->session.host, sizeof(f->session.host), "hv01");
		snprintf(f->session.kernel, sizeof(f->session.kernel), "6.12.107-sea");
	}
	snprintf(f->session.source, sizeof(f->session.source), "fake");
	f->session.tells_all = true;
	f->session.started_ns = clock.boot_ns;
	f->session.started = clock.wall;
	put_session(f);
	*feed = &f->feed;
	return 0;
}
