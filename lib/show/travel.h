/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * travel.h - which moment is on the screen: the newest one, one before it out of memory,
 * or another one of a recording.
 */
#ifndef SEA_TRAVEL_H
#define SEA_TRAVEL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "model/feed.h"
#include "show/history.h"
#include "show/state.h"
#include "store/replay.h"

struct sea_travel {
	struct sea_feed *feed;
	struct sea_history *history;
	bool is_recording;
	bool is_paused; /* the moment that is shown stays */
	bool is_over;	/* the recording has no more */
	/* A thread is under way to another moment of the recording, and has the feed. */
	bool is_looking;
	struct sea_replay_jump jump; /* where to */
	bool goes_on;		     /* time is to go on when it is there */
	const char *nowhere;	     /* what is said if there is no such moment; static */
	size_t back;		     /* ticks between the moment that is shown and the newest one */
	double speed;		     /* of a recording */
	/*
	 * Live, with a recorder's store: what memory does not have is wanted from there, at
	 * this moment, or where the last SEA before it came. Whoever has the store takes the
	 * wish away.
	 */
	bool has_store, wants_store, wants_sea;
	struct timespec wanted;
	__u64 interval_ns;
};

void sea_travel_begin(struct sea_travel *travel, struct sea_feed *feed, struct sea_history *history,
		      bool is_recording, double speed, __u64 interval_ns);

/* A tick came, and is in the history. */
void sea_travel_tick(struct sea_travel *travel);

/*
 * Does what has to do with time; what came of it is said in the state. No disk is waited
 * for: a jump that takes long is done by a thread, and the moment shown stays till then.
 */
int sea_travel_act(struct sea_travel *travel, struct sea_state *state, enum sea_action action,
		   struct sea_error *err);

/* Looks whether the thread that was sent is back. *arrived: it is, and the moment another one. */
int sea_travel_serve(struct sea_travel *travel, struct sea_state *state, bool *arrived,
		     struct sea_error *err);

/* The store does not have it: goes as far back as memory does, and says why no farther. */
void sea_travel_stay(struct sea_travel *travel, struct sea_state *state, const char *why);

/* Goes to the moment that somebody typed, as sea_when_parse() takes it. */
int sea_travel_go_to(struct sea_travel *travel, struct sea_state *state, const char *text,
		     struct sea_error *err);

#endif /* SEA_TRAVEL_H */
