/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * counters.h - from counters that only grow to what a reader wants to see.
 *
 * The tracer's counters are never cleared. A snapshot is one copy of all of
 * them; a view is a snapshot with the differences to the one before.
 */
#ifndef SEA_COUNTERS_H
#define SEA_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/error.h"
#include "model/hooks.h"
#include "model/listing.h"
#include "sea_abi.h"
#include "names/names.h"

/* One copy of all counters. Start from zeros; sea_snapshot_free() releases it. */
struct sea_snapshot {
	__u64 time_ns;	      /* CLOCK_BOOTTIME, when it was taken */
	struct timespec wall; /* CLOCK_REALTIME, at the same moment */
	__u64 started_ns;     /* CLOCK_BOOTTIME, when counting began */
	const char *source;   /* of the counts: "tracepoint", ...; static */
	bool tells_all;	      /* the source never has to say `unknown` */
	bool unproven;	      /* nothing shows that the kernel calls what the source hooks */
	const char *check;    /* what checks the counts: "trampoline", "kprobe"; or NULL */
	__u64 checked;	      /* SEAs that it saw */
	__u64 unseen;	      /* of which no hook of the source saw */
	__u64 missed;	      /* times that the kernel skipped a hook of ours */
	bool missed_unknown;  /* ... and it may have been more: not every hook tells */
	__u64 unlisted;	      /* VMs without a row, for want of room */
	/*
	 * What is attached, hook by hook. `missed` above is of the source's hooks alone:
	 * where the check's is skipped, no count is too low.
	 */
	struct sea_hooks hooks;
	const char *unchecked; /* why nothing checks the counts; static; NULL: something does */
	__u64 overseen;	       /* SEAs that were counted and that the check did not see */
	/*
	 * Times that the source was found unable to see SEAs, as somebody switched its
	 * mechanism off: a loss of an unknown number of SEAs. blind_ns: how long that was
	 * in all, at most: each time from the last look that found it able to the next.
	 */
	__u64 disarmed;
	__u64 blind_ns;
	__u64 blind_since_ns;  /* CLOCK_BOOTTIME; 0: the source can see SEAs now */
	const char *blind_why; /* "kernel.ftrace_enabled is 0"; static; NULL: it can see */
	const char *no_list;   /* why the list of VMs is missing; static; NULL: it is there */
	__u64 ended_unseen;    /* VMs that no hook saw end: the list found them gone */
	const struct sea_listing *listing; /* of the VMs; the trace's own; NULL: none */
	struct sea_vm *vms;		   /* sorted by id, no id twice */
	size_t nr_vms;
	size_t room; /* elements that vms has memory for */
	struct sea_vm other;
	/* Sum of the ended VMs whose rows made room for new ones. */
	struct sea_vm gone;
	struct sea_listed gone_listed; /* their SEAs from before; nothing else */
	__u64 nr_gone;
	struct sea_totals totals;
};

/* Deep copy. On failure dst is as sea_snapshot_free() leaves it. */
int sea_snapshot_copy(struct sea_snapshot *dst, const struct sea_snapshot *src,
		      struct sea_error *err);
/* Sorts vms by id. */
void sea_snapshot_sort(struct sea_snapshot *snapshot);
/* Frees what the snapshot owns and zeroes it; a zeroed one is fine. */
void sea_snapshot_free(struct sea_snapshot *snapshot);

/* Adds all counters of vm to sum; what is no counter stays as it is. */
void sea_vm_add(struct sea_vm *sum, const struct sea_vm *vm);

/* Sums over one VM's counters. */
__u64 sea_vm_total(const struct sea_vm *vm);	 /* SEAs */
__u64 sea_vm_responses(const struct sea_vm *vm); /* responses of all kinds */
__u64 sea_vm_pending(const struct sea_vm *vm);	 /* forwarded without a response */
__u64 sea_vm_lost(const struct sea_vm *vm);	 /* detail records not sent */

/*
 * The upper bound in microseconds of the latency that percent (1 to 100) of
 * the responses stay below or at; 0 if there is none, or if the bound is that
 * of the last slot, which has none.
 */
__u64 sea_vm_latency_us(const struct sea_vm *vm, unsigned int percent);

/*
 * How far a counter that only grows went from before to now. Across a wrap the
 * difference is right; a counter that is smaller for any other reason was
 * started anew, and all it has is new.
 */
__u64 sea_difference(__u64 now, __u64 before);

enum sea_row_kind {
	SEA_ROW_VM,
	SEA_ROW_OTHER, /* all VMs past the table's bound */
	SEA_ROW_GONE,  /* all ended VMs whose rows made room for new ones */
};

struct sea_row {
	enum sea_row_kind kind;
	struct sea_vm vm;	  /* counters since counting began */
	struct sea_listed listed; /* id 0: the VM was never in the list */
	struct sea_vm_name name;  /* "other" and "gone" for those rows */
	__u64 total, pending, lost;
	__u64 before;	 /* SEAs from before counting began, if listed.has_before */
	__u64 new_total; /* SEAs in the interval */
	double rate;	 /* SEAs a second in the interval */
	bool ended;
};

/* Loss by cause, since counting began. */
struct sea_loss {
	__u64 ratelimit;  /* detail records over their VM's rate */
	__u64 ring_full;  /* detail records that found the ring buffer full */
	__u64 table_full; /* SEAs and responses counted under `other` */
	__u64 no_vcpu;	  /* hooks that found no vCPU: not counted */
	__u64 answers;	  /* forwarded SEAs whose answer will not be seen */
	__u64 missed;	  /* times that the kernel skipped a hook: not counted */
	__u64 unseen;	  /* SEAs that the check saw and the source did not: not counted */
};

__u64 sea_loss_total(const struct sea_loss *loss);

/* Less than 0 if a belongs above b, more than 0 if below, 0 if it is all the same. */
typedef int (*sea_row_compare)(const struct sea_row *a, const struct sea_row *b);

struct sea_filter {
	__u32 pid;	  /* only this VMM; 0: all */
	const char *glob; /* only VMs whose name matches, as fnmatch(3); NULL: all */
};

struct sea_view {
	__u64 tick;    /* 0, 1, ... */
	__u64 time_ns; /* as in the snapshot */
	struct timespec wall;
	__u64 started_ns;
	__u64 interval_ns; /* since the snapshot before; 0 for the first */
	const char *source;
	bool tells_all;
	bool unproven;
	const char *check;
	bool missed_unknown;
	__u64 checked, unlisted;
	struct sea_row *rows; /* VMs that pass the filter, in order */
	size_t nr_rows;
	size_t nr_vms;	 /* VMs in the snapshot, filtered or not */
	size_t nr_ended; /* of which ended */
	__u64 nr_gone;
	struct sea_row other; /* to be shown if other.total or its responses are not 0 */
	struct sea_row gone;  /* to be shown if nr_gone is not 0 */
	struct sea_row all;   /* sum of everything, filtered or not */
	struct sea_totals totals;
	struct sea_loss loss;
};

/*
 * Fills in the view of `now`, all but the tick, which stays. before is the snapshot before it, or
 * NULL for the first; names is asked for every VM and then pruned. The rows are in the order of
 * compare, then by id; a NULL compare leaves just the id. The caller owns the view and gives it
 * back with sea_view_free(), also to use it again.
 */
int sea_view_make(struct sea_view *view, const struct sea_snapshot *now,
		  const struct sea_snapshot *before, struct sea_vm_names *names,
		  const struct sea_filter *filter, sea_row_compare compare, struct sea_error *err);
void sea_view_free(struct sea_view *view);

#endif /* SEA_COUNTERS_H */
