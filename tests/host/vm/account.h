/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What happened to the VMs of one process: the device's hits, sorted by what
 * each has to become, beside what VMM and guest saw. It is the truth that
 * tracers are compared with.
 */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "guest.h"
#include "ras.h"

#define MAX_VMS 2
#define MAX_REGIONS 4096

/* The dispositions of an SEA, and that of a hit which is none of KVM's */
enum disposition {
	CLAIMED,
	HOST_OWNED,
	NOT_OPTED_IN,
	FORWARDED,
	NR_DISPOSITIONS,
	/* Without FEAT_RAS the CPU hands the guest its SEAs itself. */
	GUEST_OWN = NR_DISPOSITIONS,
};

enum reason { NO_REASON, S2_WALK, NO_RAS, VNCR, AMBIGUOUS_WALK, NR_REASONS };

enum response { INJECTED, RESUMED, ABANDONED, NR_RESPONSES };

/* A page or line that was poisoned at least once, with its counts before */
struct region {
	uint64_t region; /* see ras_region() */
	struct ras_counts before;
};

/* Several vCPUs count here: use account_add(). */
struct vm_account {
	unsigned int nr_vcpus;
	uint64_t sea[NR_DISPOSITIONS];
	uint64_t guest_own;
	uint64_t reason[NR_REASONS];
	uint64_t response[NR_RESPONSES];
	uint64_t exits;
	uint64_t serrors; /* taken by the guest */
	uint64_t sigbus;
	unsigned int nr_regions;
	struct region region[MAX_REGIONS];
};

struct account {
	pid_t pid;
	unsigned int nr_vms;
	uint64_t differences; /* of what was seen from what was promised */
	struct vm_account vm[MAX_VMS];
};

/* Shared with children, like the poison of ras_open() */
struct account *account_create(void);
void account_destroy(struct account *account);

static inline void account_add(uint64_t *counter, uint64_t n)
{
	__atomic_fetch_add(counter, n, __ATOMIC_RELAXED);
}

/* To be called when a region is poisoned for the VM, and nothing has hit it yet */
void account_region(struct vm_account *vm, uint64_t region);

/* Hits and records of all the VM's regions since account_region() */
struct ras_counts account_total(const struct vm_account *vm);

const char *disposition_name(enum disposition disposition);

/* One line for each VM on stdout */
void account_print(const struct account *account);

/* Appends one line of JSON by one write(). */
void account_append(const struct account *account, const char *path, const char *name,
		    const char *scenario);

#endif
