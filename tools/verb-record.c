// SPDX-License-Identifier: GPL-2.0-only
/*
 * seastat record - what happens, into a store: a feed, a recorder, and a loop.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "import/last-boot.h"
#include "metrics-file.h"
#include "model/clock.h"
#include "model/session.h"
#include "model/vm-counters.h"
#include "notify.h"
#include "program.h"
#include "record-options.h"
#include "report/notice.h"
#include "stop.h"
#include "store/recorder.h"
#include "trace/live.h"
#include "trace/privilege.h"
#include "verb.h"

/* The last counts are waited for so long. */
#define LAST_PATIENCE_NS 1000000000ULL

struct record_run {
	int argc;
	char **argv;
	struct record_options options;
	struct sea_vm_names *names;
	struct sea_feed *feed;
	struct sea_recorder *recorder;
	struct metrics_file metrics;
	__u64 watchdog_ns, heard_ns; /* CLOCK_MONOTONIC: when the manager last heard of us */
	char status[128];	     /* what it heard then */
	bool finishing;
	struct sea_noticer noticer;
	int notice_failed; /* -1: with this error */
	struct sea_error notice_error;
};

static volatile sig_atomic_t hangup;

static void say(const char *line, void *context)
{
	(void)context;
	program_say(PROGRAM_WARNING, line);
}

static void tell(const struct sea_record *record, void *context)
{
	struct record_run *run = context;

	metrics_file_take(&run->metrics, record);
	/* The first error is the one that is told. */
	if (run->options.journal && !run->notice_failed)
		run->notice_failed = sea_noticer_take(&run->noticer, record, &run->notice_error);
}

static void tell_journal(const struct sea_notice *notice, void *context)
{
	(void)context;
	notify_journal(notice->fields.text);
}

/* What the host's trace buffer has of the last boot. Without it all the rest goes on. */
static void take_last_boot(const char *store)
{
	struct sea_session now;
	struct sea_last_boot last;
	struct sea_error err;
	char line[SEA_ERROR_LEN];

	sea_session_begin(&now, "/proc", "seastat record");
	if (sea_last_boot_import("", &now, store, &last, &err)) {
		program_say(PROGRAM_WARNING, err.text);
		return;
	}
	switch (last.result) {
	case SEA_LAST_BOOT_IMPORTED:
		snprintf(line, sizeof(line),
			 "the end of the last boot is in the store now: %llu SEAs, %llu answers, "
			 "%llu events of the host that were not there",
			 (unsigned long long)last.sum.seas, (unsigned long long)last.sum.answers,
			 (unsigned long long)last.sum.host_events);
		program_say(PROGRAM_INFO, line);
		break;
	case SEA_LAST_BOOT_UNREADABLE:
		program_say(PROGRAM_WARNING,
			    "the trace buffer that outlives the host cannot be used: tracefs is "
			    "root's; seastat-record(8) says how a service gets at it");
		break;
	case SEA_LAST_BOOT_OTHER:
		snprintf(line, sizeof(line),
			 "the trace of the last boot is dropped: Linux %s wrote it, which this "
			 "kernel cannot read",
			 last.kernel);
		program_say(PROGRAM_WARNING, line);
		break;
	default:
		break;
	}
}

