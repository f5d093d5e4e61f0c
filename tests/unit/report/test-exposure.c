// SPDX-License-Identifier: GPL-2.0-only
/* What a fleet was exposed to, out of stores that are made up. */
#include "report/exposure-fleet.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixtures.h"
#include "made-up-store.h"
#include "store/writer.h"

#define HOUR 3600000000000LL
#define DAY_0 1795392000000000000LL /* 2026-11-23 00:00 UTC */

static char dir[64], paths[4][128];

static int make_dir(void **state)
{
	int i;

	(void)state;
	if (fixture_make_dir(dir))
		return -1;
	for (i = 0; i < 4; i++)
		snprintf(paths[i], sizeof(paths[i]), "%s/%d.db", dir, i);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	return fixture_remove_dir(dir);
}

/* Ten hours of two VMs, the first of which opted in */
static const struct made_up_host hv1 = {.host = "hv1",
					.run = "run-1",
					.since_ns = DAY_0,
					.length_ns = 10 * HOUR,
					.vms = 2,
					.opted_in = 1};

static void store(int which, struct sea_text *sql)
{
	struct sea_error err;

	if (made_up_store(paths[which], sql, &err))
		fail_msg("%s", err.text);
}

/* The sum over the first nr stores */
static struct sea_exposure sum(int nr, const struct sea_fleet_window *window,
			       const struct sea_cohort *cohort)
{
	static const struct sea_fleet_window ever;
	static const struct sea_cohort all;
	struct sea_exposure exposure;
	struct sea_fleet *fleet;
	struct sea_error err;
	int i;

	assert_int_equal(sea_fleet_new(window ?: &ever, cohort ?: &all, &fleet, &err), 0);
	for (i = 0; i < nr; i++)
		if (sea_fleet_add(fleet, paths[i], &err))
			fail_msg("%s", err.text);
	exposure = *sea_fleet_sum(fleet);
	sea_fleet_free(fleet);
	return exposure;
}

static double hours(double ns)
{
	return sea_hours(ns);
}

static void test_time(void **state)
{
	struct made_up_host other = hv1;
	struct sea_text sql = {0};
	struct sea_exposure e;

	(void)state;
	made_up_host(&hv1, &sql);
	/* One of the VMs ended after four hours. */
	sea_text_add(&sql,
		     "UPDATE vm SET ended_ns = 1, ended_wall_ns = %lld WHERE id = 2;"
		     "INSERT INTO vm_end VALUES (10, 1, 1, %lld, 2, 1, NULL);",
		     DAY_0 + 4 * HOUR, DAY_0 + 4 * HOUR);
	store(0, &sql);
	e = sum(1, NULL, NULL);
	assert_int_equal(e.hosts, 1);
	assert_true(hours(e.host_ns) == 10);
	assert_true(hours(e.vm_ns) == 14);
	assert_true(e.gap_ns == 0);
	assert_int_equal(e.opt_in[SEA_OPT_IN_YES], 1);
	/* It did not opt in, and does not run any more. */
	assert_int_equal(e.opt_in[SEA_OPT_IN_NO], 0);
	assert_int_equal(e.ended, 1);
	assert_int_equal(e.ended_unknown, 1);

	/* Another host, watched three hours longer, later: the first one is silent for these. */
	other.host = "hv2";
	other.run = "run-2";
	other.since_ns = DAY_0 + 3 * HOUR;
	made_up_host(&other, &sql);
	store(1, &sql);
	e = sum(2, NULL, NULL);
	assert_int_equal(e.hosts, 2);
	assert_true(hours(e.gap_ns) == 3);
	assert_string_equal(e.gap_host, "hv1");
	assert_true(hours(e.vm_ns) == 34);
	assert_true(e.first_ns == DAY_0 && e.last_ns == DAY_0 + 13 * HOUR);
}

