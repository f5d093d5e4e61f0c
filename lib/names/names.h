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
	bool ended; /* the VM is gone: it does not take names from those that run */
	/*
	 * Its command line as the kernel saw it, or somebody else while the process
	 * was there; text NULL: nobody did.
	 */
	struct sea_vm_cmdline cmdline;
	uint64_t cgroup_id; /* likewise, as for sea_vm_cgroup_by_id(); 0: unknown */
};

/*
 * Names of VMs and their processes, looked up when each is first asked for and then
 * remembered, since the VMM may be gone a moment later. Threads look (errand.h): no
 * function here waits for a process that does not answer for more than 50 ms. They are
 * started by sea_vm_names_get(), with the capabilities that the caller has then.
 */
struct sea_vm_names;

/*
 * proc is the root of procfs, "/proc" but for tests. The caller owns *names
 * and gives it back with sea_vm_names_close(), which takes NULL too.
 */
int sea_vm_names_open(const char *proc, struct sea_vm_names **names, struct sea_error *err);
void sea_vm_names_close(struct sea_vm_names *names);

/*
 * Reads the file of --names, again if need be (SIGHUP): its names go first from
 * now on, also for VMs that have a name already. After an error all is as it was.
 */
int sea_vm_names_load(struct sea_vm_names *names, const char *path, struct sea_error *err);

/* The same with a map of the caller's, which has to stay; NULL: none. */
void sea_vm_names_set_map(struct sea_vm_names *names, const struct sea_vm_map *map);

/*
 * Who the VM is: what can be found out in a moment, by itself. sea_vm_names_settle()
 * decides on it together with all others, and numbers those that have one name.
 *
 * A process without a start time is not looked up, and neither is one that started at
 * another time: it is not the VM's. A VM keeps its name when it is asked for with
 * another process. What a later identity has of its command line and cgroup counts more
 * than what was read.
 *
 * The answer is the names' own, stays at its place until the VM is pruned, and is
 * never NULL. What it says may change with any call below.
 */
const struct sea_vm_who *sea_vm_names_get(struct sea_vm_names *names,
					  const struct sea_vm_identity *identity);

/*
 * The same as sea_vm_names_get() for who has that one's answer and nothing new of the VM but
 * whether it has ended; costs less. False: that answer is no VM's own, as memory had run
 * out; the VM has to be asked for again.
 */
bool sea_vm_names_keep(struct sea_vm_names *names, const struct sea_vm_who *who, bool ended);

/*
 * For poll(): readable when a name may have become better, until the next
 * sea_vm_names_settle(). Stays the same until sea_vm_names_close().
 */
int sea_vm_names_fd(const struct sea_vm_names *names);

/*
 * Takes what readers have brought and decides on the names of all VMs together.
 * To be called when all VMs were asked for, and when the descriptor says so.
 * Returns a number that is another one if any answer of sea_vm_names_get() has
 * changed since.
 */
uint64_t sea_vm_names_settle(struct sea_vm_names *names);

/*
 * Waits until no reader is out any more, milliseconds at most; for who prints names
 * once and ends. False: some are still out.
 */
bool sea_vm_names_wait(struct sea_vm_names *names, unsigned int milliseconds);

/*
 * Forgets every VM that sea_vm_names_get() was not asked for since the last
 * call, and processes that have no VM left: what bounds the memory.
 */
void sea_vm_names_prune(struct sea_vm_names *names);

/* The number of VMs remembered. */
size_t sea_vm_names_count(const struct sea_vm_names *names);

#endif /* SEA_VM_H */
