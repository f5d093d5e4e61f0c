/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * view.h - what a reader wants to see: a snapshot, with the differences to the one
 * before. It asks nobody: all that it shows is in the two snapshots and the session.
 */
#ifndef SEA_VIEW_H
#define SEA_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/error.h"
#include "base/fields.h"
#include "model/filter.h"
#include "model/session.h"
#include "model/snapshot.h"

/* Which rows a field of a row is for: bits of sea_field::where. */
enum sea_row_kind {
	SEA_ROW_VM = 0x1,
	SEA_ROW_OTHER = 0x2, /* all VMs past the table's bound */
	SEA_ROW_GONE = 0x4,  /* all ended VMs whose rows made room for new ones */
	SEA_ROW_ALL = 0x8,   /* the sum over everything */
};

struct sea_row {
	enum sea_row_kind kind;
	struct sea_vm vm;		/* counters since counting began */
	struct sea_listed listed;	/* id 0: the VM was never in the list */
	struct timespec last_wall;	/* CLOCK_REALTIME of the last SEA */
	__s32 sigbus;			/* as in the snapshot */
	const struct sea_vm_info *info; /* the view's reference; NULL: no VM's */
	__u64 total, pending, lost;
	__u64 before;	   /* SEAs from before counting began, if listed.has_before */
	__u64 new_total;   /* SEAs in the interval */
	__u64 last_age_ns; /* since the last SEA, if there was one */
	__u64 nr_vms;	   /* of SEA_ROW_GONE: how many they are */
	double rate;	   /* SEAs a second in the interval */
	bool ended;
};

/* The name of the VM, or "other", "gone" and "all"; never NULL. */
const char *sea_row_name(const struct sea_row *row);
enum sea_vm_origin sea_row_origin(const struct sea_row *row);

/* Whether a VM opted in. One that the list cannot tell of did if KVM forwarded to it. */
enum sea_opt_in sea_opt_in_of(const struct sea_listed *listed, const struct sea_vm *vm);

/* The row's VM fits what somebody typed, as sea_filter_finds() says. */
bool sea_row_matches(const struct sea_row *row, const char *text);

struct sea_view {
	__u64 tick;    /* 0, 1, ... */
	__u64 time_ns; /* as in the snapshot */
	struct timespec wall;
	__u64 started_ns;
	__u64 interval_ns;		   /* since the snapshot before; 0 for the first */
	const struct sea_session *session; /* as long as its feed has it */
	const char *source;
	bool tells_all;
	bool unproven;
	const char *check;
	const char *unchecked; /* why nothing checks the counts; NULL: something does */
	__u64 checked, unlisted;
	struct sea_hooks hooks; /* what is attached, hook by hook */
	/* As in the snapshot: times without sight, and what could not be looked at. */
	__u64 blind_ns, blind_since_ns;
	const char *blind_why, *no_list;
	__u64 ended_unseen;
	bool pid_namespace;   /* VMs outside of ours are in no list: unlisted is not all */
	struct sea_row *rows; /* VMs that pass the filter, in order */
	size_t nr_rows;
	size_t room;	/* elements that rows has memory for */
	__u64 nr_vms;	/* VMs in the snapshot, filtered or not */
	__u64 nr_ended; /* of which ended */
	__u64 nr_gone;
	bool filtered;	      /* rows leaves out some of the VMs */
	struct sea_row other; /* to be shown if other.total or its responses are not 0 */
	struct sea_row gone;  /* to be shown if nr_gone is not 0 */
	struct sea_row all;   /* sum of everything, filtered or not */
	struct sea_row shown; /* sum of rows: what passes the filter */
	struct sea_totals totals;
	struct sea_loss loss;
};

/* What the rows are sorted by. */
struct sea_order {
	const struct sea_field *field; /* of sea_row_fields(); NULL: by id */
	bool reverse;		       /* upside down */
	/*
	 * First of all by how much a reader has to know of the VM now: those that were hit
	 * in the last SEA_VIEW_HIT_NS or in the interval, then those that run and took
	 * SEAs, those that ended and took SEAs, the others that run, the others that ended.
	 */
	bool urgent_first;
};

#define SEA_VIEW_HIT_NS 10000000000ULL

/*
 * Fills in the view of `now`, all but the tick, which stays. before is the snapshot
 * before it, or NULL for the first. The rows are in the order that is asked for, then
 * by id. The caller owns the view and gives it back with sea_view_free(), also to use
 * it again.
 */
int sea_view_make(struct sea_view *view, const struct sea_session *session,
		  const struct sea_snapshot *now, const struct sea_snapshot *before,
		  const struct sea_filter *filter, const struct sea_order *order,
		  struct sea_error *err);
/*
 * The same, but the counters of all rows and sums are what they grew since `base`, a
 * snapshot of the same session; NULL: since counting began. Rates, the last SEA and
 * what is pending are as of now.
 */
int sea_view_make_since(struct sea_view *view, const struct sea_session *session,
			const struct sea_snapshot *now, const struct sea_snapshot *before,
			const struct sea_snapshot *base, const struct sea_filter *filter,
			const struct sea_order *order, struct sea_error *err);
void sea_view_free(struct sea_view *view);

#endif /* SEA_VIEW_H */
