/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * replay.h - a recording as a feed: its records as they were made, at their own pace or
 * as fast as they can be read.
 *
 * Its position is a tick. Ticks in which nothing changed are stored as one, and come
 * back one by one where there is a pace; without one, the first and the last of them.
 */
#ifndef SEA_REPLAY_H
#define SEA_REPLAY_H

#include "model/feed.h"

struct sea_replay_options {
	struct timespec at; /* begin as sea_replay_seek() does; zeros: with the first record */
	double speed;	    /* 1: as it was, 2: twice as fast; 0: without waiting */
};

/* path as for sea_recording_open(). */
int sea_replay_open(const char *path, const struct sea_replay_options *options,
		    struct sea_feed **feed, struct sea_error *err);

/*
 * The same for who cannot wait for the disk: the feed is there at once, as one that jumps
 * (see sea_replay_jump()), and sea_replay_arrived() says that it is open, or why it is not.
 */
int sea_replay_open_later(const char *path, const struct sea_replay_options *options,
			  struct sea_feed **feed, struct sea_error *err);

/*
 * All of these are for feeds of the two above only.
 *
 * Goes to a moment: the session and its VMs as they were then come next, then the last
 * two ticks up to that moment with what was between them, so that rates are as they
 * were, then what follows. Before the first tick that is the beginning, behind the last
 * one the end.
 */
int sea_replay_seek(struct sea_feed *feed, const struct timespec *at, struct sea_error *err);
/* To the tick before. Returns 1 if there is none. */
int sea_replay_back(struct sea_feed *feed, struct sea_error *err);
/* To the next tick, or the one before, in which an SEA was counted. 1: there is none. */
int sea_replay_next_sea(struct sea_feed *feed, bool backwards, struct sea_error *err);

/* To the last tick not after `at` in which an SEA was counted. 1: there is none. */
int sea_replay_last_sea(struct sea_feed *feed, const struct timespec *at, struct sea_error *err);

enum sea_replay_how {
	SEA_JUMP_TO,	     /* sea_replay_seek() to `at` */
	SEA_JUMP_BACK,	     /* sea_replay_back() */
	SEA_JUMP_SEA_BEFORE, /* sea_replay_next_sea() */
	SEA_JUMP_SEA_NEXT,
};

struct sea_replay_jump {
	enum sea_replay_how how;
	bool is_from; /* first of all to `at`, as if that came last */
	struct timespec at;
};

enum sea_replay_arrival {
	SEA_ARRIVAL_THERE,
	SEA_ARRIVAL_NOWHERE, /* there is no such tick */
	SEA_ARRIVAL_FAILED,
	SEA_ARRIVAL_NOT_YET, /* a thread looks for it */
};

/*
 * Does one of the above without waiting for the disk any longer than that. Not yet: until
 * sea_replay_arrived() says otherwise, sea_feed_next() gives SEA_FEED_WAIT, the feed's
 * descriptor gets readable when it is time to ask again, and nothing else may be asked of
 * the feed but to finish and to be closed, neither of which waits.
 */
enum sea_replay_arrival sea_replay_jump(struct sea_feed *feed, const struct sea_replay_jump *jump,
					__u64 patience_ns, struct sea_error *err);
/* A jump is under way, or the opening. */
bool sea_replay_is_away(const struct sea_feed *feed);
enum sea_replay_arrival sea_replay_arrived(struct sea_feed *feed, struct sea_error *err);

/*
 * From now on sea_feed_next() does not wait for the disk any longer than that either: a
 * thread reads on, and the feed's descriptor gets readable when it has. 0: it waits.
 */
void sea_replay_set_patience(struct sea_feed *feed, __u64 patience_ns);

/* Nothing comes any more but the next tick, each time that it is stepped. */
void sea_replay_pause(struct sea_feed *feed, bool pause);
void sea_replay_step(struct sea_feed *feed);
void sea_replay_set_speed(struct sea_feed *feed, double speed);

/* The first and the last moment of which the recording says something. */
void sea_replay_span(const struct sea_feed *feed, struct timespec *first, struct timespec *last);

/* As sea_recording_caveat(); NULL while it is being opened. */
const char *sea_replay_caveat(struct sea_feed *feed);

#endif /* SEA_REPLAY_H */
