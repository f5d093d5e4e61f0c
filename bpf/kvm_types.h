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
	__u64 regs[31];
	__u64 pc;
	__u64 pstate;
};

/* arch/arm64/include/asm/kvm_host.h */
enum vcpu_sysreg {
	VBAR_EL1 = 1,
};

struct kvm_cpu_context {
	struct user_pt_regs regs;
	__u64 sys_regs[1];
};

struct kvm_vcpu_fault_info {
	__u64 esr_el2;
	__u64 far_el2;
	__u64 hpfar_el2;
};

/* arch/arm64/include/asm/kvm_pgtable.h */
struct kvm_pgtable {
	unsigned char start_level; /* older kernels: of a __u32, the lowest byte */
	__u64 *pgd;
};

/* arch/arm64/include/asm/kvm_host.h */
struct kvm_s2_mmu {
	__u64 pgd_phys;
	struct kvm_pgtable *pgt;
	bool nested_stage2_enabled; /* 6.11; never set in the VM's own */
};

struct kvm_vcpu_arch {
	struct kvm_cpu_context ctxt;
	struct kvm_s2_mmu *hw_mmu;
	struct kvm_vcpu_fault_info fault;
	__u64 hcr_el2;
};

struct kvm_vcpu_stat {
	__u64 exits;
};

/*
 * Kernels with either of our series have this. Only a field of a type that every
 * kernel has may be asked for: a type that is nowhere is looked for in all modules,
 * which takes CAP_SYS_ADMIN.
 */
struct kvm_vcpu_arch___sea {
	struct kvm_sea_pending {
		__u64 pc;
	} sea_pending;
};

/* include/linux/types.h, include/linux/preempt.h */
struct hlist_node {
	struct hlist_node *next;
};

struct hlist_head {
	struct hlist_node *first;
};

struct preempt_notifier {
	struct hlist_node link;
};

/* include/linux/kvm_host.h */
struct kvm_run;

/* include/linux/dcache.h */
struct qstr {
	const unsigned char *name;
};

struct dentry {
	struct qstr d_name;
};

/* include/linux/rbtree_types.h */
struct rb_node {
	unsigned long __rb_parent_color;
	struct rb_node *rb_right;
	struct rb_node *rb_left;
};

struct rb_root {
	struct rb_node *rb_node;
};

/* include/linux/kvm_host.h */
struct kvm_memory_slot {
	struct rb_node gfn_node[2];
	__u64 base_gfn;
	unsigned long npages;
	unsigned long userspace_addr;
};

struct kvm_memslots {
	struct rb_root gfn_tree;
	int node_idx;
};

struct kvm {
	struct mm_struct *mm;
	int userspace_pid;
	struct dentry *debugfs_dentry;
	struct kvm_memslots *memslots[1];
};

struct kvm_vcpu {
	struct kvm *kvm;
	struct preempt_notifier preempt_notifier;
	int vcpu_id;
	struct kvm_run *run;
	struct kvm_vcpu_arch arch;
	struct kvm_vcpu_stat stat;
};

/* include/uapi/linux/kvm.h, arch/arm64/include/uapi/asm/kvm.h */
struct kvm_run {
	__u32 exit_reason;
};

struct kvm_one_reg {
	__u64 id;
	__u64 addr;
};

/* kernel/bpf/map_iter.c */
struct bpf_iter__bpf_map_elem {
	void *key;
	void *value;
};

/* include/linux/sched.h */
struct mm_struct {
	unsigned long arg_start;
	unsigned long arg_end;
};

/* include/linux/sched/signal.h */
struct signal_struct {
	unsigned int flags;
	int group_exit_code;
};

struct task_struct {
	struct mm_struct *mm;
	struct hlist_head preempt_notifiers;
	struct task_struct *real_parent;
	struct task_struct *group_leader;
	struct signal_struct *signal;
	unsigned int flags;
	int exit_code;
	int tgid;
	__u64 start_boottime;
	char comm[16];
};

#pragma clang attribute pop

/* arch/arm64/include/uapi/asm/kvm.h: ABI, so its layout is fixed */
struct kvm_vcpu_events {
	struct {
		__u8 serror_pending;
		__u8 serror_has_esr;
		__u8 ext_dabt_pending;
		__u8 pad[5];
		__u64 serror_esr;
	} exception;
};

#endif /* KVM_TYPES_H */
