/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * history.h - the last while of a feed, in bounded memory: snapshots to step back to,
 * and a log of what happened.
 *
 * Of a tick only the VMs that it changed are kept, as they were before it, so that
 * 1,000 VMs of which two are hit cost two. Of ticks in which nothing changed, the first
 * and the last are kept. When memory is used up the oldest go first.
 */
#ifndef SEA_HISTORY_H
#define SEA_HISTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "model/record.h"
#include "show/log.h"

/* Bytes that snapshots may take, and entries of the log: of all VMs, and of one. */
#define SEA_HISTORY_BYTES (2UL << 20)
#define SEA_HISTORY_LOG 2048
#define SEA_HISTORY_LOG_VM 256

struct sea_history;

/* bytes: 0 is SEA_HISTORY_BYTES. sea_history_close() takes NULL too. */
int sea_history_open(struct sea_history **history, size_t bytes, struct sea_error *err);
void sea_history_close(struct sea_history *history);

/*
 * Takes any record of a feed; a VM that is known better from now on is called so in the
 * newest tick, too. Fails only where the newest tick cannot be kept.
 */
int sea_history_take(struct sea_history *history, const struct sea_record *record,
		     struct sea_error *err);

/* Forgets all: the feed goes on at another time. */
void sea_history_clear(struct sea_history *history);

/* From now on no tick is left out: one of them is being looked at. */
void sea_history_hold(struct sea_history *history, bool hold);
/* The newest tick is one more; false: it took the place of one in which nothing changed. */
bool sea_history_has_grown(const struct sea_history *history);

/* Ticks that were taken, whatever became of them. */
__u64 sea_history_ticks(const struct sea_history *history);

/* How many ticks before the newest one there are; the newest itself is not counted. */
size_t sea_history_depth(const struct sea_history *history);
/* There is a tick at all. */
bool sea_history_has_tick(const struct sea_history *history);

/*
 * The newest snapshot, and its session; NULL: there was none yet. The history's, until
 * the next record.
 */
const struct sea_snapshot *sea_history_newest(const struct sea_history *history,
					      const struct sea_session **session);

/*
 * Copies the snapshot `back` ticks before the newest one. *session is the history's, until
 * the next record. Returns 1 if there is no such tick.
 */
int sea_history_get(const struct sea_history *history, size_t back, struct sea_snapshot *snapshot,
		    const struct sea_session **session, struct sea_error *err);

/* When the tick that many back was; zeros: there is none. */
struct timespec sea_history_wall(const struct sea_history *history, size_t back);

/*
 * The nearest tick before (or after) the one that many back in which an SEA was counted:
 * how far back it is. False: there is none.
 */
bool sea_history_find_sea(const struct sea_history *history, size_t back, bool backwards,
			  size_t *found);
/* The last tick that is not after the moment; false: all are after it. */
bool sea_history_find_time(const struct sea_history *history, const struct timespec *at,
			   size_t *found);

/*
 * How much a number of the VM grew in each of the nr ticks up to the one that many back,
 * the oldest first; ticks that are not there any more are left out at the front.
 * Returns how many there are.
 */
typedef __u64 (*sea_history_number)(const struct sea_vm *vm);
size_t sea_history_growth(const struct sea_history *history, __u64 id, sea_history_number number,
			  size_t back, __u64 *growth, size_t nr);

/* What is known of the time before a tick. */
enum sea_history_since {
	SEA_SINCE_UNKNOWN, /* the VM is not listed in the tick */
	SEA_SINCE_OLDEST,  /* as far back as is kept, or its session goes */
	SEA_SINCE_NEW,	   /* the VM was not listed before */
	SEA_SINCE_CHANGED, /* it was another one before */
};

/*
 * Since when the VM has the opt-in that it has that many ticks back: *wall is the time of
 * the first tick that has it.
 */
enum sea_history_since sea_history_opt_in_since(const struct sea_history *history, __u64 id,
						size_t back, struct timespec *wall);

/* What happened meanwhile; the history's. */
const struct sea_log *sea_history_log(const struct sea_history *history);

/* Gaps so far, ended or not; *last is the last one if there is one. */
size_t sea_history_gaps(const struct sea_history *history, struct sea_gap *last);

/* Bytes that the kept snapshots take. */
size_t sea_history_bytes(const struct sea_history *history);

#endif /* SEA_HISTORY_H */
