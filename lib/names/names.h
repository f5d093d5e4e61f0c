/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * names.h - which VM a VMM's process is: its name, and where the name comes from.
 *
 * A VM is known by the VMM's tgid and start time, never by the tgid alone: a
 * pid that got a second owner must not lend it the first one's name.
 */
#ifndef SEA_VM_H
#define SEA_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "names/cmdline.h"
#include "names/map.h"
#include "names/name.h"

/* Who asks for a name. */
struct sea_vm_identity {
	uint64_t id;	   /* sea_vm::id; 0: the process alone is meant */
	uint64_t start_ns; /* start of the VMM's process, CLOCK_BOOTTIME; 0: unknown */
	uint32_t tgid;	   /* the VMM's process; 0: unknown */
	const char *comm;  /* its name; need not end in a NUL */
	size_t comm_len;
	/*
	 * Its command line as somebody saw it while the process was there, for
	 * when it is gone; text NULL: nobody did.
	 */
	struct sea_vm_cmdline cmdline;
	uint64_t cgroup_id; /* likewise, as for sea_vm_cgroup_by_id(); 0: unknown */
};

/*
 * Names of VMs and their processes, looked up in procfs once each and then
 * remembered, since the VMM may be gone a moment later.
 */
struct sea_vm_names;

/*
 * proc is the root of procfs, "/proc" but for tests. The caller owns *names
 * and gives it back with sea_vm_names_close(), which takes NULL too.
 */
int sea_vm_names_open(const char *proc, struct sea_vm_names **names, struct sea_error *err);
void sea_vm_names_close(struct sea_vm_names *names);

/* Names that go first from now on; the map has to stay. */
void sea_vm_names_set_map(struct sea_vm_names *names, const struct sea_vm_map *map);

/*
 * The VM's name. A process without a start time is not looked up, and neither is
 * one that started at another time: it is not the VM's. The second VM of one
 * process gets "#2" at the end of the name, and so on, in the order in which
 * they are asked for. A VM keeps its name when it is asked for with another
 * process. The name of a process that was gone when first asked for gets better
 * if a later identity has its command line or cgroup.
 *
 * The answer is the names' own, stays until the VM is pruned, and is never NULL.
 */
const struct sea_vm_name *sea_vm_names_get(struct sea_vm_names *names,
					   const struct sea_vm_identity *identity);

/*
 * Forgets every VM that sea_vm_names_get() was not asked for since the last
 * call, and processes that have no VM left: what bounds the memory.
 */
void sea_vm_names_prune(struct sea_vm_names *names);

/* The number of VMs remembered. */
size_t sea_vm_names_count(const struct sea_vm_names *names);

/* /proc/PID/stat, of any content: field 22, start time in clock ticks since boot. */
bool sea_vm_start_from_stat(const char *stat, size_t len, uint64_t *ticks);

#endif /* SEA_VM_H */
