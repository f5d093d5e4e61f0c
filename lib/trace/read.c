// SPDX-License-Identifier: GPL-2.0-only
/* read.c - the kernel's counters as a snapshot. */
#include "trace/trace.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bpf/bpf.h>

#include "model/vm-counters.h"
#include "trace/host.h"
#include "trace/list.h"
#include "trace/load.h"
#include "trace/object.h"
#include "trace/proof.h"
#include "trace/trial.h"

/* Where the batch lookup puts rows before they go into the snapshot */
static struct sea_vm *row_buffer(struct sea_trace *t, size_t nr)
{
	struct sea_vm *rows;

	if (nr <= t->rows_room)
		return t->rows;
	rows = realloc(t->rows, nr * sizeof(*rows));
	if (rows) {
		t->rows = rows;
		t->rows_room = nr;
	}
	return rows;
}

static int out_of_memory(struct sea_error *err)
{
	return sea_error_set(err, "cannot read the counters: out of memory; "
				  "use a smaller --max-vms");
}

static int read_vms(struct sea_trace *t, struct sea_snapshot *snapshot, struct sea_error *err)
{
	/* Rows may come and go while we read: room for more than there can be at once. */
	size_t max = bpf_map__max_entries(t->skel->maps.vms) * 5 / 4 + 64, nr = max, i;
	struct sea_vm *rows = row_buffer(t, max);
	__u64 *keys = malloc(max * sizeof(*keys));
	int rc;

	if (!rows || !keys) {
		free(keys);
		return out_of_memory(err);
	}
	rc = sea_trace_read_map(t->skel->maps.vms, keys, rows, sizeof(*rows), &nr, err);
	free(keys);
	if (rc)
		return -1;
	sea_snapshot_clear(snapshot);
	if (sea_snapshot_reserve(snapshot, nr, err))
		return -1;
	for (i = 0; i < nr; i++) {
		const struct sea_listed *listed;

		/* A row gets its id when it is complete. */
		if (!rows[i].id)
			continue;
		listed = sea_listing_find(&t->listing, rows[i].id);
		snapshot->vms[snapshot->nr_vms++] = (struct sea_vm_state){
			.vm = rows[i],
			.listed = listed ? *listed : (struct sea_listed){0},
		};
	}
	sea_snapshot_sort(snapshot);
	return 0;
}

/* Nothing that the row says could be missed by anybody. */
static bool says_nothing(const struct sea_vm_state *state)
{
	struct sea_listed sum = {0};

	return !sea_vm_total(&state->vm) && !sea_vm_responses(&state->vm) &&
	       !sea_listed_add_before(&sum, &state->listed);
}

/*
 * Gives the rows of long ended VMs to new ones once three quarters are in use;
 * those of VMs that say nothing, sooner. A row that no snapshot has yet shown as
 * ended stays: whoever reads snapshots sees the last counts of each VM. An ended VM
 * has no vCPU left that could still count, so the last values that come with the
 * deletion are final.
 */
static void retire_ended(struct sea_trace *t, struct sea_snapshot *snapshot)
{
	size_t max = bpf_map__max_entries(t->skel->maps.vms), i, kept = 0;
	bool scarce = snapshot->nr_vms >= max - max / 4;
	int fd = bpf_map__fd(t->skel->maps.vms);

	for (i = 0; i < snapshot->nr_vms; i++) {
		struct sea_vm_state *state = &snapshot->vms[i];
		__u64 ended_ns = state->vm.ended_ns;
		bool idle = says_nothing(state);
		struct sea_vm last;

		if (ended_ns && ended_ns < t->shown_ns &&
		    ended_ns + SEA_TRACE_KEEP_ENDED_NS < snapshot->time_ns && (scarce || idle) &&
		    !bpf_map_lookup_and_delete_elem(fd, &state->vm.id, &last)) {
			sea_list_forget(t, state->vm.id);
			sea_vm_add(&t->gone, &last);
			sea_listed_add_before(&t->gone_listed, &state->listed);
			t->nr_gone += !idle;
			continue;
		}
		snapshot->vms[kept++] = *state;
	}
	snapshot->nr_vms = kept;
}

static void look_at_check(struct sea_trace *t, struct sea_snapshot *snapshot, __u64 before)
{
	__u64 after = __atomic_load_n(&t->skel->bss->checked, __ATOMIC_ACQUIRE);
	__u64 counted = snapshot->totals.lost_no_vcpu, vcpus = 0;
	struct sea_vm sum;
	size_t i;

	sea_snapshot_sum(&sum, snapshot);
	counted += sea_vm_total(&sum);
	for (i = 0; i < t->listing.nr; i++)
		vcpus += t->listing.vms[i].vcpus;
	if (t->check_name)
		sea_crosscheck_look(&t->check, before, after, counted, vcpus);
	snapshot->check = t->check_name;
	snapshot->checked = after;
}

