/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * past.h - a time that memory does not have, out of the recorder's store. Opening the
 * store and going there may take a while, so a thread does it.
 */
#ifndef SEA_SHOW_PAST_H
#define SEA_SHOW_PAST_H

#include <stdbool.h>
#include <time.h>

#include "base/error.h"
#include "model/feed.h"

struct sea_past;

/* path: the store, which may not be there; it is opened with each question. */
int sea_past_open(struct sea_past **past, const char *path, struct sea_error *err);
/* Does not wait for the thread. Takes NULL too. */
void sea_past_close(struct sea_past *past);

/*
 * Asks for the moment, or for where the last SEA up to then came. What was asked for
 * before is not wanted any more.
 */
void sea_past_ask(struct sea_past *past, const struct timespec *at, bool sea);

/* Readable when sea_past_answer() may have something to say. */
int sea_past_fd(const struct sea_past *past);

enum sea_past_answer {
	SEA_PAST_NONE, /* there is none yet, or nothing was asked */
	SEA_PAST_FEED, /* a paused feed that stands there, as of sea_replay_open(): the caller's */
	SEA_PAST_FAILED, /* err says why */
};

enum sea_past_answer sea_past_answer(struct sea_past *past, struct sea_feed **feed,
				     struct sea_error *err);

#endif /* SEA_SHOW_PAST_H */
