/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vm-list.h - the VMs that run, without any counts: seastat names.
 */
#ifndef SEA_VM_LIST_H
#define SEA_VM_LIST_H

#include <json-c/json.h>

#include "model/view.h"
#include "base/columns.h"
#include "names/names.h"
#include "base/error.h"
#include "base/text.h"

#define SEA_VM_LIST_SCHEMA "seastat-names/1"

/*
 * Fills in the view of the VMs that run now, which nothing counts. The error is
 * that of sea_trace_open(). filter, order and kvm may be NULL.
 */
struct sea_kvm_facts;
int sea_vm_list_make(struct sea_view *view, struct sea_vm_names *names,
		     const struct sea_filter *filter, const struct sea_order *order,
		     struct sea_kvm_facts *kvm, struct sea_error *err);

/*
 * Appends the list as lines of text: the first max_rows, and how many more there are; 0: all.
 * Default columns: those that say who the VMs are.
 */
int sea_vm_list_text(const struct sea_view *view, size_t max_rows,
		     const struct sea_columns *columns, struct sea_text *out,
		     struct sea_error *err);
/* Appends the list as one line of JSON; seastat-names(8) has the fields. */
int sea_vm_list_json(const struct sea_view *view, size_t max_rows, const char *host,
		     const char *kernel, struct sea_text *out, struct sea_error *err);
/* Adds what is known of a VM to an object. */
void sea_vm_list_add(json_object *object, const struct sea_row *row, bool *failed);

#endif /* SEA_VM_LIST_H */
