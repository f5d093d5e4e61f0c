// SPDX-License-Identifier: GPL-2.0-only
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/bpf.h>

#include "guest.h"
#include "ras.h"
#include "spare.h"

/* guest.S */
extern const uint8_t guest_code[], guest_code_end[], guest_vectors[];
extern const uint64_t guest_data_word;

/* Stage-1 descriptors */
#define DESC_BLOCK 1UL
#define DESC_TABLE 3UL
#define DESC_PAGE 3UL
#define DESC_DEVICE (1UL << 2) /* attribute 1 of MAIR */
#define DESC_INNER_SHAREABLE (3UL << 8)
#define DESC_EL0 (1UL << 6)
#define DESC_ACCESSED (1UL << 10)
#define DESC_NORMAL (DESC_INNER_SHAREABLE | DESC_ACCESSED)

#define MAIR_NORMAL_DEVICE 0x00ffUL /* attribute 0: write-back; 1: nGnRnE */

/* TTBR0 only, 39 bits in pages of 4 KiB, 40 bits of IPA, cacheable walks, tags (TBI0) */
#define TCR_GUEST (25UL | 1UL << 8 | 1UL << 10 | 3UL << 12 | 1UL << 23 | 2UL << 32 | 1UL << 37)

/* Stage 2 of a guest's guest: likewise, from level 1 on */
#define VTCR_GUEST (25UL | 1UL << 6 | 1UL << 8 | 1UL << 10 | 3UL << 12 | 2UL << 16 | 1UL << 31)
#define S2_BLOCK (DESC_BLOCK | 0xfUL << 2 | 3UL << 6 | DESC_NORMAL) /* write-back, RW */

#define SCTLR_RES1 0x30d00800UL

/* AArch32: EAE, all addresses by TTBR0, cacheable walks; that is in TTBR0 without EAE. */
#define TTBCR_LPAE (1UL << 31 | 1UL << 23 | 1UL << 8 | 1UL << 10 | 3UL << 12)
#define TTBR_CACHEABLE (1UL << 6 | 1UL << 3 | 1UL << 1)
#define DACR_CLIENT 1UL
#define SCTLR32_RES1 0x00c50878UL
#define SCTLR_MMU_CACHES (1UL << 0 | 1UL << 2 | 1UL << 12)

/*
 * The tables of a vCPU: pages of its window, and not those that are data in the
 * other one. The emulator has one place in its TLB for both, and OP_UNMAPPED
 * needs both of them there.
 */
#define TABLE_L1 32
#define TABLE_L2 33
#define TABLE_L3 34
#define TABLE_S2 35
#define TABLE_L3_EL0 36
#define TABLE_SHORT_L2 37
#define TABLE_SHORT_L1 40 /* and three more: it has 16 KiB */
#define TABLE_PAGES 12

#define CODE_SIZE (2 * GUEST_PAGE)

static uint64_t table_gpa(unsigned int vcpu, unsigned int table)
{
	return GUEST_TABLES + (uint64_t)vcpu * GUEST_WINDOW + table * GUEST_PAGE;
}

static uint64_t *table(const struct guest_memory *mem, unsigned int vcpu, unsigned int table)
{
	return (uint64_t *)(mem->tables + (size_t)vcpu * GUEST_WINDOW + table * GUEST_PAGE);
}

/*
 * Shared, so that a fork of the VMM has the same pages and no copies of them.
 * The pages must not move while they are poisoned: whoever copies them dies.
 */
static uint8_t *map_memory(size_t size)
{
	uint8_t *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		err(EXIT_ENVIRONMENT, "mmap of guest memory");
	/* Kernels without huge pages refuse, and need not be told. */
	madvise(p, size, MADV_NOHUGEPAGE);
	return p;
}

/*
 * An array of BPF's: pages that the kernel has allocated for itself, so that
 * memory_failure() does not take them away from whoever has mapped them.
 */
static uint8_t *map_kernel_pages(size_t size)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = sizeof(uint32_t),
		.value_size = GUEST_PAGE,
		.max_entries = size / GUEST_PAGE,
		.map_flags = BPF_F_MMAPABLE,
	};
	int fd = syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
	uint8_t *p;

	if (fd < 0)
		err(EXIT_ENVIRONMENT, "BPF_MAP_CREATE");
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		err(EXIT_ENVIRONMENT, "mmap of guest memory");
	return p;
}

/* The same pages for whoever maps the file later */
static uint8_t *map_file(const char *path, size_t size)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	uint8_t *p;

	if (fd < 0 || ftruncate(fd, size))
		err(EXIT_ENVIRONMENT, "%s", path);
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED)
		err(EXIT_ENVIRONMENT, "mmap of %s", path);
	close(fd);
	return p;
}

