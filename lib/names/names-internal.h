/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * names-internal.h - parts of vm.c for its unit test, which has no machines.
 */
#ifndef SEA_VM_INTERNAL_H
#define SEA_VM_INTERNAL_H

#include "names/names.h"

/* As sea_vm_machined(). */
typedef bool (*sea_vm_ask_machined)(uint32_t pid, char *out, size_t size);

/* Who is asked about machines; NULL: nobody. */
void sea_vm_names_set_machined(struct sea_vm_names *names, sea_vm_ask_machined ask);

#endif /* SEA_VM_INTERNAL_H */
