// SPDX-License-Identifier: GPL-2.0-only
#include "trace/live.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "trace/live-internal.h"

/* How often the last tick is read again while SEAs are on their way to the counters. */
#define LAST_LOOK_NS 100000000ULL

/* For how long, where the feed ends by itself */
#define LAST_PATIENCE_NS 1000000000ULL

/* A list that is read once waits so long for names of VMMs that do not answer. */
#define LIST_WAIT_MS 2000

static struct live *live_of(struct sea_feed *feed)
{
	return (struct live *)(void *)feed;
}

void sea_live_put(struct live *live, struct sea_record record)
{
	record.session = &live->session;
	if (sea_queue_put(&live->queue, &record))
		live->nr_put++;
	else
		live->failed = true;
}

void sea_live_put_vm(struct live *live, const struct sea_vm_info *info)
{
	sea_live_put(live, (struct sea_record){
				   .type = SEA_RECORD_VM,
				   .time_ns = info->first_ns,
				   .wall = info->first,
				   .vm = info,
			   });
}

static void put_gap(struct live *live)
{
	sea_live_put(live, (struct sea_record){
				   .type = SEA_RECORD_GAP,
				   .time_ns = live->clock.boot_ns,
				   .wall = live->clock.wall,
				   .gap = &live->gap,
			   });
}

/* A tick could not be read. The next one that can has all that it would have had. */
static void lose_tick(struct live *live, const struct sea_error *err)
{
	live->lost_ticks++;
	if (live->gap.since_ns)
		return;
	live->gap = (struct sea_gap){.cause = SEA_GAP_TICK};
	live->gap.since_ns = live->snapshot.time_ns ?: live->session.started_ns;
	live->gap.since = sea_clock_wall(&live->clock, live->gap.since_ns);
	snprintf(live->gap.why, sizeof(live->gap.why), "%.*s", (int)sizeof(live->gap.why) - 1,
		 err->text);
	put_gap(live);
}

static void end_gap(struct live *live)
{
	if (!live->gap.since_ns)
		return;
	live->gap.until_ns = live->clock.boot_ns;
	live->gap.until = live->clock.wall;
	put_gap(live);
	live->gap.since_ns = 0;
}

static void tell_vm(const struct sea_vm_info *info, void *context)
{
	sea_live_put_vm(context, info);
}

/* Behind the tick that has their last counts */
static void put_ends(struct live *live)
{
	size_t i;

	for (i = 0; i < live->snapshot.nr_vms; i++) {
		const struct sea_vm_state *state = &live->snapshot.vms[i];
		const struct sea_end end = {
			.time_ns = state->vm.ended_ns,
			.wait_status = state->vm.exit_known ? state->vm.wait_status : -1,
		};

		if (!state->just_ended)
			continue;
		sea_live_put(live, (struct sea_record){
					   .type = SEA_RECORD_END,
					   .time_ns = end.time_ns,
					   .wall = sea_clock_wall(&live->clock, end.time_ns),
					   .vm = state->info,
					   .end = &end,
				   });
	}
}

/* The counters as they are now, and the records that came before */
static int read_counters(struct live *live, struct sea_error *err)
{
	sea_clock_read(&live->clock);
	if (sea_trace_poll(live->trace, err))
		return -1;
	return sea_trace_read(live->trace, &live->snapshot, err);
}

/* Makes a tick of the counters that were read. */
static int publish(struct live *live, struct sea_error *err)
{
	struct sea_snapshot *snapshot = &live->snapshot;

	/*
	 * A VM that came meanwhile may be gone: then only its record has its name. And
	 * reading the counters is when some sources see that SEAs were answered.
	 */
	if (sea_trace_poll(live->trace, err) ||
	    sea_registry_fill(live->registry, snapshot, tell_vm, live, err))
		return -1;
	end_gap(live);
	snapshot->loss.count[SEA_LOSS_TICK] = live->lost_ticks;
	sea_loss_date(&snapshot->loss, &live->loss, &snapshot->wall);
	live->loss = snapshot->loss;
	sea_live_put(live, (struct sea_record){
				   .type = SEA_RECORD_TICK,
				   .time_ns = snapshot->time_ns,
				   .wall = snapshot->wall,
				   .tick = snapshot,
			   });
	put_ends(live);
	live->ticks++;
	return 0;
}

static void tick(struct live *live)
{
	struct sea_error err;

	if (!read_counters(live, &err) && !publish(live, &err))
		return;
	sea_log("%s", err.text);
	lose_tick(live, &err);
}

