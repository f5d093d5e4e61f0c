// SPDX-License-Identifier: GPL-2.0-only
/*
 * replay-jump.c - a thread that opens the recording, reads on, or goes to another place of it.
 *
 * While it is out, the reader, the queues and the position are the thread's. The feed
 * says that there is nothing yet, and its descriptor gets readable when it is back. While it
 * reads on, pace, pause and clock are of whoever asks the feed.
 */
#include "store/replay-internal.h"

#include <stdlib.h>

struct sea_replay_errand {
	struct sea_errand errand;
	struct sea_replay *replay;
	enum what { TO_OPEN, TO_READ, TO_JUMP } what;
	struct sea_replay_jump jump; /* TO_JUMP */
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

	if (e->what != TO_JUMP) {
		e->rc = e->what == TO_READ ? sea_replay_read(e->replay, &e->err) :
					     sea_replay_open_file(e->replay, &e->err);
		return;
	}
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

static int send(struct sea_replay *replay, enum what what, const struct sea_replay_jump *jump,
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
	e->what = what;
	if (what == TO_JUMP)
		e->jump = *jump;
	/* What it may look at later is asked for before. */
	sea_replay_caveat(&replay->feed);
	replay->out = e;
	sea_errands_send(replay->errands, &e->errand);
	return 0;
}

int sea_replay_send_to_open(struct sea_replay *replay, struct sea_error *err)
{
	return send(replay, TO_OPEN, NULL, err);
}

bool sea_replay_is_away(const struct sea_feed *feed)
{
	const struct sea_replay *replay = (const struct sea_replay *)(const void *)feed;

	return replay->has_jump || (replay->out && replay->out->what != TO_READ);
}

/* Who is out may be back. */
static enum sea_replay_arrival look(struct sea_replay *replay, struct sea_error *err)
{
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

enum sea_replay_arrival sea_replay_arrived(struct sea_feed *feed, struct sea_error *err)
{
	struct sea_replay *replay = sea_replay_of(feed);
	enum sea_replay_arrival arrival = look(replay, err);

	/* He who read on is back: the jump begins anew elsewhere, whatever he has read. */
	if (arrival == SEA_ARRIVAL_NOT_YET || !replay->has_jump)
		return arrival;
	replay->has_jump = false;
	return send(replay, TO_JUMP, &replay->jump, err) ? SEA_ARRIVAL_FAILED : SEA_ARRIVAL_NOT_YET;
}

/* Until then, or somebody is back */
static enum sea_replay_arrival await(struct sea_replay *replay, uint64_t until,
				     struct sea_error *err)
{
	enum sea_replay_arrival arrival;

	/* That it has begun are news, too. */
	while ((arrival = sea_replay_arrived(&replay->feed, err)) == SEA_ARRIVAL_NOT_YET &&
	       sea_errands_wait(replay->errands, until))
		;
	return arrival;
}

enum sea_replay_arrival sea_replay_jump(struct sea_feed *feed, const struct sea_replay_jump *jump,
					__u64 patience_ns, struct sea_error *err)
{
	struct sea_replay *replay = sea_replay_of(feed);

	replay->has_jump = replay->out;
	if (replay->out)
		replay->jump = *jump;
	else if (send(replay, TO_JUMP, jump, err))
		return SEA_ARRIVAL_FAILED;
	return await(replay, sea_errands_now() + patience_ns, err);
}

enum sea_replay_arrival sea_replay_read_on(struct sea_replay *replay, struct sea_error *err)
{
	if (!replay->patience_ns)
		return sea_replay_read(replay, err) ? SEA_ARRIVAL_FAILED : SEA_ARRIVAL_THERE;
	if (send(replay, TO_READ, NULL, err))
		return SEA_ARRIVAL_FAILED;
	return await(replay, sea_errands_now() + replay->patience_ns, err);
}

enum sea_replay_arrival sea_replay_has_read(struct sea_replay *replay, struct sea_error *err)
{
	if (!replay->out)
		return SEA_ARRIVAL_THERE;
	/* Whoever sent a jump asks for it himself. */
	if (replay->out->what != TO_READ || replay->has_jump)
		return SEA_ARRIVAL_NOT_YET;
	return look(replay, err);
}

bool sea_replay_leave(struct sea_replay *replay)
{
	bool is_out = replay->out;

	/* What is out has the feed, and frees it when it is back. */
	sea_errands_close(replay->errands);
	return is_out;
}
