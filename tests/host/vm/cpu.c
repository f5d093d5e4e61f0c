// SPDX-License-Identifier: GPL-2.0-only
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ras.h"
#include "record.h"
#include "run.h"
#include "stage2.h"
#include "vncr-walk.h"

/* ESR_ELx */
#define ESR_EC(esr) ((esr) >> 26 & 0x3f)
#define ESR_EC_SHIFT 26
#define EC_IABT_LOWER 0x20UL
#define EC_DABT_LOWER 0x24UL
#define EC_DABT_SAME 0x25UL
#define EC_SERROR 0x2fUL
#define EC_SAME 1UL /* and not a lower EL */
#define ESR_IL (1UL << 25)
#define ESR_FNV (1UL << 10)
#define ESR_EA (1UL << 9)
#define ESR_VNCR (1UL << 13)
#define ESR_WNR (1UL << 6)
#define FSC_EXTABT 0x10UL
#define FSC_WALK_LEVEL2 0x16UL
#define FSC_WALK_LEVEL3 0x17UL
#define FSC_TRANSLATION_LEVEL3 0x07UL
#define ESR_FSC 0x3fUL

/* What KVM makes of an SError of its own: an implementation-defined syndrome */
#define ESR_SERROR_KVM (EC_SERROR << ESR_EC_SHIFT | ESR_IL | 1UL << 24)

/* Ours: a recoverable asynchronous error (AET, DFSC) */
#define SERROR_ISS (2UL << 10 | 0x11)
#define ESR_SERROR_VMM (EC_SERROR << ESR_EC_SHIFT | ESR_IL | SERROR_ISS)

/*
 * DFSR of AArch32, in the long (LPAE, STATUS) and the short format (FS, whose topmost bit
 * is bit 10): an external abort, synchronous or not. FnV is the same bit in both.
 */
#define DFSR_LONG_EXTABT (1UL << 9 | 0x10)
#define DFSR_LONG_SERROR (1UL << 9 | 0x11)
#define DFSR_SHORT_EXTABT 0x08UL
#define DFSR_SHORT_SERROR (1UL << 10 | 0x06)
#define DFSR_FNV (1UL << 16)

#define PSTATE_A (1UL << 8) /* SErrors are masked */
#define PSTATE_EL1H_MASKED 0x3c5UL
#define VECTOR_SYNC_SAME_EL 0x200
#define VECTOR_SERROR_SAME_EL 0x380
#define VECTOR_DATA_ABORT32 0x10 /* and an SError */

static const struct kvm_vcpu_events serror_event = {
	.exception = {.serror_pending = 1, .serror_has_esr = 1, .serror_esr = SERROR_ISS},
};

/* SIGBUS is for the thread that was running the guest. */
static __thread struct cpu *this_cpu;

static const struct options *options_of(const struct cpu *cpu)
{
	return cpu->machine->run->options;
}

static bool has_fnv(const struct cpu *cpu)
{
	return cpu->machine->run->scenario->fnv;
}

static void check(const struct cpu *cpu, const char *what, uint64_t got, uint64_t expected)
{
	if (got != expected && !run_stopping(cpu->machine->run))
		say(cpu, true, "%s: expected %#" PRIx64 ", got %#" PRIx64, what, expected, got);
}

/* Of what meets poison: everything else is only said if it goes wrong. */
#define RECORD(cpu, event, ...)                                             \
	do {                                                                \
		if ((cpu)->step.poison)                                     \
			record(origin_of(cpu), event, FIELDS(__VA_ARGS__)); \
	} while (0)

static struct origin origin_of(const struct cpu *cpu)
{
	return (struct origin){cpu->machine->index, cpu->index, cpu->taken};
}

/* Does KVM get no address, as the CPU accessed KVM's mapping of the page? */
static bool is_nested(const struct cpu *cpu)
{
	return cpu->op == OP_NESTED || cpu->op == OP_NESTED_TEA || cpu->op == OP_NESTED_WALK;
}

static bool has_far(const struct cpu *cpu)
{
	return !has_fnv(cpu) && !is_nested(cpu);
}

/*
 * KVM itself reads most of the VNCR page whenever it enters the guest, and
 * OP_UNMAPPED has to find the start of the page good.
 */
static bool in_lines(const struct cpu *cpu)
{
	return options_of(cpu)->line || cpu->step.poison->target == VNCR_PAGE ||
	       cpu->step.poison->target == VNCR_TABLE || cpu->step.poison->op == OP_UNMAPPED;
}

static uint8_t *page_of(const struct cpu *cpu, unsigned int page)
{
	return guest_page(&cpu->machine->memory, cpu->index, page);
}

/* The first byte of the access that lies in the page that goes bad */
static unsigned int bad_offset(const struct poison *poison)
{
	return poison->offset > 0 ? poison->offset : 0;
}

static enum guest_kind kind_of(const struct cpu *cpu)
{
	return cpu->machine->plan->kind;
}

static uint64_t bad_gva(const struct cpu *cpu)
{
	/* The stage 1 of a guest's guest is off. */
	bool mmu = !cpu->machine->plan->mmu_off && cpu->op != OP_ROUTED;

	if (kind_of(cpu) != AARCH64)
		return guest32_page_gva(cpu->index, cpu->step.page) + bad_offset(cpu->step.poison);
	if (cpu->op == OP_EL0)
		return guest_page_gva(cpu->index, cpu->step.page, true) + GUEST_EL0_OFFSET +
		       bad_offset(cpu->step.poison);
	if (cpu->op == OP_STAGE2)
		return guest_page_nested(cpu->index, cpu->step.page) + bad_offset(cpu->step.poison);
	return guest_page_gva(cpu->index, cpu->step.page, mmu) + bad_offset(cpu->step.poison);
}

