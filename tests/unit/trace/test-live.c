// SPDX-License-Identifier: GPL-2.0-only
/* The live feed over a trace that is made up: what is read when, and what becomes of failures. */
#include "fixtures.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "model/clock.h"
#include "trace/live-internal.h"
#include "trace/live.h"

#define MS 1000000ULL
#define LONG (3600 * SEC)

/* The trace behind the feed: what it is asked for, and how it answers. */
static struct fake {
	int open, poll, read;	/* they fail so often from now on */
	unsigned int unsettled; /* SEAs are on their way for so many reads from now on */
	unsigned int reads, opened, closed;
	char asked[4]; /* for what it was asked last: "prp", polled, read and polled */
	struct sea_vm vms[4];
	size_t nr_vms;
	__u64 disarmed;
	struct sea_event events[4]; /* come at the next poll, behind those VMs */
	size_t nr_events;
	struct sea_vm_event seen;
	bool is_seen, has_host;
	struct sea_host_record host;
	int descriptors[3];
	struct sea_trace_options options;
} fake;

static struct sea_vm_names *names;
static struct sea_feed *feed;
static struct sea_record record;
static struct sea_error err;

/* What no test looks into. */
static struct sea_trace *const the_trace = (struct sea_trace *)(void *)&fake;

static void note(char what)
{
	memmove(fake.asked, fake.asked + 1, sizeof(fake.asked) - 2);
	fake.asked[sizeof(fake.asked) - 2] = what;
}

int sea_trace_open(const struct sea_trace_options *options, struct sea_trace **trace,
		   struct sea_error *why)
{
	if (fake.open)
		return sea_error_set(why, "cannot trace: the test says so");
	fake.options = *options;
	fake.opened++;
	*trace = the_trace;
	return 0;
}

void sea_trace_close(struct sea_trace *trace)
{
	fake.closed += trace != NULL;
}

const char *sea_trace_source(const struct sea_trace *trace)
{
	(void)trace;
	return "kprobe";
}

bool sea_trace_tells_all(const struct sea_trace *trace)
{
	(void)trace;
	return true;
}

__u64 sea_trace_started_ns(const struct sea_trace *trace)
{
	(void)trace;
	return 5 * SEC;
}

int sea_trace_seen_fd(const struct sea_trace *trace)
{
	(void)trace;
	return fake.descriptors[0];
}

int sea_trace_events_fd(const struct sea_trace *trace)
{
	(void)trace;
	return fake.descriptors[1];
}

int sea_trace_host_fd(const struct sea_trace *trace)
{
	(void)trace;
	return fake.descriptors[2];
}

int sea_trace_poll_seen(struct sea_trace *trace, struct sea_error *why)
{
	(void)trace;
	(void)why;
	if (fake.is_seen)
		fake.is_seen = !fake.options.vm_seen(&fake.seen, fake.options.context);
	return 0;
}

int sea_trace_poll_events(struct sea_trace *trace, struct sea_error *why)
{
	size_t i, done = 0;

	sea_trace_poll_seen(trace, why);
	while (done < fake.nr_events && fake.options.event &&
	       fake.options.event(&fake.events[done], fake.options.context))
		done++;
	for (i = done; i < fake.nr_events; i++)
		fake.events[i - done] = fake.events[i];
	fake.nr_events -= done;
	return 0;
}

int sea_trace_poll(struct sea_trace *trace, struct sea_error *why)
{
	note('p');
	if (fake.poll) {
		fake.poll--;
		return sea_error_set(why, "cannot read the ring buffer: Bad address");
	}
	sea_trace_poll_events(trace, why);
	if (fake.has_host)
		fake.has_host = !fake.options.host(&fake.host, fake.options.context);
	return 0;
}

int sea_trace_read(struct sea_trace *trace, struct sea_snapshot *snapshot, struct sea_error *why)
{
	size_t i;

	(void)trace;
	fake.reads++;
	note('r');
	if (fake.unsettled)
		fake.unsettled--;
	if (fake.read) {
		fake.read--;
		return sea_error_set(why, "cannot read the counters: Interrupted");
	}
	sea_snapshot_clear(snapshot);
	if (sea_snapshot_reserve(snapshot, fake.nr_vms, why))
		return -1;
	for (i = 0; i < fake.nr_vms; i++)
		snapshot->vms[i] = (struct sea_vm_state){.vm = fake.vms[i]};
	snapshot->nr_vms = fake.nr_vms;
	snapshot->time_ns = 100 * SEC + fake.reads;
	snapshot->wall = (struct timespec){.tv_sec = FIXTURE_TIME + fake.reads};
	memset(&snapshot->loss, 0, sizeof(snapshot->loss));
	snapshot->loss.count[SEA_LOSS_DISARMED] = fake.disarmed;
	return 0;
}

