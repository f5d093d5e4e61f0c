/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * list.h - all VMs that run, by bpf/sea_list.bpf.c.
 */
#ifndef SEA_TRACE_LIST_H
#define SEA_TRACE_LIST_H

#include "trace/object.h"
#include "trace/scratch.h"

/*
 * What this kernel's types lack of what the list needs: a static text; NULL: nothing.
 * btf: the kernel's.
 */
const char *sea_list_lacks(const struct btf *btf);

int sea_list_attach(struct sea_trace *t, struct sea_error *err);
/* Finds out exit_flag by the scratch VM, and HCR_EL2 of its vCPU. */
int sea_list_calibrate(struct sea_trace *t, const struct sea_scratch *scratch, __u64 *hcr,
		       struct sea_error *err);
/* Goes over all VMs, if the last time was long enough ago for what it costs. */
int sea_list_pass(struct sea_trace *t, struct sea_error *err);
/* Has others' lists know this process, so that they leave out its VMs. Before such a VM. */
void sea_list_register(struct sea_trace *t);
void sea_list_forget(const struct sea_trace *t, __u64 id);
/* sea_text_reader of the kernel's text; context is the trace. */
int sea_list_read_text(void *context, uint64_t address, void *text, size_t size);

#endif /* SEA_TRACE_LIST_H */
