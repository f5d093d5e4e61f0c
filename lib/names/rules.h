/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rules.h - what is known of VMMs and of what starts them, as data.
 *
 * A VMM, an option, a manager's directory or a word that says nothing is a line in
 * rules.c; the code that reads a command line, a path or a cgroup has none of it.
 */
#ifndef SEA_VM_RULES_H
#define SEA_VM_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

/* What an option's value says about the VM. */
enum sea_says {
	SEA_SAYS_NAME = 1, /* the name that the owner gave it */
	SEA_SAYS_UUID,
	SEA_SAYS_SOCKET, /* a file that belongs to this run of it */
	SEA_SAYS_IMAGE,	 /* a file that it was made of */
};

/* How the value is written. */
enum sea_value {
	SEA_VALUE_WHOLE,    /* all of it */
	SEA_VALUE_KEY,	    /* KEY=VALUE among others, as QEMU has it: ",," is a comma */
	SEA_VALUE_BARE_KEY, /* likewise, and a first value without a key is meant, too */
};

struct sea_vmm_option {
	enum sea_says says; /* 0: the end of the list */
	const char *option;
	enum sea_value value;
	const char *key;
};

#define SEA_VMM_PROGRAMS 4
#define SEA_VMM_OPTIONS 12

/*
 * An option --OPTION takes its value as the next argument or behind a "="; only QEMU,
 * which writes -OPTION as well, does not know the "=".
 */
struct sea_vmm {
	bool qemu;				/* it is QEMU, or takes QEMU's options */
	const char *programs[SEA_VMM_PROGRAMS]; /* how their names begin */
	struct sea_vmm_option options[SEA_VMM_OPTIONS];
};

/* By the program's file name; NULL: no VMM that we know. */
const struct sea_vmm *sea_rules_vmm(struct sea_span program);

/* By the process's name, which the kernel cuts after 15 bytes. */
const struct sea_vmm *sea_rules_vmm_of_comm(const char *comm);

/* What any other VMM is taken to have. */
const struct sea_vmm *sea_rules_any_vmm(void);

/* What follows is the VM's: "microvm@" of argv[0] "microvm@web". NULL-terminated. */
extern const char *const sea_rules_instances[];

/*
 * Directories of managers, each followed by one that is the VM's: "/vault/instances/"
 * in /var/snap/multipass/common/data/multipassd/vault/instances/NAME/x.img.
 * NULL-terminated.
 */
extern const char *const sea_rules_directories[];

/* Taken off the end of a file's name, again and again: ".sock". NULL-terminated. */
extern const char *const sea_rules_suffixes[];

/* The path begins with a part that says nothing, as /home/USER: its length, or 0. */
size_t sea_rules_place(struct sea_span path);

/* All of its words are such as all VMs have: "crosvm_control", "api". */
bool sea_rules_common(struct sea_span name);

/* A component of a cgroup's path that is not named after a VM. */
bool sea_rules_cgroup_common(struct sea_span component);

#endif /* SEA_VM_RULES_H */