/* Does the check work, and is what it did not see more than the kernel kept from it? */
static void judge_check(struct sea_trace *t, struct sea_snapshot *snapshot)
{
	bool at_least;
	__u64 missed = sea_hooks_missed(&snapshot->hooks, SEA_PART_CHECK, &at_least);

	snapshot->unchecked = NULL;
	snapshot->overseen = 0;
	if (!t->source)
		return;
	if (!t->check_name) {
		snapshot->unchecked = "no hook of another kind than the source's works here";
		return;
	}
	if (sea_hooks_proof(&snapshot->hooks, SEA_PART_CHECK) == SEA_DISPROVEN)
		snapshot->unchecked = sea_proof_dead(&snapshot->hooks, SEA_PART_CHECK)->by;
	if (t->check.overseen > missed)
		snapshot->overseen = t->check.overseen - missed;
}

/* Tries each kind of hook again: somebody may have switched it off meanwhile. */
static void look_at_hooks(struct sea_trace *t, struct sea_snapshot *snapshot)
{
	const struct sea_watch *watch = &t->watch;
	const char *why = NULL;
	int i;

	for (i = 0; t->source && i < SEA_MECHANISMS; i++) {
		const char *off = sea_trial_look(t, i);

		if (i == (int)t->source->mechanism)
			why = off;
	}
	sea_watch_look(&t->watch, sea_trace_clock(CLOCK_BOOTTIME, NULL), why);
	snapshot->disarmed = watch->times;
	snapshot->blind_ns = watch->blind_ns;
	snapshot->blind_since_ns = watch->since_ns;
	snapshot->blind_why = watch->why;
	sea_proof_hooks(t, &snapshot->hooks);
	snapshot->unproven = sea_hooks_proof(&snapshot->hooks, SEA_PART_SOURCE) != SEA_PROVEN;
}

static void fill_loss(const struct sea_trace *t, struct sea_snapshot *snapshot)
{
	struct sea_loss *loss = &snapshot->loss;
	bool missed_unknown;
	struct sea_vm sum;

	memset(loss, 0, sizeof(*loss));
	sea_snapshot_sum(&sum, snapshot);
	loss->count[SEA_LOSS_RATELIMIT] = sum.lost_ratelimit;
	loss->count[SEA_LOSS_RING_FULL] = sum.lost_ring_full;
	loss->count[SEA_LOSS_NAME] = sum.lost_name;
	loss->count[SEA_LOSS_TABLE_FULL] = snapshot->totals.lost_table_full;
	loss->count[SEA_LOSS_NO_VCPU] = snapshot->totals.lost_no_vcpu;
	loss->count[SEA_LOSS_ANSWERS] = snapshot->totals.lost_answers;
	loss->count[SEA_LOSS_MISSED] =
		sea_hooks_missed(&snapshot->hooks, SEA_PART_SOURCE, &missed_unknown);
	loss->count[SEA_LOSS_UNSEEN] = t->check.unseen;
	loss->count[SEA_LOSS_DISARMED] = snapshot->disarmed;
	loss->count[SEA_LOSS_OVERSEEN] = snapshot->overseen;
	loss->count[SEA_LOSS_HOST_EVENTS] = t->host ? sea_host_lost(t->host) : 0;
	if (missed_unknown)
		loss->at_least |= 1U << SEA_LOSS_MISSED;
}

int sea_trace_read(struct sea_trace *trace, struct sea_snapshot *snapshot, struct sea_error *err)
{
	const struct sea_trace_bpf *skel = trace->skel;
	__u64 checked, began_ns;
	__u32 zero = 0;
	int rc;

	if (sea_trace_sweep(trace, err) || sea_list_pass(trace, err))
		return -1;
	began_ns = sea_trace_clock(CLOCK_BOOTTIME, NULL);
	checked = __atomic_load_n(&skel->bss->checked, __ATOMIC_ACQUIRE);
	if (read_vms(trace, snapshot, err))
		return -1;
	rc = bpf_map_lookup_elem(bpf_map__fd(skel->maps.other), &zero, &snapshot->other);
	if (!rc)
		rc = bpf_map_lookup_elem(bpf_map__fd(skel->maps.totals), &zero, &snapshot->totals);
	if (rc)
		return sea_error_set(err, "cannot read the counters: %s", strerror(-rc));
	snapshot->time_ns = sea_trace_clock(CLOCK_BOOTTIME, NULL);
	sea_trace_clock(CLOCK_REALTIME, &snapshot->wall);
	snapshot->started_ns = skel->bss->started_ns;
	snapshot->source = sea_trace_source(trace);
	snapshot->tells_all = sea_trace_tells_all(trace);
	look_at_hooks(trace, snapshot);
	snapshot->no_list = trace->no_list;
	snapshot->ended_unseen = skel->bss->ended_unseen;
	snapshot->unlisted = skel->bss->unlisted;
	snapshot->pid_namespace = trace->pid_namespace;
	snapshot->gone = trace->gone;
	look_at_check(trace, snapshot, checked);
	judge_check(trace, snapshot);
	retire_ended(trace, snapshot);
	trace->shown_ns = began_ns;
	snapshot->gone = trace->gone;
	snapshot->gone_listed = trace->gone_listed;
	snapshot->nr_gone = trace->nr_gone;
	fill_loss(trace, snapshot);
	return 0;
}

bool sea_trace_settled(const struct sea_trace *trace)
{
	return !trace->check.missing;
}
