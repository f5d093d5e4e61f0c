/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace-internal.h - parts of the trace for its unit tests, which runs on machines
 * where nothing can be attached.
 */
#ifndef SEA_TRACE_INTERNAL_H
#define SEA_TRACE_INTERNAL_H

#include "trace/trace.h"

/* The BPF maps alone, with no program loaded. */
int sea_trace_open_maps(const struct sea_trace_options *options, struct sea_trace **trace,
			struct sea_error *err);
/* The descriptor of a map by name, or -1. */
int sea_trace_map_fd(const struct sea_trace *trace, const char *name);

#endif /* SEA_TRACE_INTERNAL_H */