/* The tag of an address is UNKNOWN on an external abort. */
static uint64_t without_tag(const struct cpu *cpu, uint64_t address)
{
	return cpu->op == OP_TAGGED ? address & ~(0xffUL << 56) : address;
}

/* Sets the guest's next access, while all of its page is healthy. */
static void set_access(struct cpu *cpu, const struct poison *poison, unsigned int page)
{
	cpu->op = poison->op;
	cpu->page = page;
	cpu->address = kind_of(cpu) != AARCH64 ?
			       guest32_page_gva(cpu->index, page) :
			       guest_page_gva(cpu->index, page, !cpu->machine->plan->mmu_off);
	cpu->address += poison->offset;
	if (cpu->op == OP_EL0)
		cpu->address += GUEST_EL0_OFFSET;
	if (cpu->op == OP_UNMAPPED)
		vcpu_set_reg(&cpu->vcpu, REG_X(11), guest_pte_gpa(cpu->index, page));
	switch (cpu->op) {
	case OP_STORE:
	case OP_WRITE_VNCR:
		cpu->expected = cpu->address;
		break;
	case OP_READ_VNCR:
		cpu->expected = ras_peek(cpu->vncr);
		break;
	case OP_FETCH:
		cpu->expected = guest_word_returns();
		break;
	default:
		memcpy(&cpu->expected, page_of(cpu, page) + poison->offset, sizeof(uint64_t));
		/* A guest in AArch32 loads half of it. */
		if (kind_of(cpu) != AARCH64)
			cpu->expected = (uint32_t)cpu->expected;
	}
}

static uint64_t target_pa(const struct cpu *cpu)
{
	const struct machine *machine = cpu->machine;
	const struct step *step = &cpu->step;
	unsigned int offset = bad_offset(step->poison);

	switch (step->poison->target) {
	case DATA:
		return guest_page_pa(&machine->memory, cpu->index, step->page) + offset;
	case STAGE1:
		return ras_pa(guest_pte(&machine->memory, cpu->index, step->page));
	case STAGE2_OF_STAGE1:
		return stage2_leaf(&machine->stage2, guest_pte_gpa(cpu->index, step->page));
	case STAGE2_OF_DATA:
		return stage2_leaf(&machine->stage2,
				   guest_page_gpa(cpu->index, step->page) + offset);
	case VNCR_PAGE:
		return cpu->vncr;
	case VNCR_TABLE:
		return cpu->vncr_desc;
	}
	__builtin_unreachable();
}

static struct ras_counts step_counts(const struct cpu *cpu)
{
	struct ras_counts now = ras_counts(cpu->step.region);

	return (struct ras_counts){
		.hits = now.hits - cpu->step.before.hits,
		.records = now.records - cpu->step.before.records,
	};
}

/*
 * The time counts from the first hit on: on a busy host the vCPU may not have come to
 * run before that, and would find all healthy.
 */
static void *heal_later(void *arg)
{
	const struct cpu *cpu = arg;
	struct run *run = cpu->machine->run;

	while (!step_counts(cpu).hits && !run_wait(run, 1))
		;
	run_wait(run, options_of(cpu)->heal_ms);
	ras_heal(cpu->step.region);
	return NULL;
}

/*
 * The SError cannot be taken, as its handler cannot be fetched: aborts go on
 * until the table heals.
 */
static bool is_storm(const struct poison *poison)
{
	return poison->target == STAGE2_OF_STAGE1;
}

/*
 * Firmware has one place for its record, and apei_claim_sea() does not ask whose
 * SEA a record is about. For it to be known who claims what, no other SEA may
 * happen in the whole machine while there is one that comes with a record.
 * Returns false if that would take longer than this run is to last.
 */
static bool firmware_lock(struct cpu *cpu, bool firmware_first)
{
	struct run *run = cpu->machine->run;

	if (cpu->firmware < 0)
		return true;
	while (flock(cpu->firmware, (firmware_first ? LOCK_EX : LOCK_SH) | LOCK_NB)) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			err(EXIT_ENVIRONMENT, "flock of " HEST);
		__atomic_add_fetch(&run->progress, 1, __ATOMIC_RELAXED);
		if (run_wait(run, 1))
			return false;
	}
	return true;
}

static void firmware_unlock(struct cpu *cpu)
{
	if (cpu->firmware >= 0)
		flock(cpu->firmware, LOCK_UN);
}

static bool step_begin(struct cpu *cpu)
{
	struct machine *machine = cpu->machine;
	const struct poison *poison =
		&machine->plan->poisons[cpu->taken % machine->plan->nr_poisons];
	struct step *step = &cpu->step;

	if (!firmware_lock(cpu, poison->firmware_first))
		return false;

	*step = (struct step){
		.poison = poison,
		.page = GUEST_CLEAN_PAGE + 1 + cpu->taken % (GUEST_PAGES - 1),
	};
	cpu->taken++;
	set_access(cpu, poison, step->page);
	if (machine->plan->log_dirty)
		vm_log_dirty_pages(&machine->vm);
	else if (guest_mapping_size(machine->plan->backing) > GUEST_PAGE)
		check(cpu, "bytes that stage 2 maps by one descriptor",
		      stage2_size(&machine->stage2, guest_page_gpa(cpu->index, step->page)),
		      guest_mapping_size(machine->plan->backing));
	step->region = ras_region(target_pa(cpu), in_lines(cpu));
	RECORD(cpu, "access", {"gva", bad_gva(cpu)},
	       {"gpa", guest_page_gpa(cpu->index, step->page)});
	return true;
}

