/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sea_list.h - what bpf/sea_list.bpf.c and userspace say to each other: the VMs
 * that run, whoever took an SEA or not.
 *
 * As in sea_abi.h there are no holes, and no kernel pointer is in here.
 */
#ifndef SEA_LIST_H
#define SEA_LIST_H

#include "sea_abi.h"

/*
 * A process with a BPF ring buffer of this name is one of ours: its VMs are there to
 * try KVM, and nobody lists them. To make a ring buffer takes CAP_BPF, which no VMM
 * needs. It is made before the VM, so that its descriptor is the smaller one.
 */
#define SEA_READER_MAP "sea_reader"

/* Dispositions that the kernel's own statistics have: all but `unknown`. */
#define SEA_STATISTICS 4

/* Bytes of kernel text that are read at once. */
#define SEA_TEXT_CHUNK 1024

enum sea_opt_in {
	SEA_OPT_IN_UNKNOWN = 0, /* this kernel, or our privileges, do not let us tell */
	SEA_OPT_IN_NO = 1,
	SEA_OPT_IN_YES = 2,	  /* the VMM enabled KVM_CAP_ARM_SEA_TO_USER */
	SEA_OPT_IN_PROTECTED = 3, /* KVM grants it to no VM of this kind: pKVM-protected, Realm */
	SEA_OPT_IN_STATES = 4,
};

/*
 * A VM as the last pass over all VMs found it. counted is read before
 * statistics: an SEA that is on its way between the two makes the difference
 * too large, never too small.
 */
struct sea_running {
	__u64 id;			  /* sea_vm::id */
	__u64 pass;			  /* of the list, in which it was last seen */
	__u64 counted[SEA_STATISTICS];	  /* sea_vm::disposition */
	__u64 statistics[SEA_STATISTICS]; /* kvm_vcpu_stat::sea_*, over all vCPUs */
	__u32 vcpus;
	__u32 opt_in; /* enum sea_opt_in */
};

#ifndef __bpf__
static_assert(sizeof(struct sea_running) == 8 * (2 + 2 * SEA_STATISTICS) + 2 * 4,
	      "sea_running has a hole");
#endif

#endif /* SEA_LIST_H */
