// SPDX-License-Identifier: GPL-2.0-only
/* metrics-view.c - which VMs have metrics of their own, and the sums over the others. */
#include "report/metrics.h"

#include <stdlib.h>
#include <string.h>

#include "model/clock.h"
#include "model/vm-counters.h"
#include "report/metrics-internal.h"

/* Losses of the hour before the last tick say that the numbers are not to be trusted. */
#define LOSSES_S 3600

/* The VMs of a label in the newest session, together with what they took before it */
struct group {
	struct sea_metrics_label label;
	struct sea_row row;
	bool is_here; /* one of them runs, or ended not long ago */
};

static bool is_here(const struct sea_vm *vm, __u64 now_ns)
{
	return !vm->ended_ns || vm->ended_ns + SEA_METRICS_KEEP_NS > now_ns;
}

static int compare_labels(const void *a, const void *b)
{
	const struct group *x = a, *y = b;
	int order = strcmp(x->label.name, y->label.name);

	return order ? order : strcmp(x->label.uuid, y->label.uuid);
}

/* Those to be shown first: here, with most SEAs; then by name, so that the order is fixed. */
static int compare_groups(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (x->is_here != y->is_here)
		return x->is_here ? -1 : 1;
	if (x->row.total != y->row.total)
		return x->row.total > y->row.total ? -1 : 1;
	return compare_labels(a, b);
}

static void add_wall(struct sea_row *row, const struct sea_vm *vm, const struct timespec *wall)
{
	bool is_newer =
		wall->tv_sec > row->last_wall.tv_sec ||
		(wall->tv_sec == row->last_wall.tv_sec && wall->tv_nsec > row->last_wall.tv_nsec);

	sea_vm_add(&row->vm, vm);
	if (!is_newer)
		return;
	row->last_wall = *wall;
	row->vm.last = vm->last;
}

/* One group for each label; returns how many. groups has room for all VMs. */
static size_t make_groups(const struct sea_metrics *m, struct group *groups)
{
	size_t i, kept = 0;

	for (i = 0; i < m->now.nr_vms; i++) {
		const struct sea_vm_state *state = &m->now.vms[i];
		struct group *group = &groups[i];

		sea_metrics_label(state->info, &group->label);
		group->row = (struct sea_row){.kind = SEA_ROW_VM, .info = state->info};
		add_wall(&group->row, &state->vm, &state->last_wall);
		group->row.pending = sea_vm_pending(&state->vm);
		group->is_here = is_here(&state->vm, m->now.time_ns);
	}
	if (!m->now.nr_vms)
		return 0;
	qsort(groups, m->now.nr_vms, sizeof(*groups), compare_labels);
	for (i = 1; i < m->now.nr_vms; i++) {
		if (compare_labels(&groups[kept], &groups[i])) {
			groups[++kept] = groups[i];
			continue;
		}
		add_wall(&groups[kept].row, &groups[i].row.vm, &groups[i].row.last_wall);
		groups[kept].row.pending += groups[i].row.pending;
		groups[kept].is_here |= groups[i].is_here;
	}
	return kept + 1;
}

static void add_past(const struct sea_metrics *m, struct group *group)
{
	struct sea_metrics_past *past;

	HASH_FIND(hh, m->past_vms, &group->label, sizeof(group->label), past);
	if (past)
		add_wall(&group->row, &past->vm, &past->last_wall);
	group->row.total = sea_vm_total(&group->row.vm);
}

static void fill_rows(const struct sea_metrics *m, struct group *groups, size_t nr, size_t top,
		      struct sea_view *view)
{
	struct sea_vm shown = {0};
	__u64 pending = 0;
	size_t i;

	view->other.vm = m->now.other;
	view->other.pending = sea_vm_pending(&m->now.other);
	for (i = 0; i < nr; i++) {
		const struct sea_row *row = &groups[i].row;

		if (!groups[i].is_here)
			break;
		if (view->nr_rows < top && row->total) {
			view->rows[view->nr_rows++] = *row;
			sea_vm_info_get(row->info);
			sea_vm_add(&shown, &row->vm);
			pending += row->pending;
		} else {
			sea_vm_add(&view->other.vm, &row->vm);
			view->other.pending += row->pending;
		}
	}
	sea_vm_add(&shown, &view->other.vm);
	view->other.total = sea_vm_total(&view->other.vm);
	view->gone.vm = view->all.vm;
	sea_vm_subtract(&view->gone.vm, &shown);
	view->gone.total = sea_vm_total(&view->gone.vm);
	pending += view->other.pending;
	view->gone.pending = view->all.pending > pending ? view->all.pending - pending : 0;
}

static struct timespec last_of_all(const struct sea_metrics *m)
{
	struct timespec last = m->past_last_wall;
	size_t i;

	for (i = 0; i < m->now.nr_vms; i++) {
		const struct timespec *wall = &m->now.vms[i].last_wall;

		if (wall->tv_sec > last.tv_sec ||
		    (wall->tv_sec == last.tv_sec && wall->tv_nsec > last.tv_nsec))
			last = *wall;
	}
	return last;
}

