/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the host keeps what FEAT_NV2 turns from a register of EL2 into memory */
#ifndef VNCR_H
#define VNCR_H

#include <stdint.h>

#include "kvm.h"

/* Physical address of @vcpu's VSESR_EL2, which gets a value of its own */
uint64_t vncr_vsesr(const struct vcpu *vcpu);

#endif
