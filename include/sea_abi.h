/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sea_abi.h - what bpf/sea_trace.bpf.c and userspace say to each other.
 *
 * Both sides include this file. Every structure has a fixed layout without
 * holes and starts out zeroed, so that no stale kernel stack reaches userspace.
 * All times are nanoseconds of CLOCK_BOOTTIME. No kernel pointer is in here.
 *
 * Words (disposition, reason, response) are explained in seatop(8). The names
 * that go with the numbers are in lib/base/words.c.
 */
#ifndef SEA_ABI_H
#define SEA_ABI_H

#ifndef __bpf__
#include <assert.h>
#include <linux/types.h>
#endif

/* Grows by one with every change of a layout or of a number below. */
#define SEA_ABI_VERSION 4

/* What became of a synchronous external abort (SEA). One SEA has one of these. */
enum sea_disposition {
	SEA_CLAIMED = 0,      /* apei_claim_sea() returned 0 */
	SEA_HOST_OWNED = 1,   /* the memory is the host's own; enum sea_reason says why */
	SEA_NOT_OPTED_IN = 2, /* the VMM never enabled KVM_CAP_ARM_SEA_TO_USER */
	SEA_FORWARDED = 3,    /* KVM_EXIT_ARM_SEA */
	SEA_UNKNOWN = 4,      /* this kernel does not let us tell */
	SEA_DISPOSITIONS = 5,
};

/* Why an SEA has the disposition that it has. */
enum sea_reason {
	SEA_REASON_NONE = 0,	/* the disposition says it all */
	SEA_NO_RAS = 1,		/* host_owned: the CPU has no FEAT_RAS */
	SEA_VNCR = 2,		/* host_owned: KVM's VNCR page */
	SEA_S2_WALK = 3,	/* host_owned: FSC of a table walk, with S1PTW */
	SEA_AMBIGUOUS_WALK = 4, /* not host_owned: FSC of a table walk, without S1PTW */
	SEA_REASONS = 5,
};

/* What the VMM did about a forwarded SEA; none of these yet: pending. */
enum sea_response {
	SEA_INJECTED = 0,  /* injected an external abort, then ran the vCPU again */
	SEA_RESUMED = 1,   /* ran the vCPU again without */
	SEA_ABANDONED = 2, /* the VM went away first */
	SEA_RESPONSES = 3,
};

/*
 * Latency from KVM_EXIT_ARM_SEA to the answer, as a log2 histogram: slot i
 * counts latencies of [2^i, 2^(i+1)) microseconds; slot 0 also counts those
 * below 1 us and the last slot all that are longer. Abandoned ones count too.
 */
#define SEA_LATENCY_SLOTS 24

/* VM table size (VMs seen at once), unless --max-vms says otherwise. */
#define SEA_MAX_VMS_DEFAULT 1024

/* Bytes of task_struct::comm, NUL included. */
#define SEA_COMM_LEN 16

/*
 * One VM, or the row `other` for all VMs past the table's bound. Counters only
 * grow, by atomic adds; readers take differences.
 */
struct sea_vm {
	__u64 id;	/* grows in the order of first sight; 0: `other` */
	__u64 start_ns; /* start of the VMM's process; 0: unknown */
	__u64 first_ns; /* first sight of the VM */
	__u64 ended_ns; /* the VM was destroyed; 0: not seen to be */
	/*
	 * Last SEA: its time with the lowest 8 bits replaced by disposition
	 * (bits 3:0) and reason (bits 7:4). One word, so that concurrent vCPUs
	 * never mix two events. See SEA_LAST_*(). 0: none yet.
	 */
	__u64 last;
	__u64 disposition[SEA_DISPOSITIONS];
	__u64 reason[SEA_REASONS]; /* [SEA_REASON_NONE] counts all without a reason */
	__u64 response[SEA_RESPONSES];
	__u64 latency_ns; /* sum over all responses */
	__u64 latency[SEA_LATENCY_SLOTS];
	__u64 lost_ratelimit; /* detail records not sent: over this VM's rate */
	__u64 lost_ring_full; /* detail records not sent: ring buffer full */
	__u64 lost_name;      /* 1: its struct sea_vm_event was not sent: ring buffer full */
	__u64 tokens;	      /* token bucket's state: BPF's own */
	__u64 tokens_ns;      /* token bucket's state: BPF's own */
	__u32 tgid;	      /* the VMM, in the initial pid namespace; 0: unknown */
	__u32 announced;      /* its struct sea_vm_event was sent or lost: BPF's own */
	/*
	 * The thread that made the VM, in the initial pid namespace, and the VM's file
	 * descriptor there when it did: what KVM's debugfs calls the VM, and so unique
	 * among those that live. creator 0, creator_fd -1: unknown.
	 */
	__u32 creator;
	__s32 creator_fd;
	/*
	 * What wait(2) says of the VMM's process, if that ended and took the VM along;
	 * exit_known 0: not known, the process may live on.
	 */
	__u32 exit_known;
	__s32 wait_status;
	char comm[SEA_COMM_LEN]; /* of the VMM's group leader */
};

#define SEA_LAST(ns, disposition, reason) \
	(((ns) & ~0xffULL) | ((__u64)(reason) << 4) | (__u64)(disposition))
