/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * choose.h - the best source that this kernel has.
 */
#ifndef SEA_CHOOSE_H
#define SEA_CHOOSE_H

#include "trace/object.h"
#include "trace/scratch.h"

/* Asks KVM what it has, by a VM of our own, if that can be had; the caller closes it. */
bool sea_choose_ask_kvm(struct sea_trace *t, struct sea_scratch *scratch);

/* Learns from that VM how this kernel keeps who opted in. The object is loaded. */
void sea_choose_calibrate(struct sea_trace *t, const struct sea_scratch *scratch);

/* Loads and attaches this source, or leaves nothing of it. */
int sea_choose_try(struct sea_trace *t, const struct sea_source *source,
		   const struct sea_scratch *scratch, struct sea_error *err);

/* The first source that can be had, or that of the options. */
int sea_choose_source(struct sea_trace *t, const struct sea_scratch *scratch,
		      struct sea_error *err);

#endif /* SEA_CHOOSE_H */
