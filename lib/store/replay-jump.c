// SPDX-License-Identifier: GPL-2.0-only
/*
 * replay-jump.c - a thread that goes to another place of the recording.
 *
 * While it is out, the reader, the queue and the position are the thread's. The feed
 * says that there is nothing yet, and its descriptor gets readable when it is back.
 */
#include "store/replay-internal.h"

#include <stdlib.h>

struct sea_replay_errand {
	struct sea_errand errand;
	struct sea_replay *replay;
	struct sea_replay_jump jump;
	int rc;
	struct sea_error err;
};

static struct sea_replay_errand *errand_of(struct sea_errand *errand)
{
	return (struct sea_replay_errand *)(void *)errand;
}

/* There is nothing that could be done without the disk. */
static bool begin(struct sea_errand *errand)
{
	(void)errand;
	return true;
}

static void go(struct sea_errand *errand)
{
	struct sea_replay_errand *e = errand_of(errand);
	struct sea_feed *feed = &e->replay->feed;
	const struct sea_replay_jump *jump = &e->jump;

	e->rc = 0;
	if (jump->how == SEA_JUMP_TO || jump->is_from)
		e->rc = sea_replay_seek(feed, &jump->at, &e->err);
	if (!e->rc && jump->how == SEA_JUMP_BACK)
		e->rc = sea_replay_back(feed, &e->err);
	if (!e->rc && (jump->how == SEA_JUMP_SEA_BEFORE || jump->how == SEA_JUMP_SEA_NEXT))
		e->rc = sea_replay_next_sea(feed, jump->how == SEA_JUMP_SEA_BEFORE, &e->err);
}

/* The feed was closed meanwhile. */
static void free_errand(struct sea_errand *errand)
{
	struct sea_replay_errand *e = errand_of(errand);

	sea_replay_free(e->replay);
	free(e);
}

static int send(struct sea_replay *replay, const struct sea_replay_jump *jump,
		struct sea_error *err)
{
	struct sea_replay_errand *e = calloc(1, sizeof(*e));

	if (!e)
		return sea_error_set(err, "cannot replay: out of memory");
	if (!replay->errands && sea_errands_open(&replay->errands, err)) {
		free(e);
		return -1;
	}
	e->errand.quick = begin;
	e->errand.slow = go;
	e->errand.free = free_errand;
	e->replay = replay;
	e->jump = *jump;
	replay->out = e;
	sea_errands_send(replay->errands, &e->errand);
	return 0;
}

enum sea_replay_arrival sea_replay_arrived(struct sea_feed *feed, struct sea_error *err)
{
	struct sea_replay *replay = sea_replay_of(feed);
	struct sea_replay_errand *e;
	struct sea_errand *errand;
	bool done = false;
	int rc;

	while (replay->out && !done && (errand = sea_errands_news(replay->errands, &done)))
		;
	if (!done)
		return SEA_ARRIVAL_NOT_YET;
	e = replay->out;
	replay->out = NULL;
	rc = e->rc;
	*err = e->err;
	free(e);
	return rc < 0 ? SEA_ARRIVAL_FAILED : rc ? SEA_ARRIVAL_NOWHERE : SEA_ARRIVAL_THERE;
}

enum sea_replay_arrival sea_replay_jump(struct sea_feed *feed, const struct sea_replay_jump *jump,
					__u64 patience_ns, struct sea_error *err)
{
	struct sea_replay *replay = sea_replay_of(feed);
	uint64_t until = sea_errands_now() + patience_ns;
	enum sea_replay_arrival arrival;

	if (send(replay, jump, err))
		return SEA_ARRIVAL_FAILED;
	/* That it has begun are news, too. */
	while ((arrival = sea_replay_arrived(feed, err)) == SEA_ARRIVAL_NOT_YET &&
	       sea_errands_wait(replay->errands, until))
		;
	return arrival;
}

bool sea_replay_leave(struct sea_replay *replay)
{
	bool is_out = replay->out;

	/* What is out has the feed, and frees it when it is back. */
	sea_errands_close(replay->errands);
	return is_out;
}
