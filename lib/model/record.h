/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record.h - what a feed yields, one after the other.
 *
 * The order is such that who reads need not look ahead: the session comes first, a
 * VM before all that is about it, and its end after the tick that has its last
 * counts. Each record has its time in both clocks, and that pair never changes.
 */
#ifndef SEA_RECORD_H
#define SEA_RECORD_H

#include <time.h>

#include "model/session.h"
#include "model/snapshot.h"
#include "model/vm.h"
#include "sea_abi.h"

enum sea_record_type {
	SEA_RECORD_SESSION, /* a session began, or what is known of it changed, or it ended */
	SEA_RECORD_VM,	    /* a VM was first seen, or what is known of it changed */
	SEA_RECORD_SEA,	    /* an SEA got its disposition */
	SEA_RECORD_ANSWER,  /* a forwarded SEA got its response */
	SEA_RECORD_END,	    /* a VM ended */
	SEA_RECORD_TICK,    /* all counters at one moment */
	SEA_RECORD_GAP,	    /* nobody counted, or nobody could look */
	SEA_RECORD_HOST,    /* what the host's own RAS code did */
	SEA_RECORD_TYPES,
};

/* "session", "vm", "sea", "answer", "end", "tick", "gap", "host"; static. */
const char *sea_record_type_name(unsigned int type);
/* The number of such a name, or -1; NULL is no name. */
int sea_record_type_number(const char *name);

/* Why a time is missing. Time in which the hooks were switched off: sea_snapshot::blind_ns. */
enum sea_gap_cause {
	SEA_GAP_TICK,	  /* a tick could not be read; the next one has its counts */
	SEA_GAP_RECORDER, /* no recorder ran, or none knows: what happened is not known */
	SEA_GAP_STORE,	  /* it ran, and could not write: full disk, I/O error */
	SEA_GAP_CAUSES,
};

/* "tick", "recorder", "store"; static. */
const char *sea_gap_cause_name(unsigned int cause);
int sea_gap_cause_number(const char *name);

#define SEA_GAP_WHY_LEN 256

struct sea_gap {
	enum sea_gap_cause cause;
	struct timespec since, until; /* CLOCK_REALTIME; until 0: it is not over */
	__u64 since_ns,
		until_ns; /* CLOCK_BOOTTIME of this boot; 0: of another boot, or not known */
	char why[SEA_GAP_WHY_LEN]; /* a sentence; "": nobody knows */
};

/* How a VM ended, as far as it is known. */
struct sea_end {
	__u64 time_ns; /* CLOCK_BOOTTIME when KVM destroyed it; 0: its end was not seen */
	/* What wait(2) said of the VMM's process; -1: not known, it may live on. */
	int wait_status;
};

#define SEA_END_TEXT_LEN 64

/*
 * How a process ended, from what wait(2) said of it: "exit 1", "SIGKILL",
 * "SIGBUS (MCEERR_AR)". sigbus: si_code of the last SIGBUS that it was sent for bad
 * memory; 0: none. "" if wait_status is -1.
 */
void sea_end_text(int wait_status, __s32 sigbus, char text[SEA_END_TEXT_LEN]);
/* "MCEERR_AR", "MCEERR_AO", "SI_KERNEL"; NULL for others; static. */
const char *sea_sigbus_code_name(__s32 code);

/*
 * Something that the host did about bad memory, or to the VMM for it. Which of the
 * numbers are there depends on the kind; what is not known has no bit in `known`.
 */
enum sea_host_kind {
	SEA_HOST_MEMORY_FAILURE, /* memory_failure(): pfn, flags, result */
	SEA_HOST_SIGBUS,	 /* SIGBUS to a VMM: code, address, lsb, tgid, tid */
	SEA_HOST_ARM_EVENT,	 /* ras:arm_event: text */
	SEA_HOST_MC_EVENT,	 /* ras:mc_event: text, address */
	SEA_HOST_NON_STANDARD,	 /* ras:non_standard_event: text */
	SEA_HOST_MF_EVENT,	 /* ras:memory_failure_event: pfn, result, text */
	SEA_HOST_GHES,		 /* a GHES record in the kernel's log: text */
	SEA_HOST_PANIC,		 /* the host's kernel died, or took an SEA itself: text */
	SEA_HOST_MCE,		 /* a machine check of an x86 host: text, address */
	SEA_HOST_KINDS,
};

/* "memory_failure", "sigbus", "arm_event", "mc_event", "non_standard_event",
 * "memory_failure_event", "ghes", "panic", "mce"; static. */
const char *sea_host_kind_name(unsigned int kind);
int sea_host_kind_number(const char *name);

#define SEA_HOST_PFN 0x1
#define SEA_HOST_ADDRESS 0x2
#define SEA_HOST_RESULT 0x4
#define SEA_HOST_CODE 0x8
#define SEA_HOST_FLAGS 0x10

#define SEA_HOST_TEXT_LEN 256

/* sea_host_event::cpu */
#define SEA_CPU_UNKNOWN 0xffffffffU

struct sea_host_event {
	enum sea_host_kind kind;
	__u32 known;	 /* SEA_HOST_* */
	__u64 pfn;	 /* page frame number; addresses are pfn * page size */
	__u64 address;	 /* of a SIGBUS: in the VMM; of the others: physical */
	__s64 result;	 /* what memory_failure() returned, 0 or -errno; of the event: its number */
	__u32 flags;	 /* of memory_failure(): MF_* */
	__s32 code;	 /* si_code of a SIGBUS */
	__u32 lsb;	 /* si_addr_lsb of a SIGBUS: log2 of the bytes that are bad; 0: not known */
	__u32 tgid, tid; /* whom a SIGBUS goes to; 0: nobody's */
	__u32 cpu;	 /* SEA_CPU_UNKNOWN: not known */
	__u64 vm_id;	 /* of the session; 0: no VM, or not known */
	char text[SEA_HOST_TEXT_LEN]; /* decoded, printable; "" */
};

/* The page of an SEA, as far as it could be found out when it was taken. */
#define SEA_PAGE_HVA 0x1
#define SEA_PAGE_PFN 0x2
#define SEA_PAGE_SIZE 0x4
#define SEA_PAGE_NODE 0x8
#define SEA_PAGE_POISON 0x10 /* whether the host holds it for bad is known */

struct sea_page {
	__u32 known;	/* SEA_PAGE_* */
	__u32 poisoned; /* 1: the host holds the page for bad (PG_hwpoison) */
	__u64 hva;	/* address in the VMM, page aligned */
	__u64 pfn;	/* page frame number */
	__u64 size;	/* bytes of the mapping: 4096, 65536, 2097152, ... */
	__s32 node;	/* NUMA node */
	__u32 reserved;
};

/* What the pointers lead to is the feed's, until its next record is asked for. */
struct sea_record {
	enum sea_record_type type;
	__u64 time_ns;	      /* CLOCK_BOOTTIME */
	struct timespec wall; /* CLOCK_REALTIME of the same moment, fixed at first sight */
	const struct sea_session *session; /* of all records: whose they are */
	const struct sea_vm_info *vm;	   /* VM, SEA, ANSWER, END; HOST: NULL if it is no VM's */
	const struct sea_event *event;	   /* SEA, ANSWER */
	const struct sea_page *page;	   /* SEA: or NULL */
	const struct sea_end *end;	   /* END */
	const struct sea_snapshot *tick;   /* TICK */
	const struct sea_gap *gap;	   /* GAP */
	const struct sea_host_event *host; /* HOST */
};

#endif /* SEA_RECORD_H */
