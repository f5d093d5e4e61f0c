// SPDX-License-Identifier: GPL-2.0-only
/* read.c - the kernel's counters as a snapshot. */
#include "trace/trace.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bpf/bpf.h>

#include "trace/list.h"
#include "trace/load.h"
#include "trace/object.h"
#include "trace/proof.h"
#include "trace/trial.h"

/*
 * How often the check looks again in the end. A vCPU's thread may have been
 * preempted between the two hooks, or its cgroup may have used up its quota of CPU
 * time, which is for 100 ms; so one look more would not do.
 */
#define LAST_LOOKS 10
#define LAST_LOOK_PAUSE_NS 100000000L

static int make_room(struct sea_snapshot *snapshot, size_t room, struct sea_error *err)
{
	struct sea_vm *vms;

	if (room <= snapshot->room)
		return 0;
	vms = realloc(snapshot->vms, room * sizeof(*vms));
	if (!vms)
		return sea_error_set(err, "cannot read the counters: out of memory; "
					  "use a smaller --max-vms");
	snapshot->vms = vms;
	snapshot->room = room;
	return 0;
}

static int read_vms(struct sea_trace *t, struct sea_snapshot *snapshot, struct sea_error *err)
{
	/* Rows may come and go while we read: room for more than there can be at once. */
	size_t max = bpf_map__max_entries(t->skel->maps.vms) * 5 / 4 + 64, nr = max, i;
	__u64 *keys = malloc(max * sizeof(*keys));
	int rc;

	if (!keys || make_room(snapshot, max, err)) {
		free(keys);
		return sea_error_set(err, "cannot read the counters: out of memory; "
					  "use a smaller --max-vms");
	}
	rc = sea_trace_read_map(t->skel->maps.vms, keys, snapshot->vms, sizeof(*snapshot->vms), &nr,
				err);
	free(keys);
	if (rc)
		return -1;

	/* A row gets its id when it is complete. */
	snapshot->nr_vms = 0;
	for (i = 0; i < nr; i++)
		if (snapshot->vms[i].id)
			snapshot->vms[snapshot->nr_vms++] = snapshot->vms[i];
	sea_snapshot_sort(snapshot);
	return 0;
}

/*
 * Gives the rows of long ended VMs to new ones once three quarters are in use;
 * those of VMs that took no SEA, nor any before, sooner, as they say nothing. An ended VM
 * has no vCPU left that could still count, so the last values that come with
 * the deletion are final.
 */
static void retire_ended(struct sea_trace *t, struct sea_snapshot *snapshot)
{
	size_t max = bpf_map__max_entries(t->skel->maps.vms), i, kept = 0;
	bool scarce = snapshot->nr_vms >= max - max / 4;
	int fd = bpf_map__fd(t->skel->maps.vms);

	for (i = 0; i < snapshot->nr_vms; i++) {
		struct sea_vm *vm = &snapshot->vms[i], last;
		const struct sea_listed *listed = sea_listing_find(&t->listing, vm->id);
		struct sea_listed sum = t->gone_listed;
		__u64 before = listed ? sea_listed_add_before(&sum, listed) : 0;
		bool idle = !sea_vm_total(vm) && !sea_vm_responses(vm) && !before;

		if (vm->ended_ns && vm->ended_ns + SEA_TRACE_KEEP_ENDED_NS < snapshot->time_ns &&
		    (scarce || idle) && !bpf_map_lookup_and_delete_elem(fd, &vm->id, &last)) {
			sea_list_forget(t, vm->id);
			sea_vm_add(&t->gone, &last);
			t->gone_listed = sum;
			t->nr_gone += !idle;
			continue;
		}
		snapshot->vms[kept++] = *vm;
	}
	snapshot->nr_vms = kept;
}

static void look_at_check(struct sea_trace *t, struct sea_snapshot *snapshot, __u64 before)
{
	__u64 after = __atomic_load_n(&t->skel->bss->checked, __ATOMIC_ACQUIRE);
	__u64 counted = snapshot->totals.lost_no_vcpu, vcpus = 0;
	size_t i;

	for (i = 0; i < snapshot->nr_vms; i++)
		counted += sea_vm_total(&snapshot->vms[i]);
	counted += sea_vm_total(&snapshot->other) + sea_vm_total(&snapshot->gone);
	for (i = 0; i < t->listing.nr; i++)
		vcpus += t->listing.vms[i].vcpus;
	if (t->check_name)
		sea_crosscheck_look(&t->check, before, after, counted, vcpus);
	snapshot->check = t->check_name;
	snapshot->checked = after;
	snapshot->unseen = t->check.unseen;
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
	snapshot->missed =
		sea_hooks_missed(&snapshot->hooks, SEA_PART_SOURCE, &snapshot->missed_unknown);
}

int sea_trace_read(struct sea_trace *trace, struct sea_snapshot *snapshot, struct sea_error *err)
{
	const struct sea_trace_bpf *skel = trace->skel;
	__u64 checked;
	__u32 zero = 0;
	int rc;

	if (sea_trace_sweep(trace, err) || sea_list_pass(trace, err))
		return -1;
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
	snapshot->tells_all = !trace->source || sea_object_tells_all(trace);
	look_at_hooks(trace, snapshot);
	snapshot->no_list = trace->no_list;
	snapshot->ended_unseen = skel->bss->ended_unseen;
	snapshot->unlisted = skel->bss->unlisted;
	snapshot->listing = &trace->listing;
	snapshot->gone = trace->gone;
	look_at_check(trace, snapshot, checked);
	judge_check(trace, snapshot);
	retire_ended(trace, snapshot);
	snapshot->gone = trace->gone;
	snapshot->gone_listed = trace->gone_listed;
	snapshot->nr_gone = trace->nr_gone;
	return 0;
}

int sea_trace_read_last(struct sea_trace *trace, struct sea_snapshot *snapshot,
			struct sea_error *err)
{
	const struct timespec pause = {.tv_nsec = LAST_LOOK_PAUSE_NS};
	int again;

	for (again = 0;; again++) {
		if (sea_trace_poll(trace, err) || sea_trace_read(trace, snapshot, err))
			return -1;
		if (!trace->check.missing || again == LAST_LOOKS)
			return 0;
		nanosleep(&pause, NULL);
	}
}
