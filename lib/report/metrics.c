// SPDX-License-Identifier: GPL-2.0-only
#include "report/metrics.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "model/clock.h"
#include "model/vm-counters.h"
#include "report/metrics-internal.h"

int sea_metrics_open(struct sea_metrics **metrics, struct sea_error *err)
{
	*metrics = calloc(1, sizeof(**metrics));
	return *metrics ? 0 : sea_error_set(err, "cannot make metrics: out of memory");
}

void sea_metrics_close(struct sea_metrics *m)
{
	struct sea_metrics_past *past, *next;

	if (!m)
		return;
	HASH_ITER(hh, m->past_vms, past, next) {
		HASH_DEL(m->past_vms, past);
		free(past);
	}
	sea_metrics_forget_pages(m);
	sea_snapshot_free(&m->now);
	free(m);
}

void sea_metrics_label(const struct sea_vm_info *info, struct sea_metrics_label *label)
{
	/* All bytes count, as it is a key. */
	memset(label, 0, sizeof(*label));
	strcpy(label->name, info ? info->name.text : "unknown");
	if (info)
		strcpy(label->uuid, info->uuid);
}

static bool is_later(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

/* A VM of a session that is over */
static int remember(struct sea_metrics *m, const struct sea_vm_state *state, struct sea_error *err)
{
	struct sea_metrics_label label;
	struct sea_metrics_past *past;

	if (!sea_vm_total(&state->vm))
		return 0;
	sea_metrics_label(state->info, &label);
	HASH_FIND(hh, m->past_vms, &label, sizeof(label), past);
	if (!past) {
		past = calloc(1, sizeof(*past));
		if (!past)
			return sea_error_set(err, "cannot make metrics: out of memory");
		past->label = label;
		HASH_ADD(hh, m->past_vms, label, sizeof(past->label), past);
	}
	sea_vm_add(&past->vm, &state->vm);
	if (is_later(&state->last_wall, &past->last_wall))
		past->last_wall = state->last_wall;
	return 0;
}

/* The newest session is over: all that it counted goes to the past. */
static int fold(struct sea_metrics *m, struct sea_error *err)
{
	struct sea_vm sum;
	size_t i;

	sea_snapshot_sum(&sum, &m->now);
	sea_vm_add(&m->past, &sum);
	for (i = 0; i < SEA_LOSS_CAUSES; i++)
		m->past_loss[i] += m->now.loss.count[i];
	m->past_blind_ns += m->now.blind_ns;
	m->past_ended += m->now.nr_gone;
	for (i = 0; i < m->now.nr_vms; i++) {
		const struct sea_vm_state *state = &m->now.vms[i];

		m->past_ended += state->vm.ended_ns != 0;
		if (is_later(&state->last_wall, &m->past_last_wall))
			m->past_last_wall = state->last_wall;
		if (remember(m, state, err))
			return -1;
	}
	sea_snapshot_free(&m->now);
	/* Nobody says when they ended. */
	memset(m->open, 0, sizeof(m->open));
	return 0;
}

static int take_session(struct sea_metrics *m, const struct sea_session *session,
			struct sea_error *err)
{
	if (m->session.run[0] && strcmp(m->session.run, session->run) && fold(m, err))
		return -1;
	if (strcmp(m->session.boot_id, session->boot_id))
		sea_metrics_forget_pages(m);
	m->session = *session;
	return 0;
}

static bool is_same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

/* By CLOCK_BOOTTIME if it can be, as the wall clock may have been set meanwhile */
static __u64 length_of(const struct sea_gap *gap)
{
	__s64 length;

	if (gap->since_ns && gap->until_ns)
		return gap->until_ns > gap->since_ns ? gap->until_ns - gap->since_ns : 0;
	length = sea_time_to_ns(&gap->until) - sea_time_to_ns(&gap->since);
	return length > 0 ? (__u64)length : 0;
}

/* One that is over has two records, or one if it was over when it was found out. */
static void take_gap(struct sea_metrics *m, const struct sea_gap *gap)
{
	struct sea_gap *open = &m->open[gap->cause];
	bool is_known = open->since.tv_sec && is_same_time(&open->since, &gap->since);

	if (!is_known)
		m->gaps[gap->cause]++;
	if (gap->until.tv_sec) {
		m->gap_ns[gap->cause] += length_of(gap);
		*open = (struct sea_gap){0};
	} else {
		*open = *gap;
	}
}

void sea_metrics_end(struct sea_metrics *m, const struct sea_end *end, __u64 last)
{
	__u64 last_ns = SEA_LAST_NS(last);

	if (last_ns && end->time_ns && end->time_ns < last_ns + SEA_METRICS_AFTER_NS)
		m->ended_after_sea++;
	if (end->wait_status >= 0 && WIFSIGNALED(end->wait_status) &&
	    WTERMSIG(end->wait_status) == SIGBUS)
		m->ended_by_sigbus++;
}

int sea_metrics_take(struct sea_metrics *m, const struct sea_record *record, struct sea_error *err)
{
	const struct sea_vm_state *state;

	switch (record->type) {
	case SEA_RECORD_SESSION:
		return take_session(m, record->session, err);
	case SEA_RECORD_SEA:
		return sea_metrics_take_page(m, record->page, err);
	case SEA_RECORD_HOST:
		return sea_metrics_take_host(m, record->host, err);
	case SEA_RECORD_TICK:
		return sea_snapshot_copy(&m->now, record->tick, err);
	case SEA_RECORD_END:
		state = sea_snapshot_find(&m->now, record->vm->id);
		sea_metrics_end(m, record->end, state ? state->vm.last : 0);
		return 0;
	case SEA_RECORD_GAP:
		take_gap(m, record->gap);
		return 0;
	default:
		return 0;
	}
}

void sea_metrics_set_writable(struct sea_metrics *m, bool is_writable)
{
	m->not_writable = !is_writable;
}
