/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * registry.h - the processes, programs and VMs that names.c remembers and decide.c
 * decides on. Internal to both.
 *
 * A process runs one program after the other (exec): it stays the same process, with
 * the same pid and the same start time, but what is known of it does not.
 */
#ifndef SEA_VM_REGISTRY_H
#define SEA_VM_REGISTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "names/clues.h"
#include "names/look.h"
#include "names/name.h"

/* As much of a process's name as the kernel keeps, and the NUL. */
#define COMM_LEN 64

struct process;
struct vm;

/* What a process runs. */
struct program {
	struct process *process;
	struct vm *vms;	       /* of it */
	struct program *older; /* that the process ran before */
	struct sea_vm_clues clues;
	bool from_kernel;     /* the command line is as the kernel saw it */
	uint64_t read_ns;     /* CLOCK_BOOTTIME of the look that the clues are from; 0: none */
	unsigned int version; /* counts changes of the clues */
	size_t nr_live;	      /* of its VMs: set by sea_vm_decide() */
};

struct process {
	uint64_t start_ns;    /* CLOCK_BOOTTIME; 0: unknown */
	uint32_t tgid;	      /* 0: unknown */
	struct process *next; /* with the same tgid */
	struct program *newest;
	uint64_t cgroup_id;	 /* that the kernel saw; 0: it did not say */
	struct sea_vm_look *out; /* who looks at it just now */
	bool look_again;	 /* when that one is back: VMs came meanwhile */
	bool late;		 /* it was waited for in vain: not once more */
	uint64_t asked;		 /* the newest VM that `out` is about: vm::order */
};

/* All processes that have had a tgid. */
struct pid {
	uint32_t tgid;
	struct process *first;
	UT_hash_handle hh;
};

/* VMs of one name, which are numbered. */
struct group {
	char *key;
	unsigned int numbers; /* the last one given */
	unsigned int nr_vms;  /* these: set by sea_vm_decide() */
	UT_hash_handle hh;
};

struct vm_key {
	uint64_t id; /* 0: not a VM, the process; start_ns and tgid are 0 otherwise */
	uint64_t start_ns;
	uint64_t tgid;
};

struct vm {
	struct vm_key key;
	struct program *program;
	struct vm *sibling; /* the next one of that program */
	uint64_t order;	    /* in which they came, from 1 */
	char comm[COMM_LEN];
	bool used; /* since the last prune */
	bool ended;
	bool verified; /* it is known to be of this program, and not of a later one */
	/* As last decided */
	unsigned int version;	  /* of the program's clues; 0: not decided yet */
	unsigned int map_version; /* of the file of --names */
	struct sea_vm_name plain; /* without a number */
	struct group *group;
	unsigned int number;  /* in the group, from 1; 0: none */
	uint64_t numbered_ns; /* CLOCK_MONOTONIC, when it got that */
	char *cgroup;	      /* that of who; NULL: none */
	struct sea_vm_who who;
	UT_hash_handle hh;
};

#endif /* SEA_VM_REGISTRY_H */