/* The CPU that the vCPU runs on, so that KVM uses one and the same descriptor */
#define VNCR_CPU 1

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		err(EXIT_ENVIRONMENT, "CPU %d", cpu);
}

/* Finds the descriptor while guest's guests run with all of its pages, before any is bad. */
static void *find_vncr_desc(void *arg)
{
	struct cpu *cpu = arg;
	uint64_t pages[GUEST_PAGES], table = vncr_table(), found = 0;

	pin(!VNCR_CPU);
	for (unsigned int page = 0; page < GUEST_PAGES; page++)
		pages[page] = ras_pa(page_of(cpu, page));
	while (!found && !run_stopping(cpu->machine->run))
		found = vncr_find(table, pages, GUEST_PAGES);
	__atomic_store_n(&cpu->vncr_desc, found, __ATOMIC_SEQ_CST);
	return NULL;
}

static uint64_t *nested_word(const struct cpu *cpu, unsigned int offset)
{
	return (uint64_t *)(page_of(cpu, cpu->step.page) + offset);
}

/* Has the guest come back, with or without an SEA? */
static bool nested_is_over(const struct cpu *cpu)
{
	return __atomic_load_n(&cpu->step.over, __ATOMIC_SEQ_CST) ||
	       run_stopping(cpu->machine->run);
}

/* The table is bad from when KVM has written the descriptor until the CPU has read it. */
static void *poison_vncr_desc(void *arg)
{
	struct cpu *cpu = arg;
	struct step *step = &cpu->step;
	uint64_t page = ras_pa(page_of(cpu, step->page));

	pin(!VNCR_CPU);
	while (!__atomic_load_n(nested_word(cpu, GUEST_NESTED_MARK), __ATOMIC_SEQ_CST) ||
	       vncr_mapped(cpu->vncr_desc) != page)
		if (nested_is_over(cpu))
			return NULL;
	ras_poison(step->region, true, false);
	__atomic_store_n(nested_word(cpu, GUEST_NESTED_GO), 1, __ATOMIC_SEQ_CST);
	while (!step_counts(cpu).hits && !nested_is_over(cpu))
		;
	ras_heal(step->region);
	return NULL;
}

static bool has_thread(const struct poison *poison)
{
	return is_storm(poison) || poison->target == VNCR_TABLE;
}

/* Where the page is that has just gone bad, for those who have to find that out. */
static void note_page(const struct cpu *cpu)
{
	const struct options *options = options_of(cpu);
	const struct step *step = &cpu->step;
	char line[256];
	int fd, len;

	if (!options->pages || step->poison->target != DATA)
		return;
	len = snprintf(line, sizeof(line),
		       "{\"name\":\"%s\",\"pid\":%d,\"vm\":%u,\"vcpu\":%u,\"pfn\":%" PRIu64
		       ",\"hva\":%" PRIuPTR ",\"disposition\":\"%s\"}\n",
		       options->name, getpid(), cpu->machine->index, cpu->index,
		       step->region / RAS_PAGE_SIZE, (uintptr_t)page_of(cpu, step->page),
		       disposition_name(step->poison->disposition));
	fd = open(options->pages, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, line, len) != len)
		err(EXIT_ENVIRONMENT, "%s", options->pages);
	close(fd);
}

static void step_poison(struct cpu *cpu)
{
	struct step *step = &cpu->step;

	if (step->poison->target == VNCR_TABLE) {
		int error;

		*nested_word(cpu, GUEST_NESTED_MARK) = 0;
		*nested_word(cpu, GUEST_NESTED_GO) = 0;
		/* Nothing accesses that line between here and the poison. */
		step->before = ras_counts(step->region);
		error = pthread_create(&step->healer, NULL, poison_vncr_desc, cpu);

		if (error)
			errx(EXIT_ENVIRONMENT, "pthread_create: %s", strerror(error));
		account_region(cpu->machine->account, step->region);
		return;
	}
	note_page(cpu);
	ras_poison(step->region, in_lines(cpu), step->poison->firmware_first);
	account_region(cpu->machine->account, step->region);
	step->before = ras_counts(step->region);
	if (is_storm(step->poison)) {
		int error = pthread_create(&step->healer, NULL, heal_later, cpu);

		if (error)
			errx(EXIT_ENVIRONMENT, "pthread_create: %s", strerror(error));
	}
}

/* How often this vCPU is to meet poison; 0: forever */
static uint64_t nr_steps(const struct cpu *cpu)
{
	return (uint64_t)options_of(cpu)->count * cpu->machine->plan->nr_poisons;
}

static bool is_last(const struct cpu *cpu)
{
	return cpu->taken == nr_steps(cpu);
}

