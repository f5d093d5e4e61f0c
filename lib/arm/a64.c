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

/* MOVN of 32 bits: 00010010 1 and the halfword's place, 16 bits of immediate, a register. */
#define MOVN_MASK 0xff800000U
#define MOVN_BITS 0x12800000U

/* AND and ORR of 32 bits with an immediate: 0 oo 100100 0, rotation, size and ones. */
#define LOGICAL_MASK 0xffc00000U
#define AND_BITS 0x12000000U
#define ORR_BITS 0x32000000U

/*
 * The mask of a logical immediate (Arm ARM, DecodeBitMasks): a run of ones in an element
 * of 2 to 32 bits, rotated right and repeated. The ones' number and the element's size are
 * one field: 0xxxxx is 32 bits, 10xxxx is 16, 110xxx is 8, and so on. False: it is none.
 */
static bool logical_mask(unsigned int rotate, unsigned int ones, uint32_t *mask)
{
	unsigned int size = 32, i;
	uint32_t element;

	while (size > 1 && ones & size) {
		ones &= ~size;
		size /= 2;
	}
	/* All ones is no mask, and neither is an element of one bit. */
	if (size < 2 || ones >= size - 1)
		return false;
	rotate %= size;
	element = (1U << (ones + 1)) - 1;
	if (rotate)
		element = element >> rotate | element << (size - rotate);
	if (size < 32)
		element &= (1U << size) - 1;
	*mask = 0;
	for (i = 0; i < 32; i += size)
		*mask |= element << i;
	return true;
}

bool sea_a64_makes(uint32_t instruction, int32_t number)
{
	uint32_t mask;

	if ((instruction & MOVN_MASK) == MOVN_BITS) {
		unsigned int shift = (instruction >> 21 & 3) * 16;

		/* A third or fourth halfword is of 64 bits. */
		return shift < 32 && ~((instruction >> 5 & 0xffff) << shift) == (uint32_t)number;
	}
	if ((instruction & LOGICAL_MASK) != AND_BITS && (instruction & LOGICAL_MASK) != ORR_BITS)
		return false;
	return logical_mask(instruction >> 16 & 0x3f, instruction >> 10 & 0x3f, &mask) &&
	       mask == (uint32_t)number;
}
