/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * metrics-internal.h - what the files of metrics share: the sums so far.
 */
#ifndef SEA_METRICS_INTERNAL_H
#define SEA_METRICS_INTERNAL_H

#include "base/hash.h"
#include "report/metrics.h"

/* A VM that ended so long before the last tick, or less, still has a row. */
#define SEA_METRICS_KEEP_NS (3600 * 1000000000ULL)
/* One that ended so soon after an SEA is counted as ended after it. */
#define SEA_METRICS_AFTER_NS (60 * 1000000000ULL)

/* By what VMs are told apart in metrics: a VM keeps both over restarts of its VMM. */
struct sea_metrics_label {
	char name[SEA_VM_NAME_LEN];
	char uuid[SEA_VM_UUID_LEN];
};

/* What the VMs of a label took in sessions that are over. */
struct sea_metrics_past {
	struct sea_metrics_label label;
	struct sea_vm vm;
	struct timespec last_wall;
	UT_hash_handle hh;
};

/* A page of the host's, of the boot of the newest session. */
struct sea_metrics_page {
	__u64 pfn;
	bool is_hit;	    /* an SEA came from it, and it is known whether the host held it: */
	bool is_bad;	    /* it did at the last of these SEAs */
	bool is_taken_out;  /* memory_failure() took it out of use */
	__s64 seq, wall_ns; /* where that last SEA is in the order of records */
	UT_hash_handle hh;
};

struct sea_metrics {
	/* Of the sessions that are over */
	struct sea_vm past;
	struct timespec past_last_wall; /* of past.last */
	__u64 past_loss[SEA_LOSS_CAUSES];
	__u64 past_blind_ns, past_ended;
	struct sea_metrics_past *past_vms;
	/* The newest session, and its last tick */
	struct sea_session session; /* run "": there was none */
	struct sea_snapshot now;    /* time_ns 0: there was none */
	/* Of all sessions */
	__u64 ended_after_sea, ended_by_sigbus;
	__u64 gaps[SEA_GAP_CAUSES], gap_ns[SEA_GAP_CAUSES];
	struct sea_gap open[SEA_GAP_CAUSES]; /* since 0: none is */
	bool not_writable, is_newer;
	struct sea_metrics_page *pages;
};

void sea_metrics_label(const struct sea_vm_info *info, struct sea_metrics_label *label);

/* A VM ended whose last SEA was `last`, as in struct sea_vm; 0: none. */
void sea_metrics_end(struct sea_metrics *metrics, const struct sea_end *end, __u64 last);

/* page: an SEA's, or NULL. */
int sea_metrics_take_page(struct sea_metrics *metrics, const struct sea_page *page,
			  struct sea_error *err);
int sea_metrics_take_host(struct sea_metrics *metrics, const struct sea_host_event *host,
			  struct sea_error *err);
/* All that a store has of the boot of the newest session. */
int sea_metrics_load_pages(struct sea_metrics *metrics, const struct sea_db *db,
			   struct sea_error *err);
void sea_metrics_count_pages(const struct sea_metrics *metrics, struct sea_metrics_view *view);
/* The host was started anew, or nobody asks any more. */
void sea_metrics_forget_pages(struct sea_metrics *metrics);

#endif /* SEA_METRICS_INTERNAL_H */