bool sea_trace_settled(const struct sea_trace *trace)
{
	(void)trace;
	return !fake.unsettled;
}

static int begin(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	memset(fake.asked, '-', sizeof(fake.asked) - 1);
	fake.descriptors[0] = eventfd(0, EFD_CLOEXEC);
	fake.descriptors[1] = eventfd(0, EFD_CLOEXEC);
	fake.descriptors[2] = -1;
	feed = NULL;
	/* Any directory that has no numbers in it: names come from comm. */
	return sea_vm_names_open("/usr", &names, &err);
}

static int end(void **state)
{
	int i;

	(void)state;
	sea_feed_close(feed);
	sea_vm_names_close(names);
	for (i = 0; i < 3; i++)
		if (fake.descriptors[i] >= 0)
			close(fake.descriptors[i]);
	return fake.opened == fake.closed ? 0 : -1;
}

static const struct sea_live_options plain = {.program = "test", .interval_ns = MS};

static void open_feed(struct sea_live_options options)
{
	options.names = names;
	if (sea_live_open(&options, &feed, &err))
		fail_msg("%s", err.text);
}

/* The next record, whenever it comes. */
static enum sea_record_type next(void)
{
	struct pollfd fd = {.fd = sea_feed_fd(feed), .events = POLLIN};
	enum sea_feed_next is;

	while ((is = sea_feed_next(feed, &record, &err)) == SEA_FEED_WAIT)
		poll(&fd, 1, -1);
	if (is == SEA_FEED_FAILED)
		fail_msg("%s", err.text);
	if (is == SEA_FEED_END)
		return SEA_RECORD_TYPES;
	assert_string_equal(record.session->source, "kprobe");
	return record.type;
}

/* The next record of a tick, over ticks without anything new. */
static enum sea_record_type next_but_ticks(void)
{
	enum sea_record_type type;

	while ((type = next()) == SEA_RECORD_TICK)
		;
	return type;
}

static void add_vm(__u64 id, const char *comm)
{
	fake.vms[fake.nr_vms++] = vm_with(id, comm, 0, 3, 0, 0);
}

static void a_session_then_ticks(void **state)
{
	(void)state;
	add_vm(1, "qemu");
	open_feed(plain);
	assert_false(fake.options.list);
	assert_null(fake.options.event);
	assert_non_null(fake.options.vm_seen);
	assert_int_equal(next(), SEA_RECORD_SESSION);
	assert_string_equal(record.session->program, "test");
	assert_int_equal(record.session->started_ns, 5 * SEC);
	assert_int_equal(record.time_ns, 5 * SEC);
	assert_int_equal(record.session->ended_ns, 0);
	/* Who a VM is comes ahead of what it counted. */
	assert_int_equal(next(), SEA_RECORD_VM);
	assert_int_equal(record.vm->id, 1);
	assert_int_equal(next(), SEA_RECORD_TICK);
	assert_int_equal(record.tick->nr_vms, 1);
	assert_int_equal(record.tick->vms[0].vm.disposition[SEA_HOST_OWNED], 3);
	assert_string_equal(record.tick->vms[0].info->comm, "qemu");
	assert_int_equal(record.time_ns, record.tick->time_ns);
	assert_int_equal(next(), SEA_RECORD_TICK);
	assert_int_equal(fake.reads, 2);
	/* What is there is taken in before the counters are read, and behind. */
	assert_string_equal(fake.asked, "prp");
	assert_ptr_equal(sea_live_trace(feed), the_trace);
}

