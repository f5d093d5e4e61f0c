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

/* Records are read so many at once, so that a thread need not be asked for each. */
#define SEA_REPLAY_AHEAD 64

/* Where the record that comes next stands with whoever asks for records. */
enum stage {
	STAGE_NONE,  /* there is none */
	STAGE_DUE,   /* it waits for its time */
	STAGE_TICKS, /* it is a tick that stands for many, some of which are still to come */
};

struct sea_replay {
	struct sea_feed feed;
	char *path; /* of the recording, and where it begins */
	struct timespec begin;
	struct sea_reader *reader; /* NULL: it is not open yet */
	struct sea_decoder decoder;
	struct sea_queue queue; /* what comes first after a jump */
	/*
	 * What was read ahead: copies of records that are no ticks, the number of each, and
	 * then perhaps a tick or a session, which is the last, as those do not outlive the next
	 * one. entry is that of the last one.
	 */
	struct sea_queue ahead;
	__s64 ahead_seq[SEA_REPLAY_AHEAD];
	size_t nr_ahead, at_ahead;
	bool has_last, is_at_end; /* there is a last one; behind it there is nothing */
	struct sea_record last;
	struct sea_entry entry;
	bool has_entry;		  /* it is behind those, and not decoded yet */
	struct sea_record record; /* that comes next, and its number */
	__s64 seq;
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
	struct sea_errands *errands;   /* NULL: nobody was ever sent */
	struct sea_replay_errand *out; /* who is out: all but pace and clock is his */
	bool is_given_up;	       /* nobody waits for him any more */
	bool has_jump;		       /* is sent when he who reads on is back */
	struct sea_replay_jump jump;
	__u64 patience_ns; /* of sea_replay_set_patience() */
	const char *caveat;
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

/* Opens the recording and goes to its begin. */
int sea_replay_open_file(struct sea_replay *replay, struct sea_error *err);

/* Sends a thread to do that. */
int sea_replay_send_to_open(struct sea_replay *replay, struct sea_error *err);

/* Reads and decodes what comes next, up to a tick. Not when somebody is out. */
int sea_replay_read(struct sea_replay *replay, struct sea_error *err);

/*
 * The same, as sea_replay_set_patience() says. SEA_ARRIVAL_NOT_YET: a thread reads;
 * sea_replay_has_read() is to be asked.
 */
enum sea_replay_arrival sea_replay_read_on(struct sea_replay *replay, struct sea_error *err);
enum sea_replay_arrival sea_replay_has_read(struct sea_replay *replay, struct sea_error *err);

/* Gives back all that the feed has. */
void sea_replay_free(struct sea_replay *replay);

/* The feed is to be closed. True: a jump is out, and its thread closes it. */
bool sea_replay_leave(struct sea_replay *replay);

#endif /* SEA_REPLAY_INTERNAL_H */
