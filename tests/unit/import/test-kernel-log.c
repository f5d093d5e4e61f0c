// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "import/kernel-log.h"
#include "imported.h"

#define MS 1000000ULL

/* What a host event of a sample has to be; text NULL: any. */
struct expected {
	enum sea_host_kind kind;
	__u64 time_ns;
	__u32 known;
	__u64 pfn, address;
	__s64 result;
	__u32 tid;
	const char *text;
};

static struct imported got;

static void import_text(const char *text)
{
	imported_text(&got, sea_import_kernel_log, text, strlen(text));
	assert_int_equal(got.rc, 0);
}

static void import_sample(const char *name)
{
	size_t len;
	char *text = imported_sample(name, &len);

	imported_text(&got, sea_import_kernel_log, text, len);
	free(text);
	assert_int_equal(got.rc, 0);
}

static void check_events(const struct expected *expected, size_t nr)
{
	size_t i;

	assert_int_equal(imported_count(&got, SEA_RECORD_HOST), nr);
	assert_int_equal(got.sum.host_events, nr);
	for (i = 0; i < nr; i++) {
		const struct imported_record *r = imported_get(&got, SEA_RECORD_HOST, i);
		const struct sea_host_event *e = &r->host;

		assert_string_equal(sea_host_kind_name(e->kind),
				    sea_host_kind_name(expected[i].kind));
		assert_int_equal(r->time_ns, expected[i].time_ns);
		assert_int_equal(e->known, expected[i].known);
		assert_int_equal(e->pfn, expected[i].pfn);
		assert_int_equal(e->address, expected[i].address);
		assert_int_equal(e->result, expected[i].result);
		assert_int_equal(e->tid, expected[i].tid);
		if (expected[i].text)
			assert_string_equal(e->text, expected[i].text);
	}
}

static void test_dmesg(void **state)
{
	static const struct expected expected[] = {
		{SEA_HOST_GHES, 812000100000, SEA_HOST_ADDRESS, 0, 0x823456040, 0, 0,
		 "source 2, recoverable: memory error, Storage error in DRAM memory "
		 "(0x0000000000000400), node:0 card:1 module:0 rank:1 bank:3 row:1027 column:64, "
		 "multi-bit ECC, DIMM P0 DIMM_B1"},
		{SEA_HOST_SIGBUS, 812000390000, SEA_HOST_PFN, 0x823456, 0, 0, 4021,
		 "Sending SIGBUS to CPU 2/KVM:4021 due to hardware memory corruption"},
		{SEA_HOST_MF_EVENT, 812000395000, SEA_HOST_PFN | SEA_HOST_RESULT, 0x823456, 0, 3, 0,
		 "dirty LRU page: Recovered"},
		{SEA_HOST_MC_EVENT, 813100000000, SEA_HOST_PFN, 0x823456, 0, 0, 0, NULL},
		{SEA_HOST_MEMORY_FAILURE, 814000000000, SEA_HOST_PFN, 0x823457, 0, 0, 0,
		 "already hardware poisoned"},
		{SEA_HOST_SIGBUS, 816000000000, SEA_HOST_ADDRESS, 0, 0xffff81234000, 0, 4017, NULL},
		{SEA_HOST_PANIC, 900000000000, 0, 0, 0, 0, 0,
		 "Internal error: synchronous external abort: 96000410 [#1] SMP"},
		{SEA_HOST_PANIC, 900000010000, 0, 0, 0, 0, 0, NULL},
	};
	const struct sea_session *session;

	(void)state;
	memset(&got.options, 0, sizeof(got.options));
	import_sample("kernel-6.1.dmesg.txt");
	check_events(expected, ARRAY_SIZE(expected));
	assert_int_equal(got.sum.lines, 23);
	assert_int_equal(got.sum.unclear, 1);
	assert_int_equal(got.sum.first_unclear, 20);
	assert_string_equal(got.sum.example, "Memory failure: lost its number");
	session = &imported_get(&got, SEA_RECORD_SESSION, 1)->session;
	assert_string_equal(session->kernel, "6.1.0-13-arm64");
	assert_string_equal(session->source, "kernel-log sample");
	assert_string_equal(session->boot_id, "");
	assert_string_equal(session->host, "");
	assert_int_equal(session->end, SEA_SESSION_STOPPED);
	assert_int_equal(session->ended_ns, 900000010000);
	/* dmesg alone has no date. */
	assert_int_equal(session->ended.tv_sec, 0);
	assert_int_equal(imported_get(&got, SEA_RECORD_HOST, 0)->wall.tv_sec, 0);
}

/* The caller knows when the boot was, and which host it is. */
static void test_boot_time(void **state)
{
	const struct imported_record *r;

	(void)state;
	memset(&got.options, 0, sizeof(got.options));
	got.options.boot.has_clock = true;
	got.options.boot.clock.wall.tv_sec = 1795416644;
	strcpy(got.options.boot.host, "rack1");
	import_sample("kernel-6.1.dmesg.txt");
	r = imported_get(&got, SEA_RECORD_HOST, 3);
	assert_int_equal(r->wall.tv_sec, 1795416644 + 813);
	assert_int_equal(r->wall.tv_nsec, 100 * MS);
	assert_string_equal(r->session.host, "rack1");
}

