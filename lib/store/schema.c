// SPDX-License-Identifier: GPL-2.0-only
#include "store/schema.h"

#include <stdio.h>

#include "sea_abi.h"
#include "sea_list.h"

/*
 * Stores have these numbers in them: a new one is added at the end, and none ever
 * changes. So do the tables below that name them.
 */
_Static_assert(SEA_CLAIMED == 0 && SEA_HOST_OWNED == 1 && SEA_NOT_OPTED_IN == 2 &&
		       SEA_FORWARDED == 3 && SEA_UNKNOWN == 4 && SEA_DISPOSITIONS == 5,
	       "dispositions in stores");
_Static_assert(SEA_REASON_NONE == 0 && SEA_NO_RAS == 1 && SEA_VNCR == 2 && SEA_S2_WALK == 3 &&
		       SEA_AMBIGUOUS_WALK == 4 && SEA_REASONS == 5,
	       "reasons in stores");
_Static_assert(SEA_INJECTED == 0 && SEA_RESUMED == 1 && SEA_ABANDONED == 2 && SEA_RESPONSES == 3,
	       "responses in stores");
_Static_assert(SEA_OPT_IN_UNKNOWN == 0 && SEA_OPT_IN_NO == 1 && SEA_OPT_IN_YES == 2 &&
		       SEA_OPT_IN_PROTECTED == 3 && SEA_OPT_IN_STATES == 4,
	       "opt-ins in stores");

/*
 * An SEA and an answer have the same columns: the kernel's detail record. vm is NULL
 * where no VM has a row; far, ipa and pc are NULL where they are not known; tgid,
 * start_ns and comm are NULL where they are those of the VM.
 */
#define DETAIL_COLUMNS                                       \
	" seq INTEGER PRIMARY KEY,"                          \
	" session INTEGER NOT NULL REFERENCES session (id)," \
	" time_ns INTEGER NOT NULL,"                         \
	" wall_ns INTEGER NOT NULL,"                         \
	" vm INTEGER,"                                       \
	" disposition INTEGER NOT NULL,"                     \
	" reason INTEGER NOT NULL,"                          \
	" esr INTEGER NOT NULL,"                             \
	" far INTEGER,"                                      \
	" ipa INTEGER,"                                      \
	" pc INTEGER,"                                       \
	" vcpu INTEGER NOT NULL,"                            \
	" tid INTEGER NOT NULL,"                             \
	" cpu INTEGER NOT NULL,"                             \
	" tgid INTEGER,"                                     \
	" start_ns INTEGER,"                                 \
	" comm TEXT"

/*
 * Version 1.
 *
 * Every record has a seq, which no other record of any table has: in the order of seq
 * they are as the feed yielded them. time_ns is CLOCK_BOOTTIME of the session's boot,
 * wall_ns is nanoseconds since 1970 in UTC, of the same moment. Numbers of 64 bits
 * without a sign (addresses, registers) are stored as the signed ones of the same bits.
 */
