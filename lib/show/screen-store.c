// SPDX-License-Identifier: GPL-2.0-only
/*
 * screen-store.c - the screen at times that memory does not have: out of the recorder's
 * store, while live goes on.
 */
#include "show/screen-internal.h"

#include "store/replay.h"

/* Nothing of a recording is waited for any longer: a key has to be answered meanwhile. */
#define PATIENCE_NS 10000000ULL

/* Records of the store that are taken before keys are looked at again */
#define STORED_AT_ONCE 64

struct moments *sea_screen_shown(struct sea_screen *screen)
{
	return screen->stored.feed ? &screen->stored : &screen->live;
}

int sea_moments_open(struct moments *moments, struct sea_feed *feed,
		     const struct sea_screen_options *options, bool is_recording,
		     struct sea_error *err)
{
	if (sea_history_open(&moments->history, 0, err))
		return -1;
	moments->feed = feed;
	if (is_recording)
		sea_replay_set_patience(feed, PATIENCE_NS);
	sea_travel_begin(&moments->travel, feed, moments->history, is_recording,
			 options->speed > 0 ? options->speed : 1, options->interval_ns);
	return 0;
}

int sea_screen_take_into(struct sea_screen *screen, struct moments *moments,
			 const struct sea_record *record, struct sea_error *err)
{
	bool is_tick = record->type == SEA_RECORD_TICK;

	if (sea_history_take(moments->history, record, err))
		return -1;
	if (is_tick)
		sea_travel_tick(&moments->travel);
	if (moments != sea_screen_shown(screen))
		return 0;
	/* The session's copy may be another one now. */
	screen->is_moved |=
		is_tick || record->type == SEA_RECORD_SESSION || record->type == SEA_RECORD_VM;
	screen->is_stale = true;
	return 0;
}

/* Ids of VMs, and numbers of events, are of one session: what was chosen is found again. */
static void change_moments(struct sea_screen *screen)
{
	struct sea_state *state = &screen->state;
	const struct sea_vm_state *vm = sea_snapshot_find(&screen->now, state->opened_vm);

	screen->key = vm && vm->info ? vm->info->key : (struct sea_vm_key){0};
	screen->is_changed = screen->is_moved = screen->is_stale = true;
	screen->newest_of = NULL;
	state->vm = state->event = state->opened_event = 0;
	state->follows = state->event_follows = false;
	if (state->page == SEA_PAGE_EVENT)
		sea_state_back(state);
}

void sea_screen_find_vm(struct sea_screen *screen)
{
	size_t i;

	screen->is_changed = false;
	screen->state.opened_vm = 0;
	for (i = 0; screen->key.tgid && i < screen->now.nr_vms; i++) {
		const struct sea_vm_state *vm = &screen->now.vms[i];

		if (vm->info && sea_vm_key_equal(&vm->info->key, &screen->key))
			screen->state.opened_vm = vm->vm.id;
	}
}

void sea_screen_leave_store(struct sea_screen *screen)
{
	if (!screen->stored.feed)
		return;
	sea_history_close(screen->stored.history);
	sea_feed_close(screen->stored.feed);
	screen->stored = (struct moments){0};
	change_moments(screen);
}

static int enter_store(struct sea_screen *screen, struct sea_feed *feed, struct sea_error *err)
{
	sea_screen_leave_store(screen);
	if (sea_moments_open(&screen->stored, feed, &screen->options, true, err)) {
		sea_feed_close(feed);
		return -1;
	}
	screen->stored.travel.is_paused = true;
	sea_history_hold(screen->stored.history, true);
	change_moments(screen);
	sea_state_say(&screen->state, false, "this is from %s; n leads back to now",
		      screen->options.store);
	/* Meanwhile live goes on. */
	return sea_travel_act(&screen->live.travel, &screen->state, SEA_DO_NOW, err);
}

void sea_screen_ask_store(struct sea_screen *screen)
{
	struct sea_travel *travel = &screen->live.travel;

	if (!travel->wants_store)
		return;
	travel->wants_store = false;
	sea_past_ask(screen->past, &travel->wanted, travel->wants_sea);
	sea_state_say(&screen->state, false, "reading %s", screen->options.store);
}

size_t sea_screen_store_fds(const struct sea_screen *screen, int fds[SEA_SCREEN_STORE_FDS])
{
	size_t nr = 0;

	if (screen->past)
		fds[nr++] = sea_past_fd(screen->past);
	if (screen->stored.feed &&
	    (!screen->stored.travel.is_over || screen->stored.travel.is_looking))
		fds[nr++] = sea_feed_fd(screen->stored.feed);
	return nr;
}

/* The store cannot be read on: back to now. */
static void give_up_store(struct sea_screen *screen, const char *why)
{
	sea_screen_leave_store(screen);
	sea_travel_stay(&screen->live.travel, &screen->state, why);
	screen->is_moved = screen->is_stale = true;
}

/* Threads that looked for a moment may be back. */
static int serve_jumps(struct sea_screen *screen, struct sea_error *err)
{
	struct sea_error wrong;
	bool arrived;

	if (sea_travel_serve(&screen->live.travel, &screen->state, &arrived, err))
		return -1;
	if (arrived)
		screen->is_moved = screen->is_stale = true;
	if (!screen->stored.feed)
		return 0;
	if (sea_travel_serve(&screen->stored.travel, &screen->state, &arrived, &wrong))
		give_up_store(screen, wrong.text);
	else if (arrived)
		screen->is_moved = screen->is_stale = true;
	return 0;
}

int sea_screen_serve_store(struct sea_screen *screen, struct sea_error *err)
{
	struct sea_record record;
	struct sea_error wrong;
	struct sea_feed *feed;
	int i;

	if (serve_jumps(screen, err))
		return -1;
	switch (screen->past ? sea_past_answer(screen->past, &feed, &wrong) : SEA_PAST_NONE) {
	case SEA_PAST_FEED:
		if (enter_store(screen, feed, err))
			return -1;
		break;
	case SEA_PAST_FAILED:
		give_up_store(screen, wrong.text);
		break;
	default:
		break;
	}
	for (i = 0; screen->stored.feed && !screen->stored.travel.is_over; i++) {
		if (i == STORED_AT_ONCE)
			return 1;
		switch (sea_feed_next(screen->stored.feed, &record, &wrong)) {
		case SEA_FEED_RECORD:
			if (sea_screen_take_into(screen, &screen->stored, &record, err))
				return -1;
			break;
		case SEA_FEED_END:
			screen->stored.travel.is_over = screen->is_stale = true;
			break;
		case SEA_FEED_FAILED:
			give_up_store(screen, wrong.text);
			break;
		default:
			return 0;
		}
	}
	return 0;
}