static void reserve_huge_pages(size_t number)
{
	FILE *file = fopen("/proc/sys/vm/nr_hugepages", "w");

	if (!file || fprintf(file, "%zu\n", number) < 0 || fclose(file))
		err(EXIT_ENVIRONMENT, "/proc/sys/vm/nr_hugepages");
}

static uint8_t *map_huge_pages(size_t size, int flags)
{
	uint8_t *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS | MAP_HUGETLB | flags, -1, 0);

	if (p == MAP_FAILED)
		err(EXIT_ENVIRONMENT, "mmap of huge pages%s",
		    flags ? " of 1 GiB, which takes hugepagesz=1G hugepages=1 at boot" : "");
	return p;
}

/* Private, as shared memory has huge pages only where the host wants that for all. */
static uint8_t *map_transparent(size_t size)
{
	uintptr_t p = (uintptr_t)mmap(NULL, size + GUEST_WINDOW, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == (uintptr_t)MAP_FAILED)
		err(EXIT_ENVIRONMENT, "mmap of guest memory");
	p = (p + GUEST_WINDOW - 1) & ~(GUEST_WINDOW - 1UL);
	if (madvise((void *)p, size, MADV_HUGEPAGE))
		err(EXIT_ENVIRONMENT, "MADV_HUGEPAGE");
	return (uint8_t *)p;
}

/* As a VMM maps a device's memory, for stage 2 to have it as that */
static uint8_t *map_device(size_t size, uint64_t pa)
{
	int fd = open("/dev/mem", O_RDWR | O_SYNC | O_CLOEXEC);
	uint8_t *p;

	if (fd < 0)
		err(EXIT_ENVIRONMENT, "/dev/mem");
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)pa);
	if (p == MAP_FAILED)
		err(EXIT_ENVIRONMENT, "mmap of /dev/mem at %#" PRIx64, pa);
	close(fd);
	return p;
}

static void map_data(struct guest_memory *mem, const char *file)
{
	const size_t size = (size_t)mem->nr_vcpus * GUEST_WINDOW;

	mem->data_size = size;
	switch (mem->backing) {
	case KERNEL_PAGES:
		mem->data = map_kernel_pages(size);
		break;
	case HUGETLB_PAGES:
		/* Of the default size: two VMs' worth, and those of a run that has just ended */
		reserve_huge_pages(4 * GUEST_MAX_VCPUS);
		mem->data = map_huge_pages(size, 0);
		break;
	case TRANSPARENT_HUGE:
		mem->data = map_transparent(size);
		break;
	case GIGANTIC_PAGE:
		mem->data_size = GUEST_GIGANTIC;
		mem->data = map_huge_pages(mem->data_size, GUEST_GIGANTIC_SHIFT << MAP_HUGE_SHIFT);
		break;
	case DEVICE_MEMORY:
		mem->data_pa = spare_memory(size);
		mem->data = map_device(size, mem->data_pa);
		break;
	case SMALL_PAGES:
		mem->data = file ? map_file(file, size) : map_memory(size);
		break;
	}
}

static void populate(uint8_t *p, size_t size)
{
	if (mlock(p, size))
		err(EXIT_ENVIRONMENT, "mlock of guest memory");
}

static void populate_data(const struct guest_memory *mem)
{
	switch (mem->backing) {
	case SMALL_PAGES:
	case KERNEL_PAGES:
		for (unsigned int vcpu = 0; vcpu < mem->nr_vcpus; vcpu++)
			populate(guest_page(mem, vcpu, 0), GUEST_PAGES * GUEST_PAGE);
		break;
	case DEVICE_MEMORY:
		break;
	case HUGETLB_PAGES:
	case TRANSPARENT_HUGE:
	case GIGANTIC_PAGE:
		/* To lock a part of a huge page would have it split. */
		populate(mem->data, mem->data_size);
	}
}

static void fill_page(uint8_t *page, uint64_t word)
{
	for (size_t i = 0; i < GUEST_PAGE / sizeof(word); i++)
		((volatile uint64_t *)page)[i] = word;
}

