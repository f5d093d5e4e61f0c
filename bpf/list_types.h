/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * list_types.h - like kvm_types.h: the kernel fields that the list of VMs needs.
 *
 * Names end in ___ and a word where kvm_types.h has another part of the same
 * type; CO-RE takes no notice of what follows the ___.
 */
#ifndef LIST_TYPES_H
#define LIST_TYPES_H

#include "kvm_types.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* include/linux/xarray.h, lib/xarray.c */
struct xarray {
	void *xa_head;
};

struct xa_node {
	__u8 shift;
	void *slots[64];
};

/* include/linux/kvm_host.h, arch/arm64/include/asm/kvm_host.h */
/* enabled is of 6.12 and before, is_protected of 7.x */
struct kvm_protected_vm {
	bool enabled;
	bool is_protected;
};

/* is_realm is of the series for Arm's Realms (CCA). */
struct kvm_arch___list {
	unsigned long flags;
	struct kvm_protected_vm pkvm;
	bool is_realm;
};

typedef struct {
	int counter;
} atomic_t;

struct kvm___list {
	struct mm_struct *mm;
	struct xarray vcpu_array;
	atomic_t online_vcpus;
	struct kvm_arch___list arch;
};

/* kernel/kvm-arm64-sea.patch */
struct kvm_vcpu_stat___sea {
	__u64 sea_claimed;
	__u64 sea_host_owned;
	__u64 sea_not_opted_in;
	__u64 sea_forwarded;
};

struct kvm_vcpu_arch___list {
	__u64 hcr_el2;
};

struct kvm_vcpu___list {
	struct kvm *kvm;
	struct kvm_vcpu_arch___list arch;
	struct kvm_vcpu_stat___sea stat;
};

/* include/linux/fs.h */
struct super_block {
	unsigned long s_magic;
};

struct inode {
	struct super_block *i_sb;
};

struct path {
	struct dentry *dentry;
};

struct file {
	struct path f_path;
	struct inode *f_inode;
	void *private_data;
};

/* include/linux/bpf.h */
struct bpf_map {
	enum bpf_map_type map_type;
	char name[16];
};

/* kernel/bpf/task_iter.c */
struct bpf_iter__task_file {
	struct task_struct *task;
	__u32 fd;
	struct file *file;
};

#pragma clang attribute pop

#endif /* LIST_TYPES_H */
