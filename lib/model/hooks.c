// SPDX-License-Identifier: GPL-2.0-only
#include "model/hooks.h"

static const char *const parts[SEA_PARTS] = {
	[SEA_PART_SOURCE] = "source",
	[SEA_PART_CHECK] = "check",
	[SEA_PART_ANSWERS] = "answers",
	[SEA_PART_END] = "end",
};

static const char *const mechanisms[SEA_MECHANISMS] = {
	[SEA_BY_TRACEPOINT] = "tracepoint",
	[SEA_BY_TRAMPOLINE] = "trampoline",
	[SEA_BY_KPROBE] = "kprobe",
};

static const char *const proofs[SEA_PROOFS] = {
	[SEA_PROOF_NONE] = "unknown",
	[SEA_PROVEN] = "yes",
	[SEA_DISPROVEN] = "no",
};

const char *sea_part_name(unsigned int part)
{
	return part < SEA_PARTS ? parts[part] : "unknown";
}

const char *sea_mechanism_name(unsigned int mechanism)
{
	return mechanism < SEA_MECHANISMS ? mechanisms[mechanism] : "unknown";
}

const char *sea_proof_name(unsigned int proof)
{
	return proof < SEA_PROOFS ? proofs[proof] : "unknown";
}

enum sea_proof sea_hooks_proof(const struct sea_hooks *hooks, enum sea_part part)
{
	bool some = false, all = true;
	size_t i;

	for (i = 0; i < hooks->nr; i++) {
		const struct sea_hook_state *hook = &hooks->hooks[i];

		if (hook->part != part)
			continue;
		if (hook->proof == SEA_DISPROVEN)
			return SEA_DISPROVEN;
		some = true;
		all &= hook->proof == SEA_PROVEN;
	}
	return some && all ? SEA_PROVEN : SEA_PROOF_NONE;
}

__u64 sea_hooks_missed(const struct sea_hooks *hooks, enum sea_part part, bool *at_least)
{
	__u64 missed = 0;
	size_t i;

	*at_least = false;
	for (i = 0; i < hooks->nr; i++) {
		if (hooks->hooks[i].part != part)
			continue;
		missed += hooks->hooks[i].missed;
		*at_least |= hooks->hooks[i].missed_at_least;
	}
	return missed;
}
