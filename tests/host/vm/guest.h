/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guest: what guest.S and the VMM have to agree upon, and the guest's
 * memory as the VMM sees it.
 *
 * Guest physical memory of a VM, one window of GUEST_WINDOW bytes per vCPU for
 * data and for tables, as that is what one stage-2 leaf table maps: poison in
 * such a table concerns one vCPU only.
 *
 * Stage 1 maps everything below 4 GiB as it is, and the data once more from
 * GUEST_DATA_VA on. That is where the guest accesses it, so that a virtual
 * address is never mistaken for a physical one.
 */
#ifndef GUEST_H
#define GUEST_H

#define GUEST_MMIO 0x10000000
#define GUEST_CODE 0x40000000
#define GUEST_DATA 0x80000000
#define GUEST_TABLES 0xc0000000
#define GUEST_WINDOW 0x200000
#define GUEST_DATA_VA 0x100000000

/* A guest in AArch32 has no such address: it finds the data at the last GiB. */
#define GUEST32_DATA_VA 0xc0000000

/* It has its vectors at GUEST_CODE, and begins behind them. */
#define GUEST32_START 0x20

/*
 * Ports: the guest reads what to do next from the first two, in this order,
 * and writes what it has seen to the others. The last port of each report is
 * the one that counts.
 */
#define PORT_ADDRESS 0x00
#define PORT_OP 0x08
#define PORT_VALUE 0x10	    /* done; the value read or written */
#define PORT_SERROR 0x18    /* an SError: ESR_EL1 */
#define PORT_ABORT_ESR 0x20 /* an instruction or data abort */
#define PORT_ABORT_FAR 0x28
#define PORT_ABORT_ELR 0x30
#define PORT_STRAY_ESR 0x38 /* any other exception */
#define PORT_STRAY 0x40	    /* offset of its vector */

/* Operations: what the guest does at PORT_ADDRESS */
#define OP_LOAD 0
#define OP_STORE 1     /* of the address itself */
#define OP_FETCH 2     /* call it */
#define OP_ATOMIC 3    /* LDADD of 0 */
#define OP_EXCLUSIVE 4 /* LDXR, STXR of the same value */
#define OP_WALK 5      /* a load, after the TLB has been emptied */
/* At EL2 only, of VSESR_EL2, which FEAT_NV2 turns into memory */
#define OP_READ_VNCR 6
#define OP_WRITE_VNCR 7 /* of the address itself */
#define OP_NESTED 8	/* a guest's guest reads it, from the page that it is given */
/* A load by a translation that the CPU has, and that is gone from the tables */
#define OP_UNMAPPED 9
#define OP_ROUTED 10	 /* a load by a guest's guest, whose aborts the guest takes */
#define OP_STAGE2 11	 /* the same, where the guest gives its guest addresses of its own */
#define OP_NESTED_TEA 12 /* OP_NESTED, where the guest takes its guest's aborts */
#define OP_BRK 13	 /* BRK, with the bit set that S1PTW is in the syndrome of an abort */

#define OP_NESTED_WALK 16 /* OP_NESTED, when it has run for some milliseconds */
#define OP_EL0 14	  /* a load by EL0 */
#define OP_TAGGED 15	  /* a load by an address with a tag in its topmost byte (TBI) */

#define GUEST_TAG 0xa5

/* EL0 finds the data so much further on. */
#define GUEST_EL0_OFFSET 0x1000000

/* Where VSESR_EL2 is in the page of VNCR_EL2 */
#define VSESR_OFFSET 0x508

/* EL1 and EL2 with their own SP; debug, IRQ, FIQ masked; SErrors are not. */
#define GUEST_PSTATE_EL1 0x2c5
#define GUEST_PSTATE_EL2 0x2c9

/* Supervisor mode; IRQ, FIQ masked; SErrors are not. */
#define GUEST32_CPSR 0xd3

/*
 * HCR_EL2: with E2H, EL2's tables and registers are like EL1's; RW: EL1, too, is
 * AArch64. A guest's guest is told that it is at EL2 as well (NV, NV2), and takes
 * its own aborts and SErrors; or the guest takes its aborts (TEA), or both (AMO).
 * What NV2 makes of an access to a register is an access of EL2, and the guest's.
 */
#define GUEST_HCR 0x000480000000
#define GUEST_HCR_NESTED 0x240480000000
#define GUEST_HCR_NESTED_TEA 0x242480000000
#define GUEST_HCR_ROUTED 0x2480000020
#define GUEST_HCR_STAGE2 (GUEST_HCR_ROUTED | 1) /* VM */

/* Where a guest's guest finds GUEST_DATA, by the guest's stage 2 */
#define GUEST_DATA_NESTED 0x140000000

