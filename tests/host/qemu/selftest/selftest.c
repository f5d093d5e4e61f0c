// SPDX-License-Identifier: GPL-2.0-only
/*
 * Self-test of the QEMU series, on the bare machine: every kind of access meets
 * poison from EL0, EL1 and EL2, on both stages' table walks too, and each must
 * be one hit of the device and one abort, taken where the architecture says,
 * with the right syndrome.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RAS 0x090c0000UL
#define COMMAND 0x00
#define STATUS 0x08
#define HITS 0x10
#define SELECT 0x18
#define REGION_HITS 0x20
#define PEEK 0x28
#define FNV 0x30
#define FIRMWARE_FIRST 0x38
#define POISONED 0x40
#define RECORDS 0x48
#define RECORDS_MISSED 0x50
#define REGION_RECORDS 0x58
#define VERSION 0x60
#define EINJ_TYPES 0x80
#define EINJ_EXECUTE 0x88
#define EINJ_STATUS 0x98
#define EINJ_TRIGGER 0xa0
#define EINJ_SET_TYPE 0xc0

enum { PAGE = 1, PAGE_FF, HEAL_PAGE, LINE, LINE_FF, HEAL_LINE };

#define HCR_VM (1UL << 0)
#define HCR_TGE (1UL << 27)
#define HCR_RW (1UL << 31)
#define HCR_TEA (1UL << 37)
#define SCR_EA (1UL << 3)
#define TCR_HA (1UL << 39)

/* Descriptors: both stages' with AF and inner shareable, then what differs */
#define PTE_AF (1UL << 10)
#define PTE_COMMON (PTE_AF | 3 << 8)
#define PTE_BLOCK 1
#define PTE_PAGE 3
#define PTE_TABLE 3
#define S1_DEVICE (1 << 2)
#define S1_USER (1 << 6)
#define S2_NORMAL (3 << 6 | 0xf << 2)
#define S2_DEVICE (3 << 6)

#define ESR_EC(esr) ((esr) >> 26 & 0x3f)
#define ESR_ISV (1UL << 24)
#define ESR_FNV (1UL << 10)
#define ESR_EA (1UL << 9)
#define ESR_S1PTW (1UL << 7)
#define ESR_WNR (1UL << 6)
#define EC_SVC64 0x15
#define EC_HVC32 0x12
#define EC_INSN 0x20
#define EC_DATA 0x24
#define FSC_ACCESS 0x10
#define FSC_WALK_L3 0x17

#define EL0 0x3c0UL
#define EL1 0x3c5UL
#define EL2 0x3c9UL
#define A32_SVC 0x1d3UL

/*
 * RAM beyond the program. DATA is what the accesses are aimed at, TABLES holds
 * the stage 1 tables that map it; each has a stage 2 leaf table of its own. (The
 * program is mapped by the first level alone, which is elsewhere.)
 */
#define DATA 0x48000000UL
#define TABLES 0x48200000UL
#define BAD (DATA + 0x1000)
#define GOOD (DATA + 0x8000)

/*
 * Stage 1 addresses of DATA, for EL0 and for EL1 alone (EL1 cannot execute what
 * EL0 can write), and of the program for EL0.
 */
#define USER(pa) ((pa)-DATA + 0x80000000UL)
#define KERN(pa) ((pa)-DATA + 0x80200000UL)
#define USER_TEXT(pa) ((uint64_t)(pa) + 0x80000000UL)

struct taken {
	uint64_t esr, far, el, hpfar, vector;
};

extern volatile struct taken taken;
extern char vectors_el1[];
void enter(uint64_t pc, uint64_t spsr, uint64_t x0, uint64_t x1, uint64_t x4, uint64_t x5);
void set_scr(uint64_t set, uint64_t clear);

static uint64_t *const s1_l2 = (uint64_t *)(TABLES + 0x1000);
static uint64_t *const s1_l3_user = (uint64_t *)(TABLES + 0x2000);
static uint64_t *const s1_l3_kern = (uint64_t *)(TABLES + 0x3000);
static uint64_t s1_l1[512] __attribute__((aligned(4096)));
static uint64_t s2_l1[512] __attribute__((aligned(4096)));
static uint64_t s2_l2[512] __attribute__((aligned(4096)));
static uint64_t s2_l3_data[512] __attribute__((aligned(4096)));
static uint64_t s2_l3_tables[512] __attribute__((aligned(4096)));

static unsigned int passed, failed;

