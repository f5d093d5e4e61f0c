/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kvm_types.h - the kernel types and fields that the BPF object depends on.
 *
 * This is the whole list: CO-RE finds each field by its name in the running
 * kernel's BTF, so that only the names matter here, not the offsets, and no
 * vmlinux.h of the machine that builds is needed. Verified against Linux 6.1,
 * 6.12 and 7.3 on arm64.
 */
#ifndef KVM_TYPES_H
#define KVM_TYPES_H

typedef unsigned char __u8;
typedef unsigned short __u16;
typedef unsigned int __u32;
typedef unsigned long long __u64;
typedef int __s32;
typedef long long __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;
typedef _Bool bool;
enum { false = 0, true = 1 };

/* Names that bpf_helper_defs.h and our maps need from uapi/linux/bpf.h */
enum bpf_map_type {
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_RINGBUF = 27,
};

enum {
	BPF_ANY = 0,
	BPF_NOEXIST = 1,
};

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* arch/arm64/include/uapi/asm/ptrace.h */
struct user_pt_regs {
	__u64 pc;
};

/* arch/arm64/include/asm/kvm_host.h */
struct kvm_cpu_context {
	struct user_pt_regs regs;
};

struct kvm_vcpu_fault_info {
	__u64 esr_el2;
	__u64 far_el2;
	__u64 hpfar_el2;
};

/* The series for 6.12 says here whether hpfar_el2 holds the abort's IPA. */
struct kvm_vcpu_fault_info___sea {
	bool ipa_valid;
};

struct kvm_vcpu_arch {
	struct kvm_cpu_context ctxt;
	struct kvm_vcpu_fault_info fault;
};

/* include/linux/kvm_host.h */
struct kvm;

struct kvm_vcpu {
	struct kvm *kvm;
	int vcpu_id;
	struct kvm_vcpu_arch arch;
};

/* include/linux/sched.h */
struct task_struct {
	struct task_struct *group_leader;
	int tgid;
	__u64 start_boottime;
	char comm[16];
};

#pragma clang attribute pop

#endif /* KVM_TYPES_H */
