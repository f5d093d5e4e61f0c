// SPDX-License-Identifier: GPL-2.0-only
/* What the last boot left in a made-up tracefs, and the store that it comes into. */
#include "fixtures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "import/last-boot.h"
#include "made-up-root.h"
#include "store/db.h"
#include "store/writer.h"
#include "trace/instance.h"

#define INSTANCE "/sys/kernel/tracing/instances/sea"

#define LAST "5ee4fa21-6f8b-4a8c-9df0-0123456789ab"
#define THIS "11111111-2222-4333-8444-555555555555"

/* Written 100 s after the start of the last boot, at 2026-11-23 06:50:44 UTC */
#define MARK(boot, kernel)                                                               \
	"  seastat-700 [000] .....   100.000000: tracing_mark_write: seatop: boot " boot \
	", 100000000000 ns after its start it was 1795416644000000000 ns UTC, Linux " kernel "\n"

#define SEA(seconds, what)                                                                  \
	"     CPU 2/KVM-4021 [003] d..1.   " seconds ": " what                              \
	": VM: 4017, vCPU: 2, PC: 0x0000ffff8012c0d4, ESR: 0x92000010 (DABT_LOW, EXTABT), " \
	"FAR: 0xffff800012345678, IPA: 0x40003000, reason: none\n"

#define ANSWER(seconds)                                                   \
	"     CPU 2/KVM-4021 [003] d..1.   " seconds ": kvm_sea_answered" \
	": VM: 4017, vCPU: 2, PC: 0x0000ffff8012c200, response: injected, latency: 900123 ns\n"

static struct sea_session now;
static struct sea_last_boot last;
static char store[256];

static int make_root(void **state)
{
	const char *root;

	if (root_make(state))
		return -1;
	root = *state;
	root_put(root, "/proc/cmdline", "quiet " SEA_INSTANCE_WORDS "\n");
	root_put(root, "/proc/sys/kernel/osrelease", "6.12.96\n");
	root_put(root, INSTANCE "/last_boot_info", "0\t[kernel]\n");
	root_put(root, INSTANCE "/trace_clock", "[local] boot\n");
	root_put(root, INSTANCE "/trace_marker", "");
	root_put(root, INSTANCE "/tracing_on", "1\n");
	root_put(root, INSTANCE "/trace", "# tracer: nop\n#\n");
	root_put(root, INSTANCE "/events/kvm/kvm_sea_forwarded/enable", "0\n");
	root_put(root, INSTANCE "/events/ras/mc_event/enable", "0\n");
	snprintf(store, sizeof(store), "%s/sea.db", root);
	memset(&now, 0, sizeof(now));
	strcpy(now.boot_id, THIS);
	strcpy(now.host, "hv01");
	strcpy(now.kernel, "6.12.96");
	return 0;
}

/* What the recorder of the last boot had written: up to 900.1 s of it, one SEA of the VM. */
static void make_store(const char *more)
{
	struct sea_writer *writer;
	struct sea_error err;

	assert_int_equal(sea_writer_open(store, SEA_DB_WRITE, NULL, &writer, &err), 0);
	assert_int_equal(
		sea_db_do(sea_writer_db(writer),
			  "INSERT INTO session (id, run, boot_id, host, kernel, machine, program,"
			  " version, source, tells_all, started_ns, started_wall_ns, end, last_ns,"
			  " last_wall_ns) VALUES (1, 'a', '" LAST "', 'hv01', '6.12.96', 'aarch64',"
			  " 'seastat record', '', 'tracepoint', 1, 90000000000,"
			  " 1795416634000000000, 'runs', 900100000000, 1795417444100000000);"
			  "INSERT INTO vm (id, boot_id, tgid, start_ns, creator, creator_fd, name,"
			  " origin, comm, first_ns, first_wall_ns) VALUES (1, '" LAST "', 4017, 77,"
			  " 4018, 12, 'web', 'cmdline', 'qemu', 1, 1);",
			  &err),
		0);
	assert_int_equal(sea_db_do(sea_writer_db(writer), more, &err), 0);
	sea_writer_close(writer);
}

static __s64 number(const char *sql)
{
	struct sea_error err;
	struct sea_db db;
	__s64 found;

	assert_int_equal(sea_db_open(store, SEA_DB_READ, NULL, &db, &err), 0);
	found = sea_db_number(&db, sql, -1);
	sea_db_close(&db);
	return found;
}

static void import(const char *root, enum sea_last_boot_result expected)
{
	struct sea_error err;

	if (sea_last_boot_import(root, &now, store, &last, &err))
		fail_msg("%s", err.text);
	assert_int_equal(last.result, expected);
}