/* The store first: without one nothing is to be attached to the kernel. */
static int open_all(struct record_run *run, struct sea_error *err)
{
	const struct record_options *o = &run->options;
	const struct sea_recorder_options options = {
		.path = o->store,
		.say = say,
		.tell = tell,
		.context = run,
		.limits = o->limits,
	};
	struct sea_live_options live = {
		.program = "seastat record",
		.source = o->source,
		.max_vms = o->max_vms,
		.interval_ns = o->interval_ns,
		.details = true,
	};

	run->noticer.tell = tell_journal;
	take_last_boot(o->store);
	if ((o->journal && notify_journal_open(err)) ||
	    sea_recorder_open(&options, &run->recorder, err) ||
	    sea_vm_names_open("/proc", &run->names, err) ||
	    (o->names && sea_vm_names_load(run->names, o->names, err)))
		return -1;
	live.names = run->names;
	if (sea_live_open(&live, &run->feed, err) || sea_privilege_drop(err))
		return -1;
	run->metrics.path = o->textfile;
	run->metrics.say = say;
	return metrics_file_open(&run->metrics, o->store, err);
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

	metrics_file_tend(&run->metrics, run->recorder, now);
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

/* What `systemctl status` shows */
static void tell_status(struct record_run *run, const struct sea_snapshot *tick)
{
	char status[sizeof(run->status)];
	struct sea_vm sum;

	sea_snapshot_sum(&sum, tick);
	snprintf(status, sizeof(status), "STATUS=%zu VMs, %llu SEAs; %s, %llu details not stored",
		 tick->nr_vms, (unsigned long long)sea_vm_total(&sum),
		 sea_recorder_is_writing(run->recorder) ? "the store is written" :
							  "THE STORE CANNOT BE WRITTEN",
		 (unsigned long long)sea_recorder_lost(run->recorder));
	if (!strcmp(status, run->status))
		return;
	memcpy(run->status, status, sizeof(status));
	notify(status);
}

static int wait_for_more(struct record_run *run, __u64 next, struct sea_error *err)
{
	struct pollfd fd = {.fd = sea_feed_fd(run->feed), .events = POLLIN};
	__u64 now = now_ns();
	struct timespec timeout = sea_time_from_ns(next > now ? (__s64)(next - now) : 0);

	if (hangup || (stop_flag && !run->finishing))
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

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

/* The options of today over those of the start. What needs a start anew is said. */
static int take_options(struct record_run *run, struct record_options *now, struct sea_error *err)
{
	struct record_options *old = &run->options;
	char *names;

	if (now->names && sea_vm_names_load(run->names, now->names, err))
		return -1;
	if (!now->names && old->names)
		sea_vm_names_set_map(run->names, NULL);
	if (!is_same(now->store, old->store) || !is_same(now->source, old->source) ||
	    !is_same(now->textfile, old->textfile) || now->max_vms != old->max_vms)
		program_say(PROGRAM_WARNING, "store, source, textfile and max-vms change when the "
					     "recorder is started anew");
	if (now->interval_ns != old->interval_ns)
		sea_feed_set_interval(run->feed, now->interval_ns);
	old->interval_ns = now->interval_ns;
	old->journal = now->journal;
	sea_recorder_set_limits(run->recorder, &now->limits);
	names = old->names;
	old->names = now->names;
	now->names = names;
	return 0;
}

/* SIGHUP: after an error all is as it was. */
static void reload(struct record_run *run)
{
	struct record_options options;
	struct sea_error err;
	int rc;

	notify_reloading();
	rc = record_options_reload(run->argc, run->argv, &options, &err);
	if (!rc) {
		rc = take_options(run, &options, &err);
		record_options_free(&options);
	}
	if (rc)
		program_say(PROGRAM_ERROR, err.text);
	else
		program_say(PROGRAM_INFO, "the configuration was read again");
	notify("READY=1");
}

static int take(struct record_run *run, const struct sea_record *record, struct sea_error *err)
{
	if (sea_recorder_take(run->recorder, record, err))
		return -1;
	if (run->notice_failed) {
		*err = run->notice_error;
		return -1;
	}
	if (record->type == SEA_RECORD_TICK) {
		tend(run);
		tell_status(run, record->tick);
	}
	return 0;
}

static int loop(struct record_run *run, struct sea_error *err)
{
	struct sea_record record;

	for (;;) {
		__u64 next;

		if (stop_flag)
			finish(run);
		if (hangup) {
			hangup = 0;
			reload(run);
		}
		switch (sea_feed_next(run->feed, &record, err)) {
		case SEA_FEED_RECORD:
			if (take(run, &record, err))
				return -1;
			stop_let_in();
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

/* Who gave a file wants it to be read again; who gave none closed the terminal. */
static void catch_signals(const struct record_run *run)
{
	stop_catch();
	if (run->options.config || run->options.names)
		stop_take(SIGHUP, &hangup);
}

int verb_record(int argc, char **argv)
{
	struct record_run run = {.argc = argc, .argv = argv};
	struct sea_error err;
	int rc;

	record_options_parse(argc, argv, &run.options);
	if (run.options.verbose)
		program_be_verbose();
	catch_signals(&run);
	rc = open_all(&run, &err);
	if (!rc) {
		run.watchdog_ns = notify_watchdog_ns();
		notify("READY=1");
		rc = loop(&run, &err);
	}
	if (!rc && sea_recorder_lost(run.recorder))
		rc = SEA_STATUS_INCOMPLETE;
	metrics_file_close(&run.metrics);
	sea_noticer_free(&run.noticer);
	sea_feed_close(run.feed);
	sea_recorder_close(run.recorder);
	sea_vm_names_close(run.names);
	record_options_free(&run.options);
	return rc < 0 ? program_fail(&err) : rc;
}
