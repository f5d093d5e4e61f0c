/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * live.h - the live feed: what the kernel says, as records.
 */
#ifndef SEA_LIVE_H
#define SEA_LIVE_H

#include "model/feed.h"
#include "names/names.h"
#include "trace/trace.h"

struct sea_live_options {
	const char *program;	    /* that counts: "seatop"; static */
	const char *source;	    /* by name; NULL: the first that is armed */
	__u32 max_vms;		    /* rows; 0: SEA_MAX_VMS_DEFAULT */
	__u64 interval_ns;	    /* from one tick to the next */
	__u64 intervals;	    /* finishes by itself after so many; 0: never */
	bool list;		    /* only list the VMs: no SEA is counted */
	bool details;		    /* records of single SEAs and answers are wanted */
	struct sea_vm_names *names; /* the caller's; it has to stay */
};

/*
 * Loads and attaches; counting starts just before this returns, and the first tick is
 * due at once. The error names the one thing that is missing.
 */
int sea_live_open(const struct sea_live_options *options, struct sea_feed **feed,
		  struct sea_error *err);

/* The trace behind a feed of sea_live_open(): the feed's own. */
const struct sea_trace *sea_live_trace(const struct sea_feed *feed);

#endif /* SEA_LIVE_H */