/* A VM that ends has its last counts in the tick, and its end behind that. */
static void ends_come_behind_the_tick(void **state)
{
	(void)state;
	add_vm(1, "qemu");
	add_vm(2, "other");
	open_feed(plain);
	while (next() != SEA_RECORD_TICK)
		;
	fake.vms[0].ended_ns = 90 * SEC;
	fake.vms[0].exit_known = 1;
	fake.vms[0].wait_status = 7;
	assert_int_equal(next(), SEA_RECORD_TICK);
	assert_true(record.tick->vms[0].just_ended);
	assert_int_equal(next(), SEA_RECORD_END);
	assert_int_equal(record.vm->id, 1);
	assert_int_equal(record.end->time_ns, 90 * SEC);
	assert_int_equal(record.time_ns, 90 * SEC);
	assert_int_equal(record.end->wait_status, 7);
	/* Once. */
	assert_int_equal(next(), SEA_RECORD_TICK);
	fake.vms[1].ended_ns = 95 * SEC;
	fake.vms[1].wait_status = 7;
	assert_int_equal(next(), SEA_RECORD_TICK);
	assert_int_equal(next(), SEA_RECORD_END);
	assert_int_equal(record.vm->id, 2);
	assert_int_equal(record.end->wait_status, -1);
	assert_int_equal(next(), SEA_RECORD_TICK);
}

/* A tick that cannot be read is a gap, from the last one that could be. */
static void ticks_that_fail(void **state)
{
	__u64 last;

	(void)state;
	open_feed(plain);
	assert_int_equal(next(), SEA_RECORD_SESSION);
	assert_int_equal(next(), SEA_RECORD_TICK);
	assert_int_equal(record.tick->loss.count[SEA_LOSS_TICK], 0);
	last = record.tick->time_ns;
	fake.read = 3;
	assert_int_equal(next(), SEA_RECORD_GAP);
	assert_int_equal(record.gap->cause, SEA_GAP_TICK);
	assert_int_equal(record.gap->since_ns, last);
	assert_int_equal(record.gap->until_ns, 0);
	assert_string_equal(record.gap->why, "cannot read the counters: Interrupted");
	/* Told once, however many ticks are lost, and ended by the first that is not. */
	assert_int_equal(next(), SEA_RECORD_GAP);
	assert_int_equal(fake.read, 0);
	assert_int_equal(record.gap->since_ns, last);
	assert_true(record.gap->until_ns > 0);
	assert_true(record.gap->until.tv_sec > 0);
	assert_int_equal(next(), SEA_RECORD_TICK);
	assert_int_equal(record.tick->loss.count[SEA_LOSS_TICK], 3);
	assert_int_equal(record.tick->loss.last[SEA_LOSS_TICK].tv_sec, record.tick->wall.tv_sec);
	assert_int_equal(next(), SEA_RECORD_TICK);
	assert_int_equal(record.tick->loss.count[SEA_LOSS_TICK], 3);
	/* The ring buffers cannot be read: the same. */
	last = record.tick->time_ns;
	fake.poll = 1;
	assert_int_equal(next(), SEA_RECORD_GAP);
	assert_int_equal(record.gap->since_ns, last);
	assert_string_equal(record.gap->why, "cannot read the ring buffer: Bad address");
	assert_int_equal(next(), SEA_RECORD_GAP);
	assert_int_equal(next(), SEA_RECORD_TICK);
	assert_int_equal(record.tick->loss.count[SEA_LOSS_TICK], 4);
}

/* The first tick of all: the gap begins with the session. */
static void the_first_tick_fails(void **state)
{
	(void)state;
	fake.read = 1;
	open_feed(plain);
	assert_int_equal(next(), SEA_RECORD_SESSION);
	assert_int_equal(next(), SEA_RECORD_GAP);
	assert_int_equal(record.gap->since_ns, 5 * SEC);
	assert_int_equal(next(), SEA_RECORD_GAP);
	assert_int_equal(next(), SEA_RECORD_TICK);
}

/* The source was switched off: when that was seen last is known. */
static void a_source_that_is_disarmed(void **state)
{
	time_t when;

	(void)state;
	open_feed(plain);
	while (next() != SEA_RECORD_TICK)
		;
	fake.disarmed = 1;
	assert_int_equal(next(), SEA_RECORD_TICK);
	assert_int_equal(record.tick->loss.count[SEA_LOSS_DISARMED], 1);
	when = record.tick->wall.tv_sec;
	assert_int_equal(record.tick->loss.last[SEA_LOSS_DISARMED].tv_sec, when);
	assert_int_equal(next(), SEA_RECORD_TICK);
	assert_true(record.tick->wall.tv_sec > when);
	assert_int_equal(record.tick->loss.last[SEA_LOSS_DISARMED].tv_sec, when);
	fake.disarmed = 2;
	assert_int_equal(next(), SEA_RECORD_TICK);
	assert_int_equal(record.tick->loss.last[SEA_LOSS_DISARMED].tv_sec,
			 record.tick->wall.tv_sec);
}