static const char version_1[] =
	/* What was done to this file, and by whom. */
	"CREATE TABLE migration ("
	" version INTEGER PRIMARY KEY,"
	" wall_ns INTEGER NOT NULL,"
	" program TEXT NOT NULL"
	") STRICT;"

	/* Names of the numbers below, for whoever asks by SQL. */
	"CREATE TABLE disposition (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;"
	"INSERT INTO disposition VALUES (0, 'claimed'), (1, 'host_owned'), (2, 'not_opted_in'),"
	" (3, 'forwarded'), (4, 'unknown');"
	"CREATE TABLE reason (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;"
	"INSERT INTO reason VALUES (0, 'none'), (1, 'no_ras'), (2, 'vncr'), (3, 's2_walk'),"
	" (4, 'ambiguous_walk');"
	"CREATE TABLE response (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;"
	"INSERT INTO response VALUES (0, 'injected'), (1, 'resumed'), (2, 'abandoned');"
	"CREATE TABLE opt_in (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;"
	"INSERT INTO opt_in VALUES (0, 'unknown'), (1, 'no'), (2, 'yes'), (3, 'protected');"

	/* One run of a program that counted, as it was known last. */
	"CREATE TABLE session ("
	" id INTEGER PRIMARY KEY,"
	" run TEXT NOT NULL UNIQUE,"
	" boot_id TEXT NOT NULL,"
	" host TEXT NOT NULL,"
	" kernel TEXT NOT NULL,"
	" machine TEXT NOT NULL,"
	" program TEXT NOT NULL,"
	" version TEXT NOT NULL,"
	" source TEXT NOT NULL,"
	" tells_all INTEGER NOT NULL,"
	" started_ns INTEGER NOT NULL,"
	" started_wall_ns INTEGER NOT NULL,"
	/* NULL: it runs, or was killed. */
	" ended_ns INTEGER,"
	" ended_wall_ns INTEGER,"
	/* runs, stopped, failed, lost */
	" end TEXT NOT NULL,"
	/* Of its last tick: until then it is known to have counted. */
	" last_ns INTEGER NOT NULL,"
	" last_wall_ns INTEGER NOT NULL,"
	/* 1: addresses of guests were taken out when this was exported. */
	" redacted INTEGER NOT NULL DEFAULT 0"
	") STRICT;"

	/* Its records: the start, each change, the end. */
	"CREATE TABLE session_record ("
	" seq INTEGER PRIMARY KEY,"
	" session INTEGER NOT NULL REFERENCES session (id),"
	" time_ns INTEGER NOT NULL,"
	" wall_ns INTEGER NOT NULL,"
	" source TEXT NOT NULL,"
	" tells_all INTEGER NOT NULL,"
	" ended_ns INTEGER,"
	" ended_wall_ns INTEGER,"
	" end TEXT NOT NULL"
	") STRICT;"

	/* One VM, also across sessions of one boot, as it was known last. */
	"CREATE TABLE vm ("
	" id INTEGER PRIMARY KEY,"
	" boot_id TEXT NOT NULL,"
	" tgid INTEGER NOT NULL,"
	" start_ns INTEGER NOT NULL,"
	/* 0: not known. */
	" creator INTEGER NOT NULL,"
	/* -1: not known. */
	" creator_fd INTEGER NOT NULL,"
	" name TEXT NOT NULL,"
	" origin TEXT NOT NULL,"
	" uuid TEXT,"
	" cgroup TEXT,"
	" comm TEXT NOT NULL,"
	" first_ns INTEGER NOT NULL,"
	" first_wall_ns INTEGER NOT NULL,"
	/* NULL: it runs, or its end was not seen. */
	" ended_ns INTEGER,"
	" ended_wall_ns INTEGER,"
	/* Of waitpid(2); NULL: not known. */
	" wait_status INTEGER"
	") STRICT;"
	"CREATE INDEX vm_key ON vm (boot_id, tgid, start_ns, creator, creator_fd);"

	/* The number that a session has for a VM: sea_vm::id. */
	"CREATE TABLE vm_session ("
	" session INTEGER NOT NULL REFERENCES session (id),"
	" id INTEGER NOT NULL,"
	" vm INTEGER NOT NULL REFERENCES vm (id),"
	" PRIMARY KEY (session, id)"
	") STRICT, WITHOUT ROWID;"

	/* A VM was first seen in its session, or is known better now. */
	"CREATE TABLE vm_record ("
	" seq INTEGER PRIMARY KEY,"
	" session INTEGER NOT NULL REFERENCES session (id),"
	" time_ns INTEGER NOT NULL,"
	" wall_ns INTEGER NOT NULL,"
	" vm INTEGER NOT NULL REFERENCES vm (id),"
	" id INTEGER NOT NULL,"
	" tgid INTEGER NOT NULL,"
	" start_ns INTEGER NOT NULL,"
	" creator INTEGER NOT NULL,"
	" creator_fd INTEGER NOT NULL,"
	" first_ns INTEGER NOT NULL,"
	" first_wall_ns INTEGER NOT NULL,"
	" name TEXT NOT NULL,"
	" origin TEXT NOT NULL,"
	/* What the next source calls it; NULL: nothing else. */
	" other_name TEXT,"
	" other_origin TEXT,"
	" disputed INTEGER NOT NULL,"
	" uuid TEXT,"
	" cgroup TEXT,"
	" comm TEXT NOT NULL"
	") STRICT;"
	"CREATE INDEX vm_record_vm ON vm_record (vm, session);"

	"CREATE TABLE sea (" DETAIL_COLUMNS ") STRICT;"
	"CREATE TABLE answer (" DETAIL_COLUMNS ","
	" response INTEGER NOT NULL,"
	" latency_ns INTEGER NOT NULL"
	") STRICT;"

	/* The page of an SEA, as far as it was found out when it was taken. */
	"CREATE TABLE page ("
	" sea INTEGER PRIMARY KEY REFERENCES sea (seq),"
	/* NULL in each: not known. */
	" hva INTEGER,"
	" pfn INTEGER,"
	" size INTEGER,"
	" node INTEGER,"
	/* 1: the host holds the page for bad. */
	" poisoned INTEGER"
	") STRICT;"
	"CREATE INDEX page_pfn ON page (pfn) WHERE pfn IS NOT NULL;"

	/* A VM ended. */
	"CREATE TABLE vm_end ("
	" seq INTEGER PRIMARY KEY,"
	" session INTEGER NOT NULL REFERENCES session (id),"
	" time_ns INTEGER NOT NULL,"
	" wall_ns INTEGER NOT NULL,"
	" vm INTEGER NOT NULL REFERENCES vm (id),"
	/* NULL: not seen. */
	" ended_ns INTEGER,"
	" wait_status INTEGER"
	") STRICT;"

	/*
	 * What the counters grew by since the tick before of the session. Where nothing
	 * grew, one row stands for many ticks: the first, and at time_ns the last.
	 */
	"CREATE TABLE tick ("
	" seq INTEGER PRIMARY KEY,"
	" session INTEGER NOT NULL REFERENCES session (id),"
	" time_ns INTEGER NOT NULL,"
	" wall_ns INTEGER NOT NULL,"
	" first_ns INTEGER NOT NULL,"
	" first_wall_ns INTEGER NOT NULL,"
	" ticks INTEGER NOT NULL,"
	" checked INTEGER NOT NULL,"
	" overseen INTEGER NOT NULL,"
	" disarmed INTEGER NOT NULL,"
	" blind_ns INTEGER NOT NULL,"
	" ended_unseen INTEGER NOT NULL,"
	" gone_vms INTEGER NOT NULL,"
	" seen_vms INTEGER NOT NULL,"
	" answered_early INTEGER NOT NULL"
	") STRICT;"
	"CREATE INDEX tick_wall ON tick (wall_ns);"

	/*
	 * Of one VM in a tick, if anything of it grew or it is new in the table. vm 0:
	 * `other`; -1: `gone`, which is the sum of rows that left, and so no news.
	 */
	"CREATE TABLE tick_vm ("
	" tick INTEGER NOT NULL REFERENCES tick (seq),"
	" vm INTEGER NOT NULL,"
	" claimed INTEGER NOT NULL,"
	" host_owned INTEGER NOT NULL,"
	" not_opted_in INTEGER NOT NULL,"
	" forwarded INTEGER NOT NULL,"
	" unknown INTEGER NOT NULL,"
	" no_reason INTEGER NOT NULL,"
	" no_ras INTEGER NOT NULL,"
	" vncr INTEGER NOT NULL,"
	" s2_walk INTEGER NOT NULL,"
	" ambiguous_walk INTEGER NOT NULL,"
	" injected INTEGER NOT NULL,"
	" resumed INTEGER NOT NULL,"
	" abandoned INTEGER NOT NULL,"
	" latency_ns INTEGER NOT NULL,"
	" lost_ratelimit INTEGER NOT NULL,"
	" lost_ring_full INTEGER NOT NULL,"
	" lost_name INTEGER NOT NULL,"
	/* The last SEA: sea_vm::last, and its wall time; NULL: as before. */
	" last INTEGER,"
	" last_wall_ns INTEGER,"
	/* NULL: as before. */
	" ended_ns INTEGER,"
	/* 1: its row made room for another; what it had is in `gone` now. */
	" has_left INTEGER NOT NULL,"
	" PRIMARY KEY (tick, vm)"
	") STRICT, WITHOUT ROWID;"

	/* Answers by latency: slot i is of 2^i to 2^(i+1) microseconds. */
	"CREATE TABLE tick_latency ("
	" tick INTEGER NOT NULL REFERENCES tick (seq),"
	" vm INTEGER NOT NULL,"
	" slot INTEGER NOT NULL,"
	" answers INTEGER NOT NULL,"
	" PRIMARY KEY (tick, vm, slot)"
	") STRICT, WITHOUT ROWID;"

	/* What is known of a VM without any SEA, at the tick in which it changed. */
	"CREATE TABLE tick_listed ("
	" tick INTEGER NOT NULL REFERENCES tick (seq),"
	" vm INTEGER NOT NULL,"
	/* 0: it is in the list no more. */
	" is_listed INTEGER NOT NULL,"
	" vcpus INTEGER NOT NULL,"
	" opt_in INTEGER NOT NULL,"
	/* SEAs that the kernel counted before this session did; NULL: not known. */
	" before_claimed INTEGER,"
	" before_host_owned INTEGER,"
	" before_not_opted_in INTEGER,"
	" before_forwarded INTEGER,"
	" PRIMARY KEY (tick, vm)"
	") STRICT, WITHOUT ROWID;"

	/* What was lost between this tick and the one before, by cause. */
	"CREATE TABLE tick_loss ("
	" tick INTEGER NOT NULL REFERENCES tick (seq),"
	" cause TEXT NOT NULL,"
	" lost INTEGER NOT NULL,"
	" PRIMARY KEY (tick, cause)"
	") STRICT, WITHOUT ROWID;"

	/* What holds from this tick on. */
	"CREATE TABLE tick_state ("
	" tick INTEGER PRIMARY KEY REFERENCES tick (seq),"
	/* Causes of which more may be lost than is counted, with a comma between. */
	" at_least TEXT NOT NULL,"
	" tells_all INTEGER NOT NULL,"
	" unproven INTEGER NOT NULL,"
	" check_hook TEXT,"
	" unchecked TEXT,"
	" unlisted INTEGER NOT NULL,"
	" blind_since_ns INTEGER,"
	" blind_why TEXT,"
	" no_list TEXT"
	") STRICT;"

	/* What is attached to the kernel from this tick on. */
	"CREATE TABLE tick_hook ("
	" tick INTEGER NOT NULL REFERENCES tick (seq),"
	" nr INTEGER NOT NULL,"
	" program TEXT NOT NULL,"
	" function TEXT NOT NULL,"
	" part TEXT NOT NULL,"
	" mechanism TEXT NOT NULL,"
	" proof TEXT NOT NULL,"
	" by TEXT,"
	" missed INTEGER NOT NULL,"
	" missed_at_least INTEGER NOT NULL,"
	" PRIMARY KEY (tick, nr)"
	") STRICT, WITHOUT ROWID;"

	/* Nobody counted. One that is over has two records, the second with its end. */
	"CREATE TABLE gap ("
	" seq INTEGER PRIMARY KEY,"
	" session INTEGER NOT NULL REFERENCES session (id),"
	" time_ns INTEGER NOT NULL,"
	" wall_ns INTEGER NOT NULL,"
	" cause TEXT NOT NULL,"
	/* NULL: of another boot, or not known. */
	" since_ns INTEGER,"
	" since_wall_ns INTEGER NOT NULL,"
	/* NULL: it is not over, or of another boot. */
	" until_ns INTEGER,"
	" until_wall_ns INTEGER,"
	" why TEXT NOT NULL"
	") STRICT;"
	/* Each gap once. */
	"CREATE VIEW gaps AS"
	" SELECT min(seq) AS seq, session, cause, since_ns, since_wall_ns,"
	"  max(until_ns) AS until_ns, max(until_wall_ns) AS until_wall_ns, why"
	" FROM gap GROUP BY session, cause, since_wall_ns;"

	/* What the host's own RAS code did. */
	"CREATE TABLE host_event ("
	" seq INTEGER PRIMARY KEY,"
	" session INTEGER NOT NULL REFERENCES session (id),"
	" time_ns INTEGER NOT NULL,"
	" wall_ns INTEGER NOT NULL,"
	" vm INTEGER,"
	" kind TEXT NOT NULL,"
	/* NULL in each: not known. */
	" pfn INTEGER,"
	" address INTEGER,"
	" result INTEGER,"
	" code INTEGER,"
	" flags INTEGER,"
	" lsb INTEGER NOT NULL,"
	" tgid INTEGER NOT NULL,"
	" tid INTEGER NOT NULL,"
	" cpu INTEGER NOT NULL,"
	" text TEXT NOT NULL"
	") STRICT;"

	/* What is deleted by now, as it was old or the file too large. */
	"CREATE TABLE pruned ("
	" id INTEGER PRIMARY KEY,"
	" wall_ns INTEGER NOT NULL,"
	/* details: single SEAs; ticks: became one; sessions */
	" what TEXT NOT NULL,"
	" until_wall_ns INTEGER NOT NULL,"
	" records INTEGER NOT NULL"
	") STRICT;"

	/* Seen (ack), and exported, until here. */
	"CREATE TABLE mark ("
	" name TEXT PRIMARY KEY,"
	" seq INTEGER NOT NULL,"
	" wall_ns INTEGER NOT NULL"
	") STRICT;";