static void test_window(void **state)
{
	struct sea_fleet_window window = {DAY_0 + 2 * HOUR, DAY_0 + 12 * HOUR};
	struct sea_text sql = {0};
	struct sea_exposure e;

	(void)state;
	made_up_host(&hv1, &sql);
	made_up_seas(&hv1, 10, 2 * HOUR, 1, "claimed", 1, &sql);
	made_up_seas(&hv1, 11, 2 * HOUR + 1, 1, "claimed", 10, &sql);
	made_up_seas(&hv1, 12, 3 * HOUR, 1, "claimed", 100, &sql);
	made_up_seas(&hv1, 13, 3 * HOUR + 1, 1, "claimed", 1000, &sql);
	store(0, &sql);
	e = sum(1, &window, NULL);
	assert_true(hours(e.host_ns) == 8);
	assert_true(hours(e.vm_ns) == 16);
	/* From 10 to 12 o'clock nobody watched. */
	assert_true(hours(e.gap_ns) == 2);
	assert_int_equal(e.any.seas, 1110);
	/* Before the first tick nobody watched either. */
	window.since_ns = DAY_0 - HOUR;
	window.until_ns = DAY_0 + 3 * HOUR;
	e = sum(1, &window, NULL);
	assert_true(hours(e.host_ns) == 3);
	assert_true(hours(e.gap_ns) == 1);
	assert_int_equal(e.any.seas, 111);
	assert_int_equal(e.disposition[SEA_CLAIMED].vms, 1);
	/* A window in which nothing is */
	window.since_ns = DAY_0 + 20 * HOUR;
	window.until_ns = DAY_0 + 21 * HOUR;
	e = sum(1, &window, NULL);
	assert_int_equal(e.hosts, 0);
	assert_int_equal(e.stores, 1);
	assert_int_equal(e.any.seas, 0);
}

static void test_counts(void **state)
{
	struct sea_text sql = {0};
	struct sea_exposure e;
	int i;

	(void)state;
	made_up_host(&hv1, &sql);
	sea_text_add(&sql, "UPDATE tick_listed SET opt_in = 0 WHERE vm = 2;");
	made_up_seas(&hv1, 10, HOUR, 1, "forwarded", 5, &sql);
	made_up_seas(&hv1, 11, 2 * HOUR, 1, "forwarded", 2, &sql);
	made_up_seas(&hv1, 12, 2 * HOUR, 2, "forwarded", 1, &sql);
	sea_text_add(&sql, "UPDATE tick_vm SET resumed = 2, injected = 1 WHERE tick = 10;"
			   "UPDATE tick_vm SET resumed = 1 WHERE tick = 11;"
			   "UPDATE tick_vm SET abandoned = 1 WHERE tick = 12;"
			   "INSERT INTO tick_latency VALUES (10, 1, 3, 2);"
			   "INSERT INTO tick_latency VALUES (10, 1, 23, 1);"
			   "INSERT INTO tick_latency VALUES (11, 1, 3, 1);"
			   "INSERT INTO tick_loss VALUES (11, 'answers', 4);"
			   "INSERT INTO tick_loss VALUES (12, 'answers', 1);"
			   "INSERT INTO tick_loss VALUES (12, 'nosuch', 1);");
	/* `other`, and `gone`, which is no news */
	made_up_seas(&hv1, 13, 3 * HOUR, 0, "host_owned", 6, &sql);
	made_up_seas(&hv1, 14, 3 * HOUR, -1, "host_owned", 50, &sql);
	store(0, &sql);
	e = sum(1, NULL, NULL);
	/* VM 2 did not say so, but KVM forwards to those that opted in only. */
	assert_int_equal(e.opt_in[SEA_OPT_IN_YES], 2);
	assert_int_equal(e.disposition[SEA_FORWARDED].seas, 8);
	assert_int_equal(e.disposition[SEA_FORWARDED].vms, 2);
	assert_int_equal(e.response[SEA_RESUMED].seas, 3);
	assert_int_equal(e.response[SEA_RESUMED].vms, 1);
	assert_int_equal(e.response[SEA_ABANDONED].seas, 1);
	assert_int_equal(e.loops[3], 1);
	assert_int_equal(e.loops[0], 1);
	assert_int_equal(e.latency[3], 3);
	assert_int_equal(e.latency[23], 1);
	assert_int_equal(e.loss[SEA_LOSS_ANSWERS], 5);
	assert_int_equal(e.disposition[SEA_HOST_OWNED].seas, 6);
	assert_int_equal(e.disposition[SEA_HOST_OWNED].vms, 0);
	assert_int_equal(e.disposition[SEA_HOST_OWNED].vms_unknown, 6);
	assert_int_equal(e.any.seas, 14);
	assert_int_equal(e.any.vms, 2);
	for (i = 4; i < SEA_LOOP_SLOTS; i++)
		assert_int_equal(e.loops[i], 0);
}

