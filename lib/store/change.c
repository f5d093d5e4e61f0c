// SPDX-License-Identifier: GPL-2.0-only
#include "store/change.h"

#include <stdlib.h>
#include <string.h>

#include "model/vm-counters.h"

static int out_of_memory(struct sea_error *err)
{
	return sea_error_set(err, "cannot keep the changes of a tick: out of memory");
}

struct sea_vm_change *sea_change_add(struct sea_change *change)
{
	if (change->nr_vms == change->room) {
		size_t room = change->room ? 2 * change->room : 16;
		struct sea_vm_change *vms = realloc(change->vms, room * sizeof(*vms));

		if (!vms)
			return NULL;
		change->vms = vms;
		change->room = room;
	}
	memset(&change->vms[change->nr_vms], 0, sizeof(change->vms[0]));
	return &change->vms[change->nr_vms++];
}

void sea_change_clear(struct sea_change *change)
{
	struct sea_vm_change *vms = change->vms;
	size_t room = change->room;

	memset(change, 0, sizeof(*change));
	change->vms = vms;
	change->room = room;
}

void sea_change_free(struct sea_change *change)
{
	free(change->vms);
	memset(change, 0, sizeof(*change));
}

struct sea_change *sea_change_copy(const struct sea_change *change)
{
	struct sea_change *copy = malloc(sizeof(*copy));

	if (!copy)
		return NULL;
	*copy = *change;
	copy->vms = NULL;
	copy->room = change->nr_vms;
	if (!change->nr_vms)
		return copy;
	copy->vms = malloc(change->nr_vms * sizeof(*copy->vms));
	if (!copy->vms) {
		free(copy);
		return NULL;
	}
	memcpy(copy->vms, change->vms, change->nr_vms * sizeof(*copy->vms));
	return copy;
}

static bool is_same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static struct sea_tick_state state_of(const struct sea_snapshot *s)
{
	return (struct sea_tick_state){
		.at_least = s->loss.at_least,
		.tells_all = s->tells_all,
		.unproven = s->unproven,
		.pid_namespace = s->pid_namespace,
		.unlisted = s->unlisted,
		.blind_since_ns = s->blind_since_ns,
		.check = s->check,
		.unchecked = s->unchecked,
		.blind_why = s->blind_why,
		.no_list = s->no_list,
	};
}

static bool is_same_state(const struct sea_tick_state *a, const struct sea_tick_state *b)
{
	return a->at_least == b->at_least && a->tells_all == b->tells_all &&
	       a->unproven == b->unproven && a->pid_namespace == b->pid_namespace &&
	       a->unlisted == b->unlisted && a->blind_since_ns == b->blind_since_ns &&
	       is_same_text(a->check, b->check) && is_same_text(a->unchecked, b->unchecked) &&
	       is_same_text(a->blind_why, b->blind_why) && is_same_text(a->no_list, b->no_list);
}

static bool is_same_hook(const struct sea_hook_state *a, const struct sea_hook_state *b)
{
	return is_same_text(a->program, b->program) && is_same_text(a->function, b->function) &&
	       a->part == b->part && a->mechanism == b->mechanism && a->proof == b->proof &&
	       is_same_text(a->by, b->by) && a->missed == b->missed &&
	       a->missed_at_least == b->missed_at_least;
}

static bool are_same_hooks(const struct sea_hooks *a, const struct sea_hooks *b)
{
	size_t i;

	if (a->nr != b->nr)
		return false;
	for (i = 0; i < a->nr; i++)
		if (!is_same_hook(&a->hooks[i], &b->hooks[i]))
			return false;
	return true;
}

static bool is_same_listed(const struct sea_listed *a, const struct sea_listed *b)
{
	return a->id == b->id && a->vcpus == b->vcpus && a->opt_in == b->opt_in &&
	       a->has_before == b->has_before && !memcmp(a->before, b->before, sizeof(a->before));
}

