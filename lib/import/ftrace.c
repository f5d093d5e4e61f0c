// SPDX-License-Identifier: GPL-2.0-only
#include "import/ftrace.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "import/ftrace-host.h"
#include "import/ftrace-sea.h"
#include "import/lines.h"
#include "import/run.h"

/* So many vCPUs are remembered: what a VMM answers is what was forwarded last there. */
#define VCPUS_MAX 65536

/* TAI is ahead of UTC by so much, since 2017. */
#define TAI_AHEAD (37 * SEA_NSEC_PER_SEC)

struct vcpu_key {
	__u32 tgid, vcpu;
};

struct forwarded {
	struct vcpu_key key;
	struct sea_event event;
	UT_hash_handle hh;
};

struct ftrace {
	struct sea_import_sum *sum;
	struct sea_import_run run;
	enum sea_trace_clock clock;
	struct forwarded *forwarded;
	struct sea_import_time last;
	bool has_ours; /* the kernel has our tracepoints */
	/* Before the first event: they get its time. */
	bool has_lost;
	__u64 lost;
};

bool sea_trace_clock_parse(const char *name, enum sea_trace_clock *clock)
{
	static const struct {
		const char *name;
		enum sea_trace_clock clock;
	} clocks[] = {
		{"boot", SEA_TRACE_CLOCK_BOOT},	    {"local", SEA_TRACE_CLOCK_BOOT},
		{"global", SEA_TRACE_CLOCK_BOOT},   {"mono", SEA_TRACE_CLOCK_BOOT},
		{"mono_raw", SEA_TRACE_CLOCK_BOOT}, {"perf", SEA_TRACE_CLOCK_BOOT},
		{"uptime", SEA_TRACE_CLOCK_BOOT},   {"tai", SEA_TRACE_CLOCK_TAI},
		{"counter", SEA_TRACE_CLOCK_NONE},  {"x86-tsc", SEA_TRACE_CLOCK_NONE},
	};
	size_t i;

	for (i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		if (strcmp(name, clocks[i].name))
			continue;
		*clock = clocks[i].clock;
		return true;
	}
	return false;
}

static struct sea_import_time time_of(const struct ftrace *f, const struct sea_ftrace_line *line)
{
	struct sea_import_time time = {0};

	if (!line->has_time || f->clock == SEA_TRACE_CLOCK_NONE)
		return time;
	if (f->clock == SEA_TRACE_CLOCK_BOOT) {
		time.has_boot = true;
		time.boot_ns = line->time_ns;
	} else if (line->time_ns > TAI_AHEAD) {
		time.has_wall = true;
		time.wall = sea_time_from_ns((__s64)(line->time_ns - TAI_AHEAD));
	}
	return time;
}

static struct forwarded *find_forwarded(struct ftrace *f, __u32 tgid, __u32 vcpu)
{
	struct vcpu_key key = {tgid, vcpu};
	struct forwarded *found;

	HASH_FIND(hh, f->forwarded, &key, sizeof(key), found);
	return found;
}

/* Without room, the answer has no addresses. */
static void remember(struct ftrace *f, __u32 tgid, const struct sea_event *event)
{
	struct forwarded *known = find_forwarded(f, tgid, event->vcpu);

	if (!known && HASH_COUNT(f->forwarded) < VCPUS_MAX) {
		known = calloc(1, sizeof(*known));
		if (known) {
			known->key = (struct vcpu_key){tgid, event->vcpu};
			HASH_ADD(hh, f->forwarded, key, sizeof(known->key), known);
		}
	}
	if (known)
		known->event = *event;
}

/* An answer has the addresses and the syndrome of the SEA that it answers. */
static void complete_answer(struct ftrace *f, __u32 tgid, struct sea_event *answer)
{
	struct forwarded *known = find_forwarded(f, tgid, answer->vcpu);

	if (!known)
		return;
	answer->reason = known->event.reason;
	answer->esr = known->event.esr;
	answer->far = known->event.far;
	answer->ipa = known->event.ipa;
	answer->pc = known->event.pc;
	answer->flags = known->event.flags;
	HASH_DEL(f->forwarded, known);
	free(known);
}

static int take_sea(struct ftrace *f, const struct sea_import_time *time, __u32 tgid,
		    struct sea_event *event, struct sea_error *err)
{
	if (event->type == SEA_EVENT_ANSWERED)
		complete_answer(f, tgid, event);
	else if (event->disposition == SEA_FORWARDED)
		remember(f, tgid, event);
	/* The name of the VMM's process is not that of the vCPU's thread. */
	return sea_import_run_event(&f->run, time, tgid, "", event, err);
}