static void test_cohorts(void **state)
{
	struct sea_cohort cohort = {.vm = "vm2"};
	struct made_up_host other = hv1;
	struct sea_text sql = {0};
	struct sea_exposure e;

	(void)state;
	made_up_host(&hv1, &sql);
	made_up_seas(&hv1, 10, HOUR, 1, "claimed", 1, &sql);
	made_up_seas(&hv1, 11, HOUR, 2, "claimed", 10, &sql);
	made_up_seas(&hv1, 12, HOUR, 0, "claimed", 100, &sql);
	store(0, &sql);
	other.host = "db1";
	other.run = "run-2";
	made_up_host(&other, &sql);
	made_up_seas(&other, 10, HOUR, 1, "claimed", 1000, &sql);
	store(1, &sql);
	e = sum(2, NULL, &cohort);
	assert_true(hours(e.vm_ns) == 20);
	assert_int_equal(e.any.seas, 10);
	/* Whose those of `other` are is not known. */
	assert_int_equal(e.any.seas_unknown, 100);
	assert_int_equal(e.opt_in[SEA_OPT_IN_NO], 2);
	assert_int_equal(e.opt_in[SEA_OPT_IN_YES], 0);
	cohort = (struct sea_cohort){.host = "hv*"};
	e = sum(2, NULL, &cohort);
	assert_int_equal(e.hosts, 1);
	assert_int_equal(e.any.seas, 111);
	cohort.host = "nosuch";
	e = sum(2, NULL, &cohort);
	assert_int_equal(e.hosts, 0);
	assert_int_equal(e.any.seas, 0);
}

/* The same session in two recordings, and one host in two that follow each other */
static void test_once(void **state)
{
	struct made_up_host later = hv1;
	struct sea_text sql = {0};
	struct sea_exposure e;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		made_up_host(&hv1, &sql);
		made_up_seas(&hv1, 10, HOUR, 1, "claimed", 1, &sql);
		store(i, &sql);
	}
	e = sum(2, NULL, NULL);
	assert_int_equal(e.repeated, 1);
	assert_int_equal(e.any.seas, 1);
	assert_int_equal(e.stores, 2);
	assert_true(hours(e.host_ns) == 10);
	later.run = "run-2";
	later.since_ns = DAY_0 + 11 * HOUR;
	later.opted_in = 2;
	made_up_host(&later, &sql);
	store(2, &sql);
	e = sum(3, NULL, NULL);
	assert_int_equal(e.hosts, 1);
	assert_true(hours(e.gap_ns) == 1);
	/* The newest session says who runs. */
	assert_int_equal(e.opt_in[SEA_OPT_IN_YES], 2);
	assert_int_equal(e.opt_in[SEA_OPT_IN_NO], 0);
}

static void test_trust(void **state)
{
	struct sea_text sql = {0};
	struct sea_exposure e;

	(void)state;
	made_up_host(&hv1, &sql);
	/* Unproven from 2 to 5 o'clock, and from 9 to the end; blind from 3 to 4, and from 8 on */
	made_up_seas(&hv1, 10, 2 * HOUR, 1, "claimed", 0, &sql);
	made_up_seas(&hv1, 11, 5 * HOUR, 1, "claimed", 0, &sql);
	made_up_seas(&hv1, 12, 9 * HOUR, 1, "claimed", 0, &sql);
	sea_text_add(
		&sql,
		"INSERT INTO tick_state (tick, at_least, tells_all, unproven, check_hook, unchecked,"
		" unlisted, blind_since_ns, blind_why, no_list) VALUES (10, '', 1, 1, NULL, NULL, 0, NULL, NULL, NULL),"
		" (11, '', 1, 0, NULL, NULL, 3, NULL, NULL, NULL),"
		" (12, '', 1, 1, NULL, NULL, 5, NULL, NULL, 'no BTF');"
		"INSERT INTO gap VALUES"
		" (20, 1, 1, 1, 'source', 1, %lld, NULL, NULL, ''),"
		" (21, 1, 1, 1, 'source', 1, %lld, 1, %lld, ''),"
		" (22, 1, 1, 1, 'source', 1, %lld, NULL, NULL, ''),"
		" (23, 1, 1, 1, 'tick', 1, %lld, 1, %lld, '');",
		DAY_0 + 3 * HOUR, DAY_0 + 3 * HOUR, DAY_0 + 4 * HOUR, DAY_0 + 8 * HOUR,
		DAY_0 + 1 * HOUR, DAY_0 + 7 * HOUR);
	store(0, &sql);
	e = sum(1, NULL, NULL);
	assert_true(hours(e.unproven_ns) == 4);
	assert_true(hours(e.blind_ns) == 3);
	assert_int_equal(e.unlisted, 5);
	assert_int_equal(e.no_list, 1);
	assert_true(e.gap_ns == 0);
}

