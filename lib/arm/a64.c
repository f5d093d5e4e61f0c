// SPDX-License-Identifier: GPL-2.0-only
#include "arm/a64.h"

/* B is 000101, BL is 100101, then a signed offset in instructions. */
#define BRANCH_MASK 0x7c000000U
#define BRANCH_BITS 0x14000000U
#define OFFSET_MASK 0x03ffffffU
#define OFFSET_SIGN 0x02000000U

bool sea_a64_branch(uint32_t instruction, uint64_t pc, uint64_t *target)
{
	uint64_t offset = instruction & OFFSET_MASK;

	if ((instruction & BRANCH_MASK) != BRANCH_BITS)
		return false;
	if (offset & OFFSET_SIGN)
		offset -= OFFSET_MASK + 1ULL;
	*target = pc + 4 * offset;
	return true;
}
