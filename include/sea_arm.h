/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sea_arm.h - fields of the registers that tell of an SEA (Arm ARM, D24.2), for the
 * BPF object and for userspace.
 */
#ifndef SEA_ARM_H
#define SEA_ARM_H

/* ESR_ELx: D24.2.40 */
#define ESR_EC_SHIFT 26
#define ESR_EC_MASK 0x3fULL
#define ESR_EC_IABT_LOW 0x20
#define ESR_EC_IABT_CUR 0x21
#define ESR_EC_DABT_LOW 0x24
#define ESR_EC_DABT_CUR 0x25
#define ESR_IL (1ULL << 25)
#define ESR_ISV (1ULL << 24)
#define ESR_VNCR (1ULL << 13) /* RES0 for an instruction abort */
#define ESR_SET_SHIFT 11
#define ESR_SET_MASK 0x3ULL
#define ESR_FNV (1ULL << 10)
#define ESR_EA (1ULL << 9)
#define ESR_CM (1ULL << 8)
#define ESR_S1PTW (1ULL << 7)
#define ESR_WNR (1ULL << 6)
#define ESR_FSC_MASK 0x3fULL
#define ESR_FSC_EXTABT 0x10
#define ESR_FSC_WALK_FIRST 0x13 /* SEA on a table walk, level -1 */
#define ESR_FSC_WALK_LAST 0x17	/* level 3 */

/* HCR_EL2.TEA, D24.2.52: KVM sets it for a vCPU if, and only if, the CPUs have FEAT_RAS. */
#define HCR_TEA (1ULL << 37)
/* HCR_EL2.VSE: an SError is pending for the guest. */
#define HCR_VSE (1ULL << 8)

#endif /* SEA_ARM_H */