static void test_ends(void **state)
{
	struct sea_text sql = {0};
	struct made_up_host host = hv1;
	struct sea_exposure e;

	(void)state;
	host.vms = 4;
	made_up_host(&host, &sql);
	sea_text_add(
		&sql,
		"INSERT INTO vm_end VALUES (10, 1, 1, %lld, 1, 1, %d), (11, 1, 1, %lld, 2, 1, %d),"
		" (12, 1, 1, %lld, 3, 1, 0), (13, 1, 1, %lld, 4, 1, NULL);",
		DAY_0 + HOUR, SIGBUS, DAY_0 + HOUR, SIGSEGV, DAY_0 + HOUR, DAY_0 + HOUR);
	store(0, &sql);
	e = sum(1, NULL, NULL);
	assert_int_equal(e.ended, 4);
	assert_int_equal(e.ended_by_sigbus, 1);
	assert_int_equal(e.ended_unknown, 1);
}

static void add_sea(int seq, int pfn, const char *poisoned, struct sea_text *sql)
{
	sea_text_add(
		sql,
		"INSERT INTO sea (seq, session, time_ns, wall_ns, vm, disposition, reason, esr,"
		" vcpu, tid, cpu) VALUES (%d, 1, 1, %lld, 1, 0, 0, 0, 0, 0, 0);",
		seq, DAY_0 + HOUR);
	if (pfn)
		sea_text_add(sql, "INSERT INTO page VALUES (%d, NULL, %d, 4096, 0, %s);", seq, pfn,
			     poisoned);
}

static void test_pages(void **state)
{
	struct sea_text sql = {0};
	struct sea_exposure e;

	(void)state;
	made_up_host(&hv1, &sql);
	made_up_seas(&hv1, 10, HOUR, 1, "claimed", 8, &sql);
	made_up_seas(&hv1, 11, HOUR, 1, "host_owned", 5, &sql);
	add_sea(20, 1, "1", &sql);
	/* Not at first, but later */
	add_sea(21, 2, "0", &sql);
	add_sea(22, 2, "1", &sql);
	/* Never, and by memory_failure() afterwards, and tried without success */
	add_sea(23, 3, "0", &sql);
	add_sea(24, 4, "0", &sql);
	add_sea(25, 5, "0", &sql);
	/* Nothing is known. */
	add_sea(26, 6, "NULL", &sql);
	add_sea(27, 0, NULL, &sql);
	sea_text_add(
		&sql,
		"INSERT INTO host_event VALUES"
		" (30, 1, 1, 1, NULL, 'memory_failure', 4, NULL, 0, NULL, 0, 0, 0, 0, 0, ''),"
		" (31, 1, 1, 1, NULL, 'memory_failure', 5, NULL, -16, NULL, 0, 0, 0, 0, 0, '');");
	store(0, &sql);
	e = sum(1, NULL, NULL);
	assert_int_equal(e.pages, 5);
	assert_int_equal(e.pages_not_held, 2);
	assert_int_equal(e.seas_without_page, 2);
}