static int tell_lost(struct ftrace *f, struct sea_error *err)
{
	if (!f->has_lost)
		return 0;
	f->has_lost = false;
	return sea_import_run_lost(&f->run, &f->last, f->lost, err);
}

static int take_lost(struct ftrace *f, __u64 lost, struct sea_error *err)
{
	if (f->run.is_open)
		return sea_import_run_lost(&f->run, &f->last, lost, err);
	f->has_lost = true;
	if (__builtin_add_overflow(f->lost, lost, &f->lost))
		f->lost = UINT64_MAX;
	return 0;
}

/* The caller has it: only what is still to be answered is of use. */
static void pass_by(struct ftrace *f, const struct sea_ftrace_line *line)
{
	struct sea_event event;
	__u32 tgid;

	if (sea_ftrace_sea(line, &event, &tgid) != SEA_FTRACE_SEA_OURS)
		return;
	f->has_ours = f->run.tells_all = true;
	if (event.type == SEA_EVENT_ANSWERED)
		complete_answer(f, tgid, &event);
	else if (event.disposition == SEA_FORWARDED)
		remember(f, tgid, &event);
}

static int take_event(struct ftrace *f, const struct sea_ftrace_line *line, struct sea_span text,
		      struct sea_error *err)
{
	struct sea_host_event host;
	struct sea_event event;
	__u32 tgid;

	f->last = time_of(f, line);
	if (f->last.has_boot && f->last.boot_ns <= f->run.options->after_ns) {
		f->has_lost = false;
		pass_by(f, line);
		return 0;
	}
	if (tell_lost(f, err))
		return -1;
	switch (sea_ftrace_sea(line, &event, &tgid)) {
	case SEA_FTRACE_SEA_OURS:
		f->has_ours = f->run.tells_all = true;
		return take_sea(f, &f->last, tgid, &event, err);
	case SEA_FTRACE_SEA_STOCK:
		/* Where the kernel has our tracepoints, they tell of the same SEA. */
		if (f->has_ours)
			break;
		return take_sea(f, &f->last, tgid, &event, err);
	case SEA_FTRACE_SEA_WRONG:
		sea_import_unclear(f->sum, text);
		break;
	case SEA_FTRACE_SEA_NONE:
		break;
	}
	switch (sea_ftrace_host(line, &host)) {
	case SEA_FTRACE_HOST_TOLD:
		return sea_import_run_host(&f->run, &f->last, &host, err);
	case SEA_FTRACE_HOST_WRONG:
		sea_import_unclear(f->sum, text);
		break;
	case SEA_FTRACE_HOST_NONE:
		break;
	}
	return sea_import_run_see(&f->run, &f->last, err);
}

static int take_line(struct ftrace *f, struct sea_span text, struct sea_error *err)
{
	struct sea_ftrace_line line;

	sea_ftrace_line_parse(text, &line);
	switch (line.kind) {
	case SEA_FTRACE_EVENT:
		return take_event(f, &line, text, err);
	case SEA_FTRACE_LOST:
		return take_lost(f, line.lost, err);
	case SEA_FTRACE_WRONG:
		sea_import_unclear(f->sum, text);
		break;
	case SEA_FTRACE_NOTHING:
		break;
	}
	return 0;
}

static void forget(struct ftrace *f)
{
	struct forwarded *known, *next;

	HASH_ITER(hh, f->forwarded, known, next) {
		HASH_DEL(f->forwarded, known);
		free(known);
	}
}

int sea_import_ftrace(FILE *file, const struct sea_import_options *options,
		      struct sea_import_sum *sum, struct sea_error *err)
{
	struct sea_lines lines = {.file = file, .name = options->name};
	struct ftrace f = {.sum = sum};
	struct sea_span text;
	int rc;

	if (options->trace_clock && !sea_trace_clock_parse(options->trace_clock, &f.clock))
		return sea_error_set(err,
				     "cannot import %s: no trace clock is called '%.32s'; the "
				     "file trace_clock in tracefs has their names",
				     options->name, options->trace_clock);
	sea_import_run_init(&f.run, options, sum, "ftrace");
	f.run.counts = true;
	while ((rc = sea_lines_next(&lines, &text, err)) > 0) {
		sum->lines++;
		if (take_line(&f, text, err)) {
			rc = -1;
			break;
		}
	}
	if (!rc)
		rc = tell_lost(&f, err) ?: sea_import_run_end(&f.run, err);
	forget(&f);
	sea_import_run_free(&f.run);
	sea_lines_free(&lines);
	return rc;
}
