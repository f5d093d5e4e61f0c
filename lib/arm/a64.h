/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * a64.h - the few A64 instructions that are looked for in the kernel's text.
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

/*
 * Does the instruction make this 32-bit number? True of those that compilers make a
 * negative error of: MOVN (Arm ARM, C6.2.225) and, where it depends on a condition, AND
 * with an immediate (C6.2.12), behind CSETM. ORR (C6.2.240) is what MOV of a mask is.
 */
bool sea_a64_makes(uint32_t instruction, int32_t number);

#endif /* SEA_A64_H */
