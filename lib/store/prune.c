// SPDX-License-Identifier: GPL-2.0-only
#include "store/prune.h"

#include <stdint.h>

#include "model/clock.h"
#include "store/mark.h"
#include "store/pruned.h"

/* In one step: so many details, and so many ticks (the statements below have it, too). */
#define DETAILS 4000
#define TICKS 200

#define DAY_NS (24 * 3600 * (__s64)SEA_NSEC_PER_SEC)

/* Once the file is too large it is made so much smaller, in parts of a hundred. */
#define TRIM_TO 90

/* Where one may delete, as numbers of records: what is below. */
struct bounds {
	__s64 old;  /* what is older than the days to keep */
	__s64 free; /* what no mark keeps */
	bool is_too_large;
};

/* Binds ?1, ?2 and ?3, as far as the statement has them. */
static void bind(sqlite3_stmt *statement, const __s64 *numbers)
{
	int i, nr = sqlite3_bind_parameter_count(statement);

	for (i = 0; i < nr && i < 3; i++)
		sqlite3_bind_int64(statement, i + 1, numbers[i]);
}

/* The number that a question gives; otherwise if it gives none. */
static __s64 ask(const struct sea_db *db, const char *text, __s64 a, __s64 b, __s64 otherwise)
{
	const __s64 numbers[] = {a, b, 0};
	__s64 number = otherwise;
	sqlite3_stmt *statement;

	if (sqlite3_prepare_v2(db->sqlite, text, -1, &statement, NULL))
		return otherwise;
	bind(statement, numbers);
	if (sqlite3_step(statement) == SQLITE_ROW &&
	    sqlite3_column_type(statement, 0) != SQLITE_NULL)
		number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return number;
}

/* Does all statements of the list, which NULL ends. */
static int run(const struct sea_db *db, const char *const *texts, const __s64 *numbers,
	       struct sea_error *err)
{
	for (; *texts; texts++) {
		sqlite3_stmt *statement;
		int rc;

		if (sqlite3_prepare_v2(db->sqlite, *texts, -1, &statement, NULL))
			return sea_db_fail(db, "write", err);
		bind(statement, numbers);
		do
			rc = sqlite3_step(statement);
		while (rc == SQLITE_ROW);
		sqlite3_finalize(statement);
		if (rc != SQLITE_DONE)
			return sea_db_fail(db, "write", err);
	}
	return 0;
}

/*
 * Behind the last tick that is old: all records before it are. A tick that is more than a
 * day ahead was made when the clock was wrong, and says nothing.
 */
static __s64 find_old(const struct sea_db *db, __s64 before_ns, __s64 now_ns)
{
	__s64 last = sea_db_number(db, "SELECT max(seq) FROM tick", 0);
	__s64 first_new = ask(db,
			      "SELECT seq FROM tick WHERE wall_ns >= ?1 AND wall_ns < ?2"
			      " ORDER BY seq LIMIT 1",
			      before_ns, now_ns + DAY_NS, last);
	__s64 last_old = ask(db, "SELECT max(seq) FROM tick WHERE seq < ?1", first_new, 0, 0);

	return last_old ? last_old + 1 : 0;
}

/* What is behind the mark may go; all, if it does not have to be kept. */
static __s64 find_free(const struct sea_db *db, bool is_kept, const char *name)
{
	struct sea_error ignored;
	struct sea_mark mark;

	if (!is_kept)
		return INT64_MAX;
	return sea_mark_get(db, name, &mark, &ignored) == 1 ? mark.seq + 1 : 0;
}

static __s64 bytes_of(const struct sea_db *db, bool used)
{
	__s64 pages = sea_db_number(db, "PRAGMA page_count", 0);

	if (used)
		pages -= sea_db_number(db, "PRAGMA freelist_count", 0);
	return pages * sea_db_number(db, "PRAGMA page_size", 0);
}

__u64 sea_prune_used(const struct sea_db *db)
{
	return (__u64)bytes_of(db, true);
}

static bool is_too_large(struct sea_prune *prune, const struct sea_db *db, __u64 cap)
{
	__s64 limit = (__s64)prune->limits.bytes;

	if (cap)
		limit = (__s64)cap;
	if (!limit)
		return false;
	if (bytes_of(db, cap) > limit)
		prune->is_trimming = true;
	if (prune->is_trimming && bytes_of(db, true) <= limit / 100 * TRIM_TO)
		prune->is_trimming = false;
	return prune->is_trimming;
}

