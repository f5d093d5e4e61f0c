/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vm.h - which VM a VMM's process is: its name, and where the name comes from.
 *
 * A VM is known by the VMM's tgid and start time, never by the tgid alone: a
 * pid that got a second owner must not lend it the first one's name.
 */
#ifndef SEA_VM_H
#define SEA_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

/* Bytes of a name, NUL included; longer names are cut between characters. */
#define SEA_VM_NAME_LEN 256

/* Where a name comes from, best first. */
enum sea_vm_origin {
	SEA_VM_FROM_CMDLINE, /* an option of the VMM's command line */
	SEA_VM_FROM_CGROUP,  /* the cgroup that the VMM runs in */
	SEA_VM_FROM_COMM,    /* the process's name and its pid */
	SEA_VM_FROM_PID,     /* the pid alone */
	SEA_VM_FROM_NOTHING, /* not even the pid is known */
	SEA_VM_ORIGINS,
};

struct sea_vm_name {
	char text[SEA_VM_NAME_LEN]; /* valid UTF-8, printable, not empty */
	enum sea_vm_origin origin;
};

/* "cmdline", "cgroup", "comm", "pid", "none"; static. */
const char *sea_vm_origin_name(enum sea_vm_origin origin);

/*
 * Names for (tgid, start_ns), read from procfs once each and then remembered,
 * since the VMM may be gone a moment later.
 */
struct sea_vm_names;

/*
 * proc is the root of procfs, "/proc" but for tests. The caller owns *names
 * and gives it back with sea_vm_names_close(), which takes NULL too.
 */
int sea_vm_names_open(const char *proc, struct sea_vm_names **names, struct sea_error *err);
void sea_vm_names_close(struct sea_vm_names *names);

/*
 * The VM's name. comm (need not end in a NUL, at most len bytes) is the
 * fallback if the process is gone or says nothing. start_ns (CLOCK_BOOTTIME) 0
 * means unknown: procfs is not asked then. The answer is the names' own, stays
 * until the VM is pruned, and is never NULL.
 */
const struct sea_vm_name *sea_vm_names_get(struct sea_vm_names *names, uint32_t tgid,
					   uint64_t start_ns, const char *comm, size_t len);

/*
 * Forgets every VM that sea_vm_names_get() was not asked for since the last
 * call: what bounds the memory.
 */
void sea_vm_names_prune(struct sea_vm_names *names);

/* The number of names remembered. */
size_t sea_vm_names_count(const struct sea_vm_names *names);

/*
 * The parsers. They take what procfs gave, of any content, with or without a
 * NUL at the end, and write a NUL-terminated name of at most size bytes (at
 * least 1), made safe by sea_vm_sanitize(). False: there is no name in it.
 */

/*
 * /proc/PID/cmdline. Knows QEMU (-name guest=X,..., -name X, ",," for a comma),
 * Firecracker (--id X) and all VMMs that take --name X or --name=X (crosvm,
 * kvmtool).
 */
bool sea_vm_name_from_cmdline(const char *cmdline, size_t len, char *name, size_t size);

/*
 * /proc/PID/cgroup. The last component of the path that says something: no
 * slice, no session, no part of libvirt's that all VMs have.
 */
bool sea_vm_name_from_cgroup(const char *cgroup, size_t len, char *name, size_t size);

/* /proc/PID/stat: field 22, start time in clock ticks since boot. */
bool sea_vm_start_from_stat(const char *stat, size_t len, uint64_t *ticks);

/*
 * Copies text so that it can go to a terminal and into JSON: control and
 * direction-changing characters and bytes that are no UTF-8 become '?'.
 * Returns the length of the result.
 */
size_t sea_vm_sanitize(const char *text, size_t len, char *out, size_t size);

#endif /* SEA_VM_H */
