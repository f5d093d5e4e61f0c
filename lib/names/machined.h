/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * machined.h - the machine of systemd-machined that a process belongs to.
 *
 * In a build without libsystemd there is none: the name in its scope's is the
 * same, and sea_vm_name_from_cgroup() finds that.
 */
#ifndef SEA_VM_MACHINED_H
#define SEA_VM_MACHINED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The name that the machine is registered by, cut at size bytes (at least 1);
 * of any content. False: no machine, or machined knows nothing of it.
 */
bool sea_vm_machined(uint32_t pid, char *out, size_t size);

#endif /* SEA_VM_MACHINED_H */
