// SPDX-License-Identifier: GPL-2.0-only
/* line-write.c - entries as lines. */
#include "store/line.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/json-object.h"
#include "store/line-lists.h"

/* A session is named in full once, and by its number from then on. */
struct sea_line_run {
	char run[SEA_UUID_LEN];
	__u64 number; /* 1, 2, ... in this text */
	UT_hash_handle hh;
};

static const struct sea_line_run *run_of(struct sea_line_writer *w, const char *run)
{
	struct sea_line_run *known;

	HASH_FIND_STR(w->runs, run, known);
	if (known)
		return known;
	known = calloc(1, sizeof(*known));
	if (!known)
		return NULL;
	memcpy(known->run, run, strlen(run));
	known->number = HASH_COUNT(w->runs) + 1;
	HASH_ADD_STR(w->runs, run, known);
	return known;
}

void sea_line_writer_free(struct sea_line_writer *w)
{
	struct sea_line_run *run, *next;

	HASH_ITER(hh, w->runs, run, next) {
		HASH_DEL(w->runs, run);
		free(run);
	}
	*w = (struct sea_line_writer){0};
}

static void put(json_object *object, const struct sea_line_list *list, const void *from,
		const struct sea_line_writer *w, bool *failed)
{
	sea_line_put(object, list->fields, list->nr, from, w->redact, failed);
}

static int write_head(struct sea_text *out, struct sea_error *err)
{
	json_object *object = json_object_new_object();
	bool failed = !object;

	if (object) {
		sea_json_add_string(object, "type", "recording", &failed);
		sea_json_add_string(object, "schema", SEA_LINE_SCHEMA, &failed);
	}
	return sea_json_write(object, failed, out, err);
}

static void put_session(json_object *object, const struct sea_entry *entry,
			const struct sea_line_writer *w, bool *failed)
{
	put(object, &sea_line_session, entry->record.session, w, failed);
	if (entry->redacted || w->redact)
		sea_json_add_bool(object, "redacted", true, failed);
}

/* Who the VM's process is, where that is not what the VM's own line says. */
static void put_stranger(json_object *object, const struct sea_record *r, bool *failed)
{
	const struct sea_event *e = r->event;
	char comm[SEA_COMM_LEN + 1];

	sea_entry_comm(e, comm);
	if (!r->vm || e->tgid != r->vm->key.tgid)
		sea_json_add_number(object, "pid", e->tgid, failed);
	if (!r->vm || e->start_ns != r->vm->key.start_ns)
		sea_json_add_number(object, "start_ns", e->start_ns, failed);
	if (!r->vm || strcmp(comm, r->vm->comm))
		sea_json_add_string(object, "comm", comm, failed);
}

static void put_detail(json_object *object, const struct sea_record *r,
		       const struct sea_line_writer *w, bool *failed)
{
	json_object *page;

	put(object, &sea_line_event, r->event, w, failed);
	put_stranger(object, r, failed);
	if (r->type == SEA_RECORD_ANSWER)
		put(object, &sea_line_answer, r->event, w, failed);
	if (!r->page)
		return;
	page = sea_json_add_object(object, "page", failed);
	if (page)
		put(page, &sea_line_page, r->page, w, failed);
}

/* {"ratelimit":12990} */
static void put_losses(json_object *object, const __u64 *loss, bool *failed)
{
	json_object *lost = NULL;
	int i;

	for (i = 0; i < SEA_LOSS_CAUSES; i++) {
		if (!loss[i])
			continue;
		if (!lost)
			lost = sea_json_add_object(object, "lost", failed);
		if (lost)
			sea_json_add_number(lost, sea_loss_word((enum sea_loss_cause)i)->name,
					    loss[i], failed);
	}
}

static void put_state(json_object *object, const struct sea_tick_state *state,
		      const struct sea_line_writer *w, bool *failed)
{
	json_object *child = sea_json_add_object(object, "state", failed), *causes;
	int i;

	if (!child)
		return;
	put(child, &sea_line_state, state, w, failed);
	if (!state->at_least)
		return;
	causes = sea_json_add_array(child, "at_least", failed);
	for (i = 0; causes && i < SEA_LOSS_CAUSES; i++) {
		const char *name = sea_loss_word((enum sea_loss_cause)i)->name;

		if (state->at_least & 1U << i &&
		    json_object_array_add(causes, json_object_new_string(name)))
			*failed = true;
	}
}

static void put_hooks(json_object *object, const struct sea_hooks *hooks,
		      const struct sea_line_writer *w, bool *failed)
{
	json_object *array = sea_json_add_array(object, "hooks", failed), *hook;
	size_t i;

	for (i = 0; array && i < hooks->nr; i++) {
		hook = sea_json_append_object(array, failed);
		if (hook)
			put(hook, &sea_line_hook, &hooks->hooks[i], w, failed);
	}
}

