/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vm-counters.h - sums and differences over the counters of one VM.
 *
 * The tracer's counters are never cleared: they only grow, and readers take
 * differences.
 */
#ifndef SEA_VM_COUNTERS_H
#define SEA_VM_COUNTERS_H

#include <stddef.h>

#include "sea_abi.h"

/* Adds all counters of vm to sum; what is no counter stays as it is. */
void sea_vm_add(struct sea_vm *sum, const struct sea_vm *vm);

/* Makes each counter of vm what it grew since before, by sea_difference(). */
void sea_vm_subtract(struct sea_vm *vm, const struct sea_vm *before);

/* Sums over one VM's counters. */
__u64 sea_vm_total(const struct sea_vm *vm);	 /* SEAs */
__u64 sea_vm_responses(const struct sea_vm *vm); /* responses of all kinds */
__u64 sea_vm_pending(const struct sea_vm *vm);	 /* forwarded without a response */
__u64 sea_vm_lost(const struct sea_vm *vm);	 /* detail records not sent */

/*
 * The upper bound in microseconds of the latency that percent (1 to 100) of
 * the responses stay below or at; 0 if there is none, or if the bound is that
 * of the last slot, which has none.
 */
__u64 sea_vm_latency_us(const struct sea_vm *vm, unsigned int percent);

/*
 * How far a counter that only grows went from before to now. A counter that
 * wrapped around 2^64 gives the right difference: from 2^64 - 1 to 2 it is 3. A
 * counter that is smaller for any other reason was started anew, and all that it
 * has is new: from 100 to 2 it is 2.
 */
__u64 sea_difference(__u64 now, __u64 before);

/*
 * Calls visit(counter, context) for each counter of a struct sea_vm by its byte
 * offset there, in the order of the structure.
 */
void sea_vm_each_counter(void (*visit)(size_t offset, void *context), void *context);

#endif /* SEA_VM_COUNTERS_H */
