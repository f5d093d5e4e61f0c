/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * map.h - the file of --names: names that the user gives to VMs.
 *
 * Lines are "KEY NAME", as seatop(8) documents. The first line whose key fits
 * counts.
 */
#ifndef SEA_VM_MAP_H
#define SEA_VM_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct sea_vm_map;

/*
 * Reads the file. The error names the first line that cannot be understood. The
 * caller gives *map back with sea_vm_map_free(), which takes NULL too.
 */
int sea_vm_map_load(const char *path, struct sea_vm_map **map, struct sea_error *err);
void sea_vm_map_free(struct sea_vm_map *map);

/*
 * The same from bytes of any content; path is for the error, and now_ns
 * (CLOCK_BOOTTIME) when they were read.
 */
int sea_vm_map_parse(const char *text, size_t len, const char *path, uint64_t now_ns,
		     struct sea_vm_map **map, struct sea_error *err);

/* What keys are compared with. */
struct sea_vm_facts {
	uint32_t tgid;
	uint64_t start_ns;  /* CLOCK_BOOTTIME; 0: unknown */
	const char *uuid;   /* in lower case; "": unknown */
	const char *cgroup; /* path; "": unknown */
	const char *name;   /* the name that it would have otherwise */
};

/*
 * The VM's name by the file, safe as after sea_printable() and the map's own;
 * NULL if no key fits. A pid is that of a process that was there when the file
 * was read: whoever gets it later is not meant.
 */
const char *sea_vm_map_find(const struct sea_vm_map *map, const struct sea_vm_facts *facts);

#endif /* SEA_VM_MAP_H */
