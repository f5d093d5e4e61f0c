/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * names-internal.h - parts of names.c for its unit test, which has no machines and
 * does not wait for clocks.
 */
#ifndef SEA_VM_INTERNAL_H
#define SEA_VM_INTERNAL_H

#include "names/names.h"

/* As sea_vm_machined(). */
typedef bool (*sea_vm_ask_machined)(uint32_t pid, char *out, size_t size);

/* Who is asked about machines; NULL: nobody. */
void sea_vm_names_set_machined(struct sea_vm_names *names, sea_vm_ask_machined ask);

/* What several VMs share for so long names none of them any more: 2 s otherwise. */
void sea_vm_names_set_settled(struct sea_vm_names *names, uint64_t ns);

#endif /* SEA_VM_INTERNAL_H */
