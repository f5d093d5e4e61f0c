/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * procfs.h - a made-up /proc with the files that names are read from.
 */
#ifndef SEA_TEST_PROCFS_H
#define SEA_TEST_PROCFS_H

#include <stddef.h>
#include <stdint.h>

#include "fixtures.h"
#include "names/names-internal.h"

/* A string literal with the NULs in it, and without the one that C adds. */
#define BYTES(s) s, sizeof(s) - 1

struct procfs {
	char root[64];
};

/* For cmocka_unit_test_setup_teardown(): *state is a struct procfs. */
int procfs_setup(void **state);
int procfs_teardown(void **state);

/* A process; what there was of that pid is replaced. The cgroup is a line of the file. */
void procfs_put(const struct procfs *proc, uint32_t pid, uint64_t ticks, const char *cmdline,
		size_t len, const char *cgroup);
void procfs_drop(const struct procfs *proc, uint32_t pid);

/* Whoever opens this file of the process hangs from now on ... */
void procfs_hang(const struct procfs *proc, uint32_t pid, const char *file);
/* ... until this, which waits for him. He reads the bytes. */
void procfs_release(const struct procfs *proc, uint32_t pid, const char *file, const char *bytes,
		    size_t len);

/* Names from it, with nobody to ask about machines. */
struct sea_vm_names *procfs_names(const struct procfs *proc);

/* Nanoseconds after boot, for so many clock ticks. */
uint64_t ticks_ns(uint64_t ticks);

/* A VM of the process "vmm". */
struct sea_vm_identity vm(uint64_t id, uint32_t tgid, uint64_t start_ns);

/* Asks for it and decides on all; the answer, and the name in it. */
const struct sea_vm_who *who_is(struct sea_vm_names *names, struct sea_vm_identity identity);
void expect_name(struct sea_vm_names *names, struct sea_vm_identity identity, const char *text,
		 enum sea_vm_origin origin);

#endif /* SEA_TEST_PROCFS_H */