static void fill_tables(const struct guest_memory *mem, unsigned int vcpu)
{
	uint64_t data_va = mem->kind == AARCH64 ? GUEST_DATA_VA : GUEST32_DATA_VA;
	uint64_t *l1 = table(mem, vcpu, TABLE_L1);
	uint64_t *l2 = table(mem, vcpu, TABLE_L2);
	uint64_t *s2 = table(mem, vcpu, TABLE_S2);

	if (mem->kind == AARCH32_SHORT) {
		guest32_fill_short((uint32_t *)table(mem, vcpu, TABLE_SHORT_L1),
				   (uint32_t *)table(mem, vcpu, TABLE_SHORT_L2),
				   table_gpa(vcpu, TABLE_SHORT_L2), vcpu);
		return;
	}
	l1[0] = DESC_BLOCK | DESC_NORMAL | DESC_DEVICE;
	for (uint64_t i = 1; i < 4; i++)
		l1[i] = i << 30 | DESC_BLOCK | DESC_NORMAL;
	l1[data_va >> 30] = table_gpa(vcpu, TABLE_L2) | DESC_TABLE;
	l2[vcpu] = table_gpa(vcpu, TABLE_L3) | DESC_TABLE;
	l2[vcpu + GUEST_EL0_OFFSET / GUEST_WINDOW] = table_gpa(vcpu, TABLE_L3_EL0) | DESC_TABLE;
	for (unsigned int page = 0; page < GUEST_PAGES; page++) {
		guest_page_map(mem, vcpu, page);
		table(mem, vcpu, TABLE_L3_EL0)[page] = table(mem, vcpu, TABLE_L3)[page] | DESC_EL0;
	}
	s2[GUEST_CODE >> 30] = GUEST_CODE | S2_BLOCK;
	s2[GUEST_DATA_NESTED >> 30] = GUEST_DATA | S2_BLOCK;
}

void guest_memory_create(struct guest_memory *mem, const char *file)
{
	bool aarch32 = mem->kind != AARCH64;
	const uint8_t *code = aarch32 ? guest32_code : guest_code;

	mem->code = map_memory(CODE_SIZE);
	mem->tables = map_memory((size_t)mem->nr_vcpus * GUEST_WINDOW);
	map_data(mem, file);

	populate(mem->code, CODE_SIZE);
	memcpy(mem->code, code, (aarch32 ? guest32_code_end : guest_code_end) - code);

	populate_data(mem);
	for (unsigned int vcpu = 0; vcpu < mem->nr_vcpus; vcpu++) {
		populate((uint8_t *)table(mem, vcpu, TABLE_L1), TABLE_PAGES * GUEST_PAGE);
		for (unsigned int page = 0; page < GUEST_PAGES; page++)
			fill_page(guest_page(mem, vcpu, page),
				  aarch32 ? guest32_data_word : guest_data_word);
		fill_tables(mem, vcpu);
	}
}

void guest_memory_destroy(struct guest_memory *mem)
{
	munmap(mem->code, CODE_SIZE);
	munmap(mem->data, mem->data_size);
	munmap(mem->tables, (size_t)mem->nr_vcpus * GUEST_WINDOW);
}

void guest_memory_attach(const struct guest_memory *mem, struct vm *vm)
{
	const size_t size = (size_t)mem->nr_vcpus * GUEST_WINDOW;

	vm_add_memory(vm, GUEST_CODE, mem->code, CODE_SIZE, 0);
	vm_add_memory(vm, GUEST_DATA, mem->data, mem->data_size,
		      mem->read_only ? KVM_MEM_READONLY : 0);
	vm_add_memory(vm, GUEST_TABLES, mem->tables, size, 0);
}

void guest_vcpu_setup(const struct vcpu *vcpu, unsigned int index, bool mmu)
{
	vcpu_set_reg(vcpu, REG_X(9), GUEST_MMIO);
	vcpu_set_reg(vcpu, REG_X(10), GUEST_CODE);
	vcpu_set_reg(vcpu, REG_PC, GUEST_CODE);
	vcpu_set_reg(vcpu, REG_PSTATE, vcpu->el2 ? GUEST_PSTATE_EL2 : GUEST_PSTATE_EL1);
	if (vcpu->el2) {
		vcpu_set_reg(vcpu, REG_HCR_EL2, GUEST_HCR);
		vcpu_set_reg(vcpu, REG_VTCR_EL2, VTCR_GUEST);
		vcpu_set_reg(vcpu, REG_VTTBR_EL2, table_gpa(index, TABLE_S2));
	}
	vcpu_set_reg(vcpu, vcpu->el2 ? REG_VBAR_EL2 : REG_VBAR_EL1,
		     GUEST_CODE + (guest_vectors - guest_code));
	vcpu_set_reg(vcpu, vcpu->el2 ? REG_MAIR_EL2 : REG_MAIR_EL1, MAIR_NORMAL_DEVICE);
	vcpu_set_reg(vcpu, vcpu->el2 ? REG_TCR_EL2 : REG_TCR_EL1, TCR_GUEST);
	vcpu_set_reg(vcpu, vcpu->el2 ? REG_TTBR0_EL2 : REG_TTBR0_EL1, table_gpa(index, TABLE_L1));
	vcpu_set_reg(vcpu, vcpu->el2 ? REG_SCTLR_EL2 : REG_SCTLR_EL1,
		     SCTLR_RES1 | (mmu ? SCTLR_MMU_CACHES : 0));
}

