// SPDX-License-Identifier: GPL-2.0-only
#include "store/keeper.h"

#include <stdio.h>

#include "model/clock.h"
#include "store/reserve.h"

/* So long after a step behind which there is more, and after one behind which there is not. */
#define MORE_NS (SEA_NSEC_PER_SEC / 25)
#define SIZE_NS SEA_NSEC_PER_SEC
#define AGE_NS (60 * SEA_NSEC_PER_SEC)

static bool has_limits(const struct sea_keeper *keeper)
{
	return keeper->prune.limits.days || keeper->prune.limits.bytes;
}

/* Once, until it is well again */
static void tell(struct sea_keeper *keeper, const char *line)
{
	if (!keeper->has_told && keeper->say)
		keeper->say(line, keeper->context);
	keeper->has_told = true;
}

static void tell_stuck(struct sea_keeper *keeper)
{
	const struct sea_prune_limits *limits = &keeper->prune.limits;
	char line[160];

	snprintf(line, sizeof(line), "the store is larger than %llu MiB: %s",
		 (unsigned long long)limits->bytes >> 20,
		 limits->unexported || limits->unacked ?
			 "what was not exported or acknowledged is kept" :
			 "what is left is of the session that runs");
	tell(keeper, line);
}

void sea_keeper_set(struct sea_keeper *keeper, const struct sea_prune_limits *limits)
{
	keeper->prune.limits = *limits;
	keeper->next_ns = 0;
	keeper->has_told = false;
}

/* The disk is full: room for the log, and from now on only what goes makes room. */
static void become_short(struct sea_keeper *keeper, const struct sea_db *db)
{
	__u64 used = sea_prune_used(db);

	if (!keeper->cap)
		keeper->cap = used > 2 * SEA_RESERVE_BYTES ? used - SEA_RESERVE_BYTES : used / 2;
	if (!keeper->has_reserve)
		return;
	keeper->has_reserve = sea_reserve_give(keeper->path);
	/* The log can be begun anew when all of it is in the file, which may have to grow. */
	sqlite3_wal_checkpoint_v2(db->sqlite, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

static void look_for_room(struct sea_keeper *keeper)
{
	if (!keeper->has_reserve)
		keeper->has_reserve = sea_reserve_take(keeper->path);
	if (keeper->has_reserve)
		keeper->cap = 0;
}

/* True: something was deleted. */
static bool step(struct sea_keeper *keeper, const struct sea_db *db, __u64 now_ns,
		 const struct timespec *wall)
{
	struct sea_error err;
	enum sea_prune_result result =
		sea_prune_step(&keeper->prune, db, sea_time_to_ns(wall), keeper->cap, &err);

	keeper->next_ns = now_ns + (result == SEA_PRUNE_MORE   ? MORE_NS :
				    keeper->prune.limits.bytes ? SIZE_NS :
								 AGE_NS);
	if (result == SEA_PRUNE_FAILED)
		tell(keeper, err.text);
	else if (result == SEA_PRUNE_STUCK)
		tell_stuck(keeper);
	else
		keeper->has_told = false;
	return result == SEA_PRUNE_MORE;
}

bool sea_keeper_tend(struct sea_keeper *keeper, const struct sea_db *db, __u64 now_ns,
		     const struct timespec *wall, bool is_full)
{
	bool has_size = keeper->prune.limits.bytes;

	if (!has_limits(keeper) || (is_full && !has_size))
		return false;
	if (!db || now_ns < keeper->next_ns || !wall->tv_sec)
		return false;
	if (is_full)
		become_short(keeper, db);
	else if (has_size)
		look_for_room(keeper);
	return step(keeper, db, now_ns, wall) && is_full;
}

__u64 sea_keeper_next(const struct sea_keeper *keeper)
{
	return has_limits(keeper) ? keeper->next_ns : 0;
}
