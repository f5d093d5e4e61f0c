// SPDX-License-Identifier: GPL-2.0-only
#include "show/history-internal.h"

#include <stdlib.h>
#include <string.h>

#include <utlist.h>

int sea_history_out_of_memory(struct sea_error *err)
{
	return sea_error_set(err, "cannot keep what was counted: out of memory");
}

int sea_history_open(struct sea_history **history, size_t bytes, struct sea_error *err)
{
	struct sea_history *h = calloc(1, sizeof(*h));

	if (!h)
		return sea_history_out_of_memory(err);
	h->limit = bytes ?: SEA_HISTORY_BYTES;
	h->log = sea_log_open(SEA_HISTORY_LOG, SEA_HISTORY_LOG_VM);
	if (!h->log) {
		free(h);
		return sea_history_out_of_memory(err);
	}
	*history = h;
	return 0;
}

static void free_moment(struct sea_moment *moment)
{
	if (!moment)
		return;
	sea_snapshot_free(&moment->was);
	free(moment->came);
	free(moment);
}

static void drop_oldest(struct sea_history *h)
{
	struct sea_moment *moment = h->moments;

	DL_DELETE(h->moments, moment);
	h->depth--;
	h->bytes -= moment->bytes;
	free_moment(moment);
}

/* Sessions that no tick is of any more */
static void drop_sessions(struct sea_history *h)
{
	const struct sea_kept_session *oldest = h->moments ? h->moments->session : h->of_now;

	while (h->sessions && h->sessions != oldest) {
		struct sea_kept_session *next = h->sessions->next;

		free(h->sessions);
		h->sessions = next;
	}
}

void sea_history_clear(struct sea_history *history)
{
	while (history->moments)
		drop_oldest(history);
	sea_snapshot_free(&history->now);
	sea_snapshot_free(&history->spare);
	history->has_tick = history->has_grown = false;
	history->session = history->of_now = NULL;
	drop_sessions(history);
	sea_log_clear(history->log);
	history->nr_gaps = 0;
}

void sea_history_close(struct sea_history *history)
{
	if (!history)
		return;
	sea_history_clear(history);
	sea_log_close(history->log);
	free(history);
}

static bool is_same(const struct sea_vm_state *a, const struct sea_vm_state *b)
{
	return a->info == b->info && a->just_ended == b->just_ended &&
	       a->last_wall.tv_sec == b->last_wall.tv_sec &&
	       a->last_wall.tv_nsec == b->last_wall.tv_nsec &&
	       !memcmp(&a->vm, &b->vm, sizeof(a->vm)) &&
	       !memcmp(&a->listed, &b->listed, sizeof(a->listed));
}

/* Calls visit for each VM that differs: was or is may be NULL. */
static void each_change(const struct sea_snapshot *before, const struct sea_snapshot *now,
			void (*visit)(const struct sea_vm_state *was, const struct sea_vm_state *is,
				      struct sea_moment *moment),
			struct sea_moment *moment)
{
	size_t i = 0, j = 0;

	while (i < before->nr_vms || j < now->nr_vms) {
		const struct sea_vm_state *was = i < before->nr_vms ? &before->vms[i] : NULL;
		const struct sea_vm_state *is = j < now->nr_vms ? &now->vms[j] : NULL;

		if (was && is && was->vm.id == is->vm.id) {
			if (!is_same(was, is))
				visit(was, is, moment);
			i++;
			j++;
		} else if (was && (!is || was->vm.id < is->vm.id)) {
			visit(was, NULL, moment);
			i++;
		} else {
			visit(NULL, is, moment);
			j++;
		}
	}
}

static void count_change(const struct sea_vm_state *was, const struct sea_vm_state *is,
			 struct sea_moment *moment)
{
	(void)is;
	if (was)
		moment->was.nr_vms++;
	else
		moment->nr_came++;
}

static void keep_change(const struct sea_vm_state *was, const struct sea_vm_state *is,
			struct sea_moment *moment)
{
	if (!was) {
		moment->came[moment->nr_came++] = is->vm.id;
		return;
	}
	moment->was.vms[moment->was.nr_vms++] = *was;
	sea_vm_info_get(was->info);
}

/* From the tick that is there to `now`. NULL: out of memory. */
static struct sea_moment *make_moment(const struct sea_history *h, const struct sea_snapshot *now,
				      const struct sea_kept_session *session)
{
	struct sea_moment *moment = calloc(1, sizeof(*moment));
	size_t vms, came;

	if (!moment)
		return NULL;
	each_change(&h->now, now, count_change, moment);
	vms = moment->was.nr_vms;
	came = moment->nr_came;
	moment->was = h->now;
	moment->was.vms = calloc(vms ?: 1, sizeof(*moment->was.vms));
	moment->came = calloc(came ?: 1, sizeof(*moment->came));
	moment->was.nr_vms = moment->nr_came = 0;
	moment->was.room = vms;
	if (!moment->was.vms || !moment->came) {
		free(moment->was.vms);
		free(moment->came);
		free(moment);
		return NULL;
	}
	each_change(&h->now, now, keep_change, moment);
	moment->session = session;
	moment->has_sea = sea_snapshot_total(now) != sea_snapshot_total(&h->now);
	moment->is_idle = !vms && !came && session == h->session && !moment->has_sea &&
			  !memcmp(now->loss.count, h->now.loss.count, sizeof(now->loss.count)) &&
			  now->blind_since_ns == h->now.blind_since_ns;
	moment->bytes =
		sizeof(*moment) + vms * sizeof(*moment->was.vms) + came * sizeof(*moment->came);
	return moment;
}

