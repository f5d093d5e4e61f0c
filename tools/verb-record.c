// SPDX-License-Identifier: GPL-2.0-only
/*
 * seastat record - what happens, into a store: a feed, a recorder, and a loop.
 */
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/clock.h"
#include "notify.h"
#include "program.h"
#include "stop.h"
#include "store/recorder.h"
#include "trace/live.h"
#include "trace/privilege.h"
#include "verb.h"

#define DEFAULT_STORE "/var/lib/seatop/sea.db"

/* The last counts are waited for so long. */
#define LAST_PATIENCE_NS 1000000000ULL

enum {
	OPTION_STORE = 0x100,
	OPTION_INTERVAL,
	OPTION_MAX_VMS,
	OPTION_SOURCE,
};

static const struct argp_option argp_options[] = {
	{"store", OPTION_STORE, "FILE", 0, "The store (default " DEFAULT_STORE ")", 0},
	{"interval", OPTION_INTERVAL, "SECS", 0, "From tick to tick: 0.1 to 3600 (default 1)", 0},
	{"names", 'N', "FILE", 0, "Names for VMs: lines of KEY NAME", 0},
	{"max-vms", OPTION_MAX_VMS, "COUNT", 0, "VMs counted one by one (default 1024)", 0},
	{"source", OPTION_SOURCE, "NAME", 0, "Only this: tracepoint, trampoline or kprobe", 0},
	{"verbose", 'v', NULL, 0, "Messages of libbpf, on standard error", 0},
	{NULL, 0, NULL, 0, NULL, 0},
};

struct record_run {
	const char *store, *names_file;
	struct sea_live_options live;
	struct sea_vm_names *names;
	struct sea_vm_map *map;
	struct sea_feed *feed;
	struct sea_recorder *recorder;
	__u64 watchdog_ns, heard_ns; /* CLOCK_MONOTONIC: when the manager last heard of us */
	bool finishing;
};

static __u64 parse_interval(const char *text)
{
	char *end;
	double seconds;

	errno = 0;
	seconds = strtod(text, &end);
	if (end == text || *end || errno || !isfinite(seconds) || seconds < 0.1 || seconds > 3600)
		program_usage_error("'%.32s' is no interval: 0.1 to 3600 seconds", text);
	return (__u64)(seconds * 1e9);
}

static __u32 parse_max_vms(const char *text)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || number < SEA_TRACE_MIN_VMS ||
	    number > SEA_TRACE_MAX_VMS)
		program_usage_error("'%.32s' is no number of VMs: 1 to 65536", text);
	return (__u32)number;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct record_run *run = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
	case ARGP_KEY_FINI:
		program_parse(key, state);
		break;
	case OPTION_STORE:
		run->store = arg;
		break;
	case OPTION_INTERVAL:
		run->live.interval_ns = parse_interval(arg);
		break;
	case 'N':
		run->names_file = arg;
		break;
	case OPTION_MAX_VMS:
		run->live.max_vms = parse_max_vms(arg);
		break;
	case OPTION_SOURCE:
		run->live.source = arg;
		break;
	case 'v':
		program_be_verbose();
		break;
	case ARGP_KEY_ARG:
		program_usage_error("'%.32s' is one argument too many; see seastat record --help",
				    arg);
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static void say(const char *line, void *context)
{
	(void)context;
	fprintf(stderr, "seastat record: %s\n", line);
}

/* The store first: without one nothing is to be attached to the kernel. */
static int open_all(struct record_run *run, struct sea_error *err)
{
	const struct sea_recorder_options options = {.path = run->store, .say = say};

	if (sea_recorder_open(&options, &run->recorder, err) ||
	    program_open_names(run->names_file, &run->names, &run->map, err))
		return -1;
	run->live.names = run->names;
	return sea_live_open(&run->live, &run->feed, err) || sea_privilege_drop(err) ? -1 : 0;
}

static __u64 now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (__u64)sea_time_to_ns(&now);
}

/* Writes what is due, and tells the manager. Returns when to do so again; 0: any time. */
static __u64 tend(struct record_run *run)
{
	__u64 now = now_ns(), next = sea_recorder_tend(run->recorder, now);

	if (!run->watchdog_ns)
		return next;
	if (now >= run->heard_ns + run->watchdog_ns) {
		notify("WATCHDOG=1");
		run->heard_ns = now;
	}
	if (!next || next > run->heard_ns + run->watchdog_ns)
		next = run->heard_ns + run->watchdog_ns;
	return next;
}

static int wait_for_more(struct record_run *run, __u64 next, struct sea_error *err)
{
	struct pollfd fd = {.fd = sea_feed_fd(run->feed), .events = POLLIN};
	__u64 now = now_ns();
	struct timespec timeout = sea_time_from_ns(next > now ? (__s64)(next - now) : 0);

	if (stop_flag && !run->finishing)
		return 0;
	if (ppoll(&fd, 1, next ? &timeout : NULL, stop_while_waiting()) < 0 && errno != EINTR)
		return sea_error_set(err, "cannot wait: %s", strerror(errno));
	return 0;
}

static void finish(struct record_run *run)
{
	if (run->finishing)
		return;
	run->finishing = true;
	notify("STOPPING=1");
	sea_feed_finish(run->feed, LAST_PATIENCE_NS);
}

static int loop(struct record_run *run, struct sea_error *err)
{
	struct sea_record record;

	for (;;) {
		__u64 next;

		if (stop_flag)
			finish(run);
		switch (sea_feed_next(run->feed, &record, err)) {
		case SEA_FEED_RECORD:
			if (sea_recorder_take(run->recorder, &record, err))
				return -1;
			if (record.type == SEA_RECORD_TICK)
				tend(run);
			break;
		case SEA_FEED_WAIT:
			next = tend(run);
			if (wait_for_more(run, next, err))
				return -1;
			break;
		case SEA_FEED_END:
			return sea_recorder_finish(run->recorder, err);
		default:
			return -1;
		}
	}
}

int verb_record(int argc, char **argv)
{
	static const struct argp argp = {
		.options = argp_options,
		.parser = parse_option,
		.doc = "Record into a store what becomes of the SEAs that guests take, until "
		       "stopped.\vExit status: 0 if all is well, 2 if something could not be "
		       "stored, 3 on wrong usage or if this machine cannot do it.",
	};
	struct record_run run = {
		.store = DEFAULT_STORE,
		.live = {.program = "seastat record",
			 .interval_ns = SEA_NSEC_PER_SEC,
			 .details = true},
	};
	struct sea_error err;
	int rc;

	argp_parse(&argp, argc, argv, 0, NULL, &run);
	rc = open_all(&run, &err);
	if (!rc) {
		stop_catch();
		run.watchdog_ns = notify_watchdog_ns();
		notify("READY=1");
		rc = loop(&run, &err);
	}
	if (!rc && sea_recorder_lost(run.recorder))
		rc = SEA_STATUS_INCOMPLETE;
	sea_feed_close(run.feed);
	sea_recorder_close(run.recorder);
	sea_vm_names_close(run.names);
	sea_vm_map_free(run.map);
	return rc < 0 ? program_fail(&err) : rc;
}