/* All accesses under test: stub, offset from the start of the bad page, store */
#define ACCESSES(X)                  \
	X(ldrb, 0, false)            \
	X(ldr, 8, false)             \
	X(ldr_unaligned, 0, false)   \
	X(ldr_crossing, 0, false)    \
	X(ldr_crossing, 4096, false) \
	X(ldp, 16, false)            \
	X(ldp, 48, false)            \
	X(ldr_q, 32, false)          \
	X(ldp_q, 32, false)          \
	X(ldp_q_crossing, 0, false)  \
	X(ld4, 0, false)             \
	X(ld4, -32, false)           \
	X(ldar, 0, false)            \
	X(ldapr, 0, false)           \
	X(ldxr, 0, false)            \
	X(ldxp, 0, false)            \
	X(strb, 1, true)             \
	X(str, 0, true)              \
	X(str_crossing, 0, true)     \
	X(str_crossing, 4096, true)  \
	X(stp, 16, true)             \
	X(stp_q, 32, true)           \
	X(st4, 0, true)              \
	X(st4, -32, true)            \
	X(stlr, 0, true)             \
	X(dc_zva, 0, true)           \
	X(ldadd, 0, false)           \
	X(swp, 0, false)             \
	X(cas, 0, false)             \
	X(casp, 0, false)            \
	X(sve_ld1, 0, false)         \
	X(sve_ld1, -64, false)       \
	X(sve_st1, 0, true)          \
	X(sve_gather, -24, false)    \
	X(sve_ldff1, 0, false)       \
	X(cpy_from, 0, false)        \
	X(cpy_from, -128, false)     \
	X(cpy_to, 0, true)           \
	X(set, 0, true)              \
	X(set, -128, true)

#define STUB(stub, ...) extern char stub_##stub[];
/* clang-format off */
ACCESSES(STUB)
STUB(fetch)
STUB(prfm)
STUB(stxr)
STUB(stxp)
STUB(sve_ldnf1)
STUB(at_s1e1r)
STUB(at_s12e1r)
STUB(a32_ldr)
STUB(a32_str)
/* clang-format on */

#define sysreg_write(reg, value) \
	asm volatile("msr " reg ", %0\n\tisb" : : "r"((uint64_t)(value)) : "memory")

static void put(const char *s)
{
	for (; *s; s++)
		*(volatile uint32_t *)0x09000000UL = (uint8_t)*s;
}

static void put_hex(uint64_t value)
{
	int shift;

	put("0x");
	for (shift = 60; shift > 0 && !(value >> shift); shift -= 4)
		;
	for (; shift >= 0; shift -= 4)
		put((char[]){"0123456789abcdef"[value >> shift & 0xf], 0});
}

static void put_dec(unsigned int value)
{
	if (value >= 10)
		put_dec(value / 10);
	put((char[]){'0' + value % 10, 0});
}

static bool expect(const char *name, const char *what, uint64_t got, uint64_t want)
{
	if (got == want)
		return true;
	put("# ");
	put(name);
	put(": ");
	put(what);
	put(" is ");
	put_hex(got);
	put(", expected ");
	put_hex(want);
	put("\n");
	return false;
}

static void result(const char *name, bool ok)
{
	put(ok ? "ok " : "not ok ");
	put_dec(passed + failed + 1);
	put(" - ");
	put(name);
	put("\n");
	if (ok)
		passed++;
	else
		failed++;
}

static uint64_t ras_get(unsigned int reg)
{
	return *(volatile uint64_t *)(RAS + reg);
}

static void ras_set(unsigned int reg, uint64_t value)
{
	*(volatile uint64_t *)(RAS + reg) = value;
}

static uint64_t command(unsigned int what, uint64_t addr)
{
	ras_set(COMMAND, addr | what);
	return ras_get(STATUS);
}

static uint64_t region(unsigned int reg, uint64_t addr)
{
	ras_set(SELECT, addr);
	return ras_get(reg);
}

static void run(uint64_t level, const char *stub, uint64_t x0, uint64_t x1, uint64_t x4,
		uint64_t x5)
{
	uint64_t pc = level == EL0 ? USER_TEXT(stub) : (uint64_t)stub;

	asm volatile("dsb sy\n\ttlbi alle1\n\tdsb sy\n\tisb" : : : "memory");
	enter(pc, level, x0, x1, x4, x5);
}

static void set_hcr(uint64_t bits)
{
	sysreg_write("hcr_el2", HCR_RW | HCR_VM | bits);
}