static struct bounds find_bounds(struct sea_prune *prune, const struct sea_db *db, __s64 now_ns,
				 __u64 cap)
{
	const struct sea_prune_limits *limits = &prune->limits;
	__s64 exported = find_free(db, limits->unexported, SEA_MARK_EXPORTED);
	__s64 acked = find_free(db, limits->unacked, SEA_MARK_ACKED);
	struct bounds bounds = {.free = exported < acked ? exported : acked};

	if (limits->days)
		bounds.old = find_old(db, now_ns - (__s64)limits->days * DAY_NS, now_ns);
	bounds.is_too_large = is_too_large(prune, db, cap);
	return bounds;
}

/* Up to here it is due: what is old, or all if the file is too large; and free. */
static __s64 due_below(const struct bounds *bounds)
{
	__s64 below = bounds->is_too_large ? INT64_MAX : bounds->old;

	return below < bounds->free ? below : bounds->free;
}

static int note(const struct sea_db *db, enum sea_pruned_what what, __s64 until_ns, __u64 records,
		struct sea_error *err)
{
	const struct sea_pruned more = {sea_time_from_ns(until_ns), records};

	return sea_pruned_add(db, what, &more, err);
}

/*
 * The last of the oldest details that are due; 0: there are none. Each table is in this
 * order by itself: no more than the first of each are read.
 */
static __s64 last_detail(const struct sea_db *db, __s64 below)
{
	return ask(db,
		   "SELECT max(seq) FROM (SELECT seq FROM ("
		   " SELECT * FROM (SELECT seq FROM sea WHERE seq < ?1 ORDER BY seq LIMIT ?2)"
		   " UNION ALL"
		   " SELECT * FROM (SELECT seq FROM answer WHERE seq < ?1 ORDER BY seq LIMIT ?2)"
		   " UNION ALL"
		   " SELECT * FROM (SELECT seq FROM host_event WHERE seq < ?1 ORDER BY seq"
		   " LIMIT ?2)) ORDER BY seq LIMIT ?2)",
		   below, DETAILS, 0);
}

#define OF_SUMS " WHERE sum IN (SELECT seq FROM detail_sum WHERE "

/* 1: some were deleted. */
static int delete_details(const struct sea_db *db, __s64 below, struct sea_error *err)
{
	static const char *const details[] = {
		"DELETE FROM sea WHERE seq <= ?1",
		"DELETE FROM answer WHERE seq <= ?1",
		"DELETE FROM host_event WHERE seq <= ?1",
		NULL,
	};
	/* What is left of a stretch is read one by one from then on. */
	static const char *const others[] = {
		"DELETE FROM page WHERE sea <= ?1",
		"DELETE FROM sea_sum" OF_SUMS "first_seq <= ?1)",
		"DELETE FROM answer_sum" OF_SUMS "first_seq <= ?1)",
		"DELETE FROM slow_answer" OF_SUMS "first_seq <= ?1)",
		"DELETE FROM detail_sum WHERE first_seq <= ?1",
		NULL,
	};
	const __s64 last[] = {last_detail(db, below), 0, 0};
	__s64 until, changes;

	if (!last[0])
		return 0;
	until = ask(db,
		    "SELECT max(wall_ns) FROM (SELECT wall_ns FROM sea WHERE seq <= ?1"
		    " UNION ALL SELECT wall_ns FROM answer WHERE seq <= ?1"
		    " UNION ALL SELECT wall_ns FROM host_event WHERE seq <= ?1)",
		    last[0], 0, 0);
	changes = sqlite3_total_changes64(db->sqlite);
	if (run(db, details, last, err))
		return -1;
	changes = sqlite3_total_changes64(db->sqlite) - changes;
	if (run(db, others, last, err))
		return -1;
	return note(db, SEA_PRUNED_DETAILS, until, (__u64)changes, err) ? -1 : 1;
}

/* All ticks of session ?3 up to number ?2, which is one of them */
#define MERGED " WHERE tick IN (SELECT seq FROM tick WHERE session = ?3 AND seq <= ?2)"
#define LEFT_OVER " WHERE tick IN (SELECT seq FROM tick WHERE session = ?3 AND seq < ?2)"

/*
 * They become that of number ?2. Where a sum has one max(), SQLite takes the columns
 * that are not summed up from its row.
 */