/* The numbers of what one poison led to, where they can be known beforehand */
static void step_check(const struct cpu *cpu, const struct ras_counts *counts)
{
	const struct step *step = &cpu->step;
	bool runs_on = !(run_ends_in_kill(cpu->machine->run) && is_last(cpu));
	struct seen want = {};
	uint64_t hits = 1;

	switch (step->poison->disposition) {
	case CLAIMED:
		want.sigbus = 1;
		if (step->poison->again) {
			hits = 2;
			want.exits = cpu->machine->plan->opt_in;
			want.aborts = want.exits;
			want.serrors = !want.exits;
		} else {
			want.values = 1;
		}
		check(cpu, "CPER records", counts->records, hits);
		break;
	case HOST_OWNED:
	case NOT_OPTED_IN:
		want.serrors = 1;
		/*
		 * In a storm any number of aborts makes one SError, as only
		 * one can be pending; and one more is if the fetch of the first
		 * instruction of its handler is aborted as well.
		 */
		if (is_storm(step->poison) && counts->hits) {
			hits = counts->hits;
			if (step->seen.serrors > 0 && step->seen.serrors <= hits)
				want.serrors = step->seen.serrors;
		}
		break;
	case GUEST_OWN:
		want.aborts = 1;
		break;
	case FORWARDED:
		want.exits = 1;
		switch (options_of(cpu)->answer) {
		case ANSWER_INJECT:
		case ANSWER_INJECT_REGISTERS:
		case ANSWER_KILL:
			want.aborts = runs_on;
			break;
		case ANSWER_SERROR:
			want.serrors = runs_on;
			break;
		case ANSWER_RESUME:
			want.exits = RESUMES;
			want.values = 1;
			break;
		case ANSWER_WRITE_BACK:
			want.exits = RESUMES;
			want.values = 1;
			want.serrors = 1;
			break;
		case ANSWER_LATE:
			want.serrors = 1;
			want.values = 1;
			break;
		case ANSWER_RESET:
		case NR_ANSWERS:
			break;
		}
		hits = want.exits;
		break;
	}
	check(cpu, "hits of the device", counts->hits, hits);
	check(cpu, "exits", step->seen.exits, want.exits);
	check(cpu, "aborts in the guest", step->seen.aborts, want.aborts);
	check(cpu, "SErrors in the guest", step->seen.serrors, want.serrors);
	check(cpu, "accesses completed", step->seen.values, want.values);
	check(cpu, "SIGBUS", step->seen.sigbus, want.sigbus);
}

static void step_account(struct cpu *cpu, const struct ras_counts *counts)
{
	struct vm_account *account = cpu->machine->account;
	const struct poison *poison = cpu->step.poison;

	if (poison->disposition == GUEST_OWN) {
		account_add(&account->guest_own, counts->hits);
		return;
	}
	if (poison->firmware_first) {
		/* A hit whose record was not delivered is as bare as any. */
		enum disposition bare = cpu->machine->plan->opt_in ? FORWARDED : NOT_OPTED_IN;
		uint64_t claimed = counts->records;

		/* And one whose record is that of the hit before is not claimed. */
		if (poison->again && claimed > 1)
			claimed = 1;
		account_add(&account->sea[CLAIMED], claimed);
		account_add(&account->sea[bare], counts->hits - claimed);
		return;
	}
	account_add(&account->sea[poison->disposition], counts->hits);
	account_add(&account->reason[poison->reason], counts->hits);
}

/* No answer leads to more exits of one access, unless it gets lost. */
#define MAX_EXITS (4 * RESUMES)

/* Times in a row that OP_UNMAPPED is tried again */
#define MAX_LOST 100

/*
 * Has the CPU lost the translation of OP_UNMAPPED before it came to the bad memory?
 * That can happen, to an interrupt say, and is nobody's fault.
 */
static bool lost_translation(const struct cpu *cpu, uint64_t esr)
{
	return cpu->step.poison && cpu->op == OP_UNMAPPED &&
	       (esr & ESR_FSC) == FSC_TRANSLATION_LEVEL3 && !step_counts(cpu).hits &&
	       cpu->step.lost < MAX_LOST;
}

/* The guest is about to ask for an access: it gets the same again. */
static void step_again(struct cpu *cpu)
{
	struct step *step = &cpu->step;

	step->again = false;
	step->lost++;
	ras_heal(step->region);
	guest_page_map(&cpu->machine->memory, cpu->index, cpu->page);
}

static void step_end(struct cpu *cpu)
{
	struct step *step = &cpu->step;
	struct ras_counts counts;

	if (!step->poison)
		return;
	__atomic_store_n(&step->over, true, __ATOMIC_SEQ_CST);
	if (has_thread(step->poison))
		pthread_join(step->healer, NULL);
	ras_heal(step->region);
	firmware_unlock(cpu);
	counts = step_counts(cpu);
	say(cpu, false, "healed after %" PRIu64 " hits", counts.hits);
	step_account(cpu, &counts);
	step_check(cpu, &counts);
	step->poison = NULL;
}

/*
 * The guest asks for an address to access. First it accesses each page once,
 * as no stage-2 fault may come up when tables are bad; then the pages that
 * go bad; at last the clean one, to show that it is alive.
 */
static bool next_access(struct cpu *cpu)
{
	static const struct poison healthy = {.op = OP_LOAD};
	struct run *run = cpu->machine->run;
	const struct vm_plan *plan = cpu->machine->plan;
	uint64_t count = nr_steps(cpu);

	if (cpu->step.again) {
		step_again(cpu);
		return true;
	}
	step_end(cpu);
	if (cpu->op == OP_UNMAPPED)
		guest_page_map(&cpu->machine->memory, cpu->index, cpu->page);
	if (cpu->closing)
		return false;
	if (cpu->warmed == GUEST_PAGES && plan->poisons[0].target == VNCR_TABLE &&
	    !__atomic_load_n(&cpu->vncr_desc, __ATOMIC_SEQ_CST))
		cpu->warmed = GUEST_CLEAN_PAGE + 1;
	if (cpu->warmed < GUEST_PAGES) {
		if (cpu->warmed == GUEST_CLEAN_PAGE)
			set_access(cpu, &healthy, cpu->warmed);
		else
			set_access(cpu, &plan->poisons[0], cpu->warmed);
		cpu->warmed++;
		return true;
	}
	if ((!count || cpu->taken < count) &&
	    !run_wait(run, cpu->taken ? run->options->interval_ms : run->options->delay_ms) &&
	    step_begin(cpu))
		return true;
	cpu->closing = true;
	set_access(cpu, &healthy, GUEST_CLEAN_PAGE);
	return true;
}