static void test_unread(void **state)
{
	static const struct sea_fleet_window ever;
	static const struct sea_cohort all;
	struct sea_fleet *fleet;
	struct sea_text sql = {0};
	struct sea_error err;

	(void)state;
	made_up_host(&hv1, &sql);
	sea_text_add(&sql, "DROP TABLE tick_loss;");
	store(0, &sql);
	made_up_host(&hv1, &sql);
	store(1, &sql);
	assert_int_equal(sea_fleet_new(&ever, &all, &fleet, &err), 0);
	assert_int_equal(sea_fleet_add(fleet, "/nonexistent", &err), -1);
	assert_int_equal(sea_fleet_add(fleet, paths[0], &err), -1);
	/* What could not be read all has no part in the sum, and keeps no good copy out. */
	assert_int_equal(sea_fleet_add(fleet, paths[1], &err), 0);
	assert_int_equal(sea_fleet_sum(fleet)->unread, 2);
	assert_int_equal(sea_fleet_sum(fleet)->stores, 1);
	assert_int_equal(sea_fleet_sum(fleet)->repeated, 0);
	assert_true(hours(sea_fleet_sum(fleet)->host_ns) == 10);
	sea_fleet_free(fleet);
	sea_fleet_free(NULL);
}

/* Somebody records: the host of the first store was watched for an hour more. */
static struct sea_writer *write_more(void)
{
	struct sea_writer *writer;
	struct sea_error err;

	if (sea_writer_open(paths[0], SEA_DB_WRITE, NULL, &writer, &err) ||
	    sea_db_do(sea_writer_db(writer),
		      "UPDATE session SET last_wall_ns = last_wall_ns + 3600000000000", &err))
		fail_msg("%s", err.text);
	return writer;
}

static bool has_file(const char *suffix)
{
	char path[160];

	snprintf(path, sizeof(path), "%s%s", paths[0], suffix);
	return !access(path, F_OK);
}

static void open_still(struct sea_db *db)
{
	struct sea_error err;

	if (sea_db_open(paths[0], SEA_DB_READ_STILL, NULL, db, &err))
		fail_msg("%s", err.text);
}

static void test_still(void **state)
{
	struct sea_text sql = {0};
	struct sea_writer *writer;
	struct sea_db db;

	(void)state;
	made_up_host(&hv1, &sql);
	store(0, &sql);
	open_still(&db);
	assert_true(db.is_unlocked);
	assert_true(sea_db_is_still(&db));
	assert_true(hours(sum(1, NULL, NULL).host_ns) == 10);
	/* SQLite would leave them where it reads with locks. */
	assert_false(has_file("-wal") || has_file("-shm"));
	/* What is new is in the log first, and then in the file. */
	writer = write_more();
	assert_true(has_file("-wal"));
	assert_false(sea_db_is_still(&db));
	sea_db_close(&db);
	open_still(&db);
	assert_false(db.is_unlocked);
	assert_true(sea_db_is_still(&db));
	sea_db_close(&db);
	assert_true(hours(sum(1, NULL, NULL).host_ns) == 11);
	sea_writer_close(writer);
	open_still(&db);
	sea_writer_close(write_more());
	assert_false(has_file("-wal"));
	assert_false(sea_db_is_still(&db));
	sea_db_close(&db);
}

/* Called when the session has been read already */
static bool takes_and_writes(const char *host, void *context)
{
	int *writes = context;

	(void)host;
	if ((*writes)++ == 0)
		sea_writer_close(write_more());
	return true;
}

static void test_written_meanwhile(void **state)
{
	int writes = 0;
	const struct sea_cohort cohort = {.takes_host = takes_and_writes, .context = &writes};
	struct sea_text sql = {0};
	struct sea_exposure e;

	(void)state;
	made_up_host(&hv1, &sql);
	store(0, &sql);
	e = sum(1, NULL, &cohort);
	assert_int_equal(writes, 2);
	assert_int_equal(e.stores, 1);
	assert_int_equal(e.hosts, 1);
	assert_true(hours(e.host_ns) == 11);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, make_dir, remove_dir)
	const struct CMUnitTest tests[] = {
		TEST(time),
		TEST(window),
		TEST(counts),
		TEST(cohorts),
		TEST(once),
		TEST(trust),
		TEST(ends),
		TEST(pages),
		TEST(unread),
		TEST(still),
		TEST(written_meanwhile),
	};

	return cmocka_run_group_tests_name("exposure", tests, NULL, NULL);
}