static void look_at_counter(size_t offset, void *context)
{
	struct {
		const char *vm;
		bool grew;
	} *look = context;

	look->grew |= *(const __u64 *)(const void *)(look->vm + offset) != 0;
}

static bool has_grown(const struct sea_vm *grown)
{
	struct {
		const char *vm;
		bool grew;
	} look = {(const char *)grown, grown->last || grown->ended_ns};

	sea_vm_each_counter(look_at_counter, &look);
	return look.grew;
}

/* The counters of now less those of before, and what of the rest is new. */
static void subtract(struct sea_vm *grown, const struct sea_vm *now, const struct sea_vm *before)
{
	struct sea_vm counters = *now;

	sea_vm_subtract(&counters, before);
	memset(grown, 0, sizeof(*grown));
	sea_vm_add(grown, &counters);
	grown->last = now->last != before->last ? now->last : 0;
	grown->ended_ns = now->ended_ns != before->ended_ns ? now->ended_ns : 0;
}

/* A row of which there was one before, or else zeros; force: also if nothing changed. */
static int add_row(struct sea_change *change, const struct sea_vm_change *head,
		   const struct sea_vm_state *now, const struct sea_vm_state *before, bool force,
		   struct sea_error *err)
{
	static const struct sea_vm_state zeros;
	struct sea_vm_change *row, grown = *head;

	if (!before)
		before = &zeros;
	subtract(&grown.grown, &now->vm, &before->vm);
	if (grown.grown.last)
		grown.last_wall = now->last_wall;
	grown.listed_is_new = !is_same_listed(&now->listed, &before->listed);
	if (grown.listed_is_new)
		grown.listed = now->listed;
	if (!force && !grown.listed_is_new && !has_grown(&grown.grown))
		return 0;
	row = sea_change_add(change);
	if (!row)
		return out_of_memory(err);
	*row = grown;
	return 0;
}

/* A row that is there no more. */
static int add_leaver(struct sea_change *change, __u64 id, struct sea_error *err)
{
	struct sea_vm_change *row = sea_change_add(change);

	if (!row)
		return out_of_memory(err);
	row->id = id;
	row->has_left = true;
	return 0;
}

/* Both are sorted by id. */
static int compare_vms(struct sea_change *change, const struct sea_snapshot *before,
		       const struct sea_snapshot *now, struct sea_error *err)
{
	size_t i = 0, j = 0;
	int rc = 0;

	while (!rc && (i < before->nr_vms || j < now->nr_vms)) {
		const struct sea_vm_state *old = i < before->nr_vms ? &before->vms[i] : NULL;
		const struct sea_vm_state *vm = j < now->nr_vms ? &now->vms[j] : NULL;
		struct sea_vm_change head = {.id = vm ? vm->vm.id : 0};

		if (old && (!vm || old->vm.id < vm->vm.id)) {
			rc = add_leaver(change, old->vm.id, err);
			i++;
		} else if (!old || vm->vm.id < old->vm.id) {
			rc = add_row(change, &head, vm, NULL, true, err);
			j++;
		} else {
			rc = add_row(change, &head, vm, old, false, err);
			i++;
			j++;
		}
	}
	return rc;
}

/* `other` and `gone` */
static int compare_sums(struct sea_change *change, const struct sea_snapshot *before,
			const struct sea_snapshot *now, struct sea_error *err)
{
	const struct sea_vm_change other = {.row = SEA_CHANGE_OTHER},
				   gone = {.row = SEA_CHANGE_GONE};
	const struct sea_vm_state other_now = {.vm = now->other},
				  other_before = {.vm = before->other},
				  gone_now = {.vm = now->gone, .listed = now->gone_listed},
				  gone_before = {.vm = before->gone, .listed = before->gone_listed};

	return add_row(change, &other, &other_now, &other_before, false, err) ||
			       add_row(change, &gone, &gone_now, &gone_before, false, err) ?
		       -1 :
		       0;
}