static void set_pstate_a(const struct cpu *cpu, bool set)
{
	uint64_t pstate = vcpu_get_reg(&cpu->vcpu, REG_PSTATE);

	vcpu_set_reg(&cpu->vcpu, REG_PSTATE, set ? pstate | PSTATE_A : pstate & ~PSTATE_A);
}

static void on_value(struct cpu *cpu, uint64_t value)
{
	if (cpu->step.poison) {
		if (options_of(cpu)->answer == ANSWER_LATE)
			vcpu_set_events(&cpu->vcpu, &serror_event);
		cpu->step.seen.values++;
		say(cpu, false, "guest: done, %#" PRIx64, value);
		/* The VMM may look only when it cannot be hit itself. */
		ras_heal(cpu->step.region);
		if (cpu->op == OP_STORE)
			memcpy(&value, page_of(cpu, cpu->step.page) + cpu->step.poison->offset,
			       kind_of(cpu) == AARCH64 ? sizeof(uint64_t) : sizeof(uint32_t));
		if (options_of(cpu)->answer == ANSWER_WRITE_BACK)
			set_pstate_a(cpu, false);
	}
	RECORD(cpu, "value", {"value", value});
	check(cpu, "value in the guest", value, cpu->expected);
}

/* Where the guest takes what goes to @vector in AArch64 */
static uint64_t vector_of(const struct cpu *cpu, uint64_t vector)
{
	return kind_of(cpu) == AARCH64 ? vector : VECTOR_DATA_ABORT32;
}

static void on_serror(struct cpu *cpu, uint64_t esr)
{
	say(cpu, false, "guest: SError, ESR_EL1 %#" PRIx64, esr);
	account_add(&cpu->machine->account->serrors, 1);
	cpu->step.seen.serrors++;
	/* How many there are in a storm is different every time. */
	if (cpu->step.poison && (cpu->step.seen.serrors == 1 || !is_storm(cpu->step.poison)))
		RECORD(cpu, "serror", {"vector", vector_of(cpu, VECTOR_SERROR_SAME_EL)},
		       {"esr_el1", esr});
	if (kind_of(cpu) != AARCH64)
		check(cpu, "DFSR", esr,
		      kind_of(cpu) == AARCH32_LONG ? DFSR_LONG_SERROR : DFSR_SHORT_SERROR);
	else if (cpu->machine->run->scenario->no_ras)
		check(cpu, "ESR_EL1.EC", ESR_EC(esr), EC_SERROR);
	else if (cpu->step.poison && cpu->step.poison->disposition == FORWARDED)
		check(cpu, "ESR_EL1", esr, ESR_SERROR_VMM);
	else
		check(cpu, "ESR_EL1", esr, ESR_SERROR_KVM);
}

static uint64_t fsc_of(const struct cpu *cpu)
{
	if (cpu->step.poison->target == DATA)
		return FSC_EXTABT;
	/* Tables of short descriptors have two levels, the last of which is the second. */
	return kind_of(cpu) == AARCH32_SHORT ? FSC_WALK_LEVEL2 : FSC_WALK_LEVEL3;
}

/* The abort that KVM has injected into a guest in AArch32 */
static void check_abort32(const struct cpu *cpu, uint64_t dfsr, uint64_t dfar)
{
	uint64_t want = kind_of(cpu) == AARCH32_LONG ? DFSR_LONG_EXTABT : DFSR_SHORT_EXTABT;

	check(cpu, "DFSR", dfsr, want | (has_far(cpu) ? 0 : DFSR_FNV));
	check(cpu, "DFAR", dfar, has_far(cpu) ? bad_gva(cpu) : 0);
}

/* An abort as the VMM, the kernel on its behalf, or the CPU itself made it */
static void on_abort(struct cpu *cpu)
{
	uint64_t esr = cpu->report[PORT_ABORT_ESR / 8];
	uint64_t far = cpu->report[PORT_ABORT_FAR / 8];
	uint64_t elr = cpu->report[PORT_ABORT_ELR / 8];
	const struct poison *poison = cpu->step.poison;
	uint64_t ec = EC_DABT_SAME, iss = FSC_EXTABT;

	if (lost_translation(cpu, esr)) {
		cpu->step.again = true;
		return;
	}
	say(cpu, false, "guest: abort, ESR_EL1 %#" PRIx64 " FAR_EL1 %#" PRIx64 " ELR_EL1 %#" PRIx64,
	    esr, far, elr);
	cpu->step.seen.aborts++;
	RECORD(cpu, "abort", {"vector", vector_of(cpu, VECTOR_SYNC_SAME_EL)}, {"esr_el1", esr},
	       {"far_el1", far}, {"elr_el1", elr});
	if (!poison) {
		say(cpu, true, "an abort that nobody injected");
		return;
	}
	if (poison->disposition == GUEST_OWN) {
		/* Syndrome bits that only the CPU knows of are left out. */
		check(cpu, "ESR_EL1.EC", ESR_EC(esr), EC_DABT_SAME);
		check(cpu, "ESR_EL1.DFSC", esr & ESR_FSC, FSC_EXTABT);
		check(cpu, "FAR_EL1", far, bad_gva(cpu));
		return;
	}
	if (options_of(cpu)->answer == ANSWER_INJECT_REGISTERS) {
		if (poison->op == OP_FETCH)
			ec = EC_IABT_LOWER | EC_SAME;
		iss = fsc_of(cpu);
	} else if (cpu->op == OP_ROUTED || cpu->op == OP_STAGE2 || cpu->op == OP_EL0) {
		ec = EC_DABT_LOWER;
	} else if (is_nested(cpu)) {
		iss |= ESR_VNCR;
	}
	check(cpu, "ELR_EL1", elr, cpu->step.pc);
	if (kind_of(cpu) != AARCH64) {
		check_abort32(cpu, esr, far);
		return;
	}
	check(cpu, "ESR_EL1", esr,
	      ec << ESR_EC_SHIFT | ESR_IL | iss | (has_far(cpu) ? 0 : ESR_FNV));
	check(cpu, "FAR_EL1", without_tag(cpu, far), has_far(cpu) ? bad_gva(cpu) : 0);
}

