/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * look.h - a look at a process from outside: what /proc, the tree of cgroups and
 * systemd-machined say of it. An errand, as any of it may hang.
 */
#ifndef SEA_VM_LOOK_H
#define SEA_VM_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "names/errand.h"

/*
 * A command line beyond this is cut, and a name there not found: it may be as long as
 * the stack allows.
 */
#define SEA_VM_CMDLINE_MAX (128 * 1024)

struct sea_vm_look {
	struct sea_errand errand; /* first: see errand.h */

	/* What is asked: filled in by who sends it, and not touched until it is back. */
	void *who; /* the sender's */
	uint32_t tgid;
	uint64_t start_ns;  /* CLOCK_BOOTTIME: another process with that pid is not meant */
	uint64_t cgroup_id; /* that the kernel saw; 0: it did not say */
	bool cmdline_known; /* the kernel saw all of it: it need not be read */
	bool (*machined)(uint32_t pid, char *out, size_t size); /* NULL: nobody to ask */

	/* What the quick part finds. */
	uint64_t read_ns; /* CLOCK_BOOTTIME, when it began */
	bool there;	  /* there is such a process */
	char *cgroup;	  /* its path; NULL: unknown */
	char *machine;	  /* the name that machined has; NULL: none */

	/* What the slow part finds. */
	char *cgroup_by_id; /* its path, if the quick part found none */
	char *cmdline;	    /* NULL: unknown, or empty */
	size_t len;
	bool cut;

	/* The errand's own. */
	char *directory;
	int fd;
};

/* Of the process in the procfs at root ("/proc" but for tests); NULL: out of memory. */
struct sea_vm_look *sea_vm_look_new(const char *root, uint32_t tgid, uint64_t start_ns);

/* CLOCK_BOOTTIME, in nanoseconds. */
uint64_t sea_vm_look_now(void);

/* /proc/PID/stat, of any content: field 22, start time in clock ticks since boot. */
bool sea_vm_start_from_stat(const char *stat, size_t len, uint64_t *ticks);

#endif /* SEA_VM_LOOK_H */