int sea_change_make(struct sea_change *change, const struct sea_snapshot *before,
		    const struct sea_snapshot *now, struct sea_error *err)
{
	const struct sea_tick_state state = state_of(now), old = state_of(before);
	int i;

	sea_change_clear(change);
	change->first_ns = now->time_ns;
	change->first = now->wall;
	change->ticks = 1;
	change->checked = sea_difference(now->checked, before->checked);
	change->overseen = sea_difference(now->overseen, before->overseen);
	change->disarmed = sea_difference(now->disarmed, before->disarmed);
	change->blind_ns = sea_difference(now->blind_ns, before->blind_ns);
	change->ended_unseen = sea_difference(now->ended_unseen, before->ended_unseen);
	change->nr_gone = sea_difference(now->nr_gone, before->nr_gone);
	change->seen_vms = sea_difference(now->totals.vms, before->totals.vms);
	change->answered_early =
		sea_difference(now->totals.answered_early, before->totals.answered_early);
	for (i = 0; i < SEA_LOSS_CAUSES; i++)
		change->loss[i] = sea_difference(now->loss.count[i], before->loss.count[i]);
	change->state_is_new = !before->time_ns || !is_same_state(&state, &old);
	if (change->state_is_new)
		change->state = state;
	change->hooks_are_new = !are_same_hooks(&now->hooks, &before->hooks);
	if (change->hooks_are_new)
		change->hooks = now->hooks;
	return compare_vms(change, before, now, err) || compare_sums(change, before, now, err) ?
		       -1 :
		       0;
}

bool sea_change_is_idle(const struct sea_change *change)
{
	__u64 sum = change->checked | change->overseen | change->disarmed | change->blind_ns |
		    change->ended_unseen | change->nr_gone | change->seen_vms |
		    change->answered_early;
	int i;

	for (i = 0; i < SEA_LOSS_CAUSES; i++)
		sum |= change->loss[i];
	return !sum && !change->nr_vms && !change->state_is_new && !change->hooks_are_new;
}

static int compare_rows(const void *a, const void *b)
{
	const struct sea_vm_change *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return x->id < y->id ? -1 : x->id > y->id;
}

static void merge_row(struct sea_vm_change *row, const struct sea_vm_change *later)
{
	if (SEA_LAST_NS(later->grown.last) > SEA_LAST_NS(row->grown.last))
		row->last_wall = later->last_wall;
	sea_vm_add(&row->grown, &later->grown);
	if (later->grown.ended_ns)
		row->grown.ended_ns = later->grown.ended_ns;
	if (later->listed_is_new) {
		row->listed_is_new = true;
		row->listed = later->listed;
	}
	row->has_left |= later->has_left;
}

void sea_change_sort(struct sea_change *change)
{
	size_t i, kept = 0;

	if (!change->nr_vms)
		return;
	qsort(change->vms, change->nr_vms, sizeof(*change->vms), compare_rows);
	for (i = 1; i < change->nr_vms; i++) {
		if (compare_rows(&change->vms[kept], &change->vms[i]))
			change->vms[++kept] = change->vms[i];
		else
			merge_row(&change->vms[kept], &change->vms[i]);
	}
	change->nr_vms = kept + 1;
}

/* The row of the same VM among the first nr rows, which are sorted, or NULL. */
static struct sea_vm_change *find_row(const struct sea_change *change, size_t nr,
				      const struct sea_vm_change *like)
{
	return nr ? bsearch(like, change->vms, nr, sizeof(*like), compare_rows) : NULL;
}

static int merge_rows(struct sea_change *change, const struct sea_change *later,
		      struct sea_error *err)
{
	size_t nr = change->nr_vms, i;

	for (i = 0; i < later->nr_vms; i++) {
		struct sea_vm_change *row = find_row(change, nr, &later->vms[i]);

		if (row) {
			merge_row(row, &later->vms[i]);
			continue;
		}
		row = sea_change_add(change);
		if (!row)
			return out_of_memory(err);
		*row = later->vms[i];
	}
	sea_change_sort(change);
	return 0;
}

