// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixtures.h"
#include "import/link.h"

static struct sea_db db;

#define T0 1795416644000000000

/* A live session and an imported one of the same boot, rasdaemon's, and another host's */
static const char sessions[] =
	"INSERT INTO session (id, run, boot_id, host, kernel, machine, program, version, source,"
	" tells_all, started_ns, started_wall_ns, end, last_ns, last_wall_ns) VALUES"
	" (1, 'a', 'B', 'rack7', '', '', '', '', '', 1, 1, 1, 'stopped', 1, 1),"
	" (2, 'b', 'B', 'rack7', '', '', '', '', '', 1, 1, 1, 'stopped', 1, 1),"
	" (3, 'c', '', 'rack7', '', '', '', '', '', 1, 0, 1, 'stopped', 0, 1),"
	" (4, 'd', 'C', 'rack8', '', '', '', '', '', 1, 1, 1, 'stopped', 1, 1),"
	" (5, 'e', '', '', '', '', '', '', '', 1, 0, 0, 'stopped', 0, 0),"
	" (6, 'f', '', 'rack8', '', '', '', '', '', 1, 0, 1, 'stopped', 0, 1);"
	"INSERT INTO vm (id, boot_id, tgid, start_ns, creator, creator_fd, name, origin, comm,"
	" first_ns, first_wall_ns) VALUES (1, 'B', 4017, 1, 1, 1, 'web', '', '', 1, 1),"
	" (2, 'B', 6001, 1, 1, 1, 'db', '', '', 1, 1);";

static int make_store(void **state)
{
	struct sea_error err;

	(void)state;
	assert_int_equal(sea_db_open("scratch", SEA_DB_SCRATCH, NULL, &db, &err), 0);
	assert_int_equal(sea_db_do(&db, sessions, &err), 0);
	return 0;
}

static int close_store(void **state)
{
	(void)state;
	sea_db_close(&db);
	return 0;
}

static void run(const char *sql)
{
	struct sea_error err;

	if (sea_db_do(&db, sql, &err))
		fail_msg("%s", err.text);
}

/* At ms after T0, which is 100 s after boot; sessions 3, 5 and 6 have no time since boot. */
static void add_sea(int seq, int session, int ms, int tid, int cpu, const char *pfn)
{
	char sql[512];

	snprintf(sql, sizeof(sql),
		 "INSERT INTO sea (seq, session, time_ns, wall_ns, vm, disposition, reason, esr,"
		 " vcpu, tid, cpu) VALUES (%d, %d, 100000000000 + %d000000, %lld + %d000000, 1, 0,"
		 " 0, 0, 0, %d, %d); INSERT INTO page (sea, pfn) VALUES (%d, %s);",
		 seq, session, ms, (long long)T0, ms, tid, cpu, seq, pfn);
	run(sql);
}

static void add_host(int seq, int session, int ms, const char *kind, const char *pfn,
		     const char *address, int tgid, int tid, long long cpu)
{
	bool has_boot = session != 3 && session < 5, has_wall = session != 5;
	char sql[512];

	snprintf(sql, sizeof(sql),
		 "INSERT INTO host_event (seq, session, time_ns, wall_ns, kind, pfn, address, lsb,"
		 " tgid, tid, cpu, text) VALUES (%d, %d, %d * (100000000000 + %d000000),"
		 " %d * (%lld + %d000000), '%s', %s, %s, 0, %d, %d, %lld, '')",
		 seq, session, has_boot, ms, has_wall, (long long)T0, ms, kind, pfn, address, tgid,
		 tid, cpu);
	run(sql);
}

#define NO_CPU ((long long)SEA_CPU_UNKNOWN)

static struct sea_link links[8];

static size_t links_of(__s64 seq, size_t max)
{
	struct sea_error err;
	size_t nr;

	assert_int_equal(sea_links_of(&db, seq, links, max, &nr, &err), 0);
	return nr;
}

static void check(const struct sea_link *link, __s64 seq, __u32 by, enum sea_link_sure sure,
		  const char *text)
{
	char found[SEA_LINK_TEXT_LEN];

	assert_int_equal(link->seq, seq);
	assert_int_equal(link->by, by | SEA_LINK_TIME);
	assert_int_equal(link->sure, sure);
	sea_link_text(link, found);
	assert_string_equal(found, text);
}

