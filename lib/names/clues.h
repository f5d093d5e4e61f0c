/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * clues.h - all that is known of a VMM's process and may say whose VM it runs.
 */
#ifndef SEA_VM_CLUES_H
#define SEA_VM_CLUES_H

#include <stdbool.h>
#include <stddef.h>

#include "names/cmdline.h"
#include "names/name.h"
#include "names/path.h"

/* Bytes of a command line that are kept to know the program again. */
#define SEA_VM_CMDLINE_KEPT 4096

/* Names are as after sea_printable(), and not empty; NULL: there is none. */
struct sea_vm_clues {
	/* by the command line */
	char *name;
	char *sockets[SEA_VM_PATH_NAMES]; /* in the path of its socket, best first */
	char *images[SEA_VM_PATH_NAMES];
	char uuid[SEA_VM_UUID_LEN]; /* "": unknown */
	bool kubevirt;
	/* by systemd-machined */
	char *machine;
	/* by the cgroup */
	char *cgroup;
	bool cgroup_is_machine; /* one that was made for this VM */
	bool pod;
	char *cgroup_path;  /* as the kernel has it; NULL: unknown */
	char *cgroup_shown; /* the same, safe to show */
	/* the command line itself, SEA_VM_CMDLINE_KEPT bytes at most; NULL: unknown */
	char *cmdline;
	size_t cmdline_len; /* of all of it, without the NULs at its end */
	bool cmdline_cut;   /* there was more than cmdline_len */
};

/* These replace what there was of that kind. Out of memory, a clue is missing. */
void sea_vm_clues_set_cmdline(struct sea_vm_clues *clues, const struct sea_vm_cmdline *cmdline,
			      const char *comm);
void sea_vm_clues_set_cgroup(struct sea_vm_clues *clues, const char *path);
void sea_vm_clues_set_machine(struct sea_vm_clues *clues, const char *machine);

/* Forgets what machined and the cgroup said. */
void sea_vm_clues_drop_place(struct sea_vm_clues *clues);

/* Forgets all; the struct may be used again. */
void sea_vm_clues_free(struct sea_vm_clues *clues);

/* It may be the command line that the clues are from: the same as far as both are known. */
bool sea_vm_clues_same_cmdline(const struct sea_vm_clues *clues,
			       const struct sea_vm_cmdline *cmdline);

/*
 * Two names of one VM from two sources are not at odds: one is in the other ("web" in
 * "vm-web"), but for what libvirt leaves out of a machine's name, or one is no name
 * but a number, a UUID or a container's id. Else one source does not tell the truth.
 */
bool sea_vm_names_agree(const char *a, const char *b);

#endif /* SEA_VM_CLUES_H */
