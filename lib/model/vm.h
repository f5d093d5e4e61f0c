/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vm.h - who a VM is. Found out when the VM is first seen, and part of every record
 * and row of it from then on: whoever reads one asks nobody.
 */
#ifndef SEA_MODEL_VM_H
#define SEA_MODEL_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "names/cmdline.h"
#include "names/name.h"
#include "sea_abi.h"

/*
 * What tells a VM apart from all others of a boot of its host, also of those in
 * other sessions. Two VMs of one process that were made by the same thread differ in
 * the descriptor, as long as both live.
 */
struct sea_vm_key {
	__u64 start_ns;	  /* start of the VMM's process, CLOCK_BOOTTIME; 0: unknown */
	__u32 tgid;	  /* the VMM, in the initial pid namespace; 0: unknown */
	__u32 creator;	  /* the thread that made the VM; 0: unknown */
	__s32 creator_fd; /* the VM's descriptor there at the time; -1: unknown */
};

#define SEA_VM_KEY_LEN 64

/* Bytes of a cgroup's path, NUL included; longer ones are cut at the front. */
#define SEA_VM_CGROUP_LEN 256

/* "4017-93021500000-4019-11": TGID-START_NS-CREATOR-FD, with "?" for an unknown descriptor. */
void sea_vm_key_text(const struct sea_vm_key *key, char text[SEA_VM_KEY_LEN]);
/* The key of such a text; false: it is none. */
bool sea_vm_key_parse(const char *text, struct sea_vm_key *key);
bool sea_vm_key_equal(const struct sea_vm_key *a, const struct sea_vm_key *b);

/*
 * Never changes once others have it: what is found out later makes a new one. Shared
 * by reference.
 */
struct sea_vm_info {
	unsigned int refs; /* sea_vm_info_get() and _put()'s own */
	__u64 id;	   /* sea_vm::id: of this session only */
	struct sea_vm_key key;
	__u64 first_ns;		     /* CLOCK_BOOTTIME, first sight in this session */
	struct timespec first;	     /* CLOCK_REALTIME of the same moment */
	char comm[SEA_COMM_LEN + 1]; /* the VMM's process; printable */
	struct sea_vm_name name;
	char uuid[SEA_VM_UUID_LEN];	/* of the VM, as its VMM was told; "": unknown */
	char cgroup[SEA_VM_CGROUP_LEN]; /* path of the VMM's cgroup; "": unknown; printable */
};

/* A new one with one reference, all else from `from`; NULL: out of memory. */
struct sea_vm_info *sea_vm_info_new(const struct sea_vm_info *from);
/* One more reference, and one less; NULL is taken too. From any thread. */
const struct sea_vm_info *sea_vm_info_get(const struct sea_vm_info *info);
void sea_vm_info_put(const struct sea_vm_info *info);

#endif /* SEA_MODEL_VM_H */
