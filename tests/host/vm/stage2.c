// SPDX-License-Identifier: GPL-2.0-only
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "btf.h"
#include "probe.h"
#include "ras.h"
#include "stage2.h"

/* The IPA space of a VM of type 0, and what follows for pages of 4 KiB */
#define IPA_BITS 40
#define BITS_PER_LEVEL 9
#define PAGE_BITS 12

#define DESC_VALID 1UL
#define DESC_TABLE 2UL /* at level 3: a page */
#define DESC_ADDRESS 0x0000fffffffff000UL

uint64_t stage2_root(const struct vcpu *vcpu)
{
	char pgd_phys[64];
	uint64_t root;

	snprintf(pgd_phys, sizeof(pgd_phys), "+%u(+%u(%%x0))",
		 btf_offset("kvm", "arch") + btf_offset("kvm_arch", "mmu") +
			 btf_offset("kvm_s2_mmu", "pgd_phys"),
		 btf_offset("kvm_vcpu", "kvm"));
	root = probe_vcpu(vcpu, pgd_phys);
	if (!root || root & (RAS_PAGE_SIZE - 1))
		errx(EXIT_ENVIRONMENT, "no root of the stage-2 tables seen: %#" PRIx64, root);
	return root;
}

/*
 * Up to 16 tables are concatenated at the first level, to save one: 4 bits more
 * are resolved there. What is left of the IPA is split into 9 bits a level.
 */
static unsigned int first_level(void)
{
	unsigned int bits = IPA_BITS - PAGE_BITS - 4;

	return 4 - (bits + BITS_PER_LEVEL - 1) / BITS_PER_LEVEL;
}

uint64_t stage2_leaf(uint64_t root, uint64_t ipa)
{
	uint64_t table = root;

	for (unsigned int level = first_level();; level++) {
		unsigned int shift = PAGE_BITS + BITS_PER_LEVEL * (3 - level);
		uint64_t index = ipa >> shift;
		uint64_t entry, desc;

		if (level != first_level())
			index &= (1UL << BITS_PER_LEVEL) - 1;
		entry = table + index * sizeof(desc);
		desc = ras_peek(entry);
		if ((desc & (DESC_VALID | DESC_TABLE)) != (DESC_VALID | DESC_TABLE))
			errx(EXIT_ENVIRONMENT,
			     "stage 2 does not map %#" PRIx64 " by a page: %#" PRIx64
			     " at level %u",
			     ipa, desc, level);
		if (level == 3)
			return entry;
		table = desc & DESC_ADDRESS;
	}
}
