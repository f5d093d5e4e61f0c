/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ftrace.h - imports a trace as text: tracefs's files trace and trace_pipe, also those of
 * an instance that the last boot left, and what trace-cmd report prints.
 *
 * SEAs come from the tracepoints of our kernel series (kvm_sea_claimed, _host_owned,
 * _not_opted_in, _forwarded, _answered). Without them, a forwarded SEA is known by the exit
 * to the VMM (kvm_userspace_exit with reason 41); what else became of SEAs, a kernel without
 * the series does not tell. The host's events are those of ras:* and signal_generate.
 *
 * A trace does not say which clock its times are of: sea_import_options::trace_clock does.
 */
#ifndef SEA_FTRACE_H
#define SEA_FTRACE_H

#include <stdio.h>

#include "import/import.h"

/*
 * What the names in tracefs's file trace_clock mean for us. "boot" is CLOCK_BOOTTIME.
 * "local", "global", "mono", "mono_raw", "perf" and "uptime" count from about the same
 * moment: they stand still while the host sleeps, or drift a little. "tai" is a date. Of
 * others ("counter", "x86-tsc") times are not known.
 */
enum sea_trace_clock {
	SEA_TRACE_CLOCK_BOOT, /* since boot, or as good as that */
	SEA_TRACE_CLOCK_TAI,  /* nanoseconds since 1970, in TAI: 37 s ahead of UTC */
	SEA_TRACE_CLOCK_NONE, /* no time */
};

/* False: no clock has this name. */
bool sea_trace_clock_parse(const char *name, enum sea_trace_clock *clock);

/*
 * Reads file, which stays the caller's, to its end. All of it is one session, of the boot
 * that options->boot describes. Lines that say that events were lost become the loss
 * `trace` at the time of the event before. Adds to *sum.
 */
int sea_import_ftrace(FILE *file, const struct sea_import_options *options,
		      struct sea_import_sum *sum, struct sea_error *err);

#endif /* SEA_FTRACE_H */
