/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ftrace-sea.h - what events of kvm say of an SEA.
 */
#ifndef SEA_FTRACE_SEA_H
#define SEA_FTRACE_SEA_H

#include "import/ftrace-line.h"
#include "sea_abi.h"

enum sea_ftrace_sea_result {
	SEA_FTRACE_SEA_NONE,  /* the event is not about an SEA */
	SEA_FTRACE_SEA_WRONG, /* it is, and is not understood */
	SEA_FTRACE_SEA_OURS,  /* an SEA or an answer, by a tracepoint of our series */
	SEA_FTRACE_SEA_STOCK, /* an SEA, by what any kernel tells */
};

/*
 * Fills in what the line says: all of *event but the VM and the times. *tgid: the VMM; 0:
 * not known. A vCPU that is not known is SEA_CPU_UNKNOWN.
 */
enum sea_ftrace_sea_result sea_ftrace_sea(const struct sea_ftrace_line *line,
					  struct sea_event *event, __u32 *tgid);

#endif /* SEA_FTRACE_SEA_H */