static void test_chain(void **state)
{
	(void)state;
	add_sea(10, 1, 0, 4021, 3, "0x823456");
	/* In the kernel's log */
	add_host(11, 2, -1, "ghes", "NULL", "0x823456040", 0, 0, NO_CPU);
	add_host(12, 2, 1, "sigbus", "NULL", "0xffff8123", 0, 4021, NO_CPU);
	/* rasdaemon's, in whole seconds */
	add_host(13, 3, 700, "memory_failure_event", "0x823456", "NULL", 0, 0, NO_CPU);
	/* Live, on the same CPU, of no page */
	add_host(14, 1, 50, "arm_event", "NULL", "NULL", 0, 0, 3);
	/* Of a time nearby, and nothing else */
	add_host(15, 3, 1500, "non_standard_event", "NULL", "NULL", 0, 0, NO_CPU);
	assert_int_equal(links_of(10, ARRAY_SIZE(links)), 5);
	/* The nearest first among equals */
	check(&links[0], 11, SEA_LINK_PAGE, SEA_LINK_SURE, "same page, 1.00 ms earlier: sure");
	check(&links[1], 12, SEA_LINK_THREAD, SEA_LINK_SURE, "same thread, 1.00 ms later: sure");
	check(&links[2], 13, SEA_LINK_PAGE, SEA_LINK_SURE,
	      "same page, 700.00 ms later by the wall clock: sure");
	check(&links[3], 14, SEA_LINK_CPU, SEA_LINK_LIKELY, "same CPU, 50.00 ms later: likely");
	check(&links[4], 15, 0, SEA_LINK_POSSIBLE, "1.5 s later by the wall clock: possible");
	assert_int_equal(links[0].type, SEA_RECORD_HOST);
	assert_int_equal(links[0].session, 2);
	/* The other way round */
	assert_int_equal(links_of(12, ARRAY_SIZE(links)), 1);
	check(&links[0], 10, SEA_LINK_THREAD, SEA_LINK_SURE, "same thread, 1.00 ms earlier: sure");
	assert_int_equal(links[0].type, SEA_RECORD_SEA);
	/* Of too many, the surest stay. */
	assert_int_equal(links_of(10, 2), 2);
	assert_int_equal(links[1].seq, 12);
	assert_int_equal(links_of(10, 0), 0);
	assert_int_equal(links_of(999, 2), 0);
}

/* By the index of pages: SEAs alone, and only where the page is known. */
static void test_by_page(void **state)
{
	struct sea_error err;
	size_t nr;

	(void)state;
	add_sea(20, 1, 0, 4021, 3, "0x823456");
	add_sea(21, 1, 5, 4021, 3, "0x823457");
	add_sea(22, 4, 5, 4021, 3, "0x823456");
	add_host(23, 3, 700, "memory_failure_event", "0x823456", "NULL", 0, 0, NO_CPU);
	add_host(24, 1, 1, "ghes", "NULL", "0x823456040", 0, 0, NO_CPU);
	add_host(25, 1, 1, "arm_event", "NULL", "NULL", 0, 4021, 3);
	assert_int_equal(sea_links_by_page(&db, 23, links, ARRAY_SIZE(links), &nr, &err), 0);
	assert_int_equal(nr, 1);
	check(&links[0], 20, SEA_LINK_PAGE, SEA_LINK_SURE,
	      "same page, 700.00 ms earlier by the wall clock: sure");
	assert_int_equal(sea_links_by_page(&db, 24, links, ARRAY_SIZE(links), &nr, &err), 0);
	assert_int_equal(nr, 1);
	assert_int_equal(links[0].seq, 20);
	assert_int_equal(sea_links_by_page(&db, 25, links, ARRAY_SIZE(links), &nr, &err), 0);
	assert_int_equal(nr, 0);
}