static void on_write(struct cpu *cpu, unsigned int port, uint64_t value)
{
	cpu->report[port / 8] = value;
	switch (port) {
	case PORT_VALUE:
		on_value(cpu, value);
		break;
	case PORT_SERROR:
		on_serror(cpu, value);
		break;
	case PORT_ABORT_ELR:
		on_abort(cpu);
		break;
	case PORT_STRAY:
		say(cpu, true, "guest: exception at vector %#" PRIx64 ", ESR_EL1 %#" PRIx64, value,
		    cpu->report[PORT_STRAY_ESR / 8]);
		RECORD(cpu, "stray", {"vector", value},
		       {"esr_el1", cpu->report[PORT_STRAY_ESR / 8]});
		break;
	}
}

/* False: there is nothing left to do for this vCPU. */
static bool on_mmio(struct cpu *cpu)
{
	struct kvm_run *run = cpu->vcpu.run;
	uint64_t port = run->mmio.phys_addr - GUEST_MMIO;
	uint64_t value = 0;

	if (port > PORT_STRAY || port % 8 || run->mmio.len != (kind_of(cpu) == AARCH64 ? 8 : 4)) {
		say(cpu, true, "guest: access to %#llx", run->mmio.phys_addr);
		return false;
	}
	if (run->mmio.is_write) {
		memcpy(&value, run->mmio.data, run->mmio.len);
		on_write(cpu, port, value);
		/* A guest that has strayed may do so for ever. */
		return port != PORT_STRAY;
	}
	switch (port) {
	case PORT_ADDRESS:
		if (!next_access(cpu))
			return false;
		value = cpu->address;
		break;
	case PORT_OP:
		if (cpu->step.poison)
			step_poison(cpu);
		value = cpu->op;
		break;
	}
	memcpy(run->mmio.data, &value, sizeof(value));
	return true;
}

static void check_exit(const struct cpu *cpu, const struct sea_exit *sea)
{
	const struct poison *poison = cpu->step.poison;
	uint64_t ec = poison->op == OP_FETCH ? EC_IABT_LOWER : EC_DABT_LOWER;
	uint64_t esr = ec << ESR_EC_SHIFT | ESR_IL | ESR_EA | fsc_of(cpu);
	uint64_t got = sea->esr;
	/* What a guest's stage 2 made of it is no address of the VM's. */
	bool gpa_valid = poison->target == DATA && has_far(cpu) && cpu->op != OP_STAGE2;

	/* FEAT_NV2's own accesses are those of EL2, and have EA clear. */
	if (is_nested(cpu))
		esr = EC_DABT_SAME << ESR_EC_SHIFT | ESR_IL | fsc_of(cpu);
	if (!has_far(cpu))
		esr |= ESR_FNV;
	/* Mapped again for the VMM that resumes the guest */
	if (poison->op == OP_UNMAPPED && cpu->step.seen.exits == 1)
		gpa_valid = false;
	if (poison->op == OP_STORE)
		esr |= ESR_WNR;
	/* UNKNOWN on an external abort of an atomic access */
	if (poison->op == OP_ATOMIC)
		got &= ~ESR_WNR;

	check(cpu, "esr", got, esr);
	check(cpu, "flags", sea->flags, gpa_valid ? KVM_EXIT_ARM_SEA_FLAG_GPA_VALID : 0);
	check(cpu, "gva", without_tag(cpu, sea->gva), has_far(cpu) ? bad_gva(cpu) : 0);
	check(cpu, "gpa", sea->gpa, gpa_valid ? guest_page_gpa(cpu->index, cpu->step.page) : 0);
}

/* The exception entry that the CPU would have made, had it been the guest's own */
static void inject_by_registers(const struct cpu *cpu, const struct sea_exit *sea)
{
	const struct vcpu *vcpu = &cpu->vcpu;
	uint64_t ec = ESR_EC(sea->esr) | EC_SAME;

	vcpu_set_reg(vcpu, REG_ESR_EL1,
		     ec << ESR_EC_SHIFT | ESR_IL | (sea->esr & (ESR_FNV | ESR_FSC)));
	vcpu_set_reg(vcpu, REG_FAR_EL1, sea->gva);
	vcpu_set_reg(vcpu, REG_ELR_EL1, vcpu_get_reg(vcpu, REG_PC));
	vcpu_set_reg(vcpu, REG_SPSR_EL1, vcpu_get_reg(vcpu, REG_PSTATE));
	vcpu_set_reg(vcpu, REG_PC, vcpu_get_reg(vcpu, REG_VBAR_EL1) + VECTOR_SYNC_SAME_EL);
	vcpu_set_reg(vcpu, REG_PSTATE, PSTATE_EL1H_MASKED);
}

/* The VMM will not run the vCPU again: somebody kills it while it sits here. */
static void __attribute__((noreturn)) park(struct cpu *cpu)
{
	struct ras_counts counts = step_counts(cpu);

	step_account(cpu, &counts);
	step_check(cpu, &counts);
	account_add(&cpu->machine->account->response[ABANDONED], 1);
	if (write(cpu->machine->run->parked, "", 1) != 1)
		err(EXIT_ENVIRONMENT, "pipe");
	for (;;)
		pause();
}

static void on_wake(int sig)
{
	(void)sig;
}

/*
 * The vCPU is stopped, told to run all the same, and sleeps in KVM_RUN until a
 * signal sends it back: no instruction of the guest's has been run.
 */
