/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the host keeps the stage-2 tables of a VM */
#ifndef STAGE2_H
#define STAGE2_H

#include <stdint.h>

#include "kvm.h"

/* Physical address of the root table of the VM that @vcpu belongs to */
uint64_t stage2_root(const struct vcpu *vcpu);

/* Physical address of the level-3 descriptor that maps @ipa */
uint64_t stage2_leaf(uint64_t root, uint64_t ipa);

#endif
