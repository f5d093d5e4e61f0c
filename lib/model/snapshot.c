// SPDX-License-Identifier: GPL-2.0-only
#include "model/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "model/vm-counters.h"

int sea_snapshot_reserve(struct sea_snapshot *snapshot, size_t room, struct sea_error *err)
{
	struct sea_vm_state *vms;

	if (room <= snapshot->room)
		return 0;
	vms = realloc(snapshot->vms, room * sizeof(*vms));
	if (!vms)
		return sea_error_set(err, "cannot keep the counters: out of memory; "
					  "use a smaller --max-vms");
	memset(vms + snapshot->room, 0, (room - snapshot->room) * sizeof(*vms));
	snapshot->vms = vms;
	snapshot->room = room;
	return 0;
}

void sea_snapshot_clear(struct sea_snapshot *snapshot)
{
	size_t i;

	for (i = 0; i < snapshot->nr_vms; i++) {
		sea_vm_info_put(snapshot->vms[i].info);
		snapshot->vms[i].info = NULL;
	}
	snapshot->nr_vms = 0;
}

/* Most VMs are where they were before: their references stay as they are. */
static void copy_state(struct sea_vm_state *to, const struct sea_vm_state *from)
{
	if (to->info != from->info) {
		sea_vm_info_get(from->info);
		sea_vm_info_put(to->info);
	}
	*to = *from;
}

int sea_snapshot_copy(struct sea_snapshot *dst, const struct sea_snapshot *src,
		      struct sea_error *err)
{
	struct sea_vm_state *vms;
	size_t room, i;

	if (sea_snapshot_reserve(dst, src->nr_vms, err)) {
		sea_snapshot_free(dst);
		return -1;
	}
	vms = dst->vms;
	room = dst->room;
	for (i = 0; i < src->nr_vms; i++)
		copy_state(&vms[i], &src->vms[i]);
	for (; i < dst->nr_vms; i++) {
		sea_vm_info_put(vms[i].info);
		vms[i].info = NULL;
	}
	*dst = *src;
	dst->vms = vms;
	dst->room = room;
	return 0;
}

static int compare_ids(const void *a, const void *b)
{
	const struct sea_vm_state *x = a, *y = b;

	return x->vm.id < y->vm.id ? -1 : x->vm.id > y->vm.id;
}

void sea_snapshot_sort(struct sea_snapshot *snapshot)
{
	if (snapshot->nr_vms)
		qsort(snapshot->vms, snapshot->nr_vms, sizeof(*snapshot->vms), compare_ids);
}

const struct sea_vm_state *sea_snapshot_find(const struct sea_snapshot *snapshot, __u64 id)
{
	struct sea_vm_state key = {.vm.id = id};

	if (!snapshot || !snapshot->nr_vms)
		return NULL;
	return bsearch(&key, snapshot->vms, snapshot->nr_vms, sizeof(key), compare_ids);
}

const struct sea_vm_state *sea_snapshot_walk(const struct sea_snapshot *snapshot, __u64 id,
					     size_t *place)
{
	if (!snapshot)
		return NULL;
	while (*place < snapshot->nr_vms && snapshot->vms[*place].vm.id < id)
		++*place;
	return *place < snapshot->nr_vms && snapshot->vms[*place].vm.id == id ?
		       &snapshot->vms[*place] :
		       NULL;
}

void sea_snapshot_sum(struct sea_vm *sum, const struct sea_snapshot *snapshot)
{
	size_t i;

	memset(sum, 0, sizeof(*sum));
	for (i = 0; i < snapshot->nr_vms; i++)
		sea_vm_add(sum, &snapshot->vms[i].vm);
	sea_vm_add(sum, &snapshot->other);
	sea_vm_add(sum, &snapshot->gone);
}

__u64 sea_snapshot_total(const struct sea_snapshot *snapshot)
{
	__u64 sum = sea_vm_total(&snapshot->other) + sea_vm_total(&snapshot->gone);
	size_t i;

	for (i = 0; i < snapshot->nr_vms; i++)
		sum += sea_vm_total(&snapshot->vms[i].vm);
	return sum;
}

void sea_snapshot_free(struct sea_snapshot *snapshot)
{
	sea_snapshot_clear(snapshot);
	free(snapshot->vms);
	memset(snapshot, 0, sizeof(*snapshot));
}