static void is_file(const char *root, const char *path, const char *begins)
{
	char line[256];

	assert_true(sea_file_line(root, path, line, sizeof(line)));
	assert_memory_equal(line, begins, strlen(begins));
}

static void is_empty(const char *root, const char *path)
{
	size_t size;
	void *text = sea_file_read(root, path, &size);

	assert_non_null(text);
	assert_int_equal(size, 0);
	free(text);
}

/* Armed anew: emptied, marked as this boot's, and what there is of events enabled */
static void is_armed(const char *root)
{
	assert_int_equal(last.nr_events, 2);
	is_file(root, INSTANCE "/trace_clock", "boot");
	is_file(root, INSTANCE "/tracing_on", "1");
	is_empty(root, INSTANCE "/trace");
	is_file(root, INSTANCE "/trace_marker", "seatop: boot " THIS ", ");
	is_file(root, INSTANCE "/events/ras/mc_event/enable", "1");
	assert_true(sea_instance_is_armed(root));
}

/* The SEA at 900.05 s is in the store's counts; the ones from 900.2 s on are new. */
static void what_is_new_is_added(void **state)
{
	const char *root = *state;

	make_store("");
	root_put(root, INSTANCE "/trace",
		 "# tracer: nop\n#\n" MARK(LAST, "6.12.96") SEA("900.050000", "kvm_sea_claimed")
			 SEA("900.100000", "kvm_sea_forwarded") ANSWER("900.101000")
				 SEA("900.200000", "kvm_sea_not_opted_in")
					 SEA("900.300000", "kvm_sea_forwarded"));
	import(root, SEA_LAST_BOOT_IMPORTED);
	assert_int_equal(last.sum.seas, 2);
	assert_int_equal(last.sum.answers, 1);
	assert_int_equal(number("SELECT count(*) FROM sea"), 2);
	/* A session of that boot, from where the store ends */
	assert_int_equal(number("SELECT count(*) FROM session WHERE boot_id = '" LAST
				"' AND source = 'ftrace last-boot'"),
			 1);
	assert_int_equal(number("SELECT max(wall_ns) FROM sea"), 1795417444300000000);
	/* It is the VM that the store knew. */
	assert_int_equal(number("SELECT count(*) FROM vm"), 1);
	assert_int_equal(number("SELECT count(*) FROM sea WHERE vm = 1"), 2);
	/* The answer has the address of the SEA that was known. */
	assert_int_equal(number("SELECT ipa FROM answer"), 0x40003000);
	is_armed(root);
}

/* An SEA that was written, and whose tick was not: reports count it where it is. */
static void a_known_detail_stays_one(void **state)
{
	const char *root = *state;

	make_store("INSERT INTO sea (seq, session, time_ns, wall_ns, vm, disposition, reason, esr,"
		   " vcpu, tid, cpu) VALUES (1, 1, 900200000500, 1, 1, 2, 0, 0, 0, 0, 0);");
	root_put(root, INSTANCE "/trace",
		 MARK(LAST, "6.12.96") SEA("900.200000", "kvm_sea_not_opted_in")
			 SEA("900.300000", "kvm_sea_not_opted_in"));
	import(root, SEA_LAST_BOOT_IMPORTED);
	assert_int_equal(last.sum.seas, 1);
	assert_int_equal(number("SELECT count(*) FROM sea"), 2);
}

/* Which of two VMs of a process it was, nobody knows: it is neither. */
static void of_several_vms_none_is_taken(void **state)
{
	const char *root = *state;

	make_store("INSERT INTO vm (id, boot_id, tgid, start_ns, creator, creator_fd, name, origin,"
		   " comm, first_ns, first_wall_ns) VALUES (2, '" LAST "', 4017, 77, 4018, 13,"
		   " 'other', 'cmdline', 'qemu', 1, 1);");
	root_put(root, INSTANCE "/trace",
		 MARK(LAST, "6.12.96") SEA("900.200000", "kvm_sea_claimed"));
	import(root, SEA_LAST_BOOT_IMPORTED);
	assert_int_equal(number("SELECT count(*) FROM sea WHERE vm IN (1, 2)"), 0);
	assert_int_equal(number("SELECT count(*) FROM vm WHERE name = 'pid-4017'"), 1);
}

static void without_a_mark_it_is_the_last_boot_of_the_store(void **state)
{
	const char *root = *state;

	make_store("");
	root_put(root, INSTANCE "/trace", SEA("900.200000", "kvm_sea_claimed"));
	import(root, SEA_LAST_BOOT_IMPORTED);
	assert_int_equal(number("SELECT count(*) FROM session WHERE boot_id = '" LAST "'"), 2);
}