/* Near in time, and yet nothing to do with each other */
static void test_none(void **state)
{
	(void)state;
	add_sea(10, 1, 0, 4021, 3, "0x823456");
	/* Another page */
	add_host(11, 1, 1, "memory_failure", "0x823457", "NULL", 0, 0, NO_CPU);
	/* Another process */
	add_host(12, 1, 1, "sigbus", "NULL", "NULL", 5001, 5003, 3);
	/* Another host at the same time */
	add_host(13, 4, 0, "memory_failure_event", "0x823456", "NULL", 0, 0, NO_CPU);
	/* rasdaemon's of another host: no boot tells them apart */
	add_host(18, 6, 0, "memory_failure_event", "0x823456", "NULL", 0, 0, NO_CPU);
	/* No time at all */
	add_host(14, 5, 0, "memory_failure_event", "0x823456", "NULL", 0, 0, NO_CPU);
	/* Too far away in time for what it has in common */
	add_host(15, 1, 5000, "arm_event", "NULL", "NULL", 0, 0, 3);
	add_host(16, 1, 30000, "sigbus", "NULL", "NULL", 4017, 4021, 3);
	add_host(17, 1, 700000, "memory_failure", "0x823456", "NULL", 0, 0, NO_CPU);
	assert_int_equal(links_of(10, ARRAY_SIZE(links)), 0);
}

/* The same page again, minutes later, is likely to be the same error, and not surely. */
static void test_later(void **state)
{
	(void)state;
	add_sea(10, 1, 0, 4021, 3, "0x823456");
	add_sea(11, 1, 120000, 6001, 5, "0x823456");
	assert_int_equal(links_of(10, ARRAY_SIZE(links)), 1);
	check(&links[0], 11, SEA_LINK_PAGE | SEA_LINK_PROCESS, SEA_LINK_LIKELY,
	      "same page, same process, 120.0 s later: likely");
}

static bool is_linked(__s64 seq, __s64 other)
{
	size_t i, nr = links_of(seq, ARRAY_SIZE(links));

	for (i = 0; i < nr; i++)
		if (links[i].seq == other)
			return true;
	return false;
}

/* Two VMs took SEAs within the whole second that rasdaemon tells: whose it was, it does not. */
static void test_crowd(void **state)
{
	(void)state;
	add_sea(10, 1, 0, 4021, 3, "NULL");
	add_host(11, 3, 700, "memory_failure_event", "0x823456", "NULL", 0, 0, NO_CPU);
	assert_int_equal(links_of(11, ARRAY_SIZE(links)), 1);
	check(&links[0], 10, 0, SEA_LINK_POSSIBLE, "700.00 ms earlier by the wall clock: possible");
	/* Another SEA of the same VM changes nothing, nor does one of long before. */
	add_sea(12, 1, 100, 4021, 3, "NULL");
	add_sea(13, 1, -9000, 6001, 5, "NULL");
	run("UPDATE sea SET vm = 2 WHERE seq = 13");
	assert_int_equal(links_of(11, ARRAY_SIZE(links)), 2);
	assert_true(is_linked(10, 11));
	/* One of another VM whose page is known, and is another, is not meant. */
	add_sea(14, 1, 300, 6001, 5, "0x999999");
	run("UPDATE sea SET vm = 2 WHERE seq = 14");
	assert_int_equal(links_of(11, ARRAY_SIZE(links)), 2);
	add_sea(15, 1, 400, 6001, 5, "NULL");
	run("UPDATE sea SET vm = 2 WHERE seq = 15");
	assert_int_equal(links_of(11, ARRAY_SIZE(links)), 0);
	assert_false(is_linked(10, 11));
	assert_false(is_linked(15, 11));
	/* What else speaks for it still does. */
	run("UPDATE page SET pfn = 0x823456 WHERE sea = 15");
	assert_int_equal(links_of(11, ARRAY_SIZE(links)), 1);
	check(&links[0], 15, SEA_LINK_PAGE, SEA_LINK_SURE,
	      "same page, 300.00 ms earlier by the wall clock: sure");
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, make_store, close_store)

int main(void)
{
	const struct CMUnitTest tests[] = {TEST(test_chain), TEST(test_by_page), TEST(test_none),
					   TEST(test_crowd), TEST(test_later)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
