// SPDX-License-Identifier: GPL-2.0-only
/* open.c - a trace from its first check of the machine to its end. */
#include "trace/trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/btf.h>

#include "sea_arm.h"
#include "trace/choose.h"
#include "trace/environment.h"
#include "trace/host.h"
#include "trace/list.h"
#include "trace/load.h"
#include "trace/trace-internal.h"
#include "trace/trial.h"

/* What the host does is evidence, not counts: what cannot be hooked is only missing. */
static int hook_host(struct sea_trace *t, struct sea_error *err)
{
	if (!t->options.host || !t->btf)
		return 0;
	return sea_host_open(t->btf, t->trial, t->options.host, t->options.context, &t->host, err);
}

/* Lets the programs count, now that all of them can. */
static void start_counting(struct sea_trace *t)
{
	__atomic_store_n(&t->skel->bss->started_ns, sea_trace_clock(CLOCK_BOOTTIME, NULL),
			 __ATOMIC_RELEASE);
}

int sea_trace_open(const struct sea_trace_options *options, struct sea_trace **trace,
		   struct sea_error *err)
{
	const struct sea_trace_system here = {0};
	struct sea_scratch scratch;
	struct sea_trace *t;
	int rc;

	if (options->source && !sea_source_find(options->source))
		return sea_error_set(err, "no source is called '%.32s'; leave out --source",
				     options->source);
	if (sea_trace_check(&here, err))
		return -1;
	t = sea_object_new(options, err);
	if (!t)
		return -1;
	sea_choose_ask_kvm(t, &scratch);
	if (options->list) {
		rc = sea_trace_load(t, NULL, err);
		if (!rc)
			sea_choose_calibrate(t, &scratch);
	} else {
		rc = sea_choose_source(t, &scratch, err);
		if (!rc) {
			sea_trial_of_hooks(t, &scratch);
			rc = hook_host(t, err);
		}
	}
	sea_scratch_close(&scratch);
	if (rc) {
		sea_trace_close(t);
		return -1;
	}
	start_counting(t);
	*trace = t;
	return 0;
}

void sea_trace_kvm_facts(const struct sea_trace *trace, struct sea_kvm_facts *facts)
{
	memset(facts, 0, sizeof(*facts));
	facts->tried = trace->exit_known;
	facts->has_exit = trace->has_exit;
	facts->opt_in_known = trace->exit_known && (!trace->has_exit || trace->exit_flag);
	facts->has_ras = trace->hcr & HCR_TEA;
	facts->has_statistics = trace->skel->bss->has_statistics;
}

int sea_trace_open_maps(const struct sea_trace_options *options, struct sea_trace **trace,
			struct sea_error *err)
{
	struct sea_trace *t = sea_object_new(options, err);

	if (!t)
		return -1;
	if (sea_trace_load(t, NULL, err)) {
		sea_trace_close(t);
		return -1;
	}
	t->source = sea_source_at(0);
	start_counting(t);
	*trace = t;
	return 0;
}

int sea_trace_map_fd(const struct sea_trace *trace, const char *name)
{
	return bpf_object__find_map_fd_by_name(trace->skel->obj, name);
}

void sea_trace_close(struct sea_trace *trace)
{
	if (!trace)
		return;
	sea_host_close(trace->host);
	sea_trace_unload(trace);
	sea_switches_close(&trace->switches);
	if (trace->reader >= 0)
		close(trace->reader);
	sea_listing_free(&trace->listing);
	free(trace->rows);
	btf__free(trace->btf);
	free(trace);
}

const char *sea_trace_source(const struct sea_trace *trace)
{
	return trace->source ? trace->source->name : "none";
}

bool sea_trace_tells_all(const struct sea_trace *trace)
{
	return !trace->source || sea_object_tells_all(trace);
}

__u64 sea_trace_started_ns(const struct sea_trace *trace)
{
	return trace->skel->bss->started_ns;
}

int sea_trace_seen_fd(const struct sea_trace *trace)
{
	return ring_buffer__epoll_fd(trace->seen);
}

int sea_trace_events_fd(const struct sea_trace *trace)
{
	return ring_buffer__epoll_fd(trace->events);
}

int sea_trace_host_fd(const struct sea_trace *trace)
{
	return trace->host ? sea_host_fd(trace->host) : -1;
}

static int consume(struct ring_buffer *ring, struct sea_error *err)
{
	int rc = ring_buffer__consume(ring);

	/* -ENOBUFS: a callback has no room; what is left comes the next time. */
	if (rc < 0 && rc != -ENOBUFS)
		return sea_error_set(err, "cannot read the ring buffer: %s", strerror(-rc));
	return 0;
}

int sea_trace_poll_seen(struct sea_trace *trace, struct sea_error *err)
{
	return consume(trace->seen, err);
}

int sea_trace_poll_events(struct sea_trace *trace, struct sea_error *err)
{
	return sea_trace_poll_seen(trace, err) || consume(trace->events, err) ? -1 : 0;
}

int sea_trace_poll(struct sea_trace *trace, struct sea_error *err)
{
	if (sea_trace_poll_events(trace, err))
		return -1;
	return trace->host ? sea_host_poll(trace->host, err) : 0;
}
