/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * load.h - how a source's programs get into the kernel, and out of it.
 */
#ifndef SEA_LOAD_H
#define SEA_LOAD_H

#include "trace/object.h"

/*
 * Opens and loads the object with what the source needs (NULL: maps alone) and
 * the list of VMs, and attaches it. After -1 nothing is left open.
 */
int sea_trace_load(struct sea_trace *t, const struct sea_source *source, struct sea_error *err);
void sea_trace_unload(struct sea_trace *t);
/* Has the programs look which vCPUs ran again since they left with an SEA. */
int sea_trace_sweep(const struct sea_trace *t, struct sea_error *err);

#endif /* SEA_LOAD_H */