static void map(uint64_t tcr)
{
	const uint64_t gib = 1UL << 30;
	unsigned int i;

	for (i = 0; i < 512; i++) {
		uint64_t data = DATA + i * 4096UL;
		uint64_t table = TABLES + i * 4096UL;
		uint64_t block = gib + i * 0x200000UL;

		s1_l1[i] = 0;
		s1_l2[i] = 0;
		s1_l3_user[i] = data | PTE_COMMON | S1_USER | PTE_PAGE;
		s1_l3_kern[i] = data | PTE_COMMON | PTE_PAGE;
		s2_l1[i] = 0;
		s2_l2[i] = block | PTE_COMMON | S2_NORMAL | PTE_BLOCK;
		s2_l3_data[i] = data | PTE_COMMON | S2_NORMAL | PTE_PAGE;
		s2_l3_tables[i] = table | PTE_COMMON | S2_NORMAL | PTE_PAGE;
	}
	s1_l1[0] = PTE_COMMON | S1_DEVICE | PTE_BLOCK;
	s1_l1[1] = gib | PTE_COMMON | PTE_BLOCK;
	s1_l1[2] = (uint64_t)s1_l2 | PTE_TABLE;
	s1_l1[3] = gib | PTE_COMMON | S1_USER | PTE_BLOCK;
	s1_l2[0] = (uint64_t)s1_l3_user | PTE_TABLE;
	s1_l2[1] = (uint64_t)s1_l3_kern | PTE_TABLE;
	s2_l1[0] = PTE_COMMON | S2_DEVICE | PTE_BLOCK;
	s2_l1[1] = (uint64_t)s2_l2 | PTE_TABLE;
	s2_l2[(DATA - gib) >> 21] = (uint64_t)s2_l3_data | PTE_TABLE;
	s2_l2[(TABLES - gib) >> 21] = (uint64_t)s2_l3_tables | PTE_TABLE;

	sysreg_write("mair_el1", 0x00ff);
	sysreg_write("tcr_el1", 25 | 3 << 12 | 1 << 23 | 2UL << 32 | tcr);
	sysreg_write("ttbr0_el1", s1_l1);
	sysreg_write("vttbr_el2", s2_l1);
	sysreg_write("vtcr_el2", 25 | 1 << 6 | 3 << 12 | 2 << 16 | 1UL << 31);
	/* RES1 bits, MSCEn, DZE, M */
	sysreg_write("sctlr_el1", 0x30d00980UL | 1UL << 33 | 1 << 14 | 1);
	sysreg_write("vbar_el1", vectors_el1);
	sysreg_write("cpacr_el1", 3 << 20 | 3 << 16);
	sysreg_write("cptr_el2", 0x32ff);
	sysreg_write("S3_4_C1_C2_0", 0xf);     /* ZCR_EL2 */
	sysreg_write("S3_0_C1_C2_0", 0xf);     /* ZCR_EL1 */
	sysreg_write("S3_4_C1_C2_2", 1 << 11); /* HCRX_EL2.MSCEn */
}

/* What the abort that ended the last run() must have been */
struct want {
	unsigned int el; /* taken to */
	unsigned int ec; /* as from a lower Exception level */
	unsigned int fsc;
	uint64_t bits; /* of ISV, FnV, S1PTW */
	uint64_t far;
	uint64_t far_size;
};

static bool aborted(const char *name, const struct want *want, uint64_t from, uint64_t hits)
{
	bool same = (from >> 2 & 3) == want->el;
	bool ok = true;

	ok &= expect(name, "hits", ras_get(HITS) - hits, 1);
	ok &= expect(name, "EL", taken.el, want->el);
	ok &= expect(name, "EC", ESR_EC(taken.esr), want->ec + same);
	ok &= expect(name, "FSC", taken.esr & 0x3f, want->fsc);
	ok &= expect(name, "EA", taken.esr & ESR_EA, ESR_EA);
	ok &= expect(name, "ISV, FnV, S1PTW", taken.esr & (ESR_ISV | ESR_FNV | ESR_S1PTW),
		     want->bits);
	if (taken.far - want->far >= want->far_size)
		ok = expect(name, "FAR", taken.far, want->far);
	return ok;
}

static bool completed(const char *name, uint64_t hits)
{
	bool ok = expect(name, "hits", ras_get(HITS) - hits, 0);

	return expect(name, "EC", ESR_EC(taken.esr), EC_SVC64) && ok;
}

/* Every kind of access, on a bad page and on a bad line */
static void test_accesses(void)
{
	static const struct {
		const char *name, *stub;
		int offset;
		bool write;
	} accesses[] = {
#define ENTRY(stub, offset, write) {#stub, stub_##stub, offset, write},
		ACCESSES(ENTRY)};
	unsigned int i, line;

	set_hcr(HCR_TEA);
	for (i = 0; i < sizeof(accesses) / sizeof(accesses[0]); i++) {
		const char *name = accesses[i].name;
		bool ok = true;

		for (line = 0; line < 2; line++) {
			int offset = accesses[i].offset;
			/* The end of a page is that of its last line. */
			uint64_t bad = BAD + (line && offset == 4096 ? 4032 : 0);
			uint64_t size = line ? 64 : 4096;
			struct want want = {
				2, EC_DATA, FSC_ACCESS, 0, KERN(bad), size,
			};
			uint64_t hits = ras_get(HITS), mine;

			ok &= expect(name, "poison", command(line ? LINE : PAGE, bad), 0);
			mine = region(REGION_HITS, bad);
			run(EL1, accesses[i].stub, KERN(BAD) + offset, KERN(GOOD), 0, 0);
			ok &= aborted(name, &want, EL1, hits);
			ok &= expect(name, "region's hits", region(REGION_HITS, bad) - mine, 1);
			if (accesses[i].write)
				ok &= expect(name, "WnR", taken.esr & ESR_WNR, ESR_WNR);
			ok &= expect(name, "heal", command(line ? HEAL_LINE : HEAL_PAGE, bad), 0);

			/* Sound again, and nothing but the start of it is done. */
			hits = ras_get(HITS);
			run(EL1, accesses[i].stub, KERN(BAD) + offset, KERN(GOOD), 0, 0);
			ok &= completed(name, hits);
		}
		result(name, ok);
	}
}

