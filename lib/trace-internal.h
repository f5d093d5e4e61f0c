/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace-internal.h - parts of trace.c for its unit test, which runs on machines
 * where nothing can be attached.
 */
#ifndef SEA_TRACE_INTERNAL_H
#define SEA_TRACE_INTERNAL_H

#include "trace.h"

/* What the checks look at; the defaults are those of the running system. */
struct sea_trace_system {
	const char *machine; /* as uname -m; NULL: ask */
	const char *root;    /* where /proc, /sys and /dev are found below */
};

#define SEA_LOCKDOWN_LEN 32

/*
 * How far the kernel below root is locked down: the word in brackets of "none
 * [integrity] confidentiality". False: it does not say.
 */
bool sea_trace_lockdown(const char *root, char word[SEA_LOCKDOWN_LEN]);

/* Why nothing can be traced here: the first reason found, or 0 if none is. */
int sea_trace_check(const struct sea_trace_system *system, struct sea_error *err);

/* The BPF maps alone, with no program loaded. */
int sea_trace_open_maps(const struct sea_trace_options *options, struct sea_trace **trace,
			struct sea_error *err);
/* The descriptor of a map by name, or -1. */
int sea_trace_map_fd(const struct sea_trace *trace, const char *name);

#endif /* SEA_TRACE_INTERNAL_H */