/*
 * Where in the page a guest's guest says that it runs, and the VMM that the table is bad,
 * each by what is not 0: OP_NESTED_WALK
 */
#define GUEST_NESTED_MARK 0xff8
#define GUEST_NESTED_GO 0xff0

/* Each operation has so many bytes of code, 1 << OP_SHIFT. */
#define OP_SHIFT 5

#ifndef __ASSEMBLER__
#include <stdbool.h>
#include <stdint.h>

#include "kvm.h"

#define GUEST_PAGE 4096UL
#define GUEST_MAX_VCPUS 8

/* The size of a gigantic page, and its logarithm */
#define GUEST_GIGANTIC_SHIFT 30
#define GUEST_GIGANTIC (1UL << GUEST_GIGANTIC_SHIFT)

/* Page 0 of a vCPU's data never goes bad; the others do. */
#define GUEST_CLEAN_PAGE 0
#define GUEST_PAGES 17

/* What the data is made of */
enum backing {
	SMALL_PAGES,
	KERNEL_PAGES,	  /* that the kernel keeps to itself */
	HUGETLB_PAGES,	  /* of 2 MiB */
	TRANSPARENT_HUGE, /* likewise */
	GIGANTIC_PAGE,	  /* of 1 GiB */
	DEVICE_MEMORY,	  /* that the kernel does not know of, see spare_memory() */
};

/* The guest's execution state, and the format of its stage 1 tables */
enum guest_kind { AARCH64, AARCH32_LONG, AARCH32_SHORT };

/* By how large a block stage 2 is to map the data, where nothing stands against it */
static inline uint64_t guest_mapping_size(enum backing backing)
{
	if (backing == GIGANTIC_PAGE)
		return GUEST_GIGANTIC;
	return backing == HUGETLB_PAGES || backing == TRANSPARENT_HUGE ? GUEST_WINDOW : GUEST_PAGE;
}

struct guest_memory {
	unsigned int nr_vcpus;
	enum guest_kind kind;
	enum backing backing;
	bool read_only; /* the guest may not write its data */
	uint8_t *code;
	uint8_t *data;
	size_t data_size;
	uint64_t data_pa; /* of DEVICE_MEMORY, as a process is not told that */
	uint8_t *tables;
};

/*
 * The memory comes before the VM: others may hold it when the VMM is gone. @mem says
 * nr_vcpus, kind and backing; a file is for SMALL_PAGES.
 */
void guest_memory_create(struct guest_memory *mem, const char *file);
void guest_memory_destroy(struct guest_memory *mem);
void guest_memory_attach(const struct guest_memory *mem, struct vm *vm);

/* A vCPU's first entry, at EL1 or EL2; without @mmu its stage 1 stays off. */
void guest_vcpu_setup(const struct vcpu *vcpu, unsigned int index, bool mmu);
/* The same in AArch32, always with stage 1 */
void guest32_vcpu_setup(const struct vcpu *vcpu, unsigned int index, enum guest_kind kind);

uint8_t *guest_page(const struct guest_memory *mem, unsigned int vcpu, unsigned int page);
uint64_t guest_page_pa(const struct guest_memory *mem, unsigned int vcpu, unsigned int page);
uint64_t guest_page_gpa(unsigned int vcpu, unsigned int page);
uint64_t guest_page_gva(unsigned int vcpu, unsigned int page, bool mmu);
uint64_t guest32_page_gva(unsigned int vcpu, unsigned int page);
/* For a guest's guest that is behind the guest's stage 2 */
uint64_t guest_page_nested(unsigned int vcpu, unsigned int page);

/*
 * The stage-1 descriptor that maps a page of data: it, of 8 bytes or, in the short format,
 * of 4; and its address, in AArch64
 */
void *guest_pte(const struct guest_memory *mem, unsigned int vcpu, unsigned int page);
uint64_t guest_pte_gpa(unsigned int vcpu, unsigned int page);

/* The root of the stage 2 tables for a guest of the guest's */
void *guest_stage2(const struct guest_memory *mem, unsigned int vcpu);

/* Maps a page of data again that OP_UNMAPPED has unmapped. */
void guest_page_map(const struct guest_memory *mem, unsigned int vcpu, unsigned int page);

/* Puts a fresh page where one went bad. Async-signal-safe. */
bool guest_page_replace(uint8_t *page);

/* What the data, any aligned 8 bytes of which are the same, returns when called */
uint64_t guest_word_returns(void);

/* In AArch32: code for the data to be full of, the guest's own (guest32.S), short tables */
extern const uint64_t guest32_data_word;
extern const uint8_t guest32_code[], guest32_code_end[];
void guest32_fill_short(uint32_t *first, uint32_t *second, uint64_t second_gpa, unsigned int vcpu);
#endif

#endif
