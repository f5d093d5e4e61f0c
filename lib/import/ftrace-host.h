/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ftrace-host.h - events of ras and signal as the host's events.
 */
#ifndef SEA_FTRACE_HOST_H
#define SEA_FTRACE_HOST_H

#include "import/ftrace-line.h"
#include "model/record.h"

enum sea_ftrace_host_result {
	SEA_FTRACE_HOST_NONE,  /* the event is not about bad memory */
	SEA_FTRACE_HOST_WRONG, /* it is, and is not understood */
	SEA_FTRACE_HOST_TOLD,  /* *event is filled in */
};

enum sea_ftrace_host_result sea_ftrace_host(const struct sea_ftrace_line *line,
					    struct sea_host_event *event);

#endif /* SEA_FTRACE_HOST_H */
