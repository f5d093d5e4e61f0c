// SPDX-License-Identifier: GPL-2.0-only
#include "show/travel.h"

#include <stdio.h>
#include <string.h>

#include "base/when.h"
#include "model/clock.h"
#include "store/replay.h"

#define HOUR_S 3600

#define INTERVAL_MIN_NS (SEA_NSEC_PER_SEC / 10)
#define INTERVAL_MAX_NS (3600 * SEA_NSEC_PER_SEC)
#define SPEED_MIN 0.125
#define SPEED_MAX 4096.0

void sea_travel_begin(struct sea_travel *travel, struct sea_feed *feed, struct sea_history *history,
		      bool is_recording, double speed, __u64 interval_ns)
{
	*travel = (struct sea_travel){
		.feed = feed,
		.history = history,
		.is_recording = is_recording,
		.speed = speed,
		.interval_ns = interval_ns,
		/* It may not be open yet. */
		.is_looking = is_recording && sea_replay_is_away(feed),
		.nowhere = "",
	};
}

void sea_travel_tick(struct sea_travel *travel)
{
	/* Live, what is held still gets one farther from the newest tick with each. */
	if (travel->is_paused && !travel->is_recording && sea_history_has_grown(travel->history))
		travel->back++;
	if (travel->back > sea_history_depth(travel->history))
		travel->back = sea_history_depth(travel->history);
}

static void time_text(struct timespec time, char *out, size_t size)
{
	struct tm tm;

	if (!localtime_r(&time.tv_sec, &tm) || !strftime(out, size, "%Y-%m-%d %H:%M:%S", &tm))
		snprintf(out, size, "?");
}

static struct timespec shown(const struct sea_travel *travel)
{
	return sea_history_wall(travel->history, travel->back);
}

static void set_pause(struct sea_travel *travel, bool pause)
{
	travel->is_paused = pause;
	sea_history_hold(travel->history, pause);
	if (travel->is_recording)
		sea_replay_pause(travel->feed, pause);
}

/* The recording goes on elsewhere: what is kept is of another time. */
static void forget(struct sea_travel *travel)
{
	sea_history_clear(travel->history);
	travel->back = 0;
	travel->is_over = false;
}

/* A jump is waited for so long; then the screen goes on, and a thread looks for it. */
#define PATIENCE_NS 30000000ULL

static const char looking[] = "looking in the recording; q leaves it";

/* The thread is back: what was shown till then was the moment before. */
static int arrive(struct sea_travel *travel, struct sea_state *state,
		  enum sea_replay_arrival arrival)
{
	struct timespec first, last;

	travel->is_looking = arrival == SEA_ARRIVAL_NOT_YET;
	if (travel->is_looking) {
		sea_state_say(state, false, "%s", looking);
		return 0;
	}
	if (!strcmp(state->message, looking))
		state->message[0] = '\0';
	if (arrival == SEA_ARRIVAL_FAILED)
		return -1;
	if (arrival == SEA_ARRIVAL_NOWHERE)
		sea_state_say(state, false, "%s", travel->nowhere);
	/* Where there is nothing to go to, it stands where it jumped from. */
	if (arrival == SEA_ARRIVAL_THERE || travel->jump.is_from)
		forget(travel);
	if (travel->jump.how == SEA_JUMP_TO) {
		/* Ahead of the first tick there is none to show: while time stands still, it is
		 * stepped to. */
		sea_replay_span(travel->feed, &first, &last);
		if (travel->is_paused && sea_time_to_ns(&travel->jump.at) <= sea_time_to_ns(&first))
			sea_replay_step(travel->feed);
	}
	if (travel->goes_on)
		set_pause(travel, false);
	return 0;
}

static int jump(struct sea_travel *travel, struct sea_state *state,
		const struct sea_replay_jump *jump, const char *nowhere, struct sea_error *err)
{
	travel->jump = *jump;
	travel->nowhere = nowhere;
	travel->goes_on = false;
	return arrive(travel, state, sea_replay_jump(travel->feed, jump, PATIENCE_NS, err));
}

int sea_travel_serve(struct sea_travel *travel, struct sea_state *state, bool *arrived,
		     struct sea_error *err)
{
	enum sea_replay_arrival arrival;