static void detour(struct cpu *cpu)
{
	const struct sigaction action = {.sa_handler = on_wake};
	const struct itimerspec often = {.it_value.tv_nsec = 20000000,
					 .it_interval.tv_nsec = 20000000};
	struct sigevent wake = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR2};
	timer_t timer;

	wake._sigev_un._tid = gettid();
	if (sigaction(SIGUSR2, &action, NULL) || timer_create(CLOCK_MONOTONIC, &wake, &timer))
		err(EXIT_ENVIRONMENT, "timer");
	vcpu_set_mp_state(&cpu->vcpu, KVM_MP_STATE_STOPPED);
	/* More than once: the first may come before KVM_RUN. */
	if (timer_settime(timer, 0, &often, NULL))
		err(EXIT_ENVIRONMENT, "timer");
	if (vcpu_run(&cpu->vcpu) != -1 || errno != EINTR)
		say(cpu, true, "a stopped vCPU has run: exit %u", cpu->vcpu.run->exit_reason);
	timer_delete(timer);
	vcpu_set_mp_state(&cpu->vcpu, KVM_MP_STATE_RUNNABLE);
	check(cpu, "PC of the stopped vCPU", vcpu_get_reg(&cpu->vcpu, REG_PC), cpu->step.pc);
}

/* The first of the exits makes an SError pend, the others find it pending. */
static enum response write_back(struct cpu *cpu)
{
	struct kvm_vcpu_events events = {};
	bool first = cpu->step.seen.exits == 1;

	if (first) {
		set_pstate_a(cpu, true);
		events = serror_event;
	} else {
		vcpu_get_events(&cpu->vcpu, &events);
		check(cpu, "SError pending", events.exception.serror_pending, 1);
	}
	vcpu_set_events(&cpu->vcpu, &events);
	if (cpu->step.seen.exits == RESUMES)
		ras_heal(cpu->step.region);
	return first ? INJECTED : RESUMED;
}

void cpu_setup(const struct cpu *cpu)
{
	if (kind_of(cpu) == AARCH64)
		guest_vcpu_setup(&cpu->vcpu, cpu->index, !cpu->machine->plan->mmu_off);
	else
		guest32_vcpu_setup(&cpu->vcpu, cpu->index, kind_of(cpu));
}

static void answer(struct cpu *cpu, const struct sea_exit *sea)
{
	struct kvm_vcpu_events events = {};
	struct run *run = cpu->machine->run;
	bool last = run_ends_in_kill(run) && is_last(cpu);
	enum response response = INJECTED;
	uint64_t pstate = vcpu_get_reg(&cpu->vcpu, REG_PSTATE);

	switch (run->options->answer) {
	case ANSWER_KILL:
		if (last)
			park(cpu);
		/* fall through */
	case ANSWER_INJECT:
		events.exception.ext_dabt_pending = 1;
		vcpu_set_events(&cpu->vcpu, &events);
		/* The guest itself cannot tell, see guest32.S. */
		if (kind_of(cpu) != AARCH64)
			check(cpu, "SPSR_abt", vcpu_get_reg(&cpu->vcpu, REG_SPSR_ABT), pstate);
		break;
	case ANSWER_INJECT_REGISTERS:
		inject_by_registers(cpu, sea);
		break;
	case ANSWER_SERROR:
		vcpu_set_events(&cpu->vcpu, &serror_event);
		break;
	case ANSWER_WRITE_BACK:
		response = write_back(cpu);
		break;
	case ANSWER_LATE:
		ras_heal(cpu->step.region);
		response = RESUMED;
		break;
	case ANSWER_RESET:
		vcpu_reset(&cpu->vcpu);
		cpu_setup(cpu);
		response = ABANDONED;
		break;
	case ANSWER_RESUME:
		if (cpu->step.seen.exits == RESUMES)
			ras_heal(cpu->step.region);
		response = RESUMED;
		break;
	case NR_ANSWERS:
		break;
	}
	if (last)
		park(cpu);
	account_add(&cpu->machine->account->response[response], 1);
}

/* What a VMM that saves the vCPU after its answer would save */
static void record_state(const struct cpu *cpu)
{
	const struct vcpu *vcpu = &cpu->vcpu;
	struct kvm_vcpu_events events = {};

	vcpu_get_events(vcpu, &events);
	RECORD(cpu, "answered", {"pc", vcpu_get_reg(vcpu, REG_PC)},
	       {"pstate", vcpu_get_reg(vcpu, REG_PSTATE)},
	       {"elr_el1", vcpu_get_reg(vcpu, REG_ELR_EL1)},
	       {"spsr_el1", vcpu_get_reg(vcpu, REG_SPSR_EL1)},
	       {"esr_el1", vcpu_get_reg(vcpu, REG_ESR_EL1)},
	       {"far_el1", vcpu_get_reg(vcpu, REG_FAR_EL1)},
	       {"serror_pending", events.exception.serror_pending},
	       {"serror_has_esr", events.exception.serror_has_esr},
	       {"serror_esr", events.exception.serror_esr},
	       {"ext_dabt_pending", events.exception.ext_dabt_pending});
}

