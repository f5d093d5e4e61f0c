/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stage2.h - which page of the host a guest's page is, by the tables that the CPU has
 * just used: whatever the VMM does about the SEA, it does later.
 */
#ifndef STAGE2_H
#define STAGE2_H

#include "kvm_types.h"

#include <bpf/bpf_core_read.h>

/* Arm ARM, D8.3: a descriptor. At level 3 a page has the bit that a table has above it. */
#define DESC_VALID 0x1ULL
#define DESC_TABLE 0x2ULL
#define DESC_ADDRESS 0x0003ffffffffffffULL /* with 64 KiB pages and LPA, bits 51:48 are below */
#define DESC_HIGH_64K 0xf000ULL
#define LEVEL_LAST 3
#define LEVELS 4

/* Address bits of what a descriptor points to, which is aligned to 1 << shift. */
static __always_inline __u64 address_in(__u64 desc, __u32 shift, __u32 page_shift)
{
	__u64 address = desc & DESC_ADDRESS & ~((1ULL << shift) - 1);

	if (page_shift == 16)
		address = (address & 0x0000ffffffffffffULL) | (desc & DESC_HIGH_64K) << 36;
	return address;
}

/*
 * The physical address of the guest's page at `ipa`, of a VM that is no nested one.
 * False: it is not mapped, or KVM keeps its tables elsewhere (pKVM).
 *
 * This reads the tables as the host, which does not survive that if one of them has gone
 * bad: only for an SEA that was not taken on a walk of tables, as the CPU has then read
 * them itself.
 */
static __always_inline bool stage2_address(struct kvm_vcpu *vcpu, __u64 ipa, __u32 page_shift,
					   __u64 *address)
{
	struct kvm_s2_mmu *mmu = BPF_CORE_READ(vcpu, arch.hw_mmu);
	__u64 pgd_phys = BPF_CORE_READ(mmu, pgd_phys);
	__u64 table = (__u64)BPF_CORE_READ(mmu, pgt, pgd);
	__u32 level = BPF_CORE_READ(mmu, pgt, start_level);
	__u32 bits = page_shift - 3, shift;
	__u64 linear = table - pgd_phys, index, desc;

	if (!table || !pgd_phys || page_shift < 12 || page_shift > 16)
		return false;
	/* Up to 16 tables lie one behind the other at the first level. */
	index = ~0ULL;
	for (int i = 0; i < LEVELS; i++) {
		if (level > LEVEL_LAST)
			return false;
		shift = page_shift + bits * (LEVEL_LAST - level);
		index &= ipa >> shift;
		if (bpf_probe_read_kernel(&desc, sizeof(desc), (void *)(table + index * 8)) ||
		    !(desc & DESC_VALID))
			return false;
		if (level == LEVEL_LAST || !(desc & DESC_TABLE)) {
			*address =
				address_in(desc, shift, page_shift) | (ipa & ((1ULL << shift) - 1));
			return level < LEVEL_LAST || desc & DESC_TABLE;
		}
		table = address_in(desc, page_shift, page_shift) + linear;
		index = (1ULL << bits) - 1;
		level++;
	}
	return false;
}

#endif /* STAGE2_H */