/* Accesses that are no access */
static void test_no_access(void)
{
	uint64_t hits = ras_get(HITS);
	bool ok = true;

	set_hcr(HCR_TEA);
	command(PAGE, BAD);
	run(EL1, stub_prfm, KERN(BAD), 0, 0, 0);
	ok &= completed("prfm", hits);
	run(EL1, stub_sve_ldnf1, KERN(BAD), 0, 0, 0);
	ok &= completed("sve_ldnf1", hits);
	run(EL1, stub_sve_ldff1, KERN(BAD) - 8, 0, 0, 0);
	ok &= completed("sve_ldff1", hits);
	run(EL1, stub_at_s1e1r, KERN(BAD), 0, 0, 0);
	ok &= completed("at", hits);
	command(HEAL_PAGE, BAD);
	result("prefetch, non-fault loads and AT of a bad page do not hit", ok);
}

/* The memory goes bad between the two halves of an exclusive pair. */
static void test_exclusive_stores(void)
{
	static const struct {
		const char *name, *stub;
	} stores[] = {
		{"stxr", stub_stxr},
		{"stxp", stub_stxp},
	};
	struct want want = {2, EC_DATA, FSC_ACCESS, 0, KERN(BAD), 4096};
	unsigned int i;

	set_hcr(HCR_TEA);
	for (i = 0; i < 2; i++) {
		uint64_t hits = ras_get(HITS);
		bool ok;

		run(EL1, stores[i].stub, KERN(BAD), RAS + COMMAND, 0, BAD | PAGE);
		ok = aborted(stores[i].name, &want, EL1, hits);
		command(HEAL_PAGE, BAD);
		result(stores[i].name, ok);
	}
}

/* Beside a bad line the rest of the page works, atomics and code included. */
static void test_beside_line(void)
{
	static const char *const stubs[] = {
		stub_ldr,  stub_str,	stub_ldadd, stub_casp,
		stub_ldxr, stub_dc_zva, stub_ld4,   stub_cpy_to,
	};
	uint32_t *code = (uint32_t *)(BAD + 128);
	uint64_t hits = ras_get(HITS);
	bool ok = true;
	unsigned int i;

	set_hcr(HCR_TEA);
	command(LINE, BAD + 1024);
	for (i = 0; i < sizeof(stubs) / sizeof(stubs[0]); i++) {
		run(EL1, stubs[i], KERN(BAD) + 256, KERN(GOOD), 0, 0);
		ok &= completed("beside a bad line", hits);
	}
	code[0] = 0xd503201f; /* nop */
	code[1] = 0xd4000001; /* svc #0 */
	run(EL1, stub_fetch, KERN(BAD) + 128, 0, 0, 0);
	ok &= completed("code beside a bad line", hits);
	command(HEAL_LINE, BAD + 1024);
	result("all is well beside a bad line", ok);
}

/* Who takes it: [TEA][EL] for accesses, fetches and stage 1 walks */
static void test_routing(void)
{
	static const uint64_t levels[] = {EL0, EL1};
	unsigned int tea, level;

	for (tea = 0; tea < 2; tea++) {
		for (level = 0; level < 2; level++) {
			uint64_t from = levels[level];
			uint64_t va = level ? KERN(BAD) : USER(BAD);
			uint64_t *table = level ? s1_l3_kern : s1_l3_user;
			unsigned int el = tea ? 2 : 1;
			struct want load = {el, EC_DATA, FSC_ACCESS, 0, va, 1};
			struct want fetch = {el, EC_INSN, FSC_ACCESS, 0, va, 1};
			struct want walk = {el, EC_DATA, FSC_WALK_L3, 0, va, 1};
			struct want fetch_walk = {el, EC_INSN, FSC_WALK_L3, 0, va, 1};
			uint64_t hits = ras_get(HITS);
			bool ok = true;

			set_hcr(tea ? HCR_TEA : 0);
			command(PAGE, BAD);
			run(from, stub_ldr, va, 0, 0, 0);
			ok &= aborted("load", &load, from, hits++);
			run(from, stub_str, va, 0, 0, 0);
			ok &= aborted("store", &load, from, hits++);
			run(from, stub_fetch, va, 0, 0, 0);
			ok &= aborted("fetch", &fetch, from, hits++);
			command(HEAL_PAGE, BAD);

			command(PAGE, (uint64_t)table);
			run(from, stub_ldr, va, 0, 0, 0);
			ok &= aborted("walk", &walk, from, hits++);
			run(from, stub_fetch, va, 0, 0, 0);
			ok &= aborted("walk for a fetch", &fetch_walk, from, hits++);
			command(HEAL_PAGE, (uint64_t)table);
			result(tea   ? level ? "EL1 with TEA: taken to EL2" :
					       "EL0 with TEA: taken to EL2" :
			       level ? "EL1 without TEA: taken to EL1" :
				       "EL0 without TEA: taken to EL1",
			       ok);
		}
	}
}

