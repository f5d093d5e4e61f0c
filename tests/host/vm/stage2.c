// SPDX-License-Identifier: GPL-2.0-only
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "btf.h"
#include "probe.h"
#include "ras.h"
#include "stage2.h"

/* The IPA space of a VM of type 0, unless pKVM makes it as large as can be */
#define DEFAULT_IPA_BITS 40
#define VTCR_T0SZ 0x3fUL

/* What follows from pages of 4 KiB */
#define BITS_PER_LEVEL 9
#define PAGE_BITS 12

#define DESC_VALID 1UL
#define DESC_TABLE 2UL /* at level 3: a page */
#define DESC_ADDRESS 0x0000fffffffff000UL

/* What struct kvm_s2_mmu of the vCPU's VM has at the offset */
static uint64_t read_mmu(const struct vcpu *vcpu, unsigned int offset)
{
	char field[64];

	snprintf(field, sizeof(field), "+%u(+%u(%%x0))",
		 btf_offset("kvm", "arch") + btf_offset("kvm_arch", "mmu") + offset,
		 btf_offset("kvm_vcpu", "kvm"));
	return probe_vcpu(vcpu, field);
}

struct stage2 stage2_of(const struct vcpu *vcpu)
{
	struct stage2 stage2 = {
		.root = read_mmu(vcpu, btf_offset("kvm_s2_mmu", "pgd_phys")),
		.ipa_bits = DEFAULT_IPA_BITS,
	};
	unsigned int vtcr;

	if (!stage2.root || stage2.root & (RAS_PAGE_SIZE - 1))
		errx(EXIT_ENVIRONMENT, "no root of the stage-2 tables seen: %#" PRIx64,
		     stage2.root);
	/* Before Linux 6.6 it was elsewhere. */
	if (btf_find("kvm_s2_mmu", "vtcr", &vtcr))
		stage2.ipa_bits = 64 - (read_mmu(vcpu, vtcr) & VTCR_T0SZ);
	return stage2;
}

/*
 * Up to 16 tables are concatenated at the first level, to save one: 4 bits more
 * are resolved there. What is left of the IPA is split into 9 bits a level.
 */
static unsigned int first_level(const struct stage2 *stage2)
{
	unsigned int bits = stage2->ipa_bits - PAGE_BITS - 4;

	return 4 - (bits + BITS_PER_LEVEL - 1) / BITS_PER_LEVEL;
}

/* The descriptor that ends the walk for @ipa: itself, where it is, and what it maps */
struct leaf {
	uint64_t desc;
	uint64_t entry;
	uint64_t size;
};

static struct leaf walk(const struct stage2 *stage2, uint64_t ipa)
{
	uint64_t table = stage2->root;

	for (unsigned int level = first_level(stage2);; level++) {
		unsigned int shift = PAGE_BITS + BITS_PER_LEVEL * (3 - level);
		struct leaf leaf = {.size = 1UL << shift};
		uint64_t index = ipa >> shift;

		if (level != first_level(stage2))
			index &= (1UL << BITS_PER_LEVEL) - 1;
		leaf.entry = table + index * sizeof(leaf.desc);
		leaf.desc = ras_peek(leaf.entry);
		if (level == 3 ||
		    (leaf.desc & (DESC_VALID | DESC_TABLE)) != (DESC_VALID | DESC_TABLE))
			return leaf;
		table = leaf.desc & DESC_ADDRESS;
	}
}

uint64_t stage2_leaf(const struct stage2 *stage2, uint64_t ipa)
{
	struct leaf leaf = walk(stage2, ipa);

	if (!(leaf.desc & DESC_VALID) || leaf.size != RAS_PAGE_SIZE)
		errx(EXIT_ENVIRONMENT,
		     "stage 2 does not map %#" PRIx64 " by a page: %#" PRIx64 ", of %#" PRIx64
		     " bytes",
		     ipa, leaf.desc, leaf.size);
	return leaf.entry;
}

uint64_t stage2_size(const struct stage2 *stage2, uint64_t ipa)
{
	struct leaf leaf = walk(stage2, ipa);

	return leaf.desc & DESC_VALID ? leaf.size : 0;
}