/* {"11":1}: one answer took from 2^11 to 2^12 microseconds. */
static void put_latency(json_object *object, const __u64 *slots, bool *failed)
{
	json_object *latency = NULL;
	int i;

	for (i = 0; i < SEA_LATENCY_SLOTS; i++) {
		char name[8];

		if (!slots[i])
			continue;
		if (!latency)
			latency = sea_json_add_object(object, "latency", failed);
		snprintf(name, sizeof(name), "%d", i);
		if (latency)
			sea_json_add_number(latency, name, slots[i], failed);
	}
}

static void put_row(json_object *object, const struct sea_vm_change *row,
		    const struct sea_line_writer *w, bool *failed)
{
	json_object *listed;

	if (row->row == SEA_CHANGE_VM)
		sea_json_add_number(object, "vm", row->id, failed);
	else
		sea_json_add_string(object, "row", row->row == SEA_CHANGE_OTHER ? "other" : "gone",
				    failed);
	put(object, &sea_line_row, row, w, failed);
	put_latency(object, row->grown.latency, failed);
	if (!row->listed_is_new)
		return;
	listed = sea_json_add_object(object, "listed", failed);
	if (listed && (row->listed.id || row->row == SEA_CHANGE_GONE))
		put(listed, &sea_line_listed, &row->listed, w, failed);
}

static void put_tick(json_object *object, const struct sea_change *change,
		     const struct sea_line_writer *w, bool *failed)
{
	json_object *rows, *row;
	size_t i;

	put(object, &sea_line_tick, change, w, failed);
	put_losses(object, change->loss, failed);
	if (change->state_is_new)
		put_state(object, &change->state, w, failed);
	if (change->hooks_are_new)
		put_hooks(object, &change->hooks, w, failed);
	if (!change->nr_vms)
		return;
	rows = sea_json_add_array(object, "rows", failed);
	for (i = 0; rows && i < change->nr_vms; i++) {
		row = sea_json_append_object(rows, failed);
		if (row)
			put_row(row, &change->vms[i], w, failed);
	}
}

static void put_record(json_object *object, const struct sea_entry *entry,
		       const struct sea_line_writer *w, bool *failed)
{
	const struct sea_record *r = &entry->record;

	switch (r->type) {
	case SEA_RECORD_SESSION:
		put_session(object, entry, w, failed);
		break;
	case SEA_RECORD_VM:
		put(object, &sea_line_vm, r->vm, w, failed);
		break;
	case SEA_RECORD_SEA:
	case SEA_RECORD_ANSWER:
		put_detail(object, r, w, failed);
		break;
	case SEA_RECORD_END:
		put(object, &sea_line_end, r->end, w, failed);
		break;
	case SEA_RECORD_TICK:
		put_tick(object, entry->change, w, failed);
		break;
	case SEA_RECORD_GAP:
		put(object, &sea_line_gap, r->gap, w, failed);
		break;
	default:
		put(object, &sea_line_host, r->host, w, failed);
		break;
	}
}

static int begin(struct sea_line_writer *w, struct sea_text *out, struct sea_error *err)
{
	if (!w->has_begun && write_head(out, err))
		return -1;
	w->has_begun = true;
	return 0;
}

int sea_line_write_pruned(struct sea_line_writer *w,
			  const struct sea_pruned pruned[SEA_PRUNED_KINDS], struct sea_text *out,
			  struct sea_error *err)
{
	unsigned int i;

	if (begin(w, out, err))
		return -1;
	for (i = 0; i < SEA_PRUNED_KINDS; i++) {
		json_object *object;
		bool failed;

		if (!pruned[i].records)
			continue;
		object = json_object_new_object();
		failed = !object;
		if (object) {
			sea_json_add_string(object, "type", SEA_LINE_PRUNED, &failed);
			sea_json_add_string(object, "what", sea_pruned_name(i), &failed);
			put(object, &sea_line_pruned, &pruned[i], w, &failed);
		}
		if (sea_json_write(object, failed, out, err))
			return -1;
	}
	return 0;
}

int sea_line_write(struct sea_line_writer *w, const struct sea_entry *entry, struct sea_text *out,
		   struct sea_error *err)
{
	const struct sea_record *r = &entry->record;
	const struct sea_line_run *run = run_of(w, r->session->run);
	json_object *object;
	bool failed;

	if (begin(w, out, err))
		return -1;
	object = json_object_new_object();
	failed = !object || !run;
	if (!failed) {
		sea_json_add_string(object, "type", sea_record_type_name(r->type), &failed);
		sea_json_add_number(object, "session", run->number, &failed);
		put(object, &sea_line_head, r, w, &failed);
		if (r->vm && r->type != SEA_RECORD_VM)
			sea_json_add_number(object, "vm", r->vm->id, &failed);
		put_record(object, entry, w, &failed);
	}
	return sea_json_write(object, failed, out, err);
}