/* Stage 2 walks go to EL2 in any case, and never carry a syndrome. */
static void test_stage2_walks(void)
{
	unsigned int tea;

	for (tea = 0; tea < 2; tea++) {
		struct want walk = {2, EC_DATA, FSC_WALK_L3, 0, KERN(BAD), 1};
		struct want fetch = {2, EC_INSN, FSC_WALK_L3, 0, KERN(BAD), 1};
		uint64_t hits = ras_get(HITS);
		bool ok = true;

		set_hcr(tea ? HCR_TEA : 0);
		command(PAGE, (uint64_t)s2_l3_data);
		run(EL1, stub_ldr, KERN(BAD), 0, 0, 0);
		ok &= aborted("stage 2 walk", &walk, EL1, hits++);
		run(EL1, stub_str, KERN(BAD), 0, 0, 0);
		ok &= aborted("stage 2 walk for a store", &walk, EL1, hits++);
		run(EL1, stub_ldadd, KERN(BAD), 0, 0, 0);
		ok &= aborted("stage 2 walk for an atomic", &walk, EL1, hits++);
		run(EL1, stub_fetch, KERN(BAD), 0, 0, 0);
		ok &= aborted("stage 2 walk for a fetch", &fetch, EL1, hits++);
		command(HEAL_PAGE, (uint64_t)s2_l3_data);

		walk.bits = ESR_S1PTW;
		fetch.bits = ESR_S1PTW;
		command(PAGE, (uint64_t)s2_l3_tables);
		run(EL1, stub_ldr, KERN(BAD), 0, 0, 0);
		ok &= aborted("S1PTW", &walk, EL1, hits++);
		run(EL1, stub_fetch, KERN(BAD), 0, 0, 0);
		ok &= aborted("S1PTW for a fetch", &fetch, EL1, hits++);
		command(HEAL_PAGE, (uint64_t)s2_l3_tables);
		result(tea ? "stage 2 walks with TEA" : "stage 2 walks without TEA", ok);
	}
}

/* AT instructions walk bad tables as well: at EL1, and as KVM does at EL2. */
static void test_at(void)
{
	unsigned int tea;
	bool ok = true;

	for (tea = 0; tea < 2; tea++) {
		struct want s1 = {tea ? 2 : 1, EC_DATA, FSC_WALK_L3, 0, KERN(BAD), 1};
		struct want s2 = {2, EC_DATA, FSC_WALK_L3, 0, KERN(BAD), 1};
		uint64_t hits = ras_get(HITS);

		set_hcr(tea ? HCR_TEA : 0);
		command(PAGE, (uint64_t)s1_l3_kern);
		run(EL1, stub_at_s1e1r, KERN(BAD), 0, 0, 0);
		ok &= aborted("at s1e1r at EL1", &s1, EL1, hits++);
		run(EL2, stub_at_s1e1r, KERN(BAD), 0, 0, 0);
		ok &= aborted("at s1e1r at EL2", &s2, EL2, hits++);
		run(EL2, stub_at_s12e1r, KERN(BAD), 0, 0, 0);
		ok &= aborted("at s12e1r at EL2", &s2, EL2, hits++);
		command(HEAL_PAGE, (uint64_t)s1_l3_kern);

		command(PAGE, (uint64_t)s2_l3_data);
		run(EL2, stub_at_s12e1r, KERN(BAD), 0, 0, 0);
		ok &= aborted("at s12e1r, stage 2 table", &s2, EL2, hits++);
		run(EL2, stub_at_s1e1r, KERN(BAD), 0, 0, 0);
		ok &= completed("at s1e1r, stage 2 table not needed", hits);
		command(HEAL_PAGE, (uint64_t)s2_l3_data);
	}
	result("AT on bad tables", ok);
}