/* The tick between two idle steps is not kept: an idle hour is two ticks, not 3,600. */
static bool is_skipped(const struct sea_history *h, const struct sea_moment *moment)
{
	const struct sea_moment *last = h->moments ? h->moments->prev : NULL;

	return !h->is_held && moment && last && moment->is_idle && last->is_idle;
}

static int take_tick(struct sea_history *h, const struct sea_record *record, struct sea_error *err)
{
	struct sea_moment *moment = h->has_tick ? make_moment(h, record->tick, h->of_now) : NULL;
	struct sea_snapshot last;

	if (sea_snapshot_copy(&h->spare, record->tick, err)) {
		free_moment(moment);
		return -1;
	}
	h->of_now = h->session;
	if (h->session && h->spare.source)
		h->spare.source = h->session->session.source;
	last = h->now;
	h->now = h->spare;
	h->spare = last;
	h->has_grown = moment && !is_skipped(h, moment);
	if (moment && !h->has_grown) {
		h->moments->prev->skipped++;
		free_moment(moment);
	} else if (moment) {
		DL_APPEND(h->moments, moment);
		h->depth++;
		h->bytes += moment->bytes;
	}
	h->has_tick = true;
	h->ticks++;
	while (h->moments && h->bytes > h->limit)
		drop_oldest(h);
	drop_sessions(h);
	return 0;
}

static int take_session(struct sea_history *h, const struct sea_session *session,
			struct sea_error *err)
{
	struct sea_kept_session *kept;

	if (h->session && !strcmp(h->session->session.run, session->run)) {
		h->session->session = *session;
		return 0;
	}
	kept = calloc(1, sizeof(*kept));
	if (!kept)
		return sea_history_out_of_memory(err);
	kept->session = *session;
	LL_APPEND(h->sessions, kept);
	h->session = kept;
	return 0;
}

static void take_gap(struct sea_history *h, const struct sea_gap *gap)
{
	/* One that has ended is told again, with its end. */
	if (!h->nr_gaps || h->gap.since.tv_sec != gap->since.tv_sec ||
	    h->gap.since.tv_nsec != gap->since.tv_nsec || h->gap.cause != gap->cause)
		h->nr_gaps++;
	h->gap = *gap;
}

static void take_vm(struct sea_history *h, const struct sea_vm_info *info)
{
	size_t i;

	for (i = 0; h->has_tick && i < h->now.nr_vms; i++) {
		struct sea_vm_state *state = &h->now.vms[i];

		if (state->vm.id != info->id)
			continue;
		sea_vm_info_put(state->info);
		state->info = sea_vm_info_get(info);
	}
}

int sea_history_take(struct sea_history *history, const struct sea_record *record,
		     struct sea_error *err)
{
	switch (record->type) {
	case SEA_RECORD_SESSION:
		return take_session(history, record->session, err);
	case SEA_RECORD_TICK:
		return take_tick(history, record, err);
	case SEA_RECORD_VM:
		take_vm(history, record->vm);
		return 0;
	case SEA_RECORD_GAP:
		take_gap(history, record->gap);
		break;
	default:
		break;
	}
	sea_log_put(history->log, record);
	return 0;
}

void sea_history_hold(struct sea_history *history, bool hold)
{
	history->is_held = hold;
}

bool sea_history_has_grown(const struct sea_history *history)
{
	return history->has_grown;
}

__u64 sea_history_ticks(const struct sea_history *history)
{
	return history->ticks;
}

size_t sea_history_depth(const struct sea_history *history)
{
	return history->depth;
}

bool sea_history_has_tick(const struct sea_history *history)
{
	return history->has_tick;
}

const struct sea_snapshot *sea_history_newest(const struct sea_history *history,
					      const struct sea_session **session)
{
	*session = history->of_now ? &history->of_now->session : NULL;
	return history->has_tick ? &history->now : NULL;
}

const struct sea_log *sea_history_log(const struct sea_history *history)
{
	return history->log;
}

size_t sea_history_gaps(const struct sea_history *history, struct sea_gap *last)
{
	*last = history->gap;
	return history->nr_gaps;
}

size_t sea_history_bytes(const struct sea_history *history)
{
	return history->bytes;
}
