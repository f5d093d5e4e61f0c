/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * decide.h - the names of all VMs, decided together. A socket, an image or a cgroup that
 * several live VMs have in common names none of them; a name that a VMM was given stays,
 * and the second VM of that name is "web#2".
 */
#ifndef SEA_VM_DECIDE_H
#define SEA_VM_DECIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "names/map.h"
#include "names/registry.h"

/* What is remembered from one decision to the next. Start from zeros. */
struct sea_vm_decisions {
	struct clue *clues;   /* hash: what programs say, and how many say it */
	struct group *groups; /* hash */
	uint64_t settled_ns;  /* a clue that is shared for so long stays shared; 0: 2 s */
};

/*
 * Decides on every VM in the hash, in the order in which they came. now_ns is
 * CLOCK_MONOTONIC. Returns how many answers (vm::who) have changed; *again: it has to
 * be asked again in a while, though nothing changes, as something is on probation.
 */
size_t sea_vm_decide(struct sea_vm_decisions *decisions, struct vm *vms, struct pid *pids,
		     const struct sea_vm_map *map, unsigned int map_version, uint64_t now_ns,
		     bool *again);

/*
 * A first answer on one VM, by what was counted at the last decision and without a
 * number, so that it has one until the next. True if it is another one than before.
 */
bool sea_vm_decide_alone(struct sea_vm_decisions *decisions, struct vm *vm,
			 const struct sea_vm_map *map);

void sea_vm_decisions_free(struct sea_vm_decisions *decisions);

#endif /* SEA_VM_DECIDE_H */
