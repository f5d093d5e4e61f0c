// SPDX-License-Identifier: GPL-2.0-only
#include "model/view.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/vm-counters.h"

#define NSEC_PER_SEC 1000000000.0

const char *sea_row_name(const struct sea_row *row)
{
	switch (row->kind) {
	case SEA_ROW_OTHER:
		return "other";
	case SEA_ROW_GONE:
		return "gone";
	case SEA_ROW_ALL:
		return "all";
	default:
		return row->info ? row->info->name.text : "unknown";
	}
}

enum sea_vm_origin sea_row_origin(const struct sea_row *row)
{
	return row->info ? row->info->name.origin : SEA_VM_FROM_NOTHING;
}

enum sea_opt_in sea_opt_in_of(const struct sea_listed *listed, const struct sea_vm *vm)
{
	/* An SEA that was forwarded proves it, whatever the list found before. */
	return vm->disposition[SEA_FORWARDED] ? SEA_OPT_IN_YES : listed->opt_in;
}

/* total_before: the SEAs of the tick before. base: NULL, counts are from the start. */
static void fill_row(struct sea_row *row, enum sea_row_kind kind, const struct sea_vm *now,
		     __u64 total_before, const struct sea_vm *base, const struct sea_view *view)
{
	__u64 last = SEA_LAST_NS(now->last);

	row->kind = kind;
	row->vm = *now;
	if (base)
		sea_vm_subtract(&row->vm, base);
	row->total = sea_vm_total(&row->vm);
	row->pending = sea_vm_pending(now);
	row->lost = sea_vm_lost(&row->vm);
	row->ended = now->ended_ns;
	row->new_total = sea_difference(sea_vm_total(now), total_before);
	row->last_age_ns = view->time_ns > last ? view->time_ns - last : 0;
	if (view->interval_ns)
		row->rate = (double)row->new_total * NSEC_PER_SEC / (double)view->interval_ns;
}

/* What the list says of the VM, also added to the sum over all. */
static void fill_listed(struct sea_row *row, const struct sea_listed *vm, struct sea_listed *sum)
{
	if (!vm->id)
		return;
	row->listed = *vm;
	sum->vcpus += vm->vcpus;
	row->before = sea_listed_add_before(sum, vm);
}

/* By all that was ever counted, whatever the row's counts are taken from. */
static bool is_active(const struct sea_row *row, const struct sea_vm *vm)
{
	return sea_vm_total(vm) || sea_vm_responses(vm) || row->before;
}

static struct sea_filter_who who_is(const struct sea_row *row)
{
	return (struct sea_filter_who){sea_row_name(row), row->info ? row->info->uuid : "",
				       row->vm.tgid};
}

bool sea_row_matches(const struct sea_row *row, const char *text)
{
	const struct sea_filter_who who = who_is(row);

	return sea_filter_finds(text, &who);
}

static bool passes(const struct sea_row *row, const struct sea_vm *vm,
		   const struct sea_filter *filter)
{
	const struct sea_filter_who who = who_is(row);

	if (!filter)
		return true;
	if (filter->active && !is_active(row, vm))
		return false;
	if (filter->not_ended && row->ended)
		return false;
	return sea_filter_is_of(filter, &who);
}

/* How soon a reader has to know of the VM; 0 is first. */
static int urgency(const struct sea_row *row)
{
	if (!row->total && !row->vm.last && !sea_vm_responses(&row->vm))
		return row->ended ? 4 : 3;
	if (row->ended)
		return 2;
	return !row->new_total && row->last_age_ns >= SEA_VIEW_HIT_NS;
}

static int compare_rows(const void *a, const void *b, void *arg)
{
	const struct sea_order *order = arg;
	const struct sea_row *x = a, *y = b;
	int place = order && order->urgent_first ? urgency(x) - urgency(y) : 0;

	if (place)
		return place;
	if (order && order->field)
		place = sea_field_compare(order->field, x, y);
	if (place)
		return order->reverse ? -place : place;
	return x->vm.id < y->vm.id ? -1 : x->vm.id > y->vm.id;
}

/* What the view takes over from the snapshot as it is. */
static void fill_head(struct sea_view *view, const struct sea_session *session,
		      const struct sea_snapshot *now, const struct sea_snapshot *before)
{
	view->session = session;
	view->time_ns = now->time_ns;
	view->wall = now->wall;
	view->started_ns = now->started_ns;
	view->interval_ns = before ? now->time_ns - before->time_ns : 0;
	view->source = now->source;
	view->tells_all = now->tells_all;
	view->unproven = now->unproven;
	view->check = now->check;
	view->unchecked = now->unchecked;
	view->hooks = now->hooks;
	view->blind_ns = now->blind_ns;
	view->blind_since_ns = now->blind_since_ns;
	view->blind_why = now->blind_why;
	view->no_list = now->no_list;
	view->ended_unseen = now->ended_unseen;
	view->checked = now->checked;
	view->unlisted = now->unlisted;
	view->pid_namespace = now->pid_namespace;
	view->nr_vms = now->nr_vms;
	view->nr_gone = now->nr_gone;
	view->totals = now->totals;
	view->loss = now->loss;
}

