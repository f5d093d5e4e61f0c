/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hooks.h - what is attached to the kernel, and whether it works.
 */
#ifndef SEA_HOOKS_H
#define SEA_HOOKS_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/types.h>

/* What a hook is for, and so what is wrong where it does not fire. */
enum sea_part {
	SEA_PART_SOURCE,  /* it counts SEAs: the counts are too low */
	SEA_PART_CHECK,	  /* it counts them again, for comparison: nothing is wrong but that */
	SEA_PART_ANSWERS, /* it sees what the VMM does about an SEA: answers are missing */
	SEA_PART_END,	  /* it sees VMs end: a VM is in the table a little longer */
	SEA_PARTS,
};

/* How a hook gets called. Each has switches of its own, and fails by itself. */
enum sea_mechanism {
	SEA_BY_TRACEPOINT,
	SEA_BY_TRAMPOLINE, /* ftrace: fentry, fexit */
	SEA_BY_KPROBE,	   /* kprobes and kretprobes */
	SEA_MECHANISMS,
};

/* Does the kernel call a hook? */
enum sea_proof {
	SEA_PROOF_NONE, /* nothing shows it, neither way */
	SEA_PROVEN,	/* it was seen to, or all that it takes was */
	SEA_DISPROVEN,	/* no: it was seen not to */
	SEA_PROOFS,
};

/* One hook. All texts are static. */
struct sea_hook_state {
	const char *program;  /* "sea_tr_claim" */
	const char *function; /* that it hooks, or the tracepoint: "apei_claim_sea" */
	enum sea_part part;
	enum sea_mechanism mechanism;
	enum sea_proof proof;
	const char *by;	      /* what shows it, or why nothing does */
	__u64 missed;	      /* times that the kernel skipped it, as far as it tells */
	bool missed_at_least; /* the kernel does not tell of all of them */
};

#define SEA_HOOKS_MAX 16

struct sea_hooks {
	struct sea_hook_state hooks[SEA_HOOKS_MAX];
	size_t nr;
};

/* "source", "check", "answers", "end"; static. */
const char *sea_part_name(unsigned int part);
/* "tracepoint", "trampoline", "kprobe"; static. */
const char *sea_mechanism_name(unsigned int mechanism);
/* "unknown", "yes", "no"; static. */
const char *sea_proof_name(unsigned int proof);

/* Of all hooks of a part: DISPROVEN if one is, else NONE if one is or there are none. */
enum sea_proof sea_hooks_proof(const struct sea_hooks *hooks, enum sea_part part);

/* Times that the kernel skipped hooks of a part. *at_least: it does not tell of all. */
__u64 sea_hooks_missed(const struct sea_hooks *hooks, enum sea_part part, bool *at_least);

#endif /* SEA_HOOKS_H */