static void the_last_session_record(void)
{
	assert_int_equal(record.session->end, SEA_SESSION_STOPPED);
	assert_true(record.session->ended_ns > 0);
	assert_int_equal(record.time_ns, record.session->ended_ns);
	assert_int_equal(next(), SEA_RECORD_TYPES);
	assert_int_equal(sea_feed_next(feed, &record, &err), SEA_FEED_END);
}

static void finishes_when_told(void **state)
{
	unsigned int reads;

	(void)state;
	open_feed(plain);
	while (next() != SEA_RECORD_TICK)
		;
	reads = fake.reads;
	sea_feed_finish(feed, LONG);
	/* Once is enough. */
	sea_feed_finish(feed, 0);
	assert_int_equal(next(), SEA_RECORD_TICK);
	assert_int_equal(fake.reads, reads + 1);
	assert_int_equal(next(), SEA_RECORD_SESSION);
	the_last_session_record();
}

/* The last tick waits for SEAs that are on their way, */
static void waits_for_what_is_on_its_way(void **state)
{
	unsigned int reads;

	(void)state;
	open_feed(plain);
	while (next() != SEA_RECORD_TICK)
		;
	reads = fake.reads;
	fake.unsettled = 3;
	sea_feed_finish(feed, LONG);
	assert_int_equal(next(), SEA_RECORD_TICK);
	assert_int_equal(fake.reads, reads + 3);
	assert_int_equal(next(), SEA_RECORD_SESSION);
	the_last_session_record();
}

/* but not if there is no patience for it. */
static void has_no_patience(void **state)
{
	unsigned int reads;

	(void)state;
	open_feed(plain);
	while (next() != SEA_RECORD_TICK)
		;
	reads = fake.reads;
	fake.unsettled = 1000;
	sea_feed_finish(feed, 0);
	assert_int_equal(next(), SEA_RECORD_TICK);
	assert_int_equal(fake.reads, reads + 1);
	assert_int_equal(next(), SEA_RECORD_SESSION);
	the_last_session_record();
}

/* A last tick that cannot be read is read again, while there is patience. */
static void the_last_tick_fails(void **state)
{
	(void)state;
	open_feed(plain);
	while (next() != SEA_RECORD_TICK)
		;
	fake.read = 2;
	sea_feed_finish(feed, LONG);
	assert_int_equal(next(), SEA_RECORD_GAP);
	assert_int_equal(record.gap->until_ns, 0);
	assert_int_equal(next(), SEA_RECORD_GAP);
	assert_true(record.gap->until_ns > 0);
	assert_int_equal(next(), SEA_RECORD_TICK);
	assert_int_equal(record.tick->loss.count[SEA_LOSS_TICK], 2);
	assert_int_equal(next(), SEA_RECORD_SESSION);
	the_last_session_record();
}

static void the_last_tick_fails_for_good(void **state)
{
	(void)state;
	open_feed(plain);
	while (next() != SEA_RECORD_TICK)
		;
	fake.read = 1000;
	sea_feed_finish(feed, 0);
	assert_int_equal(next(), SEA_RECORD_GAP);
	assert_int_equal(next(), SEA_RECORD_SESSION);
	the_last_session_record();
	assert_int_equal(fake.read, 999);
}

/* seatop 1 3: a tick at once, and then one after each of three intervals. */
static void ends_by_itself(void **state)
{
	struct sea_live_options options = plain;
	unsigned int ticks = 0;

	(void)state;
	options.intervals = 3;
	open_feed(options);
	assert_int_equal(next(), SEA_RECORD_SESSION);
	while (next() == SEA_RECORD_TICK)
		ticks++;
	assert_int_equal(ticks, 4);
	the_last_session_record();
}

static __u64 interval(void)
{
	struct itimerspec times;

	assert_int_equal(timerfd_gettime(((struct live *)(void *)feed)->timer, &times), 0);
	return (__u64)sea_time_to_ns(&times.it_interval);
}

static void the_interval_changes(void **state)
{
	(void)state;
	open_feed(plain);
	assert_int_equal(interval(), MS);
	sea_feed_set_interval(feed, 2 * SEC + 3);
	assert_int_equal(interval(), 2 * SEC + 3);
	sea_feed_finish(feed, 0);
	sea_feed_set_interval(feed, 5 * SEC);
	assert_true(interval() < SEC);
}

