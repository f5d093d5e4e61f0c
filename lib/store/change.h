/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * change.h - a tick as it is stored: what is different from the tick before.
 *
 * 1,000 VMs of which two took an SEA are two rows, and a tick in which nothing
 * happened is none. Adding up the changes of a session gives its snapshots back.
 */
#ifndef SEA_CHANGE_H
#define SEA_CHANGE_H

#include "model/snapshot.h"

enum sea_change_row {
	SEA_CHANGE_VM,
	SEA_CHANGE_OTHER, /* all VMs past the table's bound */
	SEA_CHANGE_GONE,  /* all ended VMs whose rows made room for new ones */
};

struct sea_vm_change {
	enum sea_change_row row;
	__u64 id;		   /* sea_vm::id; 0 of the others */
	struct sea_vm grown;	   /* counters: how far they grew; `last` and `ended_ns`: as they
				      are now, 0: as before */
	struct timespec last_wall; /* of grown.last */
	bool listed_is_new;
	struct sea_listed listed; /* as it is now, if it is new */
	bool has_left;		  /* its row made room for another */
};

/* What holds until it changes. */
struct sea_tick_state {
	__u32 at_least; /* sea_loss::at_least */
	bool tells_all, unproven, pid_namespace;
	__u64 unlisted;
	__u64 blind_since_ns;
	const char *check, *unchecked, *blind_why, *no_list; /* as in the snapshot */
};

/* Start from zeros; sea_change_free() releases it. */
struct sea_change {
	/* The first of the ticks that this is, of which the record has the last. */
	__u64 first_ns;
	struct timespec first;
	__u64 ticks; /* how many: more than 1 only if nothing changed in them */
	/* Members of the snapshot by their names: how far they grew. */
	__u64 checked, overseen, disarmed, blind_ns, ended_unseen, nr_gone;
	__u64 seen_vms, answered_early; /* of its totals */
	__u64 loss[SEA_LOSS_CAUSES];
	bool state_is_new, hooks_are_new;
	struct sea_tick_state state; /* if it is new */
	struct sea_hooks hooks;
	struct sea_vm_change *vms; /* sorted by row, then by id */
	size_t nr_vms, room;
};

/*
 * What changed from before, which is zeros for the first tick of a session, to now.
 * What change had is dropped; its memory is used again.
 */
int sea_change_make(struct sea_change *change, const struct sea_snapshot *before,
		    const struct sea_snapshot *now, struct sea_error *err);

/* Nothing changed but the time. */
bool sea_change_is_idle(const struct sea_change *change);

/*
 * Adds what came later to an earlier change, so that it is that of both. The texts
 * stay those of `later`.
 */
int sea_change_merge(struct sea_change *change, const struct sea_change *later,
		     struct sea_error *err);

/* The VM of this id, or NULL: who it is, for a row that is new in a snapshot. */
typedef const struct sea_vm_info *(*sea_change_who)(__u64 id, void *context);

/*
 * Makes the snapshot that of the tick at time_ns; it has to be that of the tick
 * before, or zeros. The times and the source are the caller's to set.
 */
int sea_change_apply(struct sea_snapshot *snapshot, const struct sea_change *change,
		     const struct timespec *wall, sea_change_who who, void *context,
		     struct sea_error *err);

/* A row at the end, zeroed; NULL: out of memory. */
struct sea_vm_change *sea_change_add(struct sea_change *change);
/* Puts rows into their order, and makes two of the same VM one. */
void sea_change_sort(struct sea_change *change);
/* A deep copy into a new one; NULL: out of memory. */
struct sea_change *sea_change_copy(const struct sea_change *change);
/* Drops all but the memory. */
void sea_change_clear(struct sea_change *change);
void sea_change_free(struct sea_change *change);

#endif /* SEA_CHANGE_H */