int sea_change_merge(struct sea_change *change, const struct sea_change *later,
		     struct sea_error *err)
{
	int i;

	/* What is now one tick began with the last of them: none but that is known. */
	if (sea_change_is_idle(change) && sea_change_is_idle(later)) {
		change->ticks += later->ticks;
		return 0;
	}
	change->first_ns = later->first_ns;
	change->first = later->first;
	change->ticks = later->ticks;
	change->checked += later->checked;
	change->overseen += later->overseen;
	change->disarmed += later->disarmed;
	change->blind_ns += later->blind_ns;
	change->ended_unseen += later->ended_unseen;
	change->nr_gone += later->nr_gone;
	change->seen_vms += later->seen_vms;
	change->answered_early += later->answered_early;
	for (i = 0; i < SEA_LOSS_CAUSES; i++)
		change->loss[i] += later->loss[i];
	if (later->state_is_new) {
		change->state_is_new = true;
		change->state = later->state;
	}
	if (later->hooks_are_new) {
		change->hooks_are_new = true;
		change->hooks = later->hooks;
	}
	return merge_rows(change, later, err);
}

/* A row as it is before its first counts */
static struct sea_vm_state *new_vm(struct sea_snapshot *snapshot, __u64 id,
				   const struct sea_vm_info *info, struct sea_error *err)
{
	struct sea_vm_state *state;
	size_t nr = snapshot->nr_vms;

	if (nr == snapshot->room && sea_snapshot_reserve(snapshot, nr ? 2 * nr : 16, err))
		return NULL;
	state = &snapshot->vms[snapshot->nr_vms++];
	*state = (struct sea_vm_state){.vm = {.id = id, .creator_fd = -1}};
	state->info = sea_vm_info_get(info);
	return state;
}

/* Who a VM is may be known better than in the tick before. */
static void name_vm(struct sea_vm_state *state, const struct sea_vm_info *info)
{
	if (!info)
		return;
	if (state->info != info) {
		sea_vm_info_put(state->info);
		state->info = sea_vm_info_get(info);
	}
	state->vm.start_ns = info->key.start_ns;
	state->vm.tgid = info->key.tgid;
	state->vm.creator = info->key.creator;
	state->vm.creator_fd = info->key.creator_fd;
	state->vm.first_ns = info->first_ns;
	memcpy(state->vm.comm, info->comm, sizeof(state->vm.comm));
}

static void grow(struct sea_vm_state *state, const struct sea_vm_change *change)
{
	__u64 last = state->vm.last;

	sea_vm_add(&state->vm, &change->grown);
	state->vm.last = last;
	if (change->grown.last) {
		state->vm.last = change->grown.last;
		state->last_wall = change->last_wall;
	}
	if (change->grown.ended_ns) {
		state->just_ended = !state->vm.ended_ns;
		state->vm.ended_ns = change->grown.ended_ns;
	}
	if (change->listed_is_new)
		state->listed = change->listed;
}

static void grow_sum(struct sea_vm *sum, struct sea_listed *listed,
		     const struct sea_vm_change *change)
{
	struct sea_vm_state state = {.vm = *sum};

	if (listed)
		state.listed = *listed;
	grow(&state, change);
	*sum = state.vm;
	if (listed)
		*listed = state.listed;
}

static void drop_leavers(struct sea_snapshot *snapshot, const struct sea_change *change)
{
	size_t i, kept = 0;

	for (i = 0; i < snapshot->nr_vms; i++) {
		const struct sea_vm_change like = {.id = snapshot->vms[i].vm.id};
		const struct sea_vm_change *row = find_row(change, change->nr_vms, &like);

		if (row && row->has_left)
			sea_vm_info_put(snapshot->vms[i].info);
		else
			snapshot->vms[kept++] = snapshot->vms[i];
	}
	snapshot->nr_vms = kept;
}

/*
 * The row of a VM, a new one at the end if it has none. The first `sorted` rows are in
 * order; what is new is behind them, in the order of the change.
 */
