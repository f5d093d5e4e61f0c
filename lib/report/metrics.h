/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * metrics.h - a store's numbers as they are at its last tick, for monitoring.
 *
 * A counter is of the store: the sum over all sessions that it has. So it goes on where
 * it was when the recorder is started anew. A gauge is of the newest session.
 *
 * The numbers come from the records of a feed, one by one as they are stored, or from a
 * store at once. Both give the same.
 */
#ifndef SEA_METRICS_H
#define SEA_METRICS_H

#include "model/record.h"
#include "model/view.h"
#include "store/reader.h"

struct sea_metrics;

/* sea_metrics_close() takes NULL. */
int sea_metrics_open(struct sea_metrics **metrics, struct sea_error *err);
void sea_metrics_close(struct sea_metrics *metrics);

/* Takes over all that the recording has. To be called before the first record. */
int sea_metrics_load(struct sea_metrics *metrics, struct sea_reader *reader, struct sea_error *err);

/*
 * Takes the next record. It has to be one that is stored: those that the recorder makes
 * itself (gaps) too.
 */
int sea_metrics_take(struct sea_metrics *metrics, const struct sea_record *record,
		     struct sea_error *err);

/* Whether the store can be written now; true before the first call. */
void sea_metrics_set_writable(struct sea_metrics *metrics, bool is_writable);

/* X(CONSTANT, name, what it is): why the numbers are not to be trusted */
#define SEA_INCOMPLETES(X)                                                                    \
	X(UNPROVEN, "unproven", "nothing shows that the kernel calls the hooks that count")   \
	X(BLIND, "blind", "the hooks that count are switched off")                            \
	X(LOSSES, "losses", "counts or responses were lost in the hour before the last tick") \
	X(GAP, "gap", "the counters cannot be read: a gap has begun and is not over")         \
	X(VMS, "vms", "there are VMs that have no row, or a pid namespace hides some")        \
	X(STORE, "store", "the store cannot be written, so what happens may be lost")         \
	X(NEWER, "newer", "a newer program wrote the store, and some of it was not read")

#define SEA_INCOMPLETE_CONSTANT(constant, name, what) SEA_INCOMPLETE_##constant,
enum sea_incomplete { SEA_INCOMPLETES(SEA_INCOMPLETE_CONSTANT) SEA_INCOMPLETE_REASONS };
#undef SEA_INCOMPLETE_CONSTANT

/* What the metrics are made of. Start from zeros; sea_metrics_view_free() releases it. */
struct sea_metrics_view {
	/*
	 * Its rows are the VMs that have metrics of their own, most SEAs first. `other` is the
	 * sum of the other VMs that run, `gone` of all that ran before. Together they
	 * are `all`.
	 */
	struct sea_view view;
	bool has_tick;	    /* view.wall is that of the last tick; false: there was none yet */
	__u64 session_runs; /* 0 or 1, as are all of this kind below */
	__u64 running, unlisted, ended, ended_after_sea, ended_by_sigbus; /* VMs */
	__u64 opt_in[SEA_OPT_IN_STATES];				  /* VMs that run */
	/* Pages that SEAs came from since the host was started */
	__u64 pages_held, pages_not_held;
	__u64 gaps[SEA_GAP_CAUSES], gap_ns[SEA_GAP_CAUSES]; /* gap_ns: of those that are over */
	__u64 hooks[SEA_PARTS][SEA_PROOFS];
	__u64 proven, blind, blind_ns;
	__u64 writable;
	__u64 incomplete[SEA_INCOMPLETE_REASONS];
};

/*
 * At most `top` VMs get a row. Which ones: those that run, or ended in the hour before
 * the last tick, and took an SEA. VMs of the same name and UUID have one row together.
 */
int sea_metrics_view_make(const struct sea_metrics *metrics, size_t top,
			  struct sea_metrics_view *view, struct sea_error *err);
void sea_metrics_view_free(struct sea_metrics_view *view);

/* Some of it is 1: what is shown is not to be trusted blindly. */
bool sea_metrics_is_incomplete(const struct sea_metrics_view *view);

#endif /* SEA_METRICS_H */
