/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sea_host.h - what bpf/sea_host.bpf.c and userspace say to each other: what the host
 * did about bad memory.
 *
 * As in sea_abi.h there are no holes, all starts out zeroed, and no kernel pointer is in
 * here.
 */
#ifndef SEA_HOST_H
#define SEA_HOST_H

#include "sea_abi.h"

/* What a record is about. */
enum sea_host_type {
	SEA_HOST_TYPE_MEMORY_FAILURE, /* memory_failure() is done: pfn, flags, result */
	SEA_HOST_TYPE_SIGBUS,	      /* SIGBUS to tid: code, address, lsb; pfn, if known */
	SEA_HOST_TYPE_ARM_EVENT,      /* ras:arm_event: value[] as enum sea_host_arm has it */
	SEA_HOST_TYPE_MC_EVENT,	      /* ras:mc_event: address, value[0] how many; text[] */
	SEA_HOST_TYPE_NON_STANDARD,   /* ras:non_standard_event: value[] are the two GUIDs */
	SEA_HOST_TYPE_MF_EVENT,	      /* ras:memory_failure_event: pfn, flags (type), result */
	SEA_HOST_TYPES,
};

/* sea_host_record::known */
#define SEA_HOST_HAS_PFN 0x1
#define SEA_HOST_HAS_ADDRESS 0x2

/* sea_host_record::value of an arm_event: struct cper_sec_proc_arm, UEFI 2.10, N.2.4.4 */
enum sea_host_arm {
	SEA_HOST_ARM_VALID, /* its validation bits */
	SEA_HOST_ARM_MPIDR,
	SEA_HOST_ARM_MIDR,
	SEA_HOST_ARM_AFFINITY,
	SEA_HOST_ARM_RUNNING,
	SEA_HOST_ARM_PSCI,
};

#define SEA_HOST_VALUES 6
#define SEA_HOST_TEXTS 3
#define SEA_HOST_RAW_LEN 80

/* text[] of an mc_event: what kind of error, the label of the DIMM, what the driver adds. */
enum sea_host_mc { SEA_HOST_MC_MESSAGE, SEA_HOST_MC_LABEL, SEA_HOST_MC_DETAIL };

struct sea_host_record {
	__u16 version; /* SEA_ABI_VERSION */
	__u16 size;    /* of this record, in bytes */
	__u8 type;     /* enum sea_host_type */
	__u8 severity; /* of the event: mc_event's and CPER's number */
	__u16 known;   /* SEA_HOST_HAS_* */
	__u64 time_ns; /* CLOCK_BOOTTIME */
	__u64 pfn;
	__u64 address;	    /* of a SIGBUS in the process, else physical */
	__u64 vmm_start_ns; /* start of the process vmm_tgid, CLOCK_BOOTTIME */
	__s64 result;
	__u64 value[SEA_HOST_VALUES];
	__u32 flags;
	__s32 code; /* si_code */
	__u32 lsb;  /* si_addr_lsb */
	__u32 tgid; /* whom a SIGBUS goes to; else 0 */
	__u32 tid;
	/*
	 * Of a SIGBUS and of memory_failure(): the process that a VM with the memory of the
	 * thread in question is known by, as sea_vm::tgid; 0: a kernel thread's.
	 */
	__u32 vmm_tgid;
	__u32 cpu;
	__u32 reserved;
	char text[SEA_HOST_TEXTS][SEA_HOST_RAW_LEN]; /* each ends in a NUL */
};

#ifndef __bpf__
static_assert(sizeof(struct sea_host_record) ==
		      8 + 8 * (5 + SEA_HOST_VALUES) + 8 * 4 + SEA_HOST_TEXTS * SEA_HOST_RAW_LEN,
	      "sea_host_record has a hole");
#endif

#endif /* SEA_HOST_H */
