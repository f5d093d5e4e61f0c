// SPDX-License-Identifier: GPL-2.0-only
#include "show/history.h"

#include <stdlib.h>
#include <string.h>

#include <utlist.h>

#include "model/clock.h"
#include "show/log.h"

/* A session's copy, as snapshots point to its source. */
struct kept_session {
	struct kept_session *next;
	struct sea_session session;
};

/* How to get from a tick to the one before it. */
struct moment {
	struct moment *prev, *next; /* prev: farther back */
	/* The tick before; vms has only those that the later tick changed or left out. */
	struct sea_snapshot was;
	const struct kept_session *session; /* of `was` */
	__u64 *came;			    /* VMs that were not there yet, by id */
	size_t nr_came;
	size_t bytes;
	bool has_sea;	/* the later tick has SEAs more */
	bool is_idle;	/* no VM changed, and nothing was lost */
	size_t skipped; /* ticks between the two in which nothing changed, and that are not kept */
};

struct sea_history {
	struct sea_snapshot now, spare;
	bool has_tick, is_held, has_grown;
	struct kept_session *sessions; /* the oldest one is first */
	struct kept_session *session;  /* that was told last */
	struct kept_session *of_now;   /* that of `now` */
	struct moment *moments;	       /* the oldest one is first */
	size_t depth, bytes, limit;
	struct sea_log *log;
	size_t nr_gaps;
	struct sea_gap gap;
};

static int out_of_memory(struct sea_error *err)
{
	return sea_error_set(err, "cannot keep what was counted: out of memory");
}

int sea_history_open(struct sea_history **history, size_t bytes, struct sea_error *err)
{
	struct sea_history *h = calloc(1, sizeof(*h));

	if (!h)
		return out_of_memory(err);
	h->limit = bytes ?: SEA_HISTORY_BYTES;
	h->log = sea_log_open(SEA_HISTORY_LOG, SEA_HISTORY_LOG_VM);
	if (!h->log) {
		free(h);
		return out_of_memory(err);
	}
	*history = h;
	return 0;
}

static void free_moment(struct moment *moment)
{
	if (!moment)
		return;
	sea_snapshot_free(&moment->was);
	free(moment->came);
	free(moment);
}

static void drop_oldest(struct sea_history *h)
{
	struct moment *moment = h->moments;

	DL_DELETE(h->moments, moment);
	h->depth--;
	h->bytes -= moment->bytes;
	free_moment(moment);
}

/* Sessions that no tick is of any more */
static void drop_sessions(struct sea_history *h)
{
	const struct kept_session *oldest = h->moments ? h->moments->session : h->of_now;

	while (h->sessions && h->sessions != oldest) {
		struct kept_session *next = h->sessions->next;

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
				      struct moment *moment),
			struct moment *moment)
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
			 struct moment *moment)
{
	(void)is;
	if (was)
		moment->was.nr_vms++;
	else
		moment->nr_came++;
}

static void keep_change(const struct sea_vm_state *was, const struct sea_vm_state *is,
			struct moment *moment)
{
	if (!was) {
		moment->came[moment->nr_came++] = is->vm.id;
		return;
	}
	moment->was.vms[moment->was.nr_vms++] = *was;
	sea_vm_info_get(was->info);
}

static __u64 seas_of(const struct sea_snapshot *snapshot)
{
	struct sea_vm sum;
	__u64 seas = 0;
	int i;

	sea_snapshot_sum(&sum, snapshot);
	for (i = 0; i < SEA_DISPOSITIONS; i++)
		seas += sum.disposition[i];
	return seas;
}

/* From the tick that is there to `now`. NULL: out of memory. */
static struct moment *make_moment(const struct sea_history *h, const struct sea_snapshot *now,
				  const struct kept_session *session)
{
	struct moment *moment = calloc(1, sizeof(*moment));
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
	moment->has_sea = seas_of(now) != seas_of(&h->now);
	moment->is_idle = !vms && !came && session == h->session && !moment->has_sea &&
			  !memcmp(now->loss.count, h->now.loss.count, sizeof(now->loss.count)) &&
			  now->blind_since_ns == h->now.blind_since_ns;
	moment->bytes =
		sizeof(*moment) + vms * sizeof(*moment->was.vms) + came * sizeof(*moment->came);
	return moment;
}

