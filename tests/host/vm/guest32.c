// SPDX-License-Identifier: GPL-2.0-only
/* The guest in AArch32: what its data is, and tables in the short descriptor format */
#include "guest.h"

/* movw r3, #0x5ea; bx lr: what guest_data_word is in AArch64 */
const uint64_t guest32_data_word = 0xe12fff1ee30035ea;

#define SECTION_SHIFT 20 /* 1 MiB */
#define SECTION 2U
#define SECOND_TABLE 1U
#define SMALL_PAGE 2U

/* Write-back; for EL1 only. And a device, for which the same bits but two are right */
#define SECTION_DEVICE (1U << 2 | 1U << 10)
#define SECTION_NORMAL (SECTION_DEVICE | 1U << 3 | 1U << 12 | 1U << 16)
#define PAGE_NORMAL (1U << 2 | 1U << 3 | 1U << 4 | 1U << 6 | 1U << 10)

void guest32_fill_short(uint32_t *first, uint32_t *second, uint64_t second_gpa, unsigned int vcpu)
{
	for (uint32_t i = 0; i < GUEST32_DATA_VA >> SECTION_SHIFT; i++)
		first[i] = i << SECTION_SHIFT | SECTION |
			   (i < GUEST_CODE >> SECTION_SHIFT ? SECTION_DEVICE : SECTION_NORMAL);
	first[guest32_page_gva(vcpu, 0) >> SECTION_SHIFT] = (uint32_t)second_gpa | SECOND_TABLE;
	for (unsigned int page = 0; page < GUEST_PAGES; page++)
		second[page] = (uint32_t)guest_page_gpa(vcpu, page) | SMALL_PAGE | PAGE_NORMAL;
}