static struct sea_vm_state *row_of(struct sea_snapshot *snapshot, size_t sorted, __u64 id,
				   const struct sea_vm_info *info, struct sea_error *err)
{
	const struct sea_snapshot old = {.vms = snapshot->vms, .nr_vms = sorted};
	const struct sea_vm_state *state = sea_snapshot_find(&old, id);
	size_t nr = snapshot->nr_vms;

	if (state)
		return &snapshot->vms[state - snapshot->vms];
	if (nr > sorted && snapshot->vms[nr - 1].vm.id == id)
		return &snapshot->vms[nr - 1];
	return new_vm(snapshot, id, info, err);
}

static int apply_rows(struct sea_snapshot *snapshot, const struct sea_change *change,
		      sea_change_who who, void *context, struct sea_error *err)
{
	size_t sorted = snapshot->nr_vms, i;

	for (i = 0; i < change->nr_vms; i++) {
		const struct sea_vm_change *row = &change->vms[i];
		struct sea_vm_state *state;

		if (row->row == SEA_CHANGE_OTHER) {
			grow_sum(&snapshot->other, NULL, row);
		} else if (row->row == SEA_CHANGE_GONE) {
			grow_sum(&snapshot->gone, &snapshot->gone_listed, row);
		} else {
			state = row_of(snapshot, sorted, row->id, who(row->id, context), err);
			if (!state)
				return -1;
			grow(state, row);
		}
	}
	if (snapshot->nr_vms > sorted)
		sea_snapshot_sort(snapshot);
	return 0;
}

static void apply_head(struct sea_snapshot *snapshot, const struct sea_change *change,
		       const struct timespec *wall)
{
	const struct sea_loss before = snapshot->loss;
	struct sea_loss *loss = &snapshot->loss;
	int i;

	snapshot->checked += change->checked;
	snapshot->overseen += change->overseen;
	snapshot->disarmed += change->disarmed;
	snapshot->blind_ns += change->blind_ns;
	snapshot->ended_unseen += change->ended_unseen;
	snapshot->nr_gone += change->nr_gone;
	snapshot->totals.vms += change->seen_vms;
	snapshot->totals.answered_early += change->answered_early;
	for (i = 0; i < SEA_LOSS_CAUSES; i++)
		loss->count[i] += change->loss[i];
	sea_loss_date(loss, &before, wall);
	/* The totals have three of the losses a second time. */
	snapshot->totals.lost_table_full = loss->count[SEA_LOSS_TABLE_FULL];
	snapshot->totals.lost_no_vcpu = loss->count[SEA_LOSS_NO_VCPU];
	snapshot->totals.lost_answers = loss->count[SEA_LOSS_ANSWERS];
	if (change->hooks_are_new)
		snapshot->hooks = change->hooks;
	if (!change->state_is_new)
		return;
	loss->at_least = change->state.at_least;
	snapshot->tells_all = change->state.tells_all;
	snapshot->unproven = change->state.unproven;
	snapshot->pid_namespace = change->state.pid_namespace;
	snapshot->unlisted = change->state.unlisted;
	snapshot->blind_since_ns = change->state.blind_since_ns;
	snapshot->check = change->state.check;
	snapshot->unchecked = change->state.unchecked;
	snapshot->blind_why = change->state.blind_why;
	snapshot->no_list = change->state.no_list;
}

int sea_change_apply(struct sea_snapshot *snapshot, const struct sea_change *change,
		     const struct timespec *wall, sea_change_who who, void *context,
		     struct sea_error *err)
{
	size_t i;

	for (i = 0; i < snapshot->nr_vms; i++)
		snapshot->vms[i].just_ended = false;
	apply_head(snapshot, change, wall);
	if (apply_rows(snapshot, change, who, context, err))
		return -1;
	drop_leavers(snapshot, change);
	for (i = 0; i < snapshot->nr_vms; i++)
		name_vm(&snapshot->vms[i], who(snapshot->vms[i].vm.id, context));
	return 0;
}