static void fill_all(const struct sea_metrics *m, struct sea_view *view)
{
	struct sea_vm sum;
	size_t i;

	sea_snapshot_sum(&sum, &m->now);
	view->all.pending = sea_vm_pending(&sum);
	sea_vm_add(&sum, &m->past);
	view->all.vm = sum;
	view->all.total = sea_vm_total(&sum);
	view->all.last_wall = last_of_all(m);
	view->loss = m->now.loss;
	for (i = 0; i < SEA_LOSS_CAUSES; i++)
		view->loss.count[i] += m->past_loss[i];
}

static void fill_vms(const struct sea_metrics *m, struct sea_metrics_view *v)
{
	size_t i;

	v->ended = m->past_ended + m->now.nr_gone;
	for (i = 0; i < m->now.nr_vms; i++) {
		const struct sea_vm_state *state = &m->now.vms[i];

		if (state->vm.ended_ns) {
			v->ended++;
			continue;
		}
		v->running++;
		v->opt_in[sea_opt_in_of(&state->listed, &state->vm)]++;
	}
	v->unlisted = m->now.unlisted;
	v->ended_after_sea = m->ended_after_sea;
	v->ended_by_sigbus = m->ended_by_sigbus;
}

static bool lost_of_late(const struct sea_snapshot *now)
{
	int i;

	for (i = 0; i < SEA_LOSS_CAUSES; i++) {
		enum sea_loss_of of = sea_loss_word((enum sea_loss_cause)i)->of;

		if ((of == SEA_LOSS_OF_COUNTS || of == SEA_LOSS_OF_ANSWERS) && now->loss.count[i] &&
		    now->loss.last[i].tv_sec + LOSSES_S >= now->wall.tv_sec)
			return true;
	}
	return false;
}

static void fill_trust(const struct sea_metrics *m, struct sea_metrics_view *v)
{
	size_t i;

	for (i = 0; i < m->now.hooks.nr; i++)
		v->hooks[m->now.hooks.hooks[i].part][m->now.hooks.hooks[i].proof]++;
	v->proven = v->has_tick && !m->now.unproven;
	v->blind = m->now.blind_since_ns != 0;
	v->blind_ns = m->past_blind_ns + m->now.blind_ns;
	v->writable = !m->not_writable;
	memcpy(v->gaps, m->gaps, sizeof(v->gaps));
	memcpy(v->gap_ns, m->gap_ns, sizeof(v->gap_ns));
	v->incomplete[SEA_INCOMPLETE_UNPROVEN] = m->now.unproven;
	v->incomplete[SEA_INCOMPLETE_BLIND] = v->blind;
	v->incomplete[SEA_INCOMPLETE_LOSSES] = lost_of_late(&m->now);
	/* Those of the store and of the source have reasons of their own. */
	v->incomplete[SEA_INCOMPLETE_GAP] =
		m->open[SEA_GAP_TICK].since.tv_sec || m->open[SEA_GAP_RECORDER].since.tv_sec;
	v->incomplete[SEA_INCOMPLETE_VMS] = m->now.unlisted || m->now.pid_namespace;
	v->incomplete[SEA_INCOMPLETE_STORE] = m->not_writable;
	v->incomplete[SEA_INCOMPLETE_NEWER] = m->is_newer;
}

int sea_metrics_view_make(const struct sea_metrics *m, size_t top, struct sea_metrics_view *v,
			  struct sea_error *err)
{
	struct group *groups = calloc(m->now.nr_vms + 1, sizeof(*groups));
	size_t nr, i;

	sea_metrics_view_free(v);
	v->view.rows = calloc(m->now.nr_vms + 1, sizeof(*v->view.rows));
	if (!groups || !v->view.rows) {
		free(groups);
		sea_metrics_view_free(v);
		return sea_error_set(err, "cannot make metrics: out of memory");
	}
	v->view.session = m->session.run[0] ? &m->session : NULL;
	v->view.source = m->session.run[0] ? m->session.source : NULL;
	v->session_runs = m->session.run[0] && m->session.end == SEA_SESSION_RUNS;
	v->has_tick = m->now.time_ns;
	v->view.wall = m->now.wall;
	v->view.other.kind = SEA_ROW_OTHER;
	v->view.gone.kind = SEA_ROW_GONE;
	v->view.all.kind = SEA_ROW_ALL;
	fill_all(m, &v->view);
	nr = make_groups(m, groups);
	for (i = 0; i < nr; i++)
		add_past(m, &groups[i]);
	qsort(groups, nr, sizeof(*groups), compare_groups);
	fill_rows(m, groups, nr, top, &v->view);
	free(groups);
	fill_vms(m, v);
	fill_trust(m, v);
	sea_metrics_count_pages(m, v);
	return 0;
}

void sea_metrics_view_free(struct sea_metrics_view *v)
{
	sea_view_free(&v->view);
	memset(v, 0, sizeof(*v));
}

bool sea_metrics_is_incomplete(const struct sea_metrics_view *v)
{
	size_t i;

	for (i = 0; i < SEA_INCOMPLETE_REASONS; i++)
		if (v->incomplete[i])
			return true;
	return false;
}