static struct sea_event sea_of(__u64 vm)
{
	struct sea_event event = {.version = SEA_ABI_VERSION, .size = sizeof(event)};

	event.type = SEA_EVENT_SEA;
	event.vm_id = vm;
	event.tgid = 1000 + (__u32)vm;
	event.time_ns = 50 * SEC + vm;
	memcpy(event.comm, "qemu", 5);
	return event;
}

/* A detail never comes ahead of its VM, whose own record may be lost. */
static void details_come_behind_their_vm(void **state)
{
	struct sea_live_options options = plain;

	(void)state;
	options.details = true;
	open_feed(options);
	assert_non_null(fake.options.event);
	assert_int_equal(next_but_ticks(), SEA_RECORD_SESSION);
	fake.seen = (struct sea_vm_event){.version = SEA_ABI_VERSION, .size = sizeof(fake.seen)};
	fake.seen.vm_id = 7;
	fake.seen.tgid = 1007;
	fake.seen.time_ns = 50 * SEC;
	memcpy(fake.seen.comm, "qemu", 5);
	fake.is_seen = true;
	fake.events[0] = sea_of(7);
	fake.events[1] = sea_of(8);
	fake.events[2] = sea_of(8);
	fake.events[2].type = SEA_EVENT_ANSWERED;
	fake.events[3] = sea_of(8);
	fake.events[3].type = SEA_EVENT_VM_ENDED;
	fake.nr_events = 4;
	assert_int_equal(next_but_ticks(), SEA_RECORD_VM);
	assert_int_equal(record.vm->id, 7);
	assert_int_equal(next_but_ticks(), SEA_RECORD_SEA);
	assert_int_equal(record.vm->id, 7);
	assert_int_equal(record.event->time_ns, 50 * SEC + 7);
	assert_int_equal(next_but_ticks(), SEA_RECORD_VM);
	assert_int_equal(record.vm->id, 8);
	assert_int_equal(next_but_ticks(), SEA_RECORD_SEA);
	assert_int_equal(record.vm->id, 8);
	assert_int_equal(next_but_ticks(), SEA_RECORD_ANSWER);
	assert_int_equal(record.vm->id, 8);
	/* An end is told by the tick: the next are ticks alone. */
	sea_feed_finish(feed, 0);
	assert_int_equal(next_but_ticks(), SEA_RECORD_SESSION);
	the_last_session_record();
}

static void what_the_host_did(void **state)
{
	(void)state;
	fake.descriptors[2] = eventfd(0, EFD_CLOEXEC);
	open_feed(plain);
	assert_int_equal(next_but_ticks(), SEA_RECORD_SESSION);
	fake.host.time_ns = 60 * SEC;
	fake.has_host = true;
	assert_int_equal(next_but_ticks(), SEA_RECORD_HOST);
	assert_int_equal(record.time_ns, 60 * SEC);
	assert_null(record.vm);
	assert_non_null(record.host);
	assert_false(fake.has_host);
}

static void cannot_open(void **state)
{
	struct sea_live_options options = plain;
	int seen;

	(void)state;
	options.names = names;
	fake.open = 1;
	assert_int_equal(sea_live_open(&options, &feed, &err), -1);
	assert_string_equal(err.text, "cannot trace: the test says so");
	assert_int_equal(fake.closed, 0);
	/* What is open already is closed again. */
	fake.open = 0;
	seen = fake.descriptors[0];
	fake.descriptors[0] = -1;
	assert_int_equal(sea_live_open(&options, &feed, &err), -1);
	assert_string_equal(err.text, "cannot wait for records: Bad file descriptor");
	assert_int_equal(fake.closed, 1);
	fake.descriptors[0] = seen;
	assert_null(feed);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_session_then_ticks),
		TEST(ends_come_behind_the_tick),
		TEST(ticks_that_fail),
		TEST(the_first_tick_fails),
		TEST(a_source_that_is_disarmed),
		TEST(finishes_when_told),
		TEST(waits_for_what_is_on_its_way),
		TEST(has_no_patience),
		TEST(the_last_tick_fails),
		TEST(the_last_tick_fails_for_good),
		TEST(ends_by_itself),
		TEST(the_interval_changes),
		TEST(details_come_behind_their_vm),
		TEST(what_the_host_did),
		TEST(cannot_open),
	};

	return cmocka_run_group_tests_name("live", tests, NULL, NULL);
}