/* Version 2: tick_state also has struct sea_snapshot::pid_namespace. */
static const char version_2[] =
	/* 1: VMs outside of the recorder's own pid namespace are in no list. */
	"ALTER TABLE tick_state ADD COLUMN pid_namespace INTEGER NOT NULL DEFAULT 0;";

/* Version 3: details are also there summed up; see sums.h. */
static const char version_3[] =
	/* The details from first_seq to seq, all of one session. */
	"CREATE TABLE detail_sum ("
	" seq INTEGER PRIMARY KEY,"
	" session INTEGER NOT NULL REFERENCES session (id),"
	" first_seq INTEGER NOT NULL,"
	/* Of the details */
	" first_wall_ns INTEGER NOT NULL,"
	" last_wall_ns INTEGER NOT NULL,"
	" seas INTEGER NOT NULL,"
	" answers INTEGER NOT NULL"
	") STRICT;"

	/* SEAs of them that differ in nothing but their time, vCPU and addresses. */
	"CREATE TABLE sea_sum ("
	" sum INTEGER NOT NULL REFERENCES detail_sum (seq),"
	" nr INTEGER NOT NULL,"
	/* 0: no VM has a row. */
	" vm INTEGER NOT NULL,"
	" disposition INTEGER NOT NULL,"
	" reason INTEGER NOT NULL,"
	" esr INTEGER NOT NULL,"
	" pfn INTEGER,"
	/* NULL where pfn is not. */
	" ipa INTEGER,"
	" poisoned INTEGER,"
	" size INTEGER,"
	" node INTEGER,"
	" seas INTEGER NOT NULL,"
	" first_wall_ns INTEGER NOT NULL,"
	" last_wall_ns INTEGER NOT NULL,"
	" PRIMARY KEY (sum, nr)"
	") STRICT, WITHOUT ROWID;"

	/* Answers of them, by VM and response. */
	"CREATE TABLE answer_sum ("
	" sum INTEGER NOT NULL REFERENCES detail_sum (seq),"
	" nr INTEGER NOT NULL,"
	" vm INTEGER NOT NULL,"
	" response INTEGER NOT NULL,"
	" answers INTEGER NOT NULL,"
	" slowest_ns INTEGER NOT NULL,"
	" slowest_wall_ns INTEGER NOT NULL,"
	" PRIMARY KEY (sum, nr)"
	") STRICT, WITHOUT ROWID;"

	/* The slowest answers of them, slowest first. */
	"CREATE TABLE slow_answer ("
	" sum INTEGER NOT NULL REFERENCES detail_sum (seq),"
	" nr INTEGER NOT NULL,"
	" vm INTEGER NOT NULL,"
	" response INTEGER NOT NULL,"
	" latency_ns INTEGER NOT NULL,"
	" wall_ns INTEGER NOT NULL,"
	" PRIMARY KEY (sum, nr)"
	") STRICT, WITHOUT ROWID;";