static const char *const merge[] = {
	"REPLACE INTO tick_vm SELECT ?2, vm, sum(claimed), sum(host_owned), sum(not_opted_in),"
	" sum(forwarded), sum(unknown), sum(no_reason), sum(no_ras), sum(vncr), sum(s2_walk),"
	" sum(ambiguous_walk), sum(injected), sum(resumed), sum(abandoned), sum(latency_ns),"
	" sum(lost_ratelimit), sum(lost_ring_full), sum(lost_name), max(last), last_wall_ns,"
	" sum(ended_ns), sum(has_left) FROM tick_vm" MERGED " GROUP BY vm",
	"DELETE FROM tick_vm" LEFT_OVER,
	"REPLACE INTO tick_latency SELECT ?2, vm, slot, sum(answers) FROM tick_latency" MERGED
	" GROUP BY vm, slot",
	"DELETE FROM tick_latency" LEFT_OVER,
	"REPLACE INTO tick_listed SELECT ?2, vm, is_listed, vcpus, opt_in, before_claimed,"
	" before_host_owned, before_not_opted_in, before_forwarded FROM"
	" (SELECT *, max(tick) FROM tick_listed" MERGED " GROUP BY vm)",
	"DELETE FROM tick_listed" LEFT_OVER,
	"REPLACE INTO tick_loss SELECT ?2, cause, sum(lost) FROM tick_loss" MERGED
	" GROUP BY cause",
	"DELETE FROM tick_loss" LEFT_OVER,
	"UPDATE OR REPLACE tick_state SET tick = ?2 WHERE tick ="
	" (SELECT max(tick) FROM tick_state" MERGED ")",
	"DELETE FROM tick_state" LEFT_OVER,
	"UPDATE OR REPLACE tick_hook SET tick = ?2 WHERE tick ="
	" (SELECT max(tick) FROM tick_hook" MERGED ")",
	"DELETE FROM tick_hook" LEFT_OVER,
	"UPDATE tick SET first_ns = time_ns, first_wall_ns = wall_ns, ticks = 1,"
	" (checked, overseen, disarmed, blind_ns, ended_unseen, gone_vms, seen_vms,"
	" answered_early) = (SELECT sum(checked), sum(overseen), sum(disarmed), sum(blind_ns),"
	" sum(ended_unseen), sum(gone_vms), sum(seen_vms), sum(answered_early) FROM tick"
	" WHERE session = ?3 AND seq <= ?2) WHERE seq = ?2",
	"DELETE FROM tick WHERE session = ?3 AND seq < ?2",
	NULL,
};

/*
 * The first session that has two ticks below, none of which is its last: whoever records
 * may still make that one longer. 0: none has.
 */
static __s64 session_to_merge(const struct sea_db *db, __s64 below)
{
	return ask(db,
		   "SELECT s.id FROM session s WHERE (SELECT count(*) FROM (SELECT 1 FROM tick t"
		   " WHERE t.session = s.id AND t.seq < min(?1, (SELECT max(seq) FROM tick"
		   " WHERE session = s.id)) LIMIT 2)) = 2 ORDER BY s.id LIMIT 1",
		   below, 0, 0);
}

/*
 * 1: some became one. Where there are few, only those that are a day older than they
 * have to be: a sum of many VMs is not written for each tick.
 */
static int merge_ticks(const struct sea_db *db, const struct bounds *bounds, __s64 day_older,
		       struct sea_error *err)
{
	__s64 below = due_below(bounds), session = session_to_merge(db, below), nr, until;
	__s64 numbers[] = {0, 0, session};

	if (!session)
		return 0;
	nr = ask(db,
		 "SELECT count(*) FROM (SELECT 1 FROM tick WHERE session = ?2 AND seq < ?1"
		 " LIMIT 200)",
		 below, session, 0);
	if (nr < TICKS && !bounds->is_too_large) {
		below = below < day_older ? below : day_older;
		if (!session_to_merge(db, below))
			return 0;
	}
	numbers[1] = ask(db,
			 "SELECT max(seq) FROM (SELECT seq FROM tick WHERE session = ?2 AND"
			 " seq < min(?1, (SELECT max(seq) FROM tick WHERE session = ?2))"
			 " ORDER BY seq LIMIT 200)",
			 below, session, 0);
	if (!numbers[1])
		return 0;
	nr = ask(db, "SELECT count(*) FROM tick WHERE session = ?2 AND seq < ?1", numbers[1],
		 session, 0);
	until = ask(db, "SELECT wall_ns FROM tick WHERE seq = ?1", numbers[1], 0, 0);
	if (run(db, merge, numbers, err))
		return -1;
	return note(db, SEA_PRUNED_TICKS, until, (__u64)nr, err) ? -1 : 1;
}

/* All that is of session ?1 */
#define OF_SESSION " WHERE session = ?1"
#define OF_TICKS " WHERE tick IN (SELECT seq FROM tick WHERE session = ?1)"

