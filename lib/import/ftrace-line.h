/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ftrace-line.h - a line of a trace as text, and its parts.
 */
#ifndef SEA_FTRACE_LINE_H
#define SEA_FTRACE_LINE_H

#include "base/span.h"

#include <linux/types.h>

enum sea_ftrace_line_kind {
	SEA_FTRACE_NOTHING, /* a comment, a head, a line of a stack */
	SEA_FTRACE_EVENT,
	SEA_FTRACE_LOST,  /* "CPU:1 [LOST 123 EVENTS]" */
	SEA_FTRACE_WRONG, /* none of these */
};

struct sea_ftrace_line {
	enum sea_ftrace_line_kind kind;
	/* EVENT */
	struct sea_span comm; /* of the thread; any bytes */
	__u32 tid;
	__u32 tgid; /* 0: the trace does not say */
	__u32 cpu;
	bool has_time; /* false: a counter's number, which is no time */
	__u64 time_ns;
	struct sea_span event, args; /* "kvm_sea_claimed", and what is behind its colon */
	/* LOST */
	__u64 lost; /* 0: the trace does not say how many */
};

void sea_ftrace_line_parse(struct sea_span text, struct sea_ftrace_line *line);

#endif /* SEA_FTRACE_LINE_H */