void guest32_vcpu_setup(const struct vcpu *vcpu, unsigned int index, enum guest_kind kind)
{
	bool lpae = kind == AARCH32_LONG;

	vcpu_set_reg(vcpu, REG_X(9), GUEST_MMIO);
	vcpu_set_reg(vcpu, REG_X(10), GUEST_CODE + GUEST32_START);
	vcpu_set_reg(vcpu, REG_PC, GUEST_CODE + GUEST32_START);
	vcpu_set_reg(vcpu, REG_PSTATE, GUEST32_CPSR);
	/* The registers of AArch32 are parts of these, see "AArch32 state" in the Arm ARM. */
	vcpu_set_reg(vcpu, REG_VBAR_EL1, GUEST_CODE);
	vcpu_set_reg(vcpu, REG_MAIR_EL1, MAIR_NORMAL_DEVICE);
	vcpu_set_reg(vcpu, REG_DACR32_EL2, DACR_CLIENT);
	vcpu_set_reg(vcpu, REG_TCR_EL1, lpae ? TTBCR_LPAE : 0);
	vcpu_set_reg(vcpu, REG_TTBR0_EL1,
		     lpae ? table_gpa(index, TABLE_L1) :
			    table_gpa(index, TABLE_SHORT_L1) | TTBR_CACHEABLE);
	vcpu_set_reg(vcpu, REG_SCTLR_EL1, SCTLR32_RES1 | SCTLR_MMU_CACHES);
}

uint8_t *guest_page(const struct guest_memory *mem, unsigned int vcpu, unsigned int page)
{
	return mem->data + (size_t)vcpu * GUEST_WINDOW + page * GUEST_PAGE;
}

uint64_t guest_page_pa(const struct guest_memory *mem, unsigned int vcpu, unsigned int page)
{
	if (mem->backing == DEVICE_MEMORY)
		return mem->data_pa + (uint64_t)vcpu * GUEST_WINDOW + page * GUEST_PAGE;
	return ras_pa(guest_page(mem, vcpu, page));
}

uint64_t guest_page_gpa(unsigned int vcpu, unsigned int page)
{
	return GUEST_DATA + (uint64_t)vcpu * GUEST_WINDOW + page * GUEST_PAGE;
}

uint64_t guest_page_gva(unsigned int vcpu, unsigned int page, bool mmu)
{
	return guest_page_gpa(vcpu, page) + (mmu ? GUEST_DATA_VA - GUEST_DATA : 0);
}

uint64_t guest32_page_gva(unsigned int vcpu, unsigned int page)
{
	return guest_page_gpa(vcpu, page) + GUEST32_DATA_VA - GUEST_DATA;
}

uint64_t guest_page_nested(unsigned int vcpu, unsigned int page)
{
	return guest_page_gpa(vcpu, page) + GUEST_DATA_NESTED - GUEST_DATA;
}

void *guest_pte(const struct guest_memory *mem, unsigned int vcpu, unsigned int page)
{
	if (mem->kind == AARCH32_SHORT)
		return (uint32_t *)table(mem, vcpu, TABLE_SHORT_L2) + page;
	return table(mem, vcpu, TABLE_L3) + page;
}

uint64_t guest_pte_gpa(unsigned int vcpu, unsigned int page)
{
	return table_gpa(vcpu, TABLE_L3) + page * sizeof(uint64_t);
}

void *guest_stage2(const struct guest_memory *mem, unsigned int vcpu)
{
	return table(mem, vcpu, TABLE_S2);
}

void guest_page_map(const struct guest_memory *mem, unsigned int vcpu, unsigned int page)
{
	table(mem, vcpu, TABLE_L3)[page] = guest_page_gpa(vcpu, page) | DESC_PAGE | DESC_NORMAL;
}

bool guest_page_replace(uint8_t *page)
{
	int flags = MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED | MAP_POPULATE | MAP_LOCKED;

	if (mmap(page, GUEST_PAGE, PROT_READ | PROT_WRITE, flags, -1, 0) != page)
		return false;
	fill_page(page, guest_data_word);
	return true;
}

uint64_t guest_word_returns(void)
{
	/* The immediate of MOVZ, the first of the two instructions */
	return (uint32_t)guest_data_word >> 5 & 0xffff;
}
