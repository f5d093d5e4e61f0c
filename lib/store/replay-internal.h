/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * replay-internal.h - the replayed feed as replay.c (what comes next), replay-seek.c (where
 * it goes to) and replay-jump.c (a thread that goes there) share it.
 */
#ifndef SEA_REPLAY_INTERNAL_H
#define SEA_REPLAY_INTERNAL_H

#include "model/queue.h"
#include "names/errand.h"
#include "store/decode.h"
#include "store/recording.h"
#include "store/replay.h"

/* Where the entry that was read last stands with whoever asks for records. */
enum stage {
	STAGE_NONE,  /* there is none */
	STAGE_READ,  /* it waits for its time */
	STAGE_TICKS, /* it is a tick that stands for many, some of which are still to come */
};

struct sea_replay {
	struct sea_feed feed;
	struct sea_reader *reader;
	struct sea_decoder decoder;
	struct sea_queue queue; /* what comes first after a jump */
	struct sea_entry entry;
	struct sea_record record; /* of the entry, as it was decoded */
	enum stage stage;
	__u64 tick;	     /* of those that the entry stands for: the next one; 0, 1, ... */
	__s64 at_seq, at_ns; /* the tick that came last: its number and time; 0: none yet */
	double speed;
	/* The recording's clock stood at from_ns when CLOCK_MONOTONIC was at since_ns. */
	__s64 from_ns, since_ns;
	__s64 jump_seq, jump_ns; /* where a jump goes to: what is before comes at once */
	bool is_paused, has_step, is_finished;
	__s64 first_ns, last_ns;
	int timer;
	struct sea_sql ask_ends;
	struct sea_errands *errands;   /* NULL: no jump was ever sent */
	struct sea_replay_errand *out; /* the jump that is out: all of this is its thread's */
	bool is_given_up;	       /* nobody waits for it any more */
};

static inline struct sea_replay *sea_replay_of(struct sea_feed *feed)
{
	return (struct sea_replay *)(void *)feed;
}

/* From now on the recording's clock goes on from this moment. */
void sea_replay_set_clock(struct sea_replay *replay, __s64 from_ns);

/* To a moment, and to the first record. */
int sea_replay_go(struct sea_replay *replay, __s64 at_ns, struct sea_error *err);
int sea_replay_go_to_start(struct sea_replay *replay, struct sea_error *err);

/* Gives back all that the feed has. */
void sea_replay_free(struct sea_replay *replay);

/* The feed is to be closed. True: a jump is out, and its thread closes it. */
bool sea_replay_leave(struct sea_replay *replay);

#endif /* SEA_REPLAY_INTERNAL_H */