static void put_session(struct live *live)
{
	const struct sea_session *session = &live->session;

	sea_live_put(live, (struct sea_record){
				   .type = SEA_RECORD_SESSION,
				   .time_ns = session->ended_ns ?: session->started_ns,
				   .wall = session->ended_ns ? session->ended : session->started,
			   });
}

static void set_timer(struct live *live, __u64 first_ns)
{
	const struct itimerspec times = {
		.it_value = {(time_t)(first_ns / SEA_NSEC_PER_SEC),
			     (long)(first_ns % SEA_NSEC_PER_SEC)},
		.it_interval = {(time_t)(live->interval_ns / SEA_NSEC_PER_SEC),
				(long)(live->interval_ns % SEA_NSEC_PER_SEC)},
	};

	timerfd_settime(live->timer, 0, &times, NULL);
}

/* However many ticks have become due since: one is enough. */
static bool timer_fired(struct live *live)
{
	bool fired = live->is_due;
	__u64 times;

	live->is_due = false;
	return read(live->timer, &times, sizeof(times)) == sizeof(times) || fired;
}

static void begin_to_finish(struct live *live, __u64 patience_ns)
{
	sea_clock_read(&live->clock);
	live->patience_ns = live->clock.boot_ns + patience_ns;
	live->interval_ns = LAST_LOOK_NS;
	live->state = STATE_FINISHES;
	set_timer(live, 1);
}

static void finish_session(struct live *live)
{
	sea_clock_read(&live->clock);
	live->session.ended_ns = live->clock.boot_ns;
	live->session.ended = live->clock.wall;
	live->session.end = SEA_SESSION_STOPPED;
	put_session(live);
	live->state = STATE_FINISHED;
}

/* SEAs are on their way to the counters, and there is patience to wait for them. */
static bool is_unsettled(const struct live *live)
{
	return !sea_trace_settled(live->trace) && live->clock.boot_ns < live->patience_ns;
}

/* The last tick: looked at again and again while SEAs are on their way. */
static void finish_if_settled(struct live *live)
{
	struct sea_error err;

	if (!timer_fired(live))
		return;
	if (read_counters(live, &err)) {
		lose_tick(live, &err);
		if (live->clock.boot_ns < live->patience_ns)
			return;
	} else if (is_unsettled(live)) {
		return;
	} else if (publish(live, &err)) {
		lose_tick(live, &err);
	}
	finish_session(live);
}

/* The tick that is due now would be the last. */
static bool is_last_tick(const struct live *live)
{
	return live->intervals && live->ticks >= live->intervals;
}

/* Names that came between two ticks */
static void take_late_names(struct live *live)
{
	struct pollfd fd = {.fd = sea_registry_fd(live->registry), .events = POLLIN};

	if (poll(&fd, 1, 0) > 0)
		sea_registry_rename(live->registry, &live->clock, tell_vm, live);
}

/* Looks for what there is to be queued. */
static void look(struct live *live)
{
	struct sea_error err;

	switch (live->state) {
	case STATE_RUNS:
		/* First, so that a storm of details does not put off the ticks. */
		if (timer_fired(live)) {
			if (is_last_tick(live))
				begin_to_finish(live, LAST_PATIENCE_NS);
			else
				tick(live);
		} else {
			sea_clock_read(&live->clock);
			if (sea_trace_poll(live->trace, &err))
				lose_tick(live, &err);
			take_late_names(live);
		}
		break;
	case STATE_FINISHES:
		take_late_names(live);
		finish_if_settled(live);
		break;
	case STATE_FINISHED:
		break;
	}
}

/* The next record of the queue; SEA_FEED_WAIT: it waits for its page. SEA_FEED_END: none. */
static enum sea_feed_next take(struct live *live, struct sea_record *record)
{
	const struct sea_page *page;

	if (live->queue.nr && live->hold && !sea_hold_is_over(live->hold, live->nr_taken))
		return SEA_FEED_WAIT;
	if (!sea_queue_take(&live->queue, record))
		return SEA_FEED_END;
	page = live->hold ? sea_hold_take(live->hold, live->nr_taken) : NULL;
	if (page)
		record->page = page;
	live->nr_taken++;
	return SEA_FEED_RECORD;
}

/*
 * While a record waits for its page: takes in what comes, so that the descriptor does not
 * stay readable. Ticks wait, as there is only one snapshot.
 */
static void look_meanwhile(struct live *live)
{
	struct sea_error err;

	live->is_due = timer_fired(live);
	sea_clock_read(&live->clock);
	if (sea_trace_poll(live->trace, &err))
		lose_tick(live, &err);
	take_late_names(live);
}

static enum sea_feed_next live_next(struct sea_feed *feed, struct sea_record *record,
				    struct sea_error *err)
{
	struct live *live = live_of(feed);
	enum sea_feed_next next = take(live, record);