static const struct step {
	const char *migrate; /* brings the version before to this one */
	/* Views that hide tables of the version before behind those of today; or NULL. */
	const char *adapt;
} steps[SEA_SCHEMA_VERSION] = {
	{version_1, NULL},
	{version_2, "CREATE TEMP VIEW tick_state AS"
		    " SELECT *, 0 AS pid_namespace FROM main.tick_state;"},
	/* Without stretches nobody asks for their rows. */
	{version_3, "CREATE TEMP VIEW detail_sum AS"
		    " SELECT 0 AS seq, 0 AS session, 0 AS first_seq, 0 AS first_wall_ns,"
		    " 0 AS last_wall_ns, 0 AS seas, 0 AS answers WHERE 0;"},
};

static int take_step(sqlite3 *db, int version)
{
	char sql[256];
	int rc = sqlite3_exec(db, steps[version - 1].migrate, NULL, NULL, NULL);

	if (rc)
		return rc;
	snprintf(sql, sizeof(sql),
		 "INSERT INTO migration VALUES (%d, unixepoch() * 1000000000, 'seatop %s');"
		 "PRAGMA user_version = %d; PRAGMA application_id = %d;",
		 version, SEATOP_VERSION, version, SEA_SCHEMA_APPLICATION);
	return sqlite3_exec(db, sql, NULL, NULL, NULL);
}

int sea_schema_migrate(sqlite3 *db, int from)
{
	int rc, version;

	if (from >= SEA_SCHEMA_VERSION)
		return SQLITE_OK;
	rc = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	for (version = from + 1; !rc && version <= SEA_SCHEMA_VERSION; version++)
		rc = take_step(db, version);
	if (!rc)
		rc = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	if (rc)
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

int sea_schema_adapt(sqlite3 *db, int from)
{
	int rc, version;

	if (from <= 0 || from >= SEA_SCHEMA_VERSION)
		return SQLITE_OK;
	/* A program that may only read has no place for files either. */
	rc = sqlite3_exec(db, "PRAGMA temp_store = MEMORY", NULL, NULL, NULL);
	for (version = from; !rc && version < SEA_SCHEMA_VERSION; version++)
		if (steps[version].adapt)
			rc = sqlite3_exec(db, steps[version].adapt, NULL, NULL, NULL);
	return rc;
}
