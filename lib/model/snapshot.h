/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * snapshot.h - one copy of all counters at one moment, with whose they are.
 */
#ifndef SEA_SNAPSHOT_H
#define SEA_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/error.h"
#include "model/hooks.h"
#include "model/listing.h"
#include "model/loss.h"
#include "model/vm.h"
#include "sea_abi.h"

/* One VM in a snapshot. */
struct sea_vm_state {
	struct sea_vm vm;	  /* counters since counting began */
	struct sea_listed listed; /* id 0: the VM was never in the list */
	/* CLOCK_REALTIME of vm.last: fixed when it was first seen, so that it never moves. */
	struct timespec last_wall;
	bool just_ended; /* vm.ended_ns is set, and was in no snapshot before */
	__s32 sigbus;	 /* si_code of the last SIGBUS that its VMM got for bad memory; 0: none */
	const struct sea_vm_info *info; /* the snapshot's reference; NULL: not found out yet */
};

/* Start from zeros; sea_snapshot_free() releases it. */
struct sea_snapshot {
	__u64 time_ns;	      /* CLOCK_BOOTTIME, when it was taken */
	struct timespec wall; /* CLOCK_REALTIME, at the same moment */
	__u64 started_ns;     /* CLOCK_BOOTTIME, when counting began */
	const char *source;   /* of the counts: "tracepoint", ...; static, or the session's */
	bool tells_all;	      /* the source never has to say `unknown` */
	bool unproven;	      /* nothing shows that the kernel calls what the source hooks */
	const char *check;    /* what checks the counts: "trampoline", "kprobe"; or NULL */
	__u64 checked;	      /* SEAs that it saw */
	__u64 unlisted;	      /* VMs without a row, for want of room */
	bool pid_namespace;   /* we are in one of our own: VMs outside are in no list */
	/* What is attached, hook by hook. */
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
	__u64 blind_since_ns;	  /* CLOCK_BOOTTIME; 0: the source can see SEAs now */
	const char *blind_why;	  /* "kernel.ftrace_enabled is 0"; static; NULL: it can see */
	const char *no_list;	  /* why the list of VMs is missing; static; NULL: it is there */
	__u64 ended_unseen;	  /* VMs that no hook saw end: the list found them gone */
	struct sea_vm_state *vms; /* sorted by id, no id twice */
	size_t nr_vms;
	size_t room; /* elements that vms has memory for */
	struct sea_vm other;
	/* Sum of the ended VMs whose rows made room for new ones. */
	struct sea_vm gone;
	struct sea_listed gone_listed; /* their SEAs from before; nothing else */
	__u64 nr_gone;
	struct sea_totals totals;
	struct sea_loss loss;
};

/* Deep copy. On failure dst is as sea_snapshot_free() leaves it. */
int sea_snapshot_copy(struct sea_snapshot *dst, const struct sea_snapshot *src,
		      struct sea_error *err);
/* Makes room for so many VMs. What is new there is zero. */
int sea_snapshot_reserve(struct sea_snapshot *snapshot, size_t room, struct sea_error *err);
/* Drops the references of all VMs, and the VMs. The memory stays. */
void sea_snapshot_clear(struct sea_snapshot *snapshot);
/* Sorts vms by id. */
void sea_snapshot_sort(struct sea_snapshot *snapshot);
/* The VM of this id, or NULL; snapshot may be NULL. */
const struct sea_vm_state *sea_snapshot_find(const struct sea_snapshot *snapshot, __u64 id);
/*
 * The same for who asks for one id after the other, each larger than the one before: *place
 * begins with 0.
 */
const struct sea_vm_state *sea_snapshot_walk(const struct sea_snapshot *snapshot, __u64 id,
					     size_t *place);
/* The sum over all VMs, `other` and `gone`; and of SEAs alone. */
void sea_snapshot_sum(struct sea_vm *sum, const struct sea_snapshot *snapshot);
__u64 sea_snapshot_total(const struct sea_snapshot *snapshot);
/* Frees what the snapshot owns and zeroes it; a zeroed one is fine. */
void sea_snapshot_free(struct sea_snapshot *snapshot);

#endif /* SEA_SNAPSHOT_H */
