// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <unistd.h>

#include "scenario.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Not at the start of the page: an address has to be right to the byte. */
#define OFFSET 0x40

/* Ends in the page, starts in the one before */
#define STRADDLE (-3)

#define HIT_AT(at, where, how, becomes, ...)                                              \
	{                                                                                 \
		.target = (where), .op = (how), .offset = (at), .disposition = (becomes), \
		__VA_ARGS__                                                               \
	}
#define HIT(...) HIT_AT(OFFSET, __VA_ARGS__)

#define POISONS(...)                                     \
	.poisons = (const struct poison[]){__VA_ARGS__}, \
	.nr_poisons = ARRAY_SIZE(((const struct poison[]){__VA_ARGS__}))

#define AARCH32_POISONS                                                        \
	POISONS(HIT(DATA, OP_LOAD, FORWARDED), HIT(DATA, OP_STORE, FORWARDED), \
		HIT(STAGE1, OP_WALK, FORWARDED, .reason = AMBIGUOUS_WALK))

const struct scenario scenarios[] = {
	{
		.name = "claimed",
		.promise = "firmware reports the page: the VMM gets SIGBUS with its address, "
			   "replaces it, and the guest never knows",
		.nr_vms = 1,
		.vm[0] = {POISONS(HIT(DATA, OP_LOAD, CLAIMED, .firmware_first = true))},
	},
	{
		.name = "claimed-two-vms",
		.promise = "one process, two VMs: firmware reports a page of each, and the SIGBUS "
			   "is for the vCPU that hit it",
		.nr_vms = 2,
		.vm[0] = {POISONS(HIT(DATA, OP_LOAD, CLAIMED, .firmware_first = true))},
		.vm[1] = {POISONS(HIT(DATA, OP_LOAD, CLAIMED, .firmware_first = true))},
	},
	{
		.name = "unrecoverable",
		.promise = "firmware reports a page that the host cannot take away: the VMM gets "
			   "SIGBUS without an address",
		.nr_vms = 1,
		.vm[0] = {.backing = KERNEL_PAGES,
			  POISONS(HIT(DATA, OP_LOAD, CLAIMED, .firmware_first = true))},
	},
	{
		.name = "claimed-again",
		.promise = "the same, and the VMM runs the guest on: the second record is a "
			   "duplicate, so the SEA is forwarded, or an SError without opt-in",
		.nr_vms = 2,
		.vm[0] = {.opt_in = true,
			  .backing = KERNEL_PAGES,
			  POISONS(HIT(DATA, OP_LOAD, CLAIMED, .firmware_first = true,
				      .again = true))},
		.vm[1] = {.backing = KERNEL_PAGES,
			  POISONS(HIT(DATA, OP_LOAD, CLAIMED, .firmware_first = true,
				      .again = true))},
	},
	{
		.name = "not-opted-in",
		.promise = "the guest takes an SError",
		.nr_vms = 1,
		.vm[0] = {POISONS(HIT(DATA, OP_LOAD, NOT_OPTED_IN))},
	},
	{
		.name = "not-opted-in-walk",
		.promise = "the guest's own table: FSC of a walk, and an SError; ambiguous walk",
		.nr_vms = 1,
		.vm[0] = {POISONS(HIT(STAGE1, OP_WALK, NOT_OPTED_IN, .reason = AMBIGUOUS_WALK))},
	},
	{
		.name = "forwarded-load",
		.promise = "a load: an exit with gva and gpa",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true, POISONS(HIT(DATA, OP_LOAD, FORWARDED))},
	},
	{
		.name = "forwarded-store",
		.promise = "a store: an exit with gva, gpa and WnR",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true, POISONS(HIT(DATA, OP_STORE, FORWARDED))},
	},
	{
		.name = "forwarded-fetch",
		.promise = "an instruction fetch: EC says so; gva and gpa",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true, POISONS(HIT(DATA, OP_FETCH, FORWARDED))},
	},
	{
		.name = "forwarded-atomic",
		.promise = "LDADD: an exit with gva and gpa",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true, POISONS(HIT(DATA, OP_ATOMIC, FORWARDED))},
	},
	{
		.name = "forwarded-exclusive",
		.promise = "LDXR: an exit with gva and gpa",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true, POISONS(HIT(DATA, OP_EXCLUSIVE, FORWARDED))},
	},
	{
		.name = "forwarded-unaligned",
		.promise = "a load across two pages: gva and gpa are of the bad one",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true, POISONS(HIT_AT(STRADDLE, DATA, OP_LOAD, FORWARDED))},
	},
	{
		.name = "forwarded-walk",
		.promise = "the guest's own table: FSC of a walk, gva, no gpa; ambiguous walk",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true,
			  POISONS(HIT(STAGE1, OP_WALK, FORWARDED, .reason = AMBIGUOUS_WALK))},
	},
	{
		.name = "forwarded-el0",
		.promise = "a load by EL0: an exit with gva and gpa, and EL1 takes the abort",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true, POISONS(HIT(DATA, OP_EL0, FORWARDED))},
	},
	{
		.name = "forwarded-tagged",
		.promise = "a load by an address with a tag: gpa is of the page, and gva but for "
			   "the tag",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true, POISONS(HIT(DATA, OP_TAGGED, FORWARDED))},
	},
	{
		.name = "forwarded-hugetlb",
		.promise = "in huge pages of 2 MiB: gpa is of the 4 KiB that were accessed",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true,
			  .backing = HUGETLB_PAGES,
			  POISONS(HIT(DATA, OP_LOAD, FORWARDED), HIT(DATA, OP_STORE, FORWARDED))},
	},
	{
		.name = "forwarded-thp",
		.promise = "the same, in transparent huge pages",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true,
			  .backing = TRANSPARENT_HUGE,
			  POISONS(HIT(DATA, OP_LOAD, FORWARDED), HIT(DATA, OP_STORE, FORWARDED))},
	},
	{
		.name = "forwarded-dirty-log",
		.promise = "while dirty pages are logged: a store's permission fault comes first, "
			   "and then the SEA; and one on the walk",
		.nr_vms = 2,
		.vm[0] = {.opt_in = true,
			  .log_dirty = true,
			  POISONS(HIT(DATA, OP_STORE, FORWARDED),
				  HIT(STAGE1, OP_WALK, FORWARDED, .reason = AMBIGUOUS_WALK),
				  HIT(DATA, OP_LOAD, FORWARDED))},
		.vm[1] = {.opt_in = true,
			  .log_dirty = true,
			  .backing = HUGETLB_PAGES,
			  POISONS(HIT(DATA, OP_STORE, FORWARDED))},
	},
	{
		.name = "forwarded-read-only",
		.promise = "in a slot that the guest cannot write: an exit with gva and gpa",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true,
			  .read_only = true,
			  POISONS(HIT(DATA, OP_LOAD, FORWARDED))},
	},
	{
		.name = "forwarded-gigantic",
		.promise = "in a huge page of 1 GiB: gpa is of the 4 KiB that were accessed",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true,
			  .backing = GIGANTIC_PAGE,
			  POISONS(HIT(DATA, OP_LOAD, FORWARDED), HIT(DATA, OP_STORE, FORWARDED))},
	},
	{
		.name = "forwarded-device",
		.promise = "in memory that the VMM has mapped as a device's (PFNMAP), which the "
			   "host's kernel does not know: an exit with gva and gpa",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true,
			  .backing = DEVICE_MEMORY,
			  POISONS(HIT(DATA, OP_LOAD, FORWARDED), HIT(DATA, OP_STORE, FORWARDED))},
	},
	{
		.name = "forwarded-aarch32",
		.promise = "EL1 in AArch32, with long and with short descriptors: exits as of "
			   "AArch64; DFSR and DFAR of the abort are as the format wants them",
		.nr_vms = 2,
		.vm[0] = {.opt_in = true, .kind = AARCH32_LONG, AARCH32_POISONS},
		.vm[1] = {.opt_in = true, .kind = AARCH32_SHORT, AARCH32_POISONS},
	},
	{
		.name = "forwarded-aarch32-fetch",
		.promise = "the same, of instruction fetches",
		.nr_vms = 2,
		.vm[0] = {.opt_in = true,
			  .kind = AARCH32_LONG,
			  POISONS(HIT(DATA, OP_FETCH, FORWARDED))},
		.vm[1] = {.opt_in = true,
			  .kind = AARCH32_SHORT,
			  POISONS(HIT(DATA, OP_FETCH, FORWARDED))},
	},
	{
		.name = "not-opted-in-aarch32",
		.promise = "EL1 in AArch32, with long and with short descriptors: an asynchronous "
			   "data abort",
		.nr_vms = 2,
		.vm[0] = {.kind = AARCH32_LONG, POISONS(HIT(DATA, OP_LOAD, NOT_OPTED_IN))},
		.vm[1] = {.kind = AARCH32_SHORT, POISONS(HIT(DATA, OP_LOAD, NOT_OPTED_IN))},
	},
	{
		.name = "fnv-aarch32",
		.promise = "EL1 in AArch32, and a CPU that does not know the address: nor have "
			   "DFSR and DFAR of the injected abort one",
		.nr_vms = 2,
		.vm[0] = {.opt_in = true,
			  .kind = AARCH32_LONG,
			  POISONS(HIT(DATA, OP_LOAD, FORWARDED))},
		.vm[1] = {.opt_in = true,
			  .kind = AARCH32_SHORT,
			  POISONS(HIT(DATA, OP_LOAD, FORWARDED))},
		.fnv = true,
	},
	{
		.name = "forwarded-unmapped",
		.promise = "a load by a translation that is gone from the guest's table: an exit "
			   "with gva, no gpa",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true, POISONS(HIT(DATA, OP_UNMAPPED, FORWARDED))},
	},
	{
		.name = "fnv",
		.promise = "a CPU that does not know the address: FnV, no gva, no gpa; an injected "
			   "abort has no address either",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true, POISONS(HIT(DATA, OP_LOAD, FORWARDED))},
		.fnv = true,
	},
	{
		.name = "s2-walk",
		.promise = "the host's table behind the guest's: no exit though opted in, a storm "
			   "until the table heals, then an SError",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true,
			  POISONS(HIT(STAGE2_OF_STAGE1, OP_WALK, HOST_OWNED, .reason = S2_WALK))},
	},
	{
		.name = "s2-walk-nommu",
		.promise = "the host's table behind the data, stage 1 off: no exit though opted "
			   "in, as there is no table of the guest's; an SError",
		.nr_vms = 2,
		.vm[0] = {.opt_in = true,
			  .mmu_off = true,
			  POISONS(HIT(STAGE2_OF_DATA, OP_WALK, HOST_OWNED, .reason = S2_WALK))},
		.vm[1] = {.mmu_off = true,
			  POISONS(HIT(STAGE2_OF_DATA, OP_WALK, HOST_OWNED, .reason = S2_WALK))},
		.kernel = OUR_KERNEL,
	},
	{
		.name = "s2-walk-nommu",
		.promise = "the host's table behind the data, stage 1 off: upstream takes it for "
			   "the guest's, an exit with FSC of a walk; ambiguous walk",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true,
			  .mmu_off = true,
			  POISONS(HIT(STAGE2_OF_DATA, OP_WALK, FORWARDED,
				      .reason = AMBIGUOUS_WALK))},
		.kernel = STOCK_KERNEL,
	},
	{
		.name = "vncr",
		.promise = "the host's page with a guest's EL2 registers: no exit though opted in, "
			   "an SError",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true,
			  .el2 = true,
			  POISONS(HIT(VNCR_PAGE, OP_READ_VNCR, HOST_OWNED, .reason = VNCR),
				  HIT(VNCR_PAGE, OP_WRITE_VNCR, HOST_OWNED, .reason = VNCR))},
	},
	{
		.name = "nested-vncr",
		.promise =
			"a guest's page with the EL2 registers of a guest of its own: FnV, no gva, "
			"no gpa, and the guest takes the abort; or an SError",
		.nr_vms = 2,
		.vm[0] = {.opt_in = true,
			  .el2 = true,
			  POISONS(HIT_AT(VSESR_OFFSET, DATA, OP_NESTED, FORWARDED))},
		.vm[1] = {.el2 = true,
			  POISONS(HIT_AT(VSESR_OFFSET, DATA, OP_NESTED, NOT_OPTED_IN))},
	},
	{
		.name = "nested-vncr-tea",
		.promise = "the same, where the guest takes all aborts of its guest (TEA)",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true,
			  .el2 = true,
			  POISONS(HIT_AT(VSESR_OFFSET, DATA, OP_NESTED_TEA, FORWARDED))},
	},
	{
		.name = "nested-vncr-walk",
		.promise = "the host's table that maps that page: no exit though opted in, an "
			   "SError",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true,
			  .el2 = true,
			  POISONS(HIT_AT(VSESR_OFFSET, VNCR_TABLE, OP_NESTED_WALK, HOST_OWNED,
					 .reason = VNCR))},
	},
	{
		.name = "nested-routed",
		.promise = "a load by a guest's guest: an exit, and the guest takes the abort that "
			   "the VMM injects",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true, .el2 = true, POISONS(HIT(DATA, OP_ROUTED, FORWARDED))},
	},
	{
		.name = "nested-stage2",
		.promise = "a load by a guest's guest, by the guest's stage 2: an exit with gva, "
			   "no gpa",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true, .el2 = true, POISONS(HIT(DATA, OP_STAGE2, FORWARDED))},
	},
	{
		.name = "no-ras",
		.promise = "without FEAT_RAS: the guest takes its own SEAs without KVM, and "
			   "whatever KVM sees is the host's",
		.nr_vms = 2,
		.vm[0] = {.opt_in = true,
			  POISONS(HIT(DATA, OP_LOAD, GUEST_OWN),
				  HIT(STAGE2_OF_STAGE1, OP_WALK, HOST_OWNED, .reason = NO_RAS))},
		.vm[1] = {.opt_in = true,
			  .mmu_off = true,
			  POISONS(HIT(STAGE2_OF_DATA, OP_WALK, HOST_OWNED, .reason = NO_RAS))},
		.no_ras = true,
	},
	{
		.name = "storm-vcpus",
		.promise = "several vCPUs at once, many exits each",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true, POISONS(HIT(DATA, OP_LOAD, FORWARDED))},
		.count = 50,
		.nr_vcpus = 4,
	},
	{
		.name = "storm-caps",
		.promise = "the same, while the VMM enables the capability over and over again",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true, .caps = true, POISONS(HIT(DATA, OP_LOAD, FORWARDED))},
		.count = 20,
		.nr_vcpus = 3,
	},
	{
		.name = "two-vms",
		.promise = "one process, two VMs: the first opted in, the second did not",
		.nr_vms = 2,
		.vm[0] = {.opt_in = true, POISONS(HIT(DATA, OP_LOAD, FORWARDED))},
		.vm[1] = {POISONS(HIT(DATA, OP_LOAD, NOT_OPTED_IN))},
	},
	{
		.name = "mixed",
		.promise = "one opted-in VM: claimed, forwarded and host_owned in turn",
		.nr_vms = 1,
		.vm[0] = {.opt_in = true,
			  POISONS(HIT(DATA, OP_LOAD, CLAIMED, .firmware_first = true),
				  HIT(DATA, OP_LOAD, FORWARDED),
				  HIT(STAGE2_OF_STAGE1, OP_WALK, HOST_OWNED, .reason = S2_WALK))},
	},
};

