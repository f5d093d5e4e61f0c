// SPDX-License-Identifier: GPL-2.0-only
/* line-read-tick.c - the line of a tick: what its VMs grew by, what was lost, its hooks. */
#include "store/line-read-internal.h"

#include <stdlib.h>
#include <string.h>

/* Calls take for each member of an object of that name, if there is one. */
typedef int (*take_member)(struct sea_line_reader *r, const char *name, json_object *value,
			   void *to, struct sea_error *err);

static int for_each_member(struct sea_line_reader *r, json_object *object, const char *name,
			   take_member take, void *to, struct sea_error *err)
{
	json_object *child;

	if (!json_object_object_get_ex(object, name, &child))
		return 0;
	if (!json_object_is_type(child, json_type_object))
		return sea_line_fail(r, "lost and latency have to be objects", err);
	json_object_object_foreach(child, key, value)
	{
		if (take(r, key, value, to, err))
			return -1;
	}
	return 0;
}

static int take_number(struct sea_line_reader *r, json_object *value, __u64 *number,
		       struct sea_error *err)
{
	if (!json_object_is_type(value, json_type_int) || json_object_get_int64(value) < 0)
		return sea_line_fail(r, "a count is no whole number", err);
	*number = json_object_get_uint64(value);
	return 0;
}

static int take_loss(struct sea_line_reader *r, const char *name, json_object *value, void *to,
		     struct sea_error *err)
{
	int cause = sea_loss_number(name);

	if (cause < 0) {
		r->is_incomplete = true;
		return 0;
	}
	return take_number(r, value, &((__u64 *)to)[cause], err);
}

static int take_latency(struct sea_line_reader *r, const char *name, json_object *value, void *to,
			struct sea_error *err)
{
	char *end;
	unsigned long slot = strtoul(name, &end, 10);

	if (*end || slot >= SEA_LATENCY_SLOTS)
		return sea_line_fail(r, "a latency has no such slot", err);
	return take_number(r, value, &((__u64 *)to)[slot], err);
}

static int read_state(struct sea_line_reader *r, struct sea_error *err)
{
	struct sea_tick_state *state = &r->change.state;
	json_object *object, *causes;
	size_t i;

	if (!json_object_object_get_ex(r->object, "state", &object))
		return 0;
	if (!json_object_is_type(object, json_type_object))
		return sea_line_fail(r, "state is no object", err);
	r->change.state_is_new = true;
	if (sea_line_take(r, object, &sea_line_state, state, err))
		return -1;
	if (!json_object_object_get_ex(object, "at_least", &causes))
		return 0;
	if (!json_object_is_type(causes, json_type_array))
		return sea_line_fail(r, "at_least is no array", err);
	for (i = 0; i < json_object_array_length(causes); i++) {
		int cause = sea_loss_number(
			json_object_get_string(json_object_array_get_idx(causes, i)));

		if (cause >= 0)
			state->at_least |= 1U << cause;
		else
			r->is_incomplete = true;
	}
	return 0;
}

/* Calls take for each object of an array of that name, if there is one. */
typedef int (*take_element)(struct sea_line_reader *r, json_object *object, struct sea_error *err);

static int for_each_element(struct sea_line_reader *r, const char *name, take_element take,
			    struct sea_error *err)
{
	json_object *array, *object;
	size_t i;

	if (!json_object_object_get_ex(r->object, name, &array))
		return 0;
	if (!json_object_is_type(array, json_type_array))
		return sea_line_fail(r, "hooks and rows have to be arrays", err);
	for (i = 0; i < json_object_array_length(array); i++) {
		object = json_object_array_get_idx(array, i);
		if (!json_object_is_type(object, json_type_object))
			return sea_line_fail(r, "hooks and rows have to be objects", err);
		if (take(r, object, err))
			return -1;
	}
	return 0;
}

static int take_hook(struct sea_line_reader *r, json_object *object, struct sea_error *err)
{
	struct sea_hooks *hooks = &r->change.hooks;
	struct sea_hook_state hook = {0};

	if (sea_line_take(r, object, &sea_line_hook, &hook, err))
		return -1;
	if (hooks->nr < SEA_HOOKS_MAX && hook.program && hook.function && hook.part < SEA_PARTS &&
	    hook.mechanism < SEA_MECHANISMS && hook.proof < SEA_PROOFS)
		hooks->hooks[hooks->nr++] = hook;
	else
		r->is_incomplete = true;
	return 0;
}

static int read_listed(struct sea_line_reader *r, json_object *object, struct sea_vm_change *row,
		       struct sea_error *err)
{
	json_object *listed;

	if (!json_object_object_get_ex(object, "listed", &listed))
		return 0;
	if (!json_object_is_type(listed, json_type_object))
		return sea_line_fail(r, "listed is no object", err);
	row->listed_is_new = true;
	/* {}: it is in the list no more. */
	if (json_object_object_length(listed))
		row->listed.id = row->id;
	return sea_line_take(r, listed, &sea_line_listed, &row->listed, err);
}

static int take_row(struct sea_line_reader *r, json_object *object, struct sea_error *err)
{
	const char *which = sea_line_text(object, "row");
	struct sea_vm_change row = {0}, *kept;

	if (sea_line_number(object, "vm", 0, &row.id, err))
		return sea_line_fail(r, err->text, err);
	if (!strcmp(which, "other"))
		row.row = SEA_CHANGE_OTHER;
	else if (!strcmp(which, "gone"))
		row.row = SEA_CHANGE_GONE;
	else if (!row.id)
		return sea_line_fail(r, "a row without its VM", err);
	if (sea_line_take(r, object, &sea_line_row, &row, err) ||
	    for_each_member(r, object, "latency", take_latency, row.grown.latency, err) ||
	    read_listed(r, object, &row, err))
		return -1;
	kept = sea_change_add(&r->change);
	if (!kept)
		return sea_line_fail(r, "out of memory", err);
	*kept = row;
	return 0;
}

int sea_line_read_tick(struct sea_line_reader *r, struct sea_entry *entry, struct sea_error *err)
{
	struct sea_change *change = &r->change;
	json_object *hooks;

	sea_change_clear(change);
	entry->change = change;
	change->hooks_are_new = json_object_object_get_ex(r->object, "hooks", &hooks);
	if (sea_line_take(r, r->object, &sea_line_tick, change, err) ||
	    for_each_member(r, r->object, "lost", take_loss, change->loss, err) ||
	    read_state(r, err) || for_each_element(r, "hooks", take_hook, err) ||
	    for_each_element(r, "rows", take_row, err))
		return -1;
	if (!change->ticks)
		return sea_line_fail(r, "a tick that stands for none", err);
	sea_change_sort(change);
	return 0;
}
