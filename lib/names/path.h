/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * path.h - which part of a file's path may be a VM's name.
 *
 * A path alone cannot say: "web" of /run/web/ch.sock is a VM's if the next VM has
 * /run/db/ch.sock, and is not if that has /run/web/ch.sock as well. So there are
 * several names, best first, and who knows all VMs takes the first that is one's own.
 */
#ifndef SEA_VM_PATH_H
#define SEA_VM_PATH_H

#include <stddef.h>

#include "base/span.h"

/* More is not looked at: what is further up is no VM's. */
#define SEA_VM_PATH_NAMES 4

/*
 * The names in the path: what a manager's directory says (rules.c), then its parts
 * from the last one on, without endings like ".sock" and without those that are the
 * same for all VMs ("api", "run", "crosvm_control"). Returns how many there are.
 */
size_t sea_vm_path_names(struct sea_span path, struct sea_span names[SEA_VM_PATH_NAMES]);

/*
 * Copies text, made safe by sea_printable(), with container ids (64 hexadecimal
 * digits by themselves) cut to 12 digits, as container engines show them. Writes at
 * most size bytes, NUL included; returns the length of the result.
 */
size_t sea_vm_shorten(struct sea_span text, char *out, size_t size);

#endif /* SEA_VM_PATH_H */
