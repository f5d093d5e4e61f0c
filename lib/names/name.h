/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * name.h - the name of a VM, and where it comes from.
 */
#ifndef SEA_VM_NAME_H
#define SEA_VM_NAME_H

#include <stdbool.h>

/* Bytes of a name, NUL included; longer names are cut between characters. */
#define SEA_VM_NAME_LEN 256

/*
 * Where a name comes from, best first: what the user says; what the VM's owner
 * told the VMM, to the letter; what the machine is registered by, which libvirt
 * shortens and numbers; what may be named after something else than the VM.
 */
enum sea_vm_origin {
	SEA_VM_FROM_MAP,      /* the file of --names */
	SEA_VM_FROM_CMDLINE,  /* an option of the VMM's command line */
	SEA_VM_FROM_MACHINED, /* systemd-machined */
	SEA_VM_FROM_CGROUP,   /* the cgroup that the VMM runs in */
	SEA_VM_FROM_COMM,     /* the process's name and its pid */
	SEA_VM_FROM_PID,      /* the pid alone */
	SEA_VM_FROM_NOTHING,  /* not even the pid is known */
	SEA_VM_ORIGINS,
};

struct sea_vm_name {
	char text[SEA_VM_NAME_LEN]; /* valid UTF-8, printable, not empty */
	enum sea_vm_origin origin;
	/*
	 * What the next source calls the VM, if that is something else; "": none does.
	 * Of a name from the file it is the name that the VM would have without it.
	 */
	char other[SEA_VM_NAME_LEN];
	enum sea_vm_origin other_origin;
	bool disputed; /* text and other cannot both be right: show it */
};

/* Bytes of a UUID as text, NUL included. */
#define SEA_VM_UUID_LEN 37

/* Who a VM is. */
struct sea_vm_who {
	struct sea_vm_name name;
	char uuid[SEA_VM_UUID_LEN]; /* that QEMU was given, in lower case; "": unknown */
	const char *cgroup;	    /* its path, safe to show; "": unknown; never NULL */
	bool asking;		    /* a reader is not back yet: the name may get better */
};

/* "map-file", "cmdline", "machined", "cgroup", "comm", "pid", "none"; static. */
const char *sea_vm_origin_name(enum sea_vm_origin origin);

#endif /* SEA_VM_NAME_H */
