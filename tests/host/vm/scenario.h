/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the guests of a scenario hit, and what has to become of it. Scenarios
 * are data: whoever runs them knows none by name.
 */
#ifndef SCENARIO_H
#define SCENARIO_H

#include <stdbool.h>

#include "account.h"
#include "guest.h"

/* What goes bad: the data that the guest accesses, or a table on the way to it */
enum target {
	DATA,
	STAGE1,		  /* the guest's table that maps the data */
	STAGE2_OF_STAGE1, /* the host's table that maps the guest's tables */
	STAGE2_OF_DATA,	  /* the host's table that maps the data */
	VNCR_PAGE,	  /* where the host keeps EL2's registers: a line of that page only */
	VNCR_TABLE,	  /* the host's table that maps those of a guest's guest: see vncr-walk.c */
};

/* One thing that goes bad, and the access that meets it */
struct poison {
	enum target target;
	unsigned int op;
	int offset; /* of the access from the start of the page that goes bad */
	bool firmware_first;
	bool again; /* the VMM leaves the page bad after a SIGBUS */
	enum disposition disposition;
	enum reason reason;
};

struct vm_plan {
	bool opt_in;	/* KVM_CAP_ARM_SEA_TO_USER */
	bool mmu_off;	/* the guest's stage 1 */
	bool el2;	/* the guest has EL2, and runs there */
	bool read_only; /* the slot of its data */
	bool log_dirty; /* is turned on before each thing that goes bad */
	bool caps;	/* the capability is enabled again and again meanwhile */
	enum guest_kind kind;
	enum backing backing;
	unsigned int nr_poisons;
	const struct poison *poisons; /* taken in turn, each --count times */
};

/* Kernels without our series make something else of some SEAs. */
enum kernel_kind { ANY_KERNEL, STOCK_KERNEL, OUR_KERNEL };

struct scenario {
	const char *name;
	const char *promise;
	unsigned int nr_vms;
	struct vm_plan vm[MAX_VMS];
	bool no_ras; /* the CPU must not have FEAT_RAS; otherwise it must */
	bool fnv;    /* the CPU does not report addresses */
	enum kernel_kind kernel;
	unsigned int count; /* defaults */
	unsigned int nr_vcpus;
};

/* How a VMM answers KVM_EXIT_ARM_SEA */
enum answer {
	ANSWER_INJECT,		 /* a data abort, by KVM_SET_VCPU_EVENTS */
	ANSWER_INJECT_REGISTERS, /* the very abort, by setting registers */
	ANSWER_SERROR,		 /* an SError, by KVM_SET_VCPU_EVENTS */
	ANSWER_RESUME,		 /* not at all: three times, then the page is healed */
	/*
	 * First by an SError that the guest keeps masked, then not at all, but the
	 * VMM writes the events back as it has read them; the page is healed, and
	 * the SError taken.
	 */
	ANSWER_WRITE_BACK,
	ANSWER_LATE,  /* not at all; after another exit an SError about that */
	ANSWER_RESET, /* the vCPU is reset, and starts anew */
	ANSWER_KILL,  /* it is killed before it can */
	NR_ANSWERS,
};

#define RESUMES 3

/* Who runs the vCPUs. KVM lets all do that who have the memory of the VM's creator. */
enum runner {
	RUN_BY_THREADS,	 /* of the VMM */
	RUN_BY_CHILDREN, /* a process each, with the VMM's memory */
	RUN_BY_HEIR,	 /* a process with the memory of the VMM, which is gone */
	NR_RUNNERS,
};

extern const struct scenario scenarios[];
extern const unsigned int nr_scenarios;
extern const char *const answer_names[NR_ANSWERS];
extern const char *const runner_names[NR_RUNNERS];

/* What the scenario promises on the kernel that runs, if it is for that */
bool scenario_fits(const struct scenario *scenario);
const struct scenario *scenario_find(const char *name);

/* All hits of the scenario end up as @disposition. */
bool scenario_is_all(const struct scenario *scenario, enum disposition disposition);
bool scenario_has_aarch32(const struct scenario *scenario);
bool scenario_has(const struct scenario *scenario, enum disposition disposition);

#endif