/* The walker sets access flags: not in bad memory, but right beside it. */
static void test_access_flag(void)
{
	struct want want = {2, EC_DATA, FSC_WALK_L3, 0, KERN(BAD), 1};
	volatile uint64_t *pte = &s1_l3_kern[(BAD - DATA) >> 12];
	uint64_t line = (uint64_t)pte & ~63UL;
	uint64_t hits = ras_get(HITS);
	bool ok = true;

	map(TCR_HA);
	set_hcr(HCR_TEA);
	*pte &= ~PTE_AF;
	command(LINE, line);
	run(EL1, stub_ldr, KERN(BAD), 0, 0, 0);
	ok &= aborted("access flag in a bad line", &want, EL1, hits++);
	command(HEAL_LINE, line);
	ok &= expect("access flag", "descriptor", *pte & PTE_AF, 0);

	command(LINE, line + 1024);
	run(EL1, stub_ldr, KERN(BAD), 0, 0, 0);
	ok &= completed("access flag beside a bad line", hits);
	ok &= expect("access flag", "descriptor", *pte & PTE_AF, PTE_AF);
	command(HEAL_LINE, line + 1024);
	map(0);
	result("hardware access flag", ok);
}

/* Aborts without a valid FAR, but for those on a walk */
static void test_fnv(void)
{
	const uint64_t garbage = 0xffff800012345678UL;
	unsigned int tea;
	bool ok = true;

	ras_set(FNV, garbage);
	for (tea = 0; tea < 2; tea++) {
		unsigned int el = tea ? 2 : 1;
		struct want load = {el, EC_DATA, FSC_ACCESS, ESR_FNV, garbage, 1};
		struct want fetch = {el, EC_INSN, FSC_ACCESS, ESR_FNV, garbage, 1};
		struct want walk = {el, EC_DATA, FSC_WALK_L3, 0, KERN(BAD), 1};
		uint64_t hits = ras_get(HITS);

		set_hcr(tea ? HCR_TEA : 0);
		command(PAGE, BAD);
		run(EL1, stub_ldr, KERN(BAD), 0, 0, 0);
		ok &= aborted("FnV load", &load, EL1, hits++);
		run(EL1, stub_fetch, KERN(BAD), 0, 0, 0);
		ok &= aborted("FnV fetch", &fetch, EL1, hits++);
		command(HEAL_PAGE, BAD);

		command(PAGE, (uint64_t)s1_l3_kern);
		run(EL1, stub_ldr, KERN(BAD), 0, 0, 0);
		ok &= aborted("FnV walk", &walk, EL1, hits++);
		command(HEAL_PAGE, (uint64_t)s1_l3_kern);
	}
	ok &= expect("FnV", "register", ras_get(FNV), garbage);
	ras_set(FNV, 0);
	result("FnV", ok);
}

/* With TGE, EL0 is the host's own: EL2 takes its aborts in any case. */
static void test_tge(void)
{
	struct want want = {2, EC_DATA, FSC_ACCESS, 0, BAD, 1};
	uint64_t hits = ras_get(HITS);
	bool ok = true;
	unsigned int tea;

	/* TGE means that stage 1 is off, but QEMU wants to be told. */
	sysreg_write("sctlr_el1", 0x30d00980UL);
	command(PAGE, BAD);
	for (tea = 0; tea < 2; tea++) {
		set_hcr(HCR_TGE | (tea ? HCR_TEA : 0));
		asm volatile("tlbi alle1\n\tdsb sy\n\tisb" : : : "memory");
		enter((uint64_t)stub_ldr, EL0, BAD, 0, 0, 0);
		ok &= aborted("TGE", &want, EL0, hits++);
	}
	run(EL2, stub_ldr, BAD, 0, 0, 0);
	ok &= aborted("EL2's own", &want, EL2, hits++);
	command(HEAL_PAGE, BAD);
	map(0);
	result("EL0 with TGE, and EL2 itself", ok);
}

/* An AArch32 guest, its MMU off */
static void test_aarch32(void)
{
	struct want want = {2, EC_DATA, FSC_ACCESS, 0, BAD, 1};
	uint64_t hits = ras_get(HITS);
	bool ok = true;

	sysreg_write("sctlr_el1", 0x30c50838UL);
	sysreg_write("hcr_el2", HCR_VM | HCR_TEA);
	command(PAGE, BAD);
	run(A32_SVC, stub_a32_ldr, BAD, 0, 0, 0);
	ok &= aborted("AArch32 load", &want, EL1, hits++);
	run(A32_SVC, stub_a32_str, BAD, 0, 0, 0);
	ok &= aborted("AArch32 store", &want, EL1, hits++);
	command(HEAL_PAGE, BAD);
	run(A32_SVC, stub_a32_ldr, BAD, 0, 0, 0);
	ok &= expect("AArch32", "EC", ESR_EC(taken.esr), EC_HVC32);
	map(0);
	result("AArch32 EL1 with TEA", ok);
}