	if (next == SEA_FEED_WAIT)
		look_meanwhile(live);
	if (next != SEA_FEED_END)
		return next;
	look(live);
	if (live->failed) {
		live->failed = false;
		sea_error_set(err, "cannot keep the records: out of memory");
		lose_tick(live, err);
	}
	next = take(live, record);
	if (next != SEA_FEED_END)
		return next;
	return live->state == STATE_FINISHED ? SEA_FEED_END : SEA_FEED_WAIT;
}

static int live_fd(const struct sea_feed *feed)
{
	return ((const struct live *)(const void *)feed)->poll;
}

static void live_finish(struct sea_feed *feed, __u64 patience_ns)
{
	struct live *live = live_of(feed);

	if (live->state == STATE_RUNS)
		begin_to_finish(live, patience_ns);
}

static void live_set_interval(struct sea_feed *feed, __u64 interval_ns)
{
	struct live *live = live_of(feed);

	if (live->state != STATE_RUNS)
		return;
	live->interval_ns = interval_ns;
	set_timer(live, interval_ns);
}

static void live_close(struct sea_feed *feed)
{
	struct live *live = live_of(feed);

	sea_queue_free(&live->queue);
	sea_hold_close(live->hold);
	sea_snapshot_free(&live->snapshot);
	sea_registry_close(live->registry);
	sea_trace_close(live->trace);
	if (live->timer >= 0)
		close(live->timer);
	if (live->poll >= 0)
		close(live->poll);
	free(live);
}

static const struct sea_feed_ops live_ops = {
	.fd = live_fd,
	.next = live_next,
	.finish = live_finish,
	.set_interval = live_set_interval,
	.close = live_close,
};

static int watch(const struct live *live, int fd)
{
	struct epoll_event event = {.events = EPOLLIN};

	return epoll_ctl(live->poll, EPOLL_CTL_ADD, fd, &event);
}

/* The timer fires at once for the first tick. */
static int open_descriptors(struct live *live, struct sea_error *err)
{
	live->poll = epoll_create1(EPOLL_CLOEXEC);
	live->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (live->poll < 0 || live->timer < 0 || watch(live, live->timer) ||
	    watch(live, sea_trace_seen_fd(live->trace)) ||
	    watch(live, sea_trace_events_fd(live->trace)) ||
	    watch(live, sea_registry_fd(live->registry)) ||
	    (live->hold && watch(live, sea_hold_fd(live->hold))) ||
	    (sea_trace_host_fd(live->trace) >= 0 && watch(live, sea_trace_host_fd(live->trace))))
		return sea_error_set(err, "cannot wait for records: %s", strerror(errno));
	set_timer(live, 1);
	return 0;
}

static int open_trace(struct live *live, const struct sea_live_options *options,
		      struct sea_error *err)
{
	const struct sea_trace_options trace = {
		.source = options->source,
		.max_vms = options->max_vms,
		.list = options->list,
		.event = options->details ? sea_arrived_event : NULL,
		.vm_seen = sea_arrived_vm,
		.host = sea_arrived_host,
		.context = live,
	};

	return sea_trace_open(&trace, &live->trace, err);
}

static void begin_session(struct live *live, const struct sea_live_options *options)
{
	struct sea_session *session = &live->session;

	sea_session_begin(session, "/proc", options->program);
	snprintf(session->source, sizeof(session->source), "%s", sea_trace_source(live->trace));
	session->tells_all = sea_trace_tells_all(live->trace);
	session->started_ns = sea_trace_started_ns(live->trace);
	sea_clock_read(&live->clock);
	session->started = sea_clock_wall(&live->clock, session->started_ns);
	put_session(live);
}

int sea_live_open(const struct sea_live_options *options, struct sea_feed **feed,
		  struct sea_error *err)
{
	struct live *live = calloc(1, sizeof(*live));

	if (!live)
		return sea_error_set(err, "cannot trace: out of memory");
	live->feed.ops = &live_ops;
	live->interval_ns = options->interval_ns;
	live->intervals = options->intervals;
	live->poll = live->timer = -1;
	if (sea_registry_open(options->names, &live->registry, err) ||
	    open_trace(live, options, err) ||
	    (options->details && sea_hold_open("", &live->hold, err)) ||
	    open_descriptors(live, err)) {
		live_close(&live->feed);
		return -1;
	}
	if (options->list)
		sea_registry_wait_for_names(live->registry, LIST_WAIT_MS);
	begin_session(live, options);
	*feed = &live->feed;
	return 0;
}

const struct sea_trace *sea_live_trace(const struct sea_feed *feed)
{
	return ((const struct live *)(const void *)feed)->trace;
}