	*arrived = false;
	if (!travel->is_looking)
		return 0;
	arrival = sea_replay_arrived(travel->feed, err);
	if (arrival == SEA_ARRIVAL_NOT_YET)
		return 0;
	*arrived = true;
	return arrive(travel, state, arrival);
}

static int seek(struct sea_travel *travel, struct sea_state *state, const struct timespec *at,
		struct sea_error *err)
{
	return jump(travel, state, &(struct sea_replay_jump){.how = SEA_JUMP_TO, .at = *at}, "",
		    err);
}

/* The newest moment of what is kept, or of the recording what comes next */
static int go_on(struct sea_travel *travel, struct sea_state *state, struct sea_error *err)
{
	struct timespec at = shown(travel);

	if (travel->is_recording && travel->back) {
		if (seek(travel, state, &at, err))
			return -1;
		travel->goes_on = travel->is_looking;
		if (travel->is_looking)
			return 0;
	}
	travel->back = 0;
	set_pause(travel, false);
	return 0;
}

/* False: there is no store; else it is asked for the last moment before memory, or at. */
static bool ask_store(struct sea_travel *travel, const struct timespec *at, bool sea)
{
	struct timespec oldest =
		sea_history_wall(travel->history, sea_history_depth(travel->history));

	if (!travel->has_store || !oldest.tv_sec)
		return false;
	travel->wants_store = true;
	travel->wants_sea = sea;
	travel->wanted = at ? *at : sea_time_from_ns(sea_time_to_ns(&oldest) - 1);
	return true;
}

void sea_travel_stay(struct sea_travel *travel, struct sea_state *state, const char *why)
{
	char oldest[32];

	set_pause(travel, true);
	travel->back = sea_history_depth(travel->history);
	time_text(shown(travel), oldest, sizeof(oldest));
	sea_state_say(state, false, "memory goes back to %s; %s", oldest, why);
}

static int step_back(struct sea_travel *travel, struct sea_state *state, struct sea_error *err)
{
	set_pause(travel, true);
	if (travel->back < sea_history_depth(travel->history)) {
		travel->back++;
		return 0;
	}
	if (!travel->is_recording) {
		if (!ask_store(travel, NULL, false))
			sea_state_say(state, false, "this is as far back as memory goes");
		return 0;
	}
	/* The feed stands at the newest tick; the one before the oldest is asked for. */
	return jump(travel, state,
		    &(struct sea_replay_jump){SEA_JUMP_BACK, travel->back, shown(travel)},
		    "this is the beginning of the recording", err);
}

static void step_on(struct sea_travel *travel, struct sea_state *state)
{
	set_pause(travel, true);
	if (travel->back)
		travel->back--;
	else if (travel->is_recording && !travel->is_over)
		sea_replay_step(travel->feed);
	else
		sea_state_say(state, false, "this is the newest there is");
}

static int to_sea(struct sea_travel *travel, struct sea_state *state, bool backwards,
		  struct sea_error *err)
{
	struct timespec oldest =
		sea_history_wall(travel->history, sea_history_depth(travel->history));
	const char *nowhere =
		backwards ? "no SEA before this one is known" : "no SEA came after this";
	size_t found;

	set_pause(travel, true);
	if (sea_history_find_sea(travel->history, travel->back, backwards, &found)) {
		travel->back = found;
		return 0;
	}
	if (travel->is_recording)
		return jump(travel, state,
			    &(struct sea_replay_jump){
				    backwards ? SEA_JUMP_SEA_BEFORE : SEA_JUMP_SEA_NEXT,
				    backwards && sea_history_depth(travel->history), oldest},
			    nowhere, err);
	if (!backwards || !ask_store(travel, NULL, true))
		sea_state_say(state, false, "%s", nowhere);
	return 0;
}

static int go_to(struct sea_travel *travel, struct sea_state *state, const struct timespec *at,
		 struct sea_error *err)
{
	bool is_ahead = sea_time_to_ns(at) >
			sea_time_to_ns(&(struct timespec){
				.tv_sec = sea_history_wall(travel->history, 0).tv_sec,
				.tv_nsec = sea_history_wall(travel->history, 0).tv_nsec});

