// SPDX-License-Identifier: GPL-2.0-only
#include "model/counters.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NSEC_PER_SEC 1000000000.0

int sea_snapshot_copy(struct sea_snapshot *dst, const struct sea_snapshot *src,
		      struct sea_error *err)
{
	struct sea_vm *vms = NULL;

	if (src->nr_vms) {
		vms = malloc(src->nr_vms * sizeof(*vms));
		if (!vms) {
			sea_snapshot_free(dst);
			return sea_error_set(err, "cannot keep the counters: out of memory; "
						  "use a smaller --max-vms");
		}
		memcpy(vms, src->vms, src->nr_vms * sizeof(*vms));
	}
	free(dst->vms);
	*dst = *src;
	dst->vms = vms;
	dst->room = src->nr_vms;
	return 0;
}

static int compare_ids(const void *a, const void *b)
{
	const struct sea_vm *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

void sea_snapshot_sort(struct sea_snapshot *snapshot)
{
	if (snapshot->nr_vms)
		qsort(snapshot->vms, snapshot->nr_vms, sizeof(*snapshot->vms), compare_ids);
}

void sea_snapshot_free(struct sea_snapshot *snapshot)
{
	free(snapshot->vms);
	memset(snapshot, 0, sizeof(*snapshot));
}

void sea_vm_add(struct sea_vm *sum, const struct sea_vm *vm)
{
	int i;

	for (i = 0; i < SEA_DISPOSITIONS; i++)
		sum->disposition[i] += vm->disposition[i];
	for (i = 0; i < SEA_REASONS; i++)
		sum->reason[i] += vm->reason[i];
	for (i = 0; i < SEA_RESPONSES; i++)
		sum->response[i] += vm->response[i];
	for (i = 0; i < SEA_LATENCY_SLOTS; i++)
		sum->latency[i] += vm->latency[i];
	sum->latency_ns += vm->latency_ns;
	sum->lost_ratelimit += vm->lost_ratelimit;
	sum->lost_ring_full += vm->lost_ring_full;
	if (SEA_LAST_NS(vm->last) > SEA_LAST_NS(sum->last))
		sum->last = vm->last;
}

__u64 sea_vm_total(const struct sea_vm *vm)
{
	__u64 sum = 0;
	int i;

	for (i = 0; i < SEA_DISPOSITIONS; i++)
		sum += vm->disposition[i];
	return sum;
}

__u64 sea_vm_responses(const struct sea_vm *vm)
{
	__u64 sum = 0;
	int i;

	for (i = 0; i < SEA_RESPONSES; i++)
		sum += vm->response[i];
	return sum;
}

__u64 sea_vm_pending(const struct sea_vm *vm)
{
	__u64 responses = sea_vm_responses(vm);

	/* The row is copied while it grows: a response may be seen before its SEA. */
	return vm->disposition[SEA_FORWARDED] > responses ?
		       vm->disposition[SEA_FORWARDED] - responses :
		       0;
}

__u64 sea_vm_lost(const struct sea_vm *vm)
{
	return vm->lost_ratelimit + vm->lost_ring_full;
}

__u64 sea_vm_latency_us(const struct sea_vm *vm, unsigned int percent)
{
	__u64 count = 0, seen = 0;
	int i;

	for (i = 0; i < SEA_LATENCY_SLOTS; i++)
		count += vm->latency[i];
	if (!count)
		return 0;
	for (i = 0; i < SEA_LATENCY_SLOTS - 1; i++) {
		seen += vm->latency[i];
		/* In floating point, as a product could overflow. */
		if ((double)seen * 100.0 >= (double)count * percent)
			return 2ULL << i;
	}
	return 0;
}

__u64 sea_difference(__u64 now, __u64 before)
{
	__u64 difference = now - before;

	return difference >> 63 ? now : difference;
}

__u64 sea_loss_total(const struct sea_loss *loss)
{
	return loss->ratelimit + loss->ring_full + loss->table_full + loss->no_vcpu + loss->missed +
	       loss->unseen + loss->answers;
}

static const struct sea_vm *find_vm(const struct sea_snapshot *snapshot, __u64 id)
{
	struct sea_vm key = {.id = id};

	if (!snapshot || !snapshot->nr_vms)
		return NULL;
	return bsearch(&key, snapshot->vms, snapshot->nr_vms, sizeof(key), compare_ids);
}

static void fill_row(struct sea_row *row, const struct sea_vm *now, const struct sea_vm *before,
		     __u64 interval_ns)
{
	row->vm = *now;
	row->total = sea_vm_total(now);
	row->pending = sea_vm_pending(now);
	row->lost = sea_vm_lost(now);
	row->ended = now->ended_ns;
	row->new_total = sea_difference(row->total, before ? sea_vm_total(before) : 0);
	row->rate = interval_ns ? (double)row->new_total * NSEC_PER_SEC / (double)interval_ns : 0;
}

/* What the list says of the VM, also added to the sum over all. */
static void fill_listed(struct sea_row *row, const struct sea_listing *listed,
			struct sea_listed *sum)
{
	const struct sea_listed *vm = listed ? sea_listing_find(listed, row->vm.id) : NULL;

	if (!vm)
		return;
	row->listed = *vm;
	sum->vcpus += vm->vcpus;
	row->before = sea_listed_add_before(sum, vm);
}

static void name_row(struct sea_row *row, enum sea_row_kind kind, const char *name)
{
	row->kind = kind;
	row->name.origin = SEA_VM_FROM_NOTHING;
	snprintf(row->name.text, sizeof(row->name.text), "%s", name);
}

static const struct sea_vm_name *name_of(struct sea_vm_names *names, const struct sea_vm *vm)
{
	struct sea_vm_identity identity = {
		.id = vm->id,
		.start_ns = vm->start_ns,
		.tgid = vm->tgid,
		.comm = vm->comm,
		.comm_len = sizeof(vm->comm),
		.ended = vm->ended_ns,
	};

	return &sea_vm_names_get(names, &identity)->name;
}

static bool passes(const struct sea_row *row, const struct sea_filter *filter)
{
	if (!filter)
		return true;
	if (filter->pid && filter->pid != row->vm.tgid)
		return false;
	return !filter->glob || !fnmatch(filter->glob, row->name.text, 0);
}

static int compare_rows(const void *a, const void *b, void *arg)
{
	sea_row_compare *compare = arg;
	const struct sea_row *x = a, *y = b;
	int order = *compare ? (*compare)(x, y) : 0;

	if (order)
		return order;
	return x->vm.id < y->vm.id ? -1 : x->vm.id > y->vm.id;
}

static void sum_up(struct sea_vm *sum, const struct sea_snapshot *snapshot)
{
	size_t i;

	memset(sum, 0, sizeof(*sum));
	for (i = 0; i < snapshot->nr_vms; i++)
		sea_vm_add(sum, &snapshot->vms[i]);
	sea_vm_add(sum, &snapshot->other);
	sea_vm_add(sum, &snapshot->gone);
}

int sea_view_make(struct sea_view *view, const struct sea_snapshot *now,
		  const struct sea_snapshot *before, struct sea_vm_names *names,
		  const struct sea_filter *filter, sea_row_compare compare, struct sea_error *err)
{
	struct sea_listed listed = {0};
	struct sea_vm all, all_before;
	__u64 tick = view->tick;
	size_t i;

	sea_view_free(view);
	if (now->nr_vms) {
		view->rows = calloc(now->nr_vms, sizeof(*view->rows));
		if (!view->rows)
			return sea_error_set(err, "cannot show the VMs: out of memory; "
						  "use a smaller --max-vms");
	}
	view->tick = tick;
	view->time_ns = now->time_ns;
	view->wall = now->wall;
	view->started_ns = now->started_ns;
	view->interval_ns = before ? now->time_ns - before->time_ns : 0;
	view->source = now->source;
	view->tells_all = now->tells_all;
	view->unproven = now->unproven;
	view->check = now->check;
	view->missed_unknown = now->missed_unknown;
	view->checked = now->checked;
	view->unlisted = now->unlisted;
	view->nr_vms = now->nr_vms;
	view->nr_gone = now->nr_gone;
	view->totals = now->totals;

	/* Names are decided on together: what two VMs share names neither. */
	for (i = 0; i < now->nr_vms; i++)
		name_of(names, &now->vms[i]);
	sea_vm_names_settle(names);
	for (i = 0; i < now->nr_vms; i++) {
		const struct sea_vm *vm = &now->vms[i];
		struct sea_row *row = &view->rows[view->nr_rows];

		/* It may have been the row of a VM that the filter has left out. */
		*row = (struct sea_row){0};
		fill_row(row, vm, find_vm(before, vm->id), view->interval_ns);
		row->kind = SEA_ROW_VM;
		row->name = *name_of(names, vm);
		fill_listed(row, now->listing, &listed);
		view->nr_ended += row->ended;
		if (passes(row, filter))
			view->nr_rows++;
	}
	sea_vm_names_prune(names);
	if (view->nr_rows)
		qsort_r(view->rows, view->nr_rows, sizeof(*view->rows), compare_rows, &compare);

	fill_row(&view->other, &now->other, before ? &before->other : NULL, view->interval_ns);
	name_row(&view->other, SEA_ROW_OTHER, "other");
	fill_row(&view->gone, &now->gone, NULL, 0);
	/* What moves there is not new: it was in another row before. */
	view->gone.new_total = 0;
	view->gone.listed = now->gone_listed;
	view->gone.before = sea_listed_add_before(&listed, &now->gone_listed);
	name_row(&view->gone, SEA_ROW_GONE, "gone");

	sum_up(&all, now);
	if (before)
		sum_up(&all_before, before);
	fill_row(&view->all, &all, before ? &all_before : NULL, view->interval_ns);
	name_row(&view->all, SEA_ROW_VM, "all");
	view->all.listed = listed;
	for (i = 0; i < SEA_STATISTICS; i++)
		view->all.before += listed.before[i];

	view->loss.ratelimit = all.lost_ratelimit;
	view->loss.ring_full = all.lost_ring_full;
	view->loss.table_full = now->totals.lost_table_full;
	view->loss.no_vcpu = now->totals.lost_no_vcpu;
	view->loss.answers = now->totals.lost_answers;
	view->loss.missed = now->missed;
	view->loss.unseen = now->unseen;
	return 0;
}

void sea_view_free(struct sea_view *view)
{
	free(view->rows);
	memset(view, 0, sizeof(*view));
}