static bool on_sea(struct cpu *cpu)
{
	/* A copy: the VMM may go back into KVM before it answers. */
	const struct sea_exit copy = *vcpu_sea_exit(&cpu->vcpu), *sea = &copy;

	account_add(&cpu->machine->account->exits, 1);
	say(cpu, false,
	    "exit: SEA, flags %#" PRIx64 " esr %#" PRIx64 " gva %#" PRIx64 " gpa %#" PRIx64,
	    sea->flags, sea->esr, sea->gva, sea->gpa);
	if (!cpu->step.poison) {
		say(cpu, true, "an SEA while nothing is poisoned");
		return false;
	}
	cpu->step.seen.exits++;
	if (cpu->step.seen.exits > MAX_EXITS) {
		say(cpu, true, "no answer has an effect");
		return false;
	}
	cpu->step.pc = vcpu_get_reg(&cpu->vcpu, REG_PC);
	RECORD(cpu, "exit", {"ret", cpu->vcpu.ret}, {"exit_reason", cpu->vcpu.run->exit_reason},
	       {"flags", sea->flags}, {"esr", sea->esr}, {"gva", sea->gva}, {"gpa", sea->gpa},
	       {"pc", cpu->step.pc});
	if (cpu->step.poison->disposition == FORWARDED)
		check_exit(cpu, sea);
	if (cpu->op == OP_UNMAPPED)
		guest_page_map(&cpu->machine->memory, cpu->index, cpu->page);
	if (options_of(cpu)->think_ms)
		run_wait(cpu->machine->run, options_of(cpu)->think_ms);
	if (options_of(cpu)->detour)
		detour(cpu);
	answer(cpu, sea);
	if (record_wanted())
		record_state(cpu);
	return true;
}

/*
 * memory_failure() has unmapped the page, and its memory must not be used
 * again. The guest has to find something in its place.
 */
static void on_sigbus(int sig, siginfo_t *info, void *context)
{
	struct cpu *cpu = this_cpu;
	uint8_t *page = NULL;

	(void)context;
	/* A page that cannot be taken away is good again once it is healed. */
	if (cpu && cpu->step.poison && cpu->machine->plan->backing == KERNEL_PAGES &&
	    info->si_code == SI_KERNEL) {
		cpu->step.seen.sigbus++;
		cpu->step.sigbus = *info;
		if (!cpu->step.poison->again)
			ras_heal(cpu->step.region);
		return;
	}
	if (cpu && cpu->step.poison)
		page = page_of(cpu, cpu->step.page);
	if (page && info->si_code == BUS_MCEERR_AR && (uint8_t *)info->si_addr >= page &&
	    (uint8_t *)info->si_addr < page + GUEST_PAGE) {
		cpu->step.seen.sigbus++;
		cpu->step.sigbus = *info;
		ras_heal(cpu->step.region);
		if (guest_page_replace(page))
			return;
	}
	/* Not ours: die of it. */
	ras_close();
	signal(sig, SIG_DFL);
	raise(sig);
}

void cpu_catch_sigbus(void)
{
	struct sigaction action = {.sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO};

	sigaction(SIGBUS, &action, NULL);
}

/* The handler itself could not print. */
static void note_sigbus(struct cpu *cpu)
{
	struct step *step = &cpu->step;

	if (!step->poison || step->sigbus_noted == step->seen.sigbus)
		return;
	account_add(&cpu->machine->account->sigbus, step->seen.sigbus - step->sigbus_noted);
	step->sigbus_noted = step->seen.sigbus;
	if (step->sigbus.si_code == SI_KERNEL) {
		say(cpu, false, "SIGBUS: without an address");
		RECORD(cpu, "sigbus", {"si_code", step->sigbus.si_code});
		return;
	}
	say(cpu, false, "SIGBUS: BUS_MCEERR_AR in the page; replaced it");
	RECORD(cpu, "sigbus", {"si_code", step->sigbus.si_code},
	       {"offset", (uint8_t *)step->sigbus.si_addr - page_of(cpu, step->page)},
	       {"lsb", step->sigbus.si_addr_lsb});
}

void *cpu_thread(void *arg)
{
	struct cpu *cpu = arg;
	struct run *run = cpu->machine->run;
	pthread_t finder;
	bool more = true;

	this_cpu = cpu;
	if (cpu->machine->plan->poisons[0].target == VNCR_TABLE) {
		if (pthread_create(&finder, NULL, find_vncr_desc, cpu))
			err(EXIT_ENVIRONMENT, "pthread_create");
		pin(VNCR_CPU);
	}
	while (more) {
		int reason = vcpu_run(&cpu->vcpu);

		__atomic_add_fetch(&run->progress, 1, __ATOMIC_RELAXED);
		note_sigbus(cpu);
		switch (reason) {
		case -1:
			if (errno != EINTR)
				err(EXIT_ENVIRONMENT, "KVM_RUN");
			break;
		case KVM_EXIT_MMIO:
			more = on_mmio(cpu);
			break;
		case KVM_EXIT_ARM_SEA:
			more = on_sea(cpu);
			break;
		default:
			say(cpu, true, "exit: %d", reason);
			more = false;
		}
	}
	step_end(cpu);
	__atomic_sub_fetch(&run->running, 1, __ATOMIC_SEQ_CST);
	kill(run->account->pid, SIGUSR1);
	return NULL;
}

/* Room for the handler of SIGBUS as well */
#define CHILD_STACK (256 * 1024)

static int child(void *cpu)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	cpu_thread(cpu);
	return 0;
}

/*
 * The child uses this thread's thread-local data, so this thread has to wait for
 * it all the while: that is what CLONE_VFORK is for.
 */
void *cpu_thread_by_child(void *cpu)
{
	char *stack = malloc(CHILD_STACK);
	int status;
	pid_t pid;

	if (!stack)
		err(EXIT_ENVIRONMENT, "malloc");
	pid = clone(child, stack + CHILD_STACK,
		    CLONE_VM | CLONE_VFORK | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | SIGCHLD, cpu);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		err(EXIT_ENVIRONMENT, "clone");
	if (status)
		exit(EXIT_ENVIRONMENT);
	free(stack);
	return NULL;
}