#define SEA_LAST_NS(last) ((last) & ~0xffULL)
#define SEA_LAST_DISPOSITION(last) ((last)&0xf)
#define SEA_LAST_REASON(last) (((last) >> 4) & 0xf)

/* What the whole tracer counts, VM or not. One element of an array map. */
struct sea_totals {
	__u64 vms;	       /* VMs that got a row of their own */
	__u64 lost_table_full; /* SEAs and responses counted under `other` */
	__u64 lost_no_vcpu;    /* a hook fired and no vCPU was found or kept: not counted */
	__u64 lost_answers;    /* forwarded SEAs whose answer will not be seen */
	__u64 answered_early;  /* responses to SEAs forwarded before we attached */
};

enum sea_event_type {
	SEA_EVENT_SEA = 0,	/* a SEA got its disposition */
	SEA_EVENT_ANSWERED = 1, /* a forwarded SEA got its response */
	SEA_EVENT_VM_ENDED = 2, /* the VM was destroyed */
	SEA_EVENT_VM_SEEN = 3,	/* a VM took its first SEA: struct sea_vm_event */
};

/* sea_event::flags */
#define SEA_IPA_VALID 0x1  /* ipa is known */
#define SEA_PC_VALID 0x2   /* pc is known */
#define SEA_FAR_VALID 0x4  /* far is known: ESR_ELx.FnV (Arm ARM D24.2.40) is 0 */
#define SEA_HVA_VALID 0x8  /* hva is known: of SEA_EVENT_SEA only */
#define SEA_PFN_VALID 0x10 /* pfn is known: likewise */

/*
 * A detail record in the ring buffer `events`. That of an answer has the addresses
 * of the SEA that was answered, though the vCPU may have run since.
 */
struct sea_event {
	__u16 version; /* SEA_ABI_VERSION */
	__u16 size;    /* of this record, in bytes */
	__u8 type;     /* enum sea_event_type */
	__u8 disposition;
	__u8 reason;
	__u8 response;	  /* of SEA_EVENT_ANSWERED */
	__u64 time_ns;	  /* CLOCK_BOOTTIME */
	__u64 vm_id;	  /* sea_vm::id */
	__u64 start_ns;	  /* sea_vm::start_ns */
	__u64 esr;	  /* ESR_EL2 as the abort left it */
	__u64 far;	  /* FAR_EL2, if SEA_FAR_VALID */
	__u64 ipa;	  /* fault IPA, page aligned, if SEA_IPA_VALID */
	__u64 pc;	  /* of the guest's instruction, if SEA_PC_VALID */
	__u64 hva;	  /* where the VMM has the IPA, by its memory slots, if SEA_HVA_VALID */
	__u64 pfn;	  /* the host's page frame that the IPA was, if SEA_PFN_VALID */
	__u64 latency_ns; /* of SEA_EVENT_ANSWERED: since the exit */
	__u32 tgid;	  /* sea_vm::tgid */
	__u32 tid;	  /* the thread that ran the vCPU, or that ended the VM */
	__u32 vcpu;	  /* kvm_vcpu::vcpu_id */
	__u32 cpu;	  /* physical CPU */
	__u32 flags;	  /* SEA_*_VALID */
	__u32 reserved;
	char comm[SEA_COMM_LEN]; /* of the VMM's group leader */
};

/*
 * Bytes of the VMM's command line in a struct sea_vm_event: such that as many
 * records as a table of the default size has rows go into a ring of 2 MiB.
 */
#define SEA_CMDLINE_LEN 1968

/*
 * Who a VM is, sent to the ring buffer `seen` at its first SEA: that may be the
 * end of its VMM, and then there is nothing left in /proc to ask. Starts as
 * struct sea_event does.
 */
struct sea_vm_event {
	__u16 version; /* SEA_ABI_VERSION */
	__u16 size;    /* of this record, in bytes */
	__u8 type;     /* SEA_EVENT_VM_SEEN */
	__u8 cut;      /* the command line goes on */
	__u16 cmdline_len;
	__u64 time_ns;	  /* CLOCK_BOOTTIME */
	__u64 vm_id;	  /* sea_vm::id */
	__u64 start_ns;	  /* sea_vm::start_ns */
	__u64 cgroup_id;  /* of the thread that ran the vCPU: inode number in cgroup2 */
	__u32 tgid;	  /* sea_vm::tgid */
	__u32 creator;	  /* sea_vm::creator */
	__s32 creator_fd; /* sea_vm::creator_fd */
	__u32 reserved;
	char comm[SEA_COMM_LEN];
	char cmdline[SEA_CMDLINE_LEN]; /* arguments, with a NUL behind each */
};

#ifndef __bpf__
static_assert(sizeof(struct sea_vm) == 8 * (11 + SEA_DISPOSITIONS + SEA_REASONS + SEA_RESPONSES +
					    SEA_LATENCY_SLOTS) +
					       6 * 4 + SEA_COMM_LEN,
	      "sea_vm has a hole");
static_assert(sizeof(struct sea_event) == 8 + 10 * 8 + 6 * 4 + SEA_COMM_LEN,
	      "sea_event has a hole");
static_assert(sizeof(struct sea_vm_event) == 8 + 4 * 8 + 4 * 4 + SEA_COMM_LEN + SEA_CMDLINE_LEN,
	      "sea_vm_event has a hole");
#endif

#endif /* SEA_ABI_H */
