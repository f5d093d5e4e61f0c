/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel_differences.h - what is not the same on all kernels, and which change made
 * it so. Each is told by what this kernel has or does, never by its version: changes
 * are taken back to older kernels.
 *
 * Functions that have other names are told apart by attaching: see lib/trace/sources.c.
 *   kvm_handle_guest_sea()   since 69f8fe955d0b (6.17), and in our series for 6.12
 *   kvm_inject_sea(), kvm_inject_serror_esr()
 *                            in 7.3, from the rework for FEAT_DoubleFault2; 6.12 has
 *                            kvm_inject_dabt(), kvm_inject_vabt(), kvm_set_sei_esr()
 *   trampolines on arm64     since 2aa6ac03516d (6.4)
 */
#ifndef KERNEL_DIFFERENCES_H
#define KERNEL_DIFFERENCES_H

#include "kvm_types.h"

#include <bpf/bpf_core_read.h>

/* HPFAR_EL2: FIPA in bits 47:4 is IPA[55:12]. */
#define HPFAR_FIPA_MASK 0x0000fffffffffff0ULL
#define HPFAR_FIPA_SHIFT 8
#define HPFAR_NS (1ULL << 63)
#define HPFAR_NONE (~0ULL)

/*
 * The fault IPA of a vCPU's last abort; false: the kernel does not know it.
 *
 * Up to 6.14 fault.hpfar_el2 is HPFAR_EL2 as it was read, which for an SEA is of an
 * earlier abort. Since fb8a3eba9c81 (6.15) it has bit 63 (NS, RES0 in the register)
 * where it is valid, and is 0 where not. Our series for 6.12 has HPFAR_NONE where it
 * is not valid, and no bit where it is: there, an abort in page 0 of a VM looks as if
 * its IPA were not known.
 */
static __always_inline bool fault_ipa(struct kvm_vcpu *vcpu, __u64 *ipa)
{
	struct kvm_vcpu_arch___sea *series = (void *)&vcpu->arch;
	__u64 hpfar = BPF_CORE_READ(vcpu, arch.fault.hpfar_el2);

	if (!hpfar || hpfar == HPFAR_NONE)
		return false;
	if (!(hpfar & HPFAR_NS) && !bpf_core_field_exists(series->sea_pending))
		return false;
	*ipa = (hpfar & HPFAR_FIPA_MASK) << HPFAR_FIPA_SHIFT;
	return true;
}

/*
 * Are the IPAs of the vCPU's aborts those of a guest's guest, and not of the VM? No
 * kernel before 4f128f8e1aaa (6.11) has shadow stage 2 tables.
 */
static __always_inline bool has_nested_ipas(struct kvm_vcpu *vcpu)
{
	struct kvm_s2_mmu *mmu = BPF_CORE_READ(vcpu, arch.hw_mmu);

	return bpf_core_field_exists(mmu->nested_stage2_enabled) &&
	       BPF_CORE_READ(mmu, nested_stage2_enabled);
}

/* A tree of 32,764 memory slots, KVM's bound, has no more levels. */
#define SLOT_TREE_LEVELS 32

/*
 * Where the VMM has the guest's page at `ipa`; false: in no memory slot, or not known.
 * page_shift: log2 of the kernel's page size.
 *
 * KVM has kept the slots in a tree by their guest addresses since a54d806688fe (5.17).
 * There are two sets of them, which KVM changes in turn, and of which a tree's nodes
 * belong to one.
 */
static __always_inline bool hva_of(struct kvm *kvm, __u64 ipa, __u32 page_shift, __u64 *hva)
{
	struct kvm_memslots *slots = BPF_CORE_READ(kvm, memslots[0]);
	__u64 gfn = ipa >> page_shift, offset, base;
	struct kvm_memory_slot *slot;
	struct rb_node *node;

	if (!bpf_core_field_exists(slots->gfn_tree))
		return false;
	offset = bpf_core_field_offset(struct kvm_memory_slot, gfn_node);
	if (BPF_CORE_READ(slots, node_idx))
		offset += bpf_core_type_size(struct rb_node);
	node = BPF_CORE_READ(slots, gfn_tree.rb_node);
	for (int level = 0; level < SLOT_TREE_LEVELS && node; level++) {
		slot = (void *)node - offset;
		base = BPF_CORE_READ(slot, base_gfn);
		if (gfn < base) {
			node = BPF_CORE_READ(node, rb_left);
		} else if (gfn - base >= BPF_CORE_READ(slot, npages)) {
			node = BPF_CORE_READ(node, rb_right);
		} else {
			*hva = BPF_CORE_READ(slot, userspace_addr) + (ipa - (base << page_shift));
			return true;
		}
	}
	return false;
}

#endif /* KERNEL_DIFFERENCES_H */