static void without_a_store_one_is_made(void **state)
{
	const char *root = *state;

	root_put(root, INSTANCE "/trace",
		 MARK(LAST, "6.12.96") SEA("900.200000", "kvm_sea_claimed"));
	import(root, SEA_LAST_BOOT_IMPORTED);
	assert_int_equal(number("SELECT count(*) FROM session WHERE boot_id = '" LAST "'"), 1);
	assert_int_equal(number("SELECT wall_ns FROM sea"), 1795417444200000000);
}

static void this_boot_s_trace_stays(void **state)
{
	const char *root = *state;
	static const char trace[] = MARK(THIS, "6.12.96") SEA("900.200000", "kvm_sea_claimed");

	root_put(root, INSTANCE "/trace", trace);
	root_put(root, INSTANCE "/events/ras/mc_event/enable", "1\n");
	import(root, SEA_LAST_BOOT_OURS);
	is_file(root, INSTANCE "/trace", "  seastat-700");
	assert_int_not_equal(access(store, F_OK), 0);
	/* Also if a storm has pushed the mark out. */
	root_put(root, INSTANCE "/trace", SEA("900.200000", "kvm_sea_claimed"));
	import(root, SEA_LAST_BOOT_OURS);
	is_file(root, INSTANCE "/trace", "     CPU 2");
}

static void another_kernel_s_is_dropped(void **state)
{
	const char *root = *state;

	root_put(root, INSTANCE "/trace",
		 MARK(LAST, "6.12.95") SEA("900.200000", "kvm_sea_claimed"));
	import(root, SEA_LAST_BOOT_OTHER);
	assert_string_equal(last.kernel, "6.12.95");
	assert_int_not_equal(access(store, F_OK), 0);
	is_armed(root);
}

static void nothing_was_left(void **state)
{
	import(*state, SEA_LAST_BOOT_EMPTY);
	assert_int_not_equal(access(store, F_OK), 0);
	is_armed(*state);
}

/* The store cannot be made: what was left stays for the next start. */
static void a_failure_leaves_it(void **state)
{
	const char *root = *state;
	struct sea_error err;

	root_put(root, INSTANCE "/trace",
		 MARK(LAST, "6.12.96") SEA("900.200000", "kvm_sea_claimed"));
	snprintf(store, sizeof(store), "%s/none/sea.db", root);
	assert_int_equal(sea_last_boot_import(root, &now, store, &last, &err), -1);
	is_file(root, INSTANCE "/trace", "  seastat-700");
	assert_false(sea_instance_is_armed(root));
}

static void no_event_is_an_error(void **state)
{
	const char *root = *state;
	struct sea_error err;

	root_delete(root, INSTANCE "/events");
	assert_int_equal(sea_last_boot_import(root, &now, store, &last, &err), -1);
	assert_non_null(strstr(err.text, "none of its events"));
}

static void what_doctor_sees(void **state)
{
	const char *root = *state;

	assert_int_equal(sea_instance_look(root), SEA_INSTANCE_THERE);
	root_delete(root, INSTANCE "/last_boot_info");
	assert_int_equal(sea_instance_look(root), SEA_INSTANCE_NOT_MADE);
	import(root, SEA_LAST_BOOT_NO_BUFFER);
	root_delete(root, "/sys/kernel/tracing/instances");
	assert_int_equal(sea_instance_look(root), SEA_INSTANCE_UNREADABLE);
	import(root, SEA_LAST_BOOT_UNREADABLE);
	root_put(root, "/proc/cmdline", "quiet\n");
	assert_int_equal(sea_instance_look(root), SEA_INSTANCE_NOT_SET_UP);
	root_put(root, "/proc/sys/kernel/osrelease", "7.3.4\n");
	assert_int_equal(sea_instance_look(root), SEA_INSTANCE_NOT_SET_UP);
	root_put(root, "/proc/sys/kernel/osrelease", "6.1.0-50-arm64\n");
	assert_int_equal(sea_instance_look(root), SEA_INSTANCE_TOO_OLD);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_root, root_remove)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(what_is_new_is_added),
		TEST(a_known_detail_stays_one),
		TEST(of_several_vms_none_is_taken),
		TEST(without_a_mark_it_is_the_last_boot_of_the_store),
		TEST(without_a_store_one_is_made),
		TEST(this_boot_s_trace_stays),
		TEST(another_kernel_s_is_dropped),
		TEST(nothing_was_left),
		TEST(a_failure_leaves_it),
		TEST(no_event_is_an_error),
		TEST(what_doctor_sees),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
