/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * listing.h - what is known of a VM without any SEA: vCPUs, opt-in, and the SEAs
 * that the kernel counted before we did.
 */
#ifndef SEA_LISTING_H
#define SEA_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "sea_list.h"

struct sea_listed {
	__u64 id; /* sea_vm::id */
	__u32 vcpus;
	enum sea_opt_in opt_in;
	/* before is known: the kernel counts SEAs, and so far they all went to the row. */
	bool has_before;
	/*
	 * SEAs by disposition that the kernel counted and we did not. The smallest
	 * difference between the two ever seen: one that is on its way from the
	 * kernel's counter to ours makes a single look too large, none too small.
	 */
	__u64 before[SEA_STATISTICS];
};

/* Start from zeros; sea_listing_free() releases it. */
struct sea_listing {
	struct sea_listed *vms; /* sorted by id, no id twice */
	size_t nr;
};

/*
 * Takes over what one pass over all VMs found. running gets sorted by id; VMs
 * that are not in it are forgotten. has_statistics: the kernel has them.
 * mixed: SEAs of VMs without a row were counted in the row `other`, so that a
 * VM that is new here may have some there.
 */
int sea_listing_merge(struct sea_listing *listing, struct sea_running *running, size_t nr,
		      bool has_statistics, bool mixed, struct sea_error *err);

/* Adds the SEAs from before of one VM to a sum. Returns how many they are. */
__u64 sea_listed_add_before(struct sea_listed *sum, const struct sea_listed *vm);

/* The listing of a VM, or NULL. */
const struct sea_listed *sea_listing_find(const struct sea_listing *listing, __u64 id);

void sea_listing_free(struct sea_listing *listing);

#endif /* SEA_LISTING_H */