/* SCR_EL3.EA takes them all, from EL2 too, and wins over TEA. */
static void test_el3(void)
{
	static const uint64_t levels[] = {EL0, EL1, EL2};
	uint64_t hits = ras_get(HITS);
	bool ok = true;
	unsigned int i;

	set_hcr(HCR_TEA);
	set_scr(SCR_EA, 0);
	for (i = 0; i < 3; i++) {
		uint64_t va = i == 0 ? USER(BAD) : i == 1 ? KERN(BAD) : BAD;
		struct want load = {3, EC_DATA, FSC_ACCESS, 0, va, 1};
		struct want walk = {3, EC_DATA, FSC_WALK_L3, 0, va, 1};
		uint64_t table = (uint64_t)(i ? s1_l3_kern : s1_l3_user);

		command(PAGE, BAD);
		run(levels[i], stub_ldr, va, 0, 0, 0);
		ok &= aborted("SCR_EL3.EA", &load, levels[i], hits++);
		command(HEAL_PAGE, BAD);
		if (levels[i] == EL2)
			break;
		command(PAGE, table);
		run(levels[i], stub_ldr, va, 0, 0, 0);
		ok &= aborted("SCR_EL3.EA, walk", &walk, levels[i], hits++);
		command(HEAL_PAGE, table);
	}
	set_scr(0, SCR_EA);
	result("SCR_EL3.EA: taken to EL3", ok);
}

/* The registers of the device */
static void test_commands(void)
{
	volatile uint64_t *mem = (uint64_t *)BAD;
	struct want refused = {2, EC_DATA, FSC_ACCESS, 0, RAS + HITS, 1};
	uint64_t hits = ras_get(HITS), missed = ras_get(RECORDS_MISSED);
	bool ok = true;

	set_hcr(HCR_TEA);
	ok &= expect("commands", "VERSION", ras_get(VERSION), 0x5241530000000001UL);
	ok &= expect("commands", "unknown command", command(9, BAD), 1);
	ok &= expect("commands", "no command", command(0, BAD), 1);
	ok &= expect("commands", "heal good page", command(HEAL_PAGE, BAD), 2);
	ok &= expect("commands", "heal good line", command(HEAL_LINE, BAD), 2);
	ok &= expect("commands", "poison a device", command(PAGE, 0x09000000), 3);
	ok &= expect("commands", "poison ourselves", command(LINE, RAS), 3);
	ok &= expect("commands", "poison nothing", command(PAGE, 1UL << 46), 3);
	ok &= expect("commands", "poison flash", command(PAGE, 0), 3);
	ok &= expect("commands", "POISONED", ras_get(POISONED), 0);
	result("refused commands", ok);

	ok = true;
	mem[0] = 0x1122334455667788UL;
	mem[1] = 0x99aabbccddeeff00UL;
	ok &= expect("page and lines", "page", command(PAGE, BAD + 64), 0);
	ok &= expect("page and lines", "again", command(PAGE, BAD), 0);
	ok &= expect("page and lines", "POISONED", ras_get(POISONED), 1);
	ok &= expect("page and lines", "line", command(LINE, BAD), 0);
	ok &= expect("page and lines", "POISONED", ras_get(POISONED), 2);
	ok &= expect("page and lines", "PEEK", region(PEEK, BAD), 0x1122334455667788UL);
	ok &= expect("page and lines", "PEEK", region(PEEK, BAD + 4), 0xddeeff0011223344UL);
	ok &= expect("page and lines", "heal a line of a page", command(HEAL_LINE, BAD + 64), 2);
	ok &= expect("page and lines", "heal line", command(HEAL_LINE, BAD), 0);
	run(EL1, stub_ldr, KERN(BAD), 0, 0, 0);
	ok &= expect("page and lines", "page still bad", ras_get(HITS) - hits, 1);
	ok &= expect("page and lines", "line", command(LINE, BAD + 128), 0);
	ok &= expect("page and lines", "line", command(LINE, BAD + 192), 0);
	ok &= expect("page and lines", "heal page", command(HEAL_PAGE, BAD), 0);
	ok &= expect("page and lines", "POISONED", ras_get(POISONED), 0);
	run(EL1, stub_ldr, KERN(BAD), 0, 0, 0);
	ok &= completed("page and lines", hits + 1);
	ok &= expect("page and lines", "content", mem[0], 0x1122334455667788UL);

	ok &= expect("line first", "line", command(LINE, BAD), 0);
	ok &= expect("line first", "page", command(PAGE, BAD), 0);
	ok &= expect("line first", "heal line", command(HEAL_LINE, BAD), 0);
	ok &= expect("line first", "heal page", command(HEAL_PAGE, BAD), 0);
	ok &= expect("line first", "POISONED", ras_get(POISONED), 0);
	result("pages and lines in any order", ok);

	/* One access over the border of two bad lines meets poison once. */
	ok = true;
	hits = ras_get(HITS);
	command(LINE, BAD);
	command(LINE, BAD + 64);
	run(EL1, stub_ldr_crossing, KERN(BAD) + 64, 0, 0, 0);
	ok &= expect("two lines", "hits", ras_get(HITS) - hits, 1);
	run(EL1, stub_ldp_q, KERN(BAD) + 48, 0, 0, 0);
	ok &= expect("two lines", "hits", ras_get(HITS) - hits, 2);
	command(HEAL_PAGE, BAD);
	result("an access across two bad lines", ok);

	/* No GHES here, so that every record is missed. */
	ok = true;
	hits = ras_get(HITS);
	command(PAGE_FF, BAD);
	run(EL1, stub_ldr, KERN(BAD), 0, 0, 0);
	ok &= expect("firmware-first", "hits", ras_get(HITS) - hits, 1);
	ok &= expect("firmware-first", "RECORDS_MISSED", ras_get(RECORDS_MISSED) - missed, 1);
	ok &= expect("firmware-first", "RECORDS", ras_get(RECORDS), 0);
	ok &= expect("firmware-first", "REGION_RECORDS", region(REGION_RECORDS, BAD), 0);
	command(HEAL_PAGE, BAD);
	result("firmware-first without a GHES", ok);

	/* Control registers are 8 bytes; that abort is no hit. */
	ok = true;
	hits = ras_get(HITS);
	run(EL1, stub_ldrb, RAS + HITS, 0, 0, 0);
	ok &= expect("narrow read", "hits", ras_get(HITS), hits);
	ok &= expect("narrow read", "EL", taken.el, refused.el);
	ok &= expect("narrow read", "FSC", taken.esr & 0x3f, refused.fsc);
	result("a narrow access to a register is refused", ok);
}

