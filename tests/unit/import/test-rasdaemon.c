// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixtures.h"
#include "import/rasdaemon.h"
#include "imported.h"

static char dir[64], path[128];
static struct imported got;

/* The tables as rasdaemon of Debian made them, by the version that changed them. */
#define MC_EVENT                                                                            \
	"CREATE TABLE mc_event (id INTEGER PRIMARY KEY, timestamp TEXT, err_count INTEGER," \
	" err_type TEXT, err_msg TEXT, label TEXT, mc INTEGER, top_layer INTEGER,"          \
	" middle_layer INTEGER, lower_layer INTEGER, address INTEGER, grain INTEGER,"       \
	" syndrome INTEGER, driver_detail TEXT);"                                           \
	"INSERT INTO mc_event VALUES (1, '2026-11-29 23:15:02 +0100', 1, 'Uncorrected',"    \
	" 'multi-bit ECC', 'P0 DIMM_B1', 0, 1, -1, -1, 34957770816, 6, 0, 'APEI location: x');"
#define MCE_RECORD                                                                           \
	"CREATE TABLE mce_record (id INTEGER PRIMARY KEY, timestamp TEXT, mcgcap INTEGER,"   \
	" mcgstatus INTEGER, status INTEGER, addr INTEGER, misc INTEGER, ip INTEGER,"        \
	" tsc INTEGER, walltime INTEGER, cpu INTEGER, cpuid INTEGER, apicid INTEGER,"        \
	" socketid INTEGER, cs INTEGER, bank INTEGER, cpuvendor INTEGER, bank_name TEXT,"    \
	" error_msg TEXT, mcgstatus_msg TEXT, mcistatus_msg TEXT, mcastatus_msg TEXT,"       \
	" user_action TEXT, mc_location TEXT);"                                              \
	"INSERT INTO mce_record (timestamp, status, addr, cpu, bank_name, error_msg) VALUES" \
	" ('2026-11-29 22:15:01 +0000', -4791548812287574732, 81985529216486895, 3,"         \
	" 'memory controller', 'read error');"
#define EXTLOG_EVENT                                                                           \
	"CREATE TABLE extlog_event (id INTEGER PRIMARY KEY, timestamp TEXT, etype INTEGER,"    \
	" error_count INTEGER, severity INTEGER, address INTEGER, fru_id BLOB, fru_text TEXT," \
	" cper_data BLOB);"                                                                    \
	"INSERT INTO extlog_event VALUES (1, '2026-11-29 22:15:00 +0000', 3, 1, 0, 4096,"      \
	" x'00', 'DIMM 7', x'00');"
#define NON_STANDARD                                                               \
	"CREATE TABLE non_standard_event (id INTEGER PRIMARY KEY, timestamp TEXT," \
	" sec_type BLOB, fru_id BLOB, fru_text TEXT, severity TEXT, error BLOB);"  \
	"INSERT INTO non_standard_event VALUES (1, '2026-11-29 22:15:03 +0000',"   \
	" x'000102030405060708090a0b0c0d0e0f', x'00', 'CPU 1', 'Recoverable', x'ff');"
#define ARM_COLUMNS                                                                      \
	"id INTEGER PRIMARY KEY, timestamp TEXT, error_count INTEGER, affinity INTEGER," \
	" mpidr INTEGER, running_state INTEGER, psci_state INTEGER"
#define ARM_EVENT                                   \
	"CREATE TABLE arm_event (" ARM_COLUMNS ");" \
	"INSERT INTO arm_event VALUES (1, '2026-11-29 22:15:04 +0000', 1, 0, 2164457472, 1, 0);"
#define ARM_EVENT_0_8                                                                           \
	"CREATE TABLE arm_event (" ARM_COLUMNS ", err_info BLOB, context_info BLOB,"            \
	" vendor_info BLOB, error_type TEXT, error_flags TEXT, error_info INTEGER,"             \
	" virt_fault_addr INTEGER, phy_fault_addr INTEGER);"                                    \
	"INSERT INTO arm_event VALUES (1, '2026-11-29 22:15:04 +0000', 1, 0, 2164457472, 1, 0," \
	" x'', x'', x'', 'cache error', 'first error captured', 0, 4096, 34957770752);"
#define MEMORY_FAILURE                                                                         \
	"CREATE TABLE memory_failure_event (id INTEGER PRIMARY KEY, timestamp TEXT, pfn TEXT," \
	" page_type TEXT, action_result TEXT);"                                                \
	"INSERT INTO memory_failure_event VALUES (1, '2026-11-29 22:15:05 +0000', '0x823456'," \
	" 'dirty LRU page', 'Recovered');"
