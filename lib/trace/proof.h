/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * proof.h - what shows that a hook that is attached gets called, and what the kernel
 * skipped.
 */
#ifndef SEA_PROOF_H
#define SEA_PROOF_H

#include "trace/object.h"

/* Reads /proc/kallsyms once, for all that need it. */
const struct sea_symbols *sea_trace_symbols(struct sea_trace *t);

/*
 * Whether the kernel still calls the function from where guests' SEAs come. *unread:
 * why that cannot be known; static.
 */
enum sea_called sea_proof_of(struct sea_trace *t, const char *function, const char **unread);
/*
 * The same from what was found from each place where guests' aborts come in, the first
 * being where all kernels have them. Others need not handle SEAs: kvm_handle_vncr_abort()
 * did not before 69f8fe955d0b (6.17).
 */
enum sea_called sea_proof_roots(const enum sea_called *called, size_t nr);
/* Nothing else calls the function, so that it cannot be tried. */
bool sea_proof_only_seas_call(const char *function);

/* Looks up in the kernel's text who calls the functions of the hooks that are attached. */
void sea_proof_read_text(struct sea_trace *t);
/* What is known of each hook that is attached, now. */
void sea_proof_hooks(const struct sea_trace *t, struct sea_hooks *hooks);
/* A hook of the part that is known not to be called, or NULL. */
const struct sea_hook_state *sea_proof_dead(const struct sea_hooks *hooks, enum sea_part part);

#endif /* SEA_PROOF_H */