static uint64_t inject(uint32_t type, uint32_t flags, uint64_t addr, uint64_t mask)
{
	*(volatile uint32_t *)(RAS + EINJ_SET_TYPE) = type;
	*(volatile uint32_t *)(RAS + EINJ_SET_TYPE + 8) = flags;
	*(volatile uint64_t *)(RAS + EINJ_SET_TYPE + 16) = addr;
	*(volatile uint64_t *)(RAS + EINJ_SET_TYPE + 24) = mask;
	ras_set(EINJ_EXECUTE, 1);
	return ras_get(EINJ_STATUS);
}

/* The registers that an ACPI EINJ table leads to */
static void test_einj(void)
{
	uint64_t hits = ras_get(HITS);
	volatile uint32_t *trigger;
	bool ok = true;

	set_hcr(HCR_TEA);
	ok &= expect("einj", "types", ras_get(EINJ_TYPES), 0x38);
	ok &= expect("einj", "correctable", inject(0x8, 2, BAD, ~0xfffUL), 0);
	ok &= expect("einj", "POISONED", ras_get(POISONED), 0);
	ok &= expect("einj", "uncorrectable", inject(0x10, 2, BAD + 8, ~0xfffUL), 0);
	ok &= expect("einj", "POISONED", ras_get(POISONED), 1);
	run(EL1, stub_ldr, KERN(BAD) + 512, 0, 0, 0);
	ok &= expect("einj", "hits", ras_get(HITS) - hits, 1);
	ok &= expect("einj", "heal", command(HEAL_PAGE, BAD), 0);
	ok &= expect("einj", "fatal", inject(0x20, 2, BAD + 64, ~0x3fUL), 0);
	ok &= expect("einj", "heal line", command(HEAL_LINE, BAD + 64), 0);
	ok &= expect("einj", "no address", inject(0x10, 0, BAD, ~0xfffUL), 2);
	ok &= expect("einj", "a processor's", inject(0x2, 2, BAD, ~0xfffUL), 2);
	ok &= expect("einj", "no RAM", inject(0x10, 2, 0x09000000, ~0xfffUL), 2);
	ok &= expect("einj", "no RAM", inject(0x8, 2, 0x09000000, ~0xfffUL), 2);
	ok &= expect("einj", "POISONED", ras_get(POISONED), 0);
	trigger = (volatile uint32_t *)ras_get(EINJ_TRIGGER);
	ok &= expect("einj", "trigger header", trigger[0], 16);
	ok &= expect("einj", "trigger size", trigger[2], 16 + 32 * trigger[3]);
	result("EINJ registers", ok);
}

int selftest(bool el3)
{
	map(0);
	test_commands();
	test_einj();
	test_accesses();
	test_no_access();
	test_exclusive_stores();
	test_beside_line();
	test_routing();
	test_stage2_walks();
	test_at();
	test_access_flag();
	test_fnv();
	test_tge();
	test_aarch32();
	if (el3)
		test_el3();
	put("1..");
	put_dec(passed + failed);
	put("\n");
	return failed ? 1 : 0;
}