#define OTHERS                                                                           \
	"CREATE TABLE aer_event (id INTEGER PRIMARY KEY, timestamp TEXT, err_type TEXT," \
	" err_msg TEXT); INSERT INTO aer_event VALUES (1, '2026-11-29 22:15:05 +0000', '', '');"

static int make_dir(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/test-rasdaemon-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/ras.db", dir);
	memset(&got.options, 0, sizeof(got.options));
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	unlink(path);
	/* Nothing else is beside it. */
	return rmdir(dir);
}

static void make_file(const char *sql)
{
	sqlite3 *db;
	char *error = NULL;

	assert_int_equal(sqlite3_open(path, &db), 0);
	if (sqlite3_exec(db, sql, NULL, NULL, &error))
		fail_msg("%s", error);
	sqlite3_close(db);
}

static char *read_bytes(size_t *len)
{
	char *bytes = malloc(1 << 20);
	FILE *file = fopen(path, "re");

	assert_non_null(bytes);
	assert_non_null(file);
	*len = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	return bytes;
}

static void import_file(void)
{
	imported_begin(&got);
	got.rc = sea_import_rasdaemon(path, &got.options, &got.sum, &got.err);
}

static const struct sea_host_event *check(size_t number, enum sea_host_kind kind, time_t wall)
{
	const struct imported_record *r = imported_get(&got, SEA_RECORD_HOST, number);

	assert_string_equal(sea_host_kind_name(r->host.kind), sea_host_kind_name(kind));
	assert_int_equal(r->wall.tv_sec, wall);
	/* No row says of which boot it is. */
	assert_int_equal(r->time_ns, 0);
	assert_string_equal(r->session.boot_id, "");
	return &r->host;
}

/* 2026-11-29 22:15:00 UTC */
#define START 1795990500

static void check_mc(size_t number)
{
	const struct sea_host_event *e = check(number, SEA_HOST_MC_EVENT, START + 2);

	assert_int_equal(e->known, SEA_HOST_ADDRESS);
	assert_int_equal(e->address, 34957770816);
	assert_string_equal(e->text, "1 Uncorrected: multi-bit ECC on P0 DIMM_B1, mc 0, location "
				     "1:-1:-1, APEI location: x");
}

static void test_0_6_0(void **state)
{
	const struct sea_host_event *e;

	(void)state;
	make_file(MC_EVENT MCE_RECORD EXTLOG_EVENT OTHERS);
	import_file();
	assert_int_equal(got.rc, 0);
	assert_int_equal(got.sum.host_events, 3);
	assert_int_equal(got.sum.sessions, 1);
	/* By time, over all tables */
	e = check(0, SEA_HOST_GHES, START);
	assert_int_equal(e->address, 4096);
	e = check(1, SEA_HOST_MCE, START + 1);
	assert_int_equal(e->known, SEA_HOST_ADDRESS);
	assert_int_equal(e->cpu, 3);
	check_mc(2);
	assert_string_equal(imported_get(&got, SEA_RECORD_SESSION, 1)->session.source,
			    "rasdaemon sample");
	assert_int_equal(imported_get(&got, SEA_RECORD_SESSION, 1)->session.ended.tv_sec,
			 START + 2);
}

static void test_0_6_8(void **state)
{
	const struct sea_host_event *e;

	(void)state;
	make_file(MC_EVENT NON_STANDARD ARM_EVENT MEMORY_FAILURE OTHERS);
	strcpy(got.options.boot.host, "rack7");
	import_file();
	assert_int_equal(got.rc, 0);
	assert_int_equal(got.sum.host_events, 4);
	assert_int_equal(got.sum.unclear, 0);
	check_mc(0);
	e = check(1, SEA_HOST_NON_STANDARD, START + 3);
	assert_string_equal(e->text,
			    "Recoverable, FRU CPU 1, section 000102030405060708090a0b0c0d0e0f");
	e = check(2, SEA_HOST_ARM_EVENT, START + 4);
	assert_int_equal(e->known, 0);
	assert_int_equal(e->cpu, SEA_CPU_UNKNOWN);
	assert_string_equal(
		e->text, "1 errors, affinity 0, MPIDR 0x81030000, running state 1, PSCI state 0");
	e = check(3, SEA_HOST_MF_EVENT, START + 5);
	assert_int_equal(e->known, SEA_HOST_PFN | SEA_HOST_RESULT);
	assert_int_equal(e->pfn, 0x823456);
	assert_int_equal(e->result, 3);
	assert_string_equal(imported_get(&got, SEA_RECORD_HOST, 0)->session.host, "rack7");
}

