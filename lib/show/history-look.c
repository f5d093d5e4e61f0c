// SPDX-License-Identifier: GPL-2.0-only
/* history-look.c - back through the ticks that are kept. */
#include "show/history-internal.h"

#include <stdlib.h>
#include <string.h>

#include "model/clock.h"

/* The newest moment */
static struct sea_moment *last_moment(const struct sea_history *h)
{
	return h->moments ? h->moments->prev : NULL;
}

static struct sea_moment *before_moment(const struct sea_history *h,
					const struct sea_moment *moment)
{
	return moment == h->moments ? NULL : moment->prev;
}

static bool came_later(const struct sea_moment *moment, __u64 id)
{
	size_t i;

	for (i = 0; i < moment->nr_came; i++)
		if (moment->came[i] == id)
			return true;
	return false;
}

/* Makes snapshot, which is the later one, the one of the moment. */
static int undo(struct sea_snapshot *snapshot, const struct sea_moment *moment,
		struct sea_error *err)
{
	struct sea_snapshot out = moment->was;
	const struct sea_snapshot *was = &moment->was;
	size_t i = 0, j = 0;

	out.room = snapshot->nr_vms + was->nr_vms;
	out.nr_vms = 0;
	out.vms = calloc(out.room ?: 1, sizeof(*out.vms));
	if (!out.vms)
		return sea_history_out_of_memory(err);
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
	const struct sea_moment *moment;

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
static const struct sea_moment *moment_at(const struct sea_history *h, size_t back)
{
	const struct sea_moment *moment = last_moment(h);

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
	const struct sea_moment *moment;
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
	const struct sea_moment *moment = last_moment(history);
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
static const struct sea_kept_session *session_at(const struct sea_history *h, size_t back)
{
	const struct sea_moment *moment = back ? moment_at(h, back) : NULL;

	return moment ? moment->session : h->of_now;
}

size_t sea_history_growth(const struct sea_history *history, __u64 id, sea_history_number number,
			  size_t back, __u64 *growth, size_t nr)
{
	const struct sea_kept_session *session = session_at(history, back);
	const struct sea_vm_state *state = sea_snapshot_find(&history->now, id);
	const struct sea_moment *moment = last_moment(history);
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
	const struct sea_kept_session *session = session_at(history, back);
	const struct sea_listed *listed = listed_in(&history->now, id);
	const struct sea_moment *moment;
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
