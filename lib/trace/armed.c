// SPDX-License-Identifier: GPL-2.0-only
#include "trace/armed.h"

#include <stddef.h>

static const char *const silent[SEA_MECHANISMS] = {
	[SEA_BY_TRACEPOINT] = "a hook on another tracepoint is not called",
	[SEA_BY_TRAMPOLINE] = "a trampoline on another function is not called",
	[SEA_BY_KPROBE] = "a kprobe on another function is not called",
};

/* A hook whose function SEAs alone call: its kind is called, and the kernel calls it. */
static enum sea_proof judge_untried(const struct sea_hook_facts *facts, const char **by)
{
	switch (facts->called) {
	case SEA_NOT_CALLED:
		*by = "nothing calls its function: it was inlined";
		return SEA_DISPROVEN;
	case SEA_NOT_PROVEN:
		*by = facts->unread;
		return SEA_PROOF_NONE;
	default:
		break;
	}
	if (facts->trial == SEA_TRIAL_NONE) {
		*by = "the kernel calls its function, but hooks of its kind could not be tried";
		return SEA_PROOF_NONE;
	}
	*by = facts->mechanism == SEA_BY_TRACEPOINT ?
		      "the kernel has the tracepoint, and another was called when tried" :
		      "the kernel calls its function, and another of its kind was called when "
		      "tried";
	return SEA_PROVEN;
}

enum sea_proof sea_armed_judge(const struct sea_hook_facts *facts, const char **by)
{
	if (facts->trial == SEA_TRIAL_SILENT) {
		*by = facts->off ? facts->off : silent[facts->mechanism];
		return SEA_DISPROVEN;
	}
	if (!facts->can_be_tried)
		return judge_untried(facts, by);
	if (!facts->tried) {
		*by = "could not be tried: no VM of our own";
		return SEA_PROOF_NONE;
	}
	if (facts->fired) {
		*by = "called when tried";
		return SEA_PROVEN;
	}
	*by = "not called when tried: its function was inlined";
	return SEA_DISPROVEN;
}

void sea_watch_look(struct sea_watch *watch, __u64 now_ns, const char *why)
{
	if (why && !watch->since_ns) {
		watch->times++;
		watch->since_ns = watch->good_ns;
	}
	watch->blind_ns = watch->closed_ns;
	if (watch->since_ns)
		watch->blind_ns += now_ns - watch->since_ns;
	if (!why) {
		watch->closed_ns = watch->blind_ns;
		watch->since_ns = 0;
		watch->good_ns = now_ns;
	}
	watch->why = why;
}
