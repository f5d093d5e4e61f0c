// SPDX-License-Identifier: GPL-2.0-only
#include "model/listing.h"

#include <stdlib.h>
#include <string.h>

static int compare_running(const void *a, const void *b)
{
	const struct sea_running *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

static int compare_facts(const void *a, const void *b)
{
	const struct sea_listed *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

const struct sea_listed *sea_listing_find(const struct sea_listing *listing, __u64 id)
{
	struct sea_listed key = {.id = id};

	return listing->nr ? bsearch(&key, listing->vms, listing->nr, sizeof(key), compare_facts) :
			     NULL;
}

__u64 sea_listed_add_before(struct sea_listed *sum, const struct sea_listed *vm)
{
	__u64 before = 0;
	int i;

	if (!vm->has_before)
		return 0;
	sum->has_before = true;
	for (i = 0; i < SEA_STATISTICS; i++) {
		sum->before[i] += vm->before[i];
		before += vm->before[i];
	}
	return before;
}

static void look(struct sea_listed *vm, const struct sea_running *running, bool first)
{
	int i;

	vm->vcpus = running->vcpus;
	vm->opt_in = running->opt_in;
	for (i = 0; i < SEA_STATISTICS; i++) {
		/* Never below zero: a reset counter would otherwise look huge. */
		__u64 difference = running->statistics[i] > running->counted[i] ?
					   running->statistics[i] - running->counted[i] :
					   0;

		if (first || difference < vm->before[i])
			vm->before[i] = difference;
	}
}

int sea_listing_merge(struct sea_listing *listing, struct sea_running *running, size_t nr,
		      bool has_statistics, bool mixed, struct sea_error *err)
{
	struct sea_listed *vms;
	size_t i;

	if (nr)
		qsort(running, nr, sizeof(*running), compare_running);
	vms = calloc(nr + 1, sizeof(*vms));
	if (!vms)
		return sea_error_set(err, "cannot list the VMs: out of memory; "
					  "use a smaller --max-vms");
	for (i = 0; i < nr; i++) {
		const struct sea_listed *old = sea_listing_find(listing, running[i].id);

		if (old) {
			vms[i] = *old;
		} else {
			vms[i].id = running[i].id;
			vms[i].has_before = has_statistics && !mixed;
		}
		look(&vms[i], &running[i], !old);
	}
	free(listing->vms);
	listing->vms = vms;
	listing->nr = nr;
	return 0;
}

void sea_listing_free(struct sea_listing *listing)
{
	free(listing->vms);
	memset(listing, 0, sizeof(*listing));
}