const unsigned int nr_scenarios = ARRAY_SIZE(scenarios);

const char *const answer_names[] = {
	[ANSWER_INJECT] = "inject", /* the default */
	[ANSWER_INJECT_REGISTERS] = "inject-registers",
	[ANSWER_SERROR] = "serror",
	[ANSWER_RESUME] = "resume",
	[ANSWER_WRITE_BACK] = "write-back",
	[ANSWER_LATE] = "late",
	[ANSWER_RESET] = "reset",
	[ANSWER_KILL] = "kill",
};

const char *const runner_names[] = {
	[RUN_BY_THREADS] = "threads",
	[RUN_BY_CHILDREN] = "children",
	[RUN_BY_HEIR] = "heir",
};

bool scenario_fits(const struct scenario *scenario)
{
	/* Our series has tracepoints for SEAs, and no other kernel has. */
	bool ours = !access("/sys/kernel/tracing/events/kvm/kvm_sea_host_owned", F_OK);

	return scenario->kernel == ANY_KERNEL || (scenario->kernel == OUR_KERNEL) == ours;
}

const struct scenario *scenario_find(const char *name)
{
	for (unsigned int i = 0; i < nr_scenarios; i++)
		if (!strcmp(scenarios[i].name, name) && scenario_fits(&scenarios[i]))
			return &scenarios[i];
	return NULL;
}

static unsigned int count_of(const struct scenario *scenario, enum disposition disposition,
			     unsigned int *total)
{
	unsigned int n = 0;

	*total = 0;
	for (unsigned int v = 0; v < scenario->nr_vms; v++) {
		const struct vm_plan *plan = &scenario->vm[v];

		*total += plan->nr_poisons;
		for (unsigned int i = 0; i < plan->nr_poisons; i++)
			n += plan->poisons[i].disposition == disposition;
	}
	return n;
}

bool scenario_is_all(const struct scenario *scenario, enum disposition disposition)
{
	unsigned int total;

	return count_of(scenario, disposition, &total) == total;
}

bool scenario_has_aarch32(const struct scenario *scenario)
{
	for (unsigned int v = 0; v < scenario->nr_vms; v++)
		if (scenario->vm[v].kind != AARCH64)
			return true;
	return false;
}

bool scenario_has(const struct scenario *scenario, enum disposition disposition)
{
	unsigned int total;

	return count_of(scenario, disposition, &total) > 0;
}