	set_pause(travel, true);
	if (!is_ahead && sea_history_find_time(travel->history, at, &travel->back))
		return 0;
	if (travel->is_recording)
		return seek(travel, state, at, err);
	if (is_ahead) {
		travel->back = 0;
		set_pause(travel, false);
		sea_state_say(state, false, "that is not yet: this is now");
		return 0;
	}
	if (!ask_store(travel, at, false))
		sea_travel_stay(travel, state, "seastat record keeps more");
	return 0;
}

/* One jump at a time: its thread has the recording. */
static bool is_away(const struct sea_travel *travel, struct sea_state *state)
{
	if (travel->is_looking)
		sea_state_say(state, false, "%s", looking);
	return travel->is_looking;
}

int sea_travel_go_to(struct sea_travel *travel, struct sea_state *state, const char *text,
		     struct sea_error *err)
{
	struct timespec now, at, first, last;
	struct sea_error wrong;

	if (is_away(travel, state))
		return 0;
	clock_gettime(CLOCK_REALTIME, &now);
	/* "-2h" in a recording is two hours before its end. */
	if (travel->is_recording) {
		sea_replay_span(travel->feed, &first, &last);
		now = last;
	}
	if (!*text)
		return 0;
	if (sea_when_parse(text, &now, &at, &wrong)) {
		sea_state_say(state, true, "%s", wrong.text);
		return 0;
	}
	return go_to(travel, state, &at, err);
}

static void change_interval(struct sea_travel *travel, struct sea_state *state, bool faster)
{
	__u64 interval = faster ? travel->interval_ns / 2 : travel->interval_ns * 2;

	if (interval < INTERVAL_MIN_NS)
		interval = INTERVAL_MIN_NS;
	if (interval > INTERVAL_MAX_NS)
		interval = INTERVAL_MAX_NS;
	travel->interval_ns = interval;
	sea_feed_set_interval(travel->feed, interval);
	sea_state_say(state, false, "every %.3g s", (double)interval / (double)SEA_NSEC_PER_SEC);
}

static void change_speed(struct sea_travel *travel, struct sea_state *state, bool faster)
{
	double speed = faster ? travel->speed * 2 : travel->speed / 2;

	if (speed >= SPEED_MIN && speed <= SPEED_MAX)
		travel->speed = speed;
	sea_replay_set_speed(travel->feed, travel->speed);
	sea_state_say(state, false, "%g times as fast as it was", travel->speed);
}

static int go_to_newest(struct sea_travel *travel, struct sea_state *state, struct sea_error *err)
{
	struct timespec first, last;

	travel->back = 0;
	set_pause(travel, false);
	if (!travel->is_recording)
		return 0;
	sea_replay_span(travel->feed, &first, &last);
	return seek(travel, state, &last, err);
}

static int hour_back(struct sea_travel *travel, struct sea_state *state, struct sea_error *err)
{
	struct timespec at = shown(travel);

	if (!at.tv_sec)
		return 0;
	at.tv_sec -= HOUR_S;
	return go_to(travel, state, &at, err);
}

int sea_travel_act(struct sea_travel *travel, struct sea_state *state, enum sea_action action,
		   struct sea_error *err)
{
	if (is_away(travel, state))
		return 0;
	switch (action) {
	case SEA_DO_PAUSE:
		if (travel->is_paused)
			return go_on(travel, state, err);
		set_pause(travel, true);
		return 0;
	case SEA_DO_STEP_BACK:
		return step_back(travel, state, err);
	case SEA_DO_STEP_ON:
		step_on(travel, state);
		return 0;
	case SEA_DO_SEA_BEFORE:
	case SEA_DO_SEA_NEXT:
		return to_sea(travel, state, action == SEA_DO_SEA_BEFORE, err);
	case SEA_DO_HOUR_BACK:
		return hour_back(travel, state, err);
	case SEA_DO_NOW:
		return go_to_newest(travel, state, err);
	case SEA_DO_FASTER:
	case SEA_DO_SLOWER:
		if (travel->is_recording)
			change_speed(travel, state, action == SEA_DO_FASTER);
		else
			change_interval(travel, state, action == SEA_DO_FASTER);
		return 0;
	default:
		return 0;
	}
}