static void test_journal(void **state)
{
	static const struct expected expected[] = {
		{SEA_HOST_GHES, 812000100000, SEA_HOST_ADDRESS, 0, 0x823456000, 0, 0,
		 "source 11, recoverable: ARM processor error, MPIDR 0x0000000081030000, "
		 "cache error"},
		{SEA_HOST_MF_EVENT, 812000300000, SEA_HOST_PFN | SEA_HOST_RESULT, 0x823456, 0, 2, 0,
		 "? huge page: Delayed"},
		{SEA_HOST_MEMORY_FAILURE, 2500000000, SEA_HOST_PFN, 0x900001, 0, 0, 5001, NULL},
	};
	const struct imported_record *r;

	(void)state;
	memset(&got.options, 0, sizeof(got.options));
	import_sample("kernel-6.12.journal.json");
	check_events(expected, ARRAY_SIZE(expected));
	assert_int_equal(got.sum.sessions, 2);
	assert_int_equal(got.sum.unclear, 1);
	assert_int_equal(got.sum.first_unclear, 12);
	r = imported_get(&got, SEA_RECORD_HOST, 0);
	assert_string_equal(r->session.boot_id, "5ee4fa21-6f8b-4a8c-9df0-0123456789ab");
	assert_string_equal(r->session.host, "rack7");
	assert_string_equal(r->session.kernel, "6.12.95-sea");
	/* Half a second before the journal had it */
	assert_int_equal(r->wall.tv_sec, 1795417455);
	assert_int_equal(r->wall.tv_nsec, 500100000);
	r = imported_get(&got, SEA_RECORD_HOST, 2);
	assert_string_equal(r->session.boot_id, "77777777-7777-7777-7777-777777777777");
	assert_string_equal(r->session.kernel, "");
}

static void test_syslog(void **state)
{
	static const struct expected expected[] = {
		{SEA_HOST_GHES, 20500 * MS, SEA_HOST_ADDRESS, 0, 0x900001040, 0, 0,
		 "source 5, corrected: FRU CPER #1, memory error"},
		{SEA_HOST_GHES, 20500 * MS, 0, 0, 0, 0, 0, NULL},
		{SEA_HOST_MF_EVENT, 21000 * MS, SEA_HOST_PFN | SEA_HOST_RESULT, 0x900001, 0, 0, 0,
		 "free buddy page: Ignored"},
		{SEA_HOST_PANIC, 22000 * MS, 0, 0, 0, 0, 0, NULL},
	};
	const struct imported_record *r;

	(void)state;
	memset(&got.options, 0, sizeof(got.options));
	import_sample("kernel-7.syslog.txt");
	check_events(expected, ARRAY_SIZE(expected));
	assert_int_equal(got.sum.unclear, 0);
	r = imported_get(&got, SEA_RECORD_HOST, 0);
	assert_string_equal(r->session.host, "rack9");
	assert_int_equal(r->host.cpu, 3);
	assert_int_equal(r->wall.tv_sec, 1796018401);
	assert_int_equal(r->wall.tv_nsec, 500 * MS);
	assert_int_equal(imported_get(&got, SEA_RECORD_HOST, 2)->host.cpu, SEA_CPU_UNKNOWN);
}

#define FAILED "Memory failure: 0x9: recovery action for x: Failed\n"

/* Every way in which a line may say its time. */
static void test_forms(void **state)
{
	static const struct {
		const char *text;
		__u64 boot_ns;
		time_t wall;
		long wall_ns;
		const char *host;
	} forms[] = {
		{FAILED, 0, 0, 0, ""},
		{"[   12.500000] " FAILED, 12500 * MS, 0, 0, ""},
		{"<3>[   12.500000] " FAILED, 12500 * MS, 0, 0, ""},
		{"kern  :err   : [   12.500000] " FAILED, 12500 * MS, 0, 0, ""},
		{"[   12.500000 <    0.000010>] " FAILED, 12500 * MS, 0, 0, ""},
		{"[   12.500000] rack7 kernel: " FAILED, 12500 * MS, 0, 0, "rack7"},
		{"3,812,12500000,-;" FAILED, 12500 * MS, 0, 0, ""},
		{"[Mon Nov 30 06:00:01 2026] " FAILED, 0, 1796018401, 0, ""},
		{"2026-11-30T06:00:01,250000+00:00 rack7 kernel: " FAILED, 0, 1796018401, 250 * MS,
		 "rack7"},
		{"2026-11-30T06:00:01+0000 rack7 kernel: " FAILED, 0, 1796018401, 0, "rack7"},
		{"Mon 2026-11-30 06:00:01 UTC rack7 kernel: " FAILED, 0, 1796018401, 0, "rack7"},
		{"Nov 30 06:00:01 rack7 kernel: " FAILED, 0, 1796018401, 0, "rack7"},
		{"Nov 30 06:00:01.5 rack7 kernel: [   12.500000] " FAILED, 12500 * MS, 1796018401,
		 500 * MS, "rack7"},
		{"1796018401.250000 rack7 kernel: " FAILED, 0, 1796018401, 250 * MS, "rack7"},
		{"{\n   \"dmesg\": [\n      {\n         \"pri\": 3,\n         \"time\":   12.500000,\n"
		 "         \"msg\": \"Memory failure: 0x9: recovery action for x: Failed\"\n"
		 "      }\n   ]\n}\n",
		 12500 * MS, 0, 0, ""},
	};
	size_t i;

	(void)state;
	memset(&got.options, 0, sizeof(got.options));
	got.options.now.tv_sec = 1796018500;
	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		const struct imported_record *r;

		import_text(forms[i].text);
		assert_int_equal(got.sum.host_events, 1);
		r = imported_get(&got, SEA_RECORD_HOST, 0);
		assert_int_equal(r->host.pfn, 9);
		assert_int_equal(r->time_ns, forms[i].boot_ns);
		assert_int_equal(r->wall.tv_sec, forms[i].wall);
		assert_int_equal(r->wall.tv_nsec, forms[i].wall_ns);
		assert_string_equal(r->session.host, forms[i].host);
	}
}

