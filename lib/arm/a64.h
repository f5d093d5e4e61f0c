/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * a64.h - the two A64 instructions by which one kernel function reaches another.
 */
#ifndef SEA_A64_H
#define SEA_A64_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The target of the instruction at pc if that is B or BL (Arm ARM, C6.2.26 and
 * C6.2.35): a call, or a tail call. False for all others.
 */
bool sea_a64_branch(uint32_t instruction, uint64_t pc, uint64_t *target);

#endif /* SEA_A64_H */
