/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the host keeps the stage-2 tables of a VM */
#ifndef STAGE2_H
#define STAGE2_H

#include <stdint.h>

#include "kvm.h"

struct stage2 {
	uint64_t root;	       /* physical address of the root table */
	unsigned int ipa_bits; /* size of the IPA space */
};

/* Those of the VM that @vcpu belongs to */
struct stage2 stage2_of(const struct vcpu *vcpu);

/* Physical address of the level-3 descriptor that maps @ipa */
uint64_t stage2_leaf(const struct stage2 *stage2, uint64_t ipa);

/* How much the descriptor maps that maps @ipa: 4 KiB, 2 MiB, 1 GiB. 0: none does */
uint64_t stage2_size(const struct stage2 *stage2, uint64_t ipa);

#endif