/* One row more is shown. */
static void add_to_shown(struct sea_row *sum, const struct sea_row *row, struct sea_listed *listed)
{
	sea_vm_add(&sum->vm, &row->vm);
	sum->total += row->total;
	sum->pending += row->pending;
	sum->lost += row->lost;
	sum->new_total += row->new_total;
	sum->rate += row->rate;
	sum->before += row->before;
	sum->nr_vms++;
	listed->vcpus += row->listed.vcpus;
}

static void fill_rows(struct sea_view *view, const struct sea_snapshot *now,
		      const struct sea_snapshot *before, const struct sea_snapshot *base,
		      const struct sea_filter *filter, struct sea_listed *listed)
{
	size_t i, at_old = 0, at_from = 0;
	struct sea_listed shown = {0};

	for (i = 0; i < now->nr_vms; i++) {
		const struct sea_vm_state *state = &now->vms[i];
		const struct sea_vm_state *old = sea_snapshot_walk(before, state->vm.id, &at_old);
		const struct sea_vm_state *from = sea_snapshot_walk(base, state->vm.id, &at_from);
		struct sea_row *row = &view->rows[view->nr_rows];

		/* It may have been the row of a VM that the filter has left out. */
		*row = (struct sea_row){0};
		fill_row(row, SEA_ROW_VM, &state->vm, old ? sea_vm_total(&old->vm) : 0,
			 from ? &from->vm : NULL, view);
		row->info = state->info;
		row->last_wall = state->last_wall;
		row->sigbus = state->sigbus;
		fill_listed(row, &state->listed, listed);
		view->nr_ended += row->ended;
		if (!passes(row, &state->vm, filter))
			continue;
		sea_vm_info_get(row->info);
		add_to_shown(&view->shown, row, &shown);
		view->nr_rows++;
	}
	view->shown.listed = shown;
	view->filtered = view->nr_rows < now->nr_vms;
}

/* The wall time of the last SEA of all is that of the VM whose it is. */
static struct timespec last_of_all(const struct sea_snapshot *now, __u64 last)
{
	size_t i;

	for (i = 0; i < now->nr_vms; i++)
		if (now->vms[i].vm.last == last)
			return now->vms[i].last_wall;
	return (struct timespec){0};
}

static void put_infos(struct sea_view *view)
{
	size_t i;

	for (i = 0; i < view->nr_rows; i++)
		sea_vm_info_put(view->rows[i].info);
	view->nr_rows = 0;
}

/* Leaves the number of the tick, and room for so many rows. */
static int clear(struct sea_view *view, size_t room, struct sea_error *err)
{
	struct sea_view cleared = {.tick = view->tick};

	put_infos(view);
	if (view->room < room) {
		free(view->rows);
		view->room = 0;
		view->rows = calloc(room, sizeof(*view->rows));
		if (!view->rows)
			return sea_error_set(err, "cannot show the VMs: out of memory; "
						  "use a smaller --max-vms");
		view->room = room;
	}
	cleared.rows = view->rows;
	cleared.room = view->room;
	*view = cleared;
	return 0;
}

int sea_view_make(struct sea_view *view, const struct sea_session *session,
		  const struct sea_snapshot *now, const struct sea_snapshot *before,
		  const struct sea_filter *filter, const struct sea_order *order,
		  struct sea_error *err)
{
	return sea_view_make_since(view, session, now, before, NULL, filter, order, err);
}

int sea_view_make_since(struct sea_view *view, const struct sea_session *session,
			const struct sea_snapshot *now, const struct sea_snapshot *before,
			const struct sea_snapshot *base, const struct sea_filter *filter,
			const struct sea_order *order, struct sea_error *err)
{
	struct sea_listed listed = {0};
	struct sea_vm all, all_base;

	if (clear(view, now->nr_vms, err))
		return -1;
	fill_head(view, session, now, before);
	view->shown.kind = SEA_ROW_ALL;
	fill_rows(view, now, before, base, filter, &listed);
	if (view->nr_rows)
		qsort_r(view->rows, view->nr_rows, sizeof(*view->rows), compare_rows,
			(void *)(uintptr_t)order);

	fill_row(&view->other, SEA_ROW_OTHER, &now->other,
		 before ? sea_vm_total(&before->other) : 0, base ? &base->other : NULL, view);
	/* What moved there since then had counts of its own before: it is shown whole. */
	fill_row(&view->gone, SEA_ROW_GONE, &now->gone, 0, NULL, view);
	/* What moves there is not new: it was in another row before. */
	view->gone.new_total = 0;
	view->gone.rate = 0;
	view->gone.nr_vms = now->nr_gone;
	view->gone.listed = now->gone_listed;
	view->gone.before = sea_listed_add_before(&listed, &now->gone_listed);

	sea_snapshot_sum(&all, now);
	if (base)
		sea_snapshot_sum(&all_base, base);
	fill_row(&view->all, SEA_ROW_ALL, &all, before ? sea_snapshot_total(before) : 0,
		 base ? &all_base : NULL, view);
	view->all.last_wall = last_of_all(now, all.last);
	view->all.listed = listed;
	view->all.before = sea_listed_add_before(&(struct sea_listed){0}, &listed);
	return 0;
}

void sea_view_free(struct sea_view *view)
{
	put_infos(view);
	free(view->rows);
	memset(view, 0, sizeof(*view));
}