static const char *const delete_session[] = {
	"DELETE FROM page WHERE sea IN (SELECT seq FROM sea WHERE session = ?1)",
	"DELETE FROM sea_sum" OF_SUMS "session = ?1)",
	"DELETE FROM answer_sum" OF_SUMS "session = ?1)",
	"DELETE FROM slow_answer" OF_SUMS "session = ?1)",
	"DELETE FROM detail_sum" OF_SESSION,
	"DELETE FROM sea" OF_SESSION,
	"DELETE FROM answer" OF_SESSION,
	"DELETE FROM host_event" OF_SESSION,
	"DELETE FROM tick_vm" OF_TICKS,
	"DELETE FROM tick_latency" OF_TICKS,
	"DELETE FROM tick_listed" OF_TICKS,
	"DELETE FROM tick_loss" OF_TICKS,
	"DELETE FROM tick_state" OF_TICKS,
	"DELETE FROM tick_hook" OF_TICKS,
	"DELETE FROM tick" OF_SESSION,
	"DELETE FROM vm_end" OF_SESSION,
	"DELETE FROM gap" OF_SESSION,
	"DELETE FROM vm_record" OF_SESSION,
	"DELETE FROM vm_session" OF_SESSION,
	"DELETE FROM session_record" OF_SESSION,
	"DELETE FROM session WHERE id = ?1",
	"DELETE FROM vm WHERE id NOT IN (SELECT vm FROM vm_session)",
	NULL,
};

/* The oldest session that ended below, and that is not the last; 0: none is. */
static __s64 session_to_delete(const struct sea_db *db, __s64 below)
{
	return ask(db,
		   "SELECT id FROM session s WHERE end <> 'runs'"
		   " AND id < (SELECT max(id) FROM session)"
		   " AND (SELECT max(seq) FROM session_record WHERE session = s.id) < ?1"
		   " AND coalesce((SELECT max(seq) FROM tick WHERE session = s.id), 0) < ?1"
		   " ORDER BY id LIMIT 1",
		   below, 0, 0);
}

/* 1: one was deleted. */
static int delete_old_session(const struct sea_db *db, __s64 below, struct sea_error *err)
{
	const __s64 session[] = {session_to_delete(db, below), 0, 0};
	__s64 until;

	if (!session[0])
		return 0;
	until = ask(db,
		    "SELECT max(last_wall_ns, coalesce(ended_wall_ns, 0)) FROM session"
		    " WHERE id = ?1",
		    session[0], 0, 0);
	if (run(db, delete_session, session, err))
		return -1;
	return note(db, SEA_PRUNED_SESSIONS, until, 1, err) ? -1 : 1;
}

/* What comes first of what is due. 1: something was; 0: there is nothing. */
static int delete_something(struct sea_prune *prune, const struct sea_db *db,
			    const struct bounds *bounds, __s64 now_ns, struct sea_error *err)
{
	__s64 below = due_below(bounds), day_older = 0;
	int rc = delete_details(db, below, err);

	if (rc)
		return rc;
	if (prune->limits.days)
		day_older = find_old(db, now_ns - (__s64)(prune->limits.days + 1) * DAY_NS, now_ns);
	rc = merge_ticks(db, bounds, day_older, err);
	return rc ?: delete_old_session(db, below, err);
}

/* Gives pages back to the file system, where the file has more than it may. */
static int give_back(const struct sea_prune *prune, const struct sea_db *db, __u64 cap,
		     struct sea_error *err)
{
	static const char *const vacuum[] = {"PRAGMA incremental_vacuum(256)", NULL};
	const __s64 none[] = {0, 0, 0};
	__s64 before = bytes_of(db, false);

	/* On a full disk free pages are what the next records go to. */
	if (cap || !prune->limits.bytes || before <= (__s64)prune->limits.bytes ||
	    bytes_of(db, true) == before)
		return 0;
	if (run(db, vacuum, none, err))
		return -1;
	return bytes_of(db, false) < before;
}

static int step(struct sea_prune *prune, const struct sea_db *db, __s64 now_ns, __u64 cap,
		struct sea_error *err)
{
	struct bounds bounds = find_bounds(prune, db, now_ns, cap);
	int rc = 0;

	if (bounds.is_too_large || bounds.old)
		rc = delete_something(prune, db, &bounds, now_ns, err);
	if (rc)
		return rc;
	rc = give_back(prune, db, cap, err);
	return rc ?: bounds.is_too_large ? SEA_PRUNE_STUCK : SEA_PRUNE_DONE;
}

enum sea_prune_result sea_prune_step(struct sea_prune *prune, const struct sea_db *db, __s64 now_ns,
				     __u64 cap, struct sea_error *err)
{
	int rc;

	if (!prune->limits.days && !prune->limits.bytes)
		return SEA_PRUNE_DONE;
	if (sea_db_do(db, "BEGIN IMMEDIATE", err))
		return SEA_PRUNE_FAILED;
	rc = step(prune, db, now_ns, cap, err);
	if (rc >= 0 && sea_db_do(db, "COMMIT", err))
		rc = -1;
	if (rc < 0 && !sqlite3_get_autocommit(db->sqlite))
		sqlite3_exec(db->sqlite, "ROLLBACK", NULL, NULL, NULL);
	return (enum sea_prune_result)rc;
}
