/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host.h - hooks on what the host does about bad memory: see bpf/sea_host.bpf.c.
 *
 * An object of its own. Whatever of it this kernel does not have, or refuses, is
 * missing from the recording and said so; SEAs are counted all the same.
 */
#ifndef SEA_TRACE_HOST_H
#define SEA_TRACE_HOST_H

#include <bpf/btf.h>

#include "trace/armed.h"
#include "trace/host-record.h"
#include "trace/trace.h"

struct sea_host;

/* Of each record that is understood. False: there is no room; it comes again. */
typedef bool (*sea_host_take)(const struct sea_host_record *record, void *context);

/*
 * Attaches what there is. btf: the kernel's. trial: by mechanism, whether hooks of the kind are
 * called; those that are not are not used. Only out of memory is an error.
 */
int sea_host_open(const struct btf *btf, const enum sea_trial trial[SEA_MECHANISMS],
		  sea_host_take take, void *context, struct sea_host **host, struct sea_error *err);
/* NULL is fine. */
void sea_host_close(struct sea_host *host);

/* Readable when there are records; the host's own. -1: nothing is attached. */
int sea_host_fd(const struct sea_host *host);
/* Hands over the records that are there; does not wait. */
int sea_host_poll(struct sea_host *host, struct sea_error *err);
/* Records that found the ring buffer full so far. */
__u64 sea_host_lost(const struct sea_host *host);

/* What became of each hook. */
void sea_host_report(const struct sea_host *host, struct sea_host_report *report);

#endif /* SEA_TRACE_HOST_H */
