/* SPDX-License-Identifier: GPL-2.0-only */
/* Running a scenario: one thread a vCPU, and one that waits and cleans up */
#ifndef RUN_H
#define RUN_H

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "guest.h"
#include "kvm.h"
#include "scenario.h"
#include "stage2.h"

struct options {
	const char *name;
	const char *truth;
	const char *record;
	const char *pages;
	const char *memory;
	enum answer answer;
	bool kill; /* after the last answer, before the vCPU runs again */
	bool die;  /* of the first SIGBUS for bad memory */
	bool held; /* the VM stays for a moment after that, in another process */
	enum runner runner;
	unsigned int count;  /* 0: until told to stop */
	unsigned int rounds; /* so many times, with new VMs */
	unsigned int nr_vcpus;
	unsigned int interval_ms;
	unsigned int delay_ms;
	unsigned int hold_ms;
	unsigned int heal_ms;
	unsigned int think_ms; /* before each answer */
	unsigned int stuck;    /* seconds, see --stuck; 0: no limit */
	bool detour;
	bool line;
	bool quiet;
};

struct run {
	const struct scenario *scenario;
	const struct options *options;
	struct account *account;
	unsigned int running; /* vCPU threads */
	uint64_t progress;    /* whatever shows that guests get on */
	bool stopping;	      /* take no more SEAs, and expect nothing any more */
	int parked;	      /* where a vCPU that is to be killed says so, or -1 */
};

struct machine;

/* What VMM and guest saw of one poison */
struct seen {
	unsigned int exits;
	unsigned int aborts; /* instruction and data aborts in the guest */
	unsigned int serrors;
	unsigned int values; /* accesses completed */
	unsigned int sigbus;
};

struct step {
	const struct poison *poison; /* NULL: nothing is poisoned */
	bool over;		     /* the guest asks for the next one */
	unsigned int page;
	uint64_t region; /* that is poisoned, see ras_region() */
	struct ras_counts before;
	uint64_t value; /* that the access has, if it completes */
	uint64_t pc;	/* of the last exit */
	struct seen seen;
	unsigned int lost;	   /* times that the CPU had lost the translation of OP_UNMAPPED */
	bool again;		   /* has it just now? */
	unsigned int sigbus_noted; /* of seen.sigbus */
	siginfo_t sigbus;	   /* the last */
	pthread_t healer;
};

struct cpu {
	struct machine *machine;
	unsigned int index;
	struct vcpu vcpu;
	uint64_t vncr_desc; /* see find_vncr_desc(); 0: not found yet */
	uint64_t vncr;	    /* where VSESR_EL2 is, in the host's memory, if there is EL2 */
	int firmware;	    /* what firmware_lock() locks, or -1 */
	pthread_t thread;
	unsigned int warmed; /* pages that the guest has accessed already */
	uint64_t taken;	     /* poisons met */
	bool closing;	     /* the last access, of the clean page */
	uint64_t address;    /* of the access under way */
	unsigned int op;
	unsigned int page;
	uint64_t expected;
	uint64_t report[PORT_STRAY / 8 + 1];
	struct step step;
};

struct machine {
	struct run *run;
	const struct vm_plan *plan;
	struct vm_account *account;
	unsigned int index;
	struct guest_memory memory;
	struct vm vm;
	struct stage2 stage2;
	pthread_t caps; /* see enable_caps() */
	struct cpu cpus[GUEST_MAX_VCPUS];
};

#define HEST "/sys/firmware/acpi/tables/HEST"

/* cpu.c: a vCPU before its first entry, its thread, and the handler of SIGBUS for all */
void cpu_setup(const struct cpu *cpu);
void *cpu_thread(void *cpu);
/* The same, with the vCPU run by another process that has our memory */
void *cpu_thread_by_child(void *cpu);
void cpu_catch_sigbus(void);

/* run.c */
/* Is the VMM killed when all vCPUs have had their last exit? */
bool run_ends_in_kill(const struct run *run);
int run_scenario(const struct scenario *scenario, const struct options *options);
bool run_wait(struct run *run, unsigned int ms); /* true: stop */
bool run_stopping(const struct run *run);

/* A line of what was seen; with @differs, of what was not as promised */
void say(const struct cpu *cpu, bool differs, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