/* The last November before now: of the year before. */
static void test_year(void **state)
{
	(void)state;
	memset(&got.options, 0, sizeof(got.options));
	got.options.now.tv_sec = 1796018400;
	import_text("Nov 30 06:00:01 rack7 kernel: " FAILED);
	assert_int_equal(imported_get(&got, SEA_RECORD_HOST, 0)->wall.tv_sec,
			 1796018401 - 365 * 86400);
}

/* Two records whose lines come in turn, and a third one that was cut off */
static void test_interleaved(void **state)
{
	static const struct expected expected[] = {
		{SEA_HOST_GHES, 1000 * MS, SEA_HOST_ADDRESS, 0, 0x1000, 0, 0,
		 "source 1, fatal: memory error"},
		{SEA_HOST_GHES, 1001 * MS, SEA_HOST_ADDRESS, 0, 0x2000, 0, 0,
		 "source 2, recoverable: memory error"},
		{SEA_HOST_GHES, 1002 * MS, 0, 0, 0, 0, 0, "source 3"},
	};

	(void)state;
	memset(&got.options, 0, sizeof(got.options));
	import_text("[1.000] {1}[Hardware Error]: Hardware error from APEI Generic Hardware Error "
		    "Source: 1\n"
		    "[1.001] {2}[Hardware Error]: Hardware error from APEI Generic Hardware Error "
		    "Source: 2\n"
		    "[1.001] {1}[Hardware Error]: event severity: fatal\n"
		    "[1.001] {2}[Hardware Error]: event severity: recoverable\n"
		    "[1.001] {2}[Hardware Error]:  Error 0, type: recoverable\n"
		    "[1.001] {2}[Hardware Error]:   section_type: memory error\n"
		    "[1.001] {1}[Hardware Error]:  Error 0, type: fatal\n"
		    "[1.001] {1}[Hardware Error]:   section_type: memory error\n"
		    "[1.001] {1}[Hardware Error]:   physical_address: 0x0000000000001000\n"
		    "[1.001] {2}[Hardware Error]:   physical_address: 0x0000000000002000\n"
		    "[1.002] {3}[Hardware Error]: Hardware error from APEI Generic Hardware Error "
		    "Source: 3\n");
	check_events(expected, ARRAY_SIZE(expected));
}

/* A text that would change the terminal, or is too long, is safe afterwards. */
static void test_hostile(void **state)
{
	static char text[200000];

	(void)state;
	memset(&got.options, 0, sizeof(got.options));
	import_text("[1.0] Memory failure: 0x9: \033[2J\xe2\x80\xae boo\n"
		    "[1.0] Memory failure: 0x99999999999999999: x\n"
		    "[99999999999999999999.0] Memory failure: 0x9: x\n"
		    "{\"MESSAGE\":[[[[[[[[[[[[[[\n");
	assert_string_equal(imported_get(&got, SEA_RECORD_HOST, 0)->host.text, "?[2J? boo");
	assert_int_equal(got.sum.unclear, 2);
	memset(text, 'a', sizeof(text) - 1);
	memcpy(text, "Memory failure: 0x9: ", 21);
	import_text(text);
	assert_int_equal(strlen(imported_get(&got, SEA_RECORD_HOST, 0)->host.text),
			 SEA_HOST_TEXT_LEN - 1);
}

static void test_cut(void **state)
{
	(void)state;
	imported_cut(sea_import_kernel_log, "kernel-6.1.dmesg.txt");
	imported_cut(sea_import_kernel_log, "kernel-6.12.journal.json");
	imported_cut(sea_import_kernel_log, "kernel-7.syslog.txt");
}

static int set_zone(void **state)
{
	(void)state;
	return setenv("TZ", "UTC", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dmesg),	    cmocka_unit_test(test_boot_time),
		cmocka_unit_test(test_journal),	    cmocka_unit_test(test_syslog),
		cmocka_unit_test(test_forms),	    cmocka_unit_test(test_year),
		cmocka_unit_test(test_interleaved), cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, set_zone, NULL);
}