/* The tick between two idle steps is not kept: an idle hour is two ticks, not 3,600. */
static bool is_skipped(const struct sea_history *h, const struct moment *moment)
{
	const struct moment *last = h->moments ? h->moments->prev : NULL;

	return !h->is_held && moment && last && moment->is_idle && last->is_idle;
}

static int take_tick(struct sea_history *h, const struct sea_record *record, struct sea_error *err)
{
	struct moment *moment = h->has_tick ? make_moment(h, record->tick, h->of_now) : NULL;
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
	while (h->moments && h->bytes > h->limit)
		drop_oldest(h);
	drop_sessions(h);
	return 0;
}

static int take_session(struct sea_history *h, const struct sea_session *session,
			struct sea_error *err)
{
	struct kept_session *kept;

	if (h->session && !strcmp(h->session->session.run, session->run)) {
		h->session->session = *session;
		return 0;
	}
	kept = calloc(1, sizeof(*kept));
	if (!kept)
		return out_of_memory(err);
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

/* The newest moment */
static struct moment *last_moment(const struct sea_history *h)
{
	return h->moments ? h->moments->prev : NULL;
}

static struct moment *before_moment(const struct sea_history *h, const struct moment *moment)
{
	return moment == h->moments ? NULL : moment->prev;
}

static bool came_later(const struct moment *moment, __u64 id)
{
	size_t i;

	for (i = 0; i < moment->nr_came; i++)
		if (moment->came[i] == id)
			return true;
	return false;
}

/* Makes snapshot, which is the later one, the one of the moment. */
static int undo(struct sea_snapshot *snapshot, const struct moment *moment, struct sea_error *err)
{
	struct sea_snapshot out = moment->was;
	const struct sea_snapshot *was = &moment->was;
	size_t i = 0, j = 0;

	out.room = snapshot->nr_vms + was->nr_vms;
	out.nr_vms = 0;
	out.vms = calloc(out.room ?: 1, sizeof(*out.vms));
	if (!out.vms)
		return out_of_memory(err);
	while (i < was->nr_vms || j < snapshot->nr_vms) {
		const struct sea_vm_state *from;

		if (i == was->nr_vms ||
		    (j < snapshot->nr_vms && snapshot->vms[j].vm.id < was->vms[i].vm.id)) {
			from = &snapshot->vms[j++];
			if (came_later(moment, from->vm.id))
				continue;
		} else {
			from = &was->vms[i++];
			if (j < snapshot->nr_vms && snapshot->vms[j].vm.id == from->vm.id)
				j++;
		}
		sea_vm_info_get(from->info);
		out.vms[out.nr_vms++] = *from;
	}
	sea_snapshot_free(snapshot);
	*snapshot = out;
	return 0;
}

int sea_history_get(const struct sea_history *history, size_t back, struct sea_snapshot *snapshot,
		    const struct sea_session **session, struct sea_error *err)
{
	const struct moment *moment;

	if (!history->has_tick || back > history->depth)
		return 1;
	if (sea_snapshot_copy(snapshot, &history->now, err))
		return -1;
	*session = history->of_now ? &history->of_now->session : NULL;
	for (moment = last_moment(history); back; back--) {
		if (undo(snapshot, moment, err))
			return -1;
		*session = moment->session ? &moment->session->session : NULL;
		moment = before_moment(history, moment);
	}
	return 0;
}

/* The moment whose `was` is that many ticks back; back is 1 to depth. */
static const struct moment *moment_at(const struct sea_history *h, size_t back)
{
	const struct moment *moment = last_moment(h);

	while (moment && --back)
		moment = before_moment(h, moment);
	return moment;
}

struct timespec sea_history_wall(const struct sea_history *history, size_t back)
{
	if (!history->has_tick || back > history->depth)
		return (struct timespec){0};
	return back ? moment_at(history, back)->was.wall : history->now.wall;
}

bool sea_history_find_sea(const struct sea_history *history, size_t back, bool backwards,
			  size_t *found)
{
	const struct moment *moment;
	size_t at;

	if (!backwards) {
		/* The tick at - 1 is what the moment of `at` leads to. */
		for (at = back; at; at--) {
			if (!moment_at(history, at)->has_sea)
				continue;
			*found = at - 1;
			return true;
		}
		return false;
	}
	moment = back < history->depth ? moment_at(history, back + 1) : NULL;
	/* The one that is shown is not looked for. */
	if (moment)
		moment = before_moment(history, moment);
	for (at = back + 1; moment; moment = before_moment(history, moment), at++) {
		if (!moment->has_sea)
			continue;
		*found = at;
		return true;
	}
	return false;
}

bool sea_history_find_time(const struct sea_history *history, const struct timespec *at,
			   size_t *found)
{
	__s64 ns = sea_time_to_ns(at);
	const struct moment *moment = last_moment(history);
	size_t back;

	if (!history->has_tick)
		return false;
	if (sea_time_to_ns(&history->now.wall) <= ns) {
		*found = 0;
		return true;
	}
	for (back = 1; moment; moment = before_moment(history, moment), back++) {
		if (sea_time_to_ns(&moment->was.wall) > ns)
			continue;
		*found = back;
		return true;
	}
	return false;
}

/* The session of the tick that many back. Ids of VMs are of one session only. */
static const struct kept_session *session_at(const struct sea_history *h, size_t back)
{
	const struct moment *moment = back ? moment_at(h, back) : NULL;

	return moment ? moment->session : h->of_now;
}

size_t sea_history_growth(const struct sea_history *history, __u64 id, sea_history_number number,
			  size_t back, __u64 *growth, size_t nr)
{
	const struct kept_session *session = session_at(history, back);
	const struct sea_vm_state *state = sea_snapshot_find(&history->now, id);
	const struct moment *moment = last_moment(history);
	__u64 now = state ? number(&state->vm) : 0;
	size_t i = nr, n;

	for (; moment && i; moment = before_moment(history, moment)) {
		const struct sea_vm_state *was = sea_snapshot_find(&moment->was, id);
		__u64 before = was ? number(&was->vm) : came_later(moment, id) ? 0 : now;
		size_t skipped = back ? 0 : moment->skipped;

		if (!back && moment->session != session)
			break;
		if (back)
			back--;
		else
			growth[--i] = now > before ? now - before : 0;
		for (; skipped && i; skipped--)
			growth[--i] = 0;
		now = before;
	}
	n = nr - i;
	memmove(growth, growth + i, n * sizeof(*growth));
	return n;
}

/* The VM in a tick if it is listed there; NULL: not. */
static const struct sea_listed *listed_in(const struct sea_snapshot *tick, __u64 id)
{
	const struct sea_vm_state *state = sea_snapshot_find(tick, id);

	return state && state->listed.id ? &state->listed : NULL;
}

enum sea_history_since sea_history_opt_in_since(const struct sea_history *history, __u64 id,
						size_t back, struct timespec *wall)
{
	const struct kept_session *session = session_at(history, back);
	const struct sea_listed *listed = listed_in(&history->now, id);
	const struct moment *moment;
	size_t i = 0;

	*wall = history->now.wall;
	/* A moment has only the VMs that the later tick changed. */
	for (moment = last_moment(history); moment; moment = before_moment(history, moment), i++) {
		const struct sea_listed *was = sea_snapshot_find(&moment->was, id) ?
						       listed_in(&moment->was, id) :
					       came_later(moment, id) ? NULL :
									listed;

		if (i >= back) {
			if (!listed || moment->session != session)
				break;
			if (!was)
				return SEA_SINCE_NEW;
			if (was->opt_in != listed->opt_in)
				return SEA_SINCE_CHANGED;
		}
		listed = was;
		*wall = moment->was.wall;
	}
	return listed ? SEA_SINCE_OLDEST : SEA_SINCE_UNKNOWN;
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
