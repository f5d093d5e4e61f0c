/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * proof.h - whether a hook that is attached can fire, and what the kernel skipped.
 */
#ifndef SEA_PROOF_H
#define SEA_PROOF_H

#include "trace/object.h"

/* Reads /proc/kallsyms once, for all that need it. */
const struct sea_symbols *sea_trace_symbols(struct sea_trace *t);
/* Whether the kernel still calls the function from where guests' SEAs come. */
enum sea_called sea_proof_of(struct sea_trace *t, const char *function, char *why, size_t size);
/* Times that the kernel skipped a hook, to keep it from recursing; *unknown: at least. */
__u64 sea_proof_missed(const struct sea_trace *t, bool *unknown);
/* Tries and proves every hook that is attached. */
void sea_proof_examine(struct sea_trace *t, struct sea_source_report *report);

#endif /* SEA_PROOF_H */
