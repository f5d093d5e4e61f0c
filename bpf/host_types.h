/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host_types.h - like kvm_types.h: the kernel fields that tell what the host did about
 * bad memory.
 */
#ifndef HOST_TYPES_H
#define HOST_TYPES_H

#include "kvm_types.h"

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

/* include/linux/types.h, include/linux/signal_types.h */
struct list_head {
	struct list_head *next;
};

typedef struct {
	unsigned long sig[1];
} sigset_t;

struct sigpending {
	struct list_head list;
	sigset_t signal;
};

struct kernel_siginfo {
	int si_signo;
	int si_code;
};

struct sigqueue {
	struct list_head list;
	struct kernel_siginfo info;
};

struct task_struct___host {
	struct sigpending pending;
	int pid;
};

#pragma clang attribute pop

/* include/linux/cper.h: UEFI's, so its layout is fixed */
struct cper_sec_proc_arm {
	__u32 validation_bits;
	__u16 err_info_num;
	__u16 context_info_num;
	__u32 section_length;
	__u8 affinity_level;
	__u8 reserved[3];
	__u64 mpidr;
	__u64 midr;
	__u32 running_state;
	__u32 psci_state;
};

#endif /* HOST_TYPES_H */