static void test_0_8_3(void **state)
{
	const struct sea_host_event *e;

	(void)state;
	make_file(ARM_EVENT_0_8 MEMORY_FAILURE);
	import_file();
	assert_int_equal(got.sum.host_events, 2);
	e = check(0, SEA_HOST_ARM_EVENT, START + 4);
	assert_int_equal(e->known, SEA_HOST_ADDRESS);
	assert_int_equal(e->address, 34957770752);
	assert_non_null(strstr(e->text, "cache error, first error captured"));
}

/* A column that is missing is not known; a row without a time costs that row. */
static void test_missing(void **state)
{
	const struct sea_host_event *e;

	(void)state;
	make_file("CREATE TABLE mc_event (id INTEGER, timestamp TEXT, label TEXT);"
		  "INSERT INTO mc_event VALUES (1, 'yesterday', 'A'), (2, NULL, 'B'),"
		  " (3, '2026-11-29 22:15:00 +0000', 'C'), (4, '2026-02-30 22:15:00 +0000', 'D');"
		  "CREATE TABLE memory_failure_event (pfn TEXT, page_type TEXT);"
		  "CREATE TABLE arm_event (timestamp, mpidr TEXT, error_type);"
		  "INSERT INTO arm_event VALUES ('2026-11-29 22:15:00 +0000', 'far', 7.5);");
	import_file();
	assert_int_equal(got.rc, 0);
	assert_int_equal(got.sum.lines, 5);
	assert_int_equal(got.sum.unclear, 3);
	assert_int_equal(got.sum.first_unclear, 1);
	assert_string_equal(got.sum.example, "mc_event: a row without a time");
	assert_int_equal(got.sum.host_events, 2);
	e = check(0, SEA_HOST_MC_EVENT, START);
	assert_string_equal(e->text, "C");
	assert_int_equal(e->known, 0);
	assert_string_equal(check(1, SEA_HOST_ARM_EVENT, START)->text, "");
}

static void check_refused(const char *what)
{
	import_file();
	assert_int_equal(got.rc, -1);
	assert_non_null(strstr(got.err.text, what));
	assert_null(strchr(got.err.text, '\n'));
}

static void test_refused(void **state)
{
	FILE *file;

	(void)state;
	check_refused("cannot read");
	file = fopen(path, "we");
	assert_non_null(file);
	fputs("this is no database, but long enough to be taken for one: 0123456789 0123456789 "
	      "0123456789 0123456789",
	      file);
	fclose(file);
	check_refused("it is no SQLite file");
	unlink(path);
	make_file("CREATE TABLE other (a)");
	check_refused("none of rasdaemon's tables");
	unlink(path);
	/* A view in place of the table could run for ever. */
	make_file("CREATE VIEW mc_event AS WITH RECURSIVE r (timestamp) AS (SELECT '' UNION ALL"
		  " SELECT timestamp FROM r) SELECT timestamp, 1 AS label FROM r;");
	check_refused("none of rasdaemon's tables");
}

/* Nothing is changed, and nothing is left beside the file, in WAL mode either. */
static void check_untouched(const char *mode)
{
	size_t before_len, after_len;
	char *before, *after, sql[4096];

	snprintf(sql, sizeof(sql), "PRAGMA journal_mode = %s; %s", mode, MEMORY_FAILURE);
	unlink(path);
	make_file(sql);
	before = read_bytes(&before_len);
	import_file();
	assert_int_equal(got.rc, 0);
	assert_int_equal(got.sum.host_events, 1);
	after = read_bytes(&after_len);
	assert_int_equal(before_len, after_len);
	assert_memory_equal(before, after, before_len);
	free(before);
	free(after);
}

static void test_read_only(void **state)
{
	struct dirent *entry;
	DIR *all;
	int nr = 0;

	(void)state;
	check_untouched("DELETE");
	check_untouched("WAL");
	all = opendir(dir);
	assert_non_null(all);
	while ((entry = readdir(all)))
		nr += entry->d_name[0] != '.';
	closedir(all);
	assert_int_equal(nr, 1);
}

/* Cut anywhere, it is an error or gives rows, and never more than there were. */
static void test_cut(void **state)
{
	size_t len, cut;
	char *bytes;

	(void)state;
	make_file("PRAGMA page_size = 512;" MEMORY_FAILURE ARM_EVENT);
	bytes = read_bytes(&len);
	for (cut = 0; cut < len; cut += 7) {
		FILE *file = fopen(path, "we");

		assert_non_null(file);
		assert_int_equal(fwrite(bytes, 1, cut, file), cut);
		fclose(file);
		import_file();
		assert_true(got.sum.host_events <= 2);
	}
	free(bytes);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, make_dir, remove_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_0_6_0),   TEST(test_0_6_8),	  TEST(test_0_8_3), TEST(test_missing),
		TEST(test_refused), TEST(test_read_only), TEST(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
