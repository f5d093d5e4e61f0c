// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vm.h"

/* A string literal with the NULs in it, and without the one that C adds. */
#define BYTES(s) s, sizeof(s) - 1

struct name_case {
	const char *bytes;
	size_t len;
	const char *name; /* NULL: there is none */
};

static void check_cases(const struct name_case *cases, size_t nr,
			bool (*parse)(const char *, size_t, char *, size_t))
{
	size_t i;

	for (i = 0; i < nr; i++) {
		char name[SEA_VM_NAME_LEN] = "untouched";
		/* A copy of the exact size, so that reading past the end is seen. */
		char *copy = malloc(cases[i].len ? cases[i].len : 1);
		bool found;

		assert_non_null(copy);
		memcpy(copy, cases[i].bytes, cases[i].len);
		found = parse(copy, cases[i].len, name, sizeof(name));
		free(copy);
		assert_int_equal(found, cases[i].name != NULL);
		if (found)
			assert_string_equal(name, cases[i].name);
	}
}

static void cmdline(void **state)
{
	static const struct name_case cases[] = {
		/* QEMU */
		{BYTES("qemu-system-aarch64\0-name\0db01\0-m\0"
		       "1G\0"),
		 "db01"},
		{BYTES("/usr/bin/qemu-system-aarch64\0-name\0guest=db01,debug-threads=on\0"),
		 "db01"},
		{BYTES("qemu-kvm\0-name\0debug-threads=on,guest=db01\0"), "db01"},
		{BYTES("qemu-kvm\0-name\0debug-threads=on,process=qemu:x\0"), NULL},
		{BYTES("qemu-kvm\0-name\0a,,b\0"), "a,b"},
		{BYTES("qemu-kvm\0-name\0guest=a,,b=c,debug-threads=on\0"), "a,b=c"},
		{BYTES("qemu-kvm\0-name\0a,,,,\0"), "a,,"},
		{BYTES("qemu-kvm\0-name\0,guest=x\0"), "x"},
		{BYTES("qemu-kvm\0-name\0guest=\0"), NULL},
		{BYTES("qemu-kvm\0--name\0guest=two,x=y\0"), "two"},
		{BYTES("kvm\0-name\0first\0-name\0second\0"), "second"},
		{BYTES("qemu-kvm\0-name"), NULL},
		{BYTES("qemu-kvm\0-name\0"), NULL},
		{BYTES("qemu-kvm\0-name\0no-nul-at-the-end"), "no-nul-at-the-end"},
		{BYTES("qemu-kvm\0-name\0guest"), "guest"},
		{BYTES("qemu-kvm\0-name\0="), NULL},
		{BYTES("qemu-kvm\0-name\0,,"), ","},
		/* the others */
		{BYTES("crosvm\0run\0--name\0tux\0"), "tux"},
		{BYTES("lkvm\0run\0--name=guest-1\0"), "guest-1"},
		{BYTES("lkvm\0run\0--name=\0"), NULL},
		{BYTES("lkvm\0run\0--\0--name=inner\0"), NULL},
		{BYTES("firecracker\0--id\0micro1\0--api-sock\0/s\0"), "micro1"},
		{BYTES("/srv/firecracker-v1.7\0--id=micro2\0"), "micro2"},
		{BYTES("postgres\0--id\0"
		       "5\0"),
		 NULL},
		{BYTES("vmm\0--name\0guest=x,y\0"), "guest=x,y"},
		/* nothing, and worse */
		{BYTES(""), NULL},
		{BYTES("\0\0\0"), NULL},
		{BYTES("\0--name\0x\0"), "x"},
		{BYTES("qemu-system-aarch64"), NULL},
		{BYTES("vmm\0--name\0\0--name\0y"), "y"},
		{BYTES("vmm\0--name\0a\033[31mb\n"), "a?[31mb?"},
		{BYTES("vmm\0--name\0a\xff\xfe\xc3"), "a???"},
		{BYTES("vmm\0--name\0d\xc3\xbcsseldorf"), "d\xc3\xbcsseldorf"},
	};

	(void)state;
	check_cases(cases, ARRAY_SIZE(cases), sea_vm_name_from_cmdline);
}

static void cgroup(void **state)
{
	static const struct name_case cases[] = {
		{BYTES("0::/\n"), NULL},
		{BYTES("0::/machine.slice/machine-qemu\\x2d1\\x2ddb01.scope/libvirt/emulator\n"),
		 "machine-qemu-1-db01"},
		{BYTES("0::/machine.slice/machine-qemu\\x2d1\\x2ddb01.scope/libvirt/vcpu12\n"),
		 "machine-qemu-1-db01"},
		{BYTES("0::/user.slice/user-1000.slice/session-3.scope\n"), NULL},
		{BYTES("0::/user.slice/user-0.slice/user@0.service/init.scope\n"), NULL},
		{BYTES("0::/init.scope\n"), NULL},
		{BYTES("0::/system.slice/vm-web.service\n"), "vm-web"},
		{BYTES("0::/system.slice/run-r8c3.scope\n"), NULL},
		{BYTES("0::/vms/db02"), "db02"},
		{BYTES("0::/vms/db02 (deleted)\n"), "db02"},
		{BYTES("0::/../../vms/x\n"), "x"},
		{BYTES("0::/..\n"), NULL},
		/* v1 and hybrid: only systemd's own hierarchy speaks of units */
		{BYTES("12:cpu,cpuacct:/a\n1:name=systemd:/machine.slice/b.scope\n0::/c\n"), "b"},
		{BYTES("12:cpu,cpuacct:/a\n"), NULL},
		{BYTES("1:name=systemd:/\n0::/c\n"), "c"},
		/* nothing, and worse */
		{BYTES(""), NULL},
		{BYTES("\n\n\n"), NULL},
		{BYTES("0"), NULL},
		{BYTES("0:"), NULL},
		{BYTES("0::"), NULL},
		{BYTES("::::::"), "::::"},
		{BYTES("0::/.scope\n"), NULL},
		{BYTES("0::/a\\x1b[2J\n"), "a?[2J"},
		{BYTES("0::/a\\x\n"), "a\\x"},
		{BYTES("0::/a\\xzz\n"), "a\\xzz"},
		{BYTES("0::/a\\x00b\n"), "a?b"},
		{BYTES("0::/\xff\n"), "?"},
	};

	(void)state;
	check_cases(cases, ARRAY_SIZE(cases), sea_vm_name_from_cgroup);
}

static void stat_start_time(void **state)
{
	static const struct {
		const char *text;
		bool found;
		uint64_t ticks;
	} cases[] = {
		{"1 (init) S 0 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 4711 99\n", true, 4711},
		{"7 (a) b (c) R) S 0 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 4711 9\n", true, 4711},
		{"7 (x) S 0 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 18446744073709551615 9", true,
		 UINT64_MAX},
		{"7 (x) S 0 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 18446744073709551616 9", false, 0},
		{"7 (x) S 0 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 -5 9", false, 0},
		{"7 (x) S 0 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0", false, 0},
		{"7 (x S 0 1", false, 0},
		{"", false, 0},
	};
	uint64_t ticks;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		bool found = sea_vm_start_from_stat(cases[i].text, strlen(cases[i].text), &ticks);

		assert_int_equal(found, cases[i].found);
		if (found)
			assert_true(ticks == cases[i].ticks);
	}
}

static void long_names_are_cut_between_characters(void **state)
{
	char cmdline[4200], name[SEA_VM_NAME_LEN];
	size_t i;

	(void)state;
	memcpy(cmdline, "vmm\0--name\0a", 12);
	for (i = 12; i + 2 <= sizeof(cmdline); i += 2)
		memcpy(cmdline + i, "\xc3\xbc", 2);
	assert_true(sea_vm_name_from_cmdline(cmdline, sizeof(cmdline), name, sizeof(name)));
	/* "a" and 127 times two bytes make 255: nothing is cut in half. */
	assert_int_equal(strlen(name), 255);
	assert_true(sea_vm_name_from_cmdline(cmdline, sizeof(cmdline), name, 5));
	assert_string_equal(name, "a\xc3\xbc");
}

static void sanitize(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"plain", "plain"},
		{"\t\x7f\x1b", "???"},
		{"\xc2\x9b"
		 "2J",
		 "?2J"},		      /* C1: an escape in one character */
		{"\xe2\x80\xaetxt", "?txt"},  /* right-to-left override */
		{"\xc0\xaf", "??"},	      /* overlong */
		{"\xed\xa0\x80", "???"},      /* surrogate */
		{"\xf4\x90\x80\x80", "????"}, /* past U+10FFFF */
		{"\xf0\x9f\x90\xa7", "\xf0\x9f\x90\xa7"},
		{"\xe2\x82", "??"}, /* cut short */
	};
	char out[32];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t len = sea_vm_sanitize(cases[i].in, strlen(cases[i].in), out, sizeof(out));

		assert_string_equal(out, cases[i].out);
		assert_int_equal(len, strlen(cases[i].out));
	}
	assert_int_equal(sea_vm_sanitize("a\0b", 3, out, sizeof(out)), 3);
	assert_string_equal(out, "a?b");
	assert_int_equal(sea_vm_sanitize("abc", 3, out, 1), 0);
	assert_string_equal(out, "");
}

/* A procfs of our own with one process. */
struct proc {
	char root[64];
};

static void write_file(const char *root, const char *file, const char *bytes, size_t len)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", root, file);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), (ssize_t)len);
	close(fd);
}

static void put_process(const struct proc *proc, uint64_t ticks, const char *cmdline, size_t len,
			const char *cgroup)
{
	char path[128], stat[128];

	snprintf(path, sizeof(path), "%s/42", proc->root);
	mkdir(path, 0700);
	snprintf(stat, sizeof(stat), "42 (vmm) S 0 1 1 0 -1 4 1 2 3 4 5 6 7 8 20 0 1 0 %llu 9\n",
		 (unsigned long long)ticks);
	write_file(proc->root, "42/stat", stat, strlen(stat));
	write_file(proc->root, "42/cmdline", cmdline, len);
	write_file(proc->root, "42/cgroup", cgroup, strlen(cgroup));
}

static int make_proc(void **state)
{
	static struct proc proc;

	strcpy(proc.root, "/tmp/test-vm-XXXXXX");
	*state = &proc;
	return mkdtemp(proc.root) ? 0 : -1;
}

static int remove_proc(void **state)
{
	static const char *const files[] = {"42/stat", "42/cmdline", "42/cgroup", "42", ""};
	struct proc *proc = *state;
	char path[128];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(path, sizeof(path), "%s/%s", proc->root, files[i]);
		remove(path);
	}
	return 0;
}

static struct sea_vm_names *open_names(const struct proc *proc)
{
	struct sea_vm_names *names;
	struct sea_error err;

	assert_int_equal(sea_vm_names_open(proc->root, &names, &err), 0);
	return names;
}

static void names_from_proc(void **state)
{
	const struct proc *proc = *state;
	uint64_t tick = SEC / (uint64_t)sysconf(_SC_CLK_TCK), start = 4711 * tick + 17;
	struct sea_vm_names *names = open_names(proc);
	const struct sea_vm_name *name;

	put_process(proc, 4711, BYTES("vmm\0--name\0one\0"), "0::/vms/two\n");
	name = sea_vm_names_get(names, 42, start, "vmm", 3);
	assert_string_equal(name->text, "one");
	assert_int_equal(name->origin, SEA_VM_FROM_CMDLINE);

	/* Remembered from the first sight, also when the process has gone. */
	put_process(proc, 9999, BYTES("vmm\0--name\0other\0"), "0::/\n");
	name = sea_vm_names_get(names, 42, start, "vmm", 3);
	assert_string_equal(name->text, "one");

	/* The same pid, another process. */
	name = sea_vm_names_get(names, 42, 9999 * tick, "vmm", 3);
	assert_string_equal(name->text, "other");
	assert_int_equal(sea_vm_names_count(names), 2);
	sea_vm_names_close(names);
}

static void reused_pid_never_lends_its_name(void **state)
{
	const struct proc *proc = *state;
	uint64_t tick = SEC / (uint64_t)sysconf(_SC_CLK_TCK);
	struct sea_vm_names *names = open_names(proc);
	const struct sea_vm_name *name;

	put_process(proc, 4712, BYTES("vmm\0--name\0usurper\0"), "0::/vms/usurper\n");
	name = sea_vm_names_get(names, 42, 4711 * tick, "vmm\0garbage", 11);
	assert_string_equal(name->text, "vmm-42");
	assert_int_equal(name->origin, SEA_VM_FROM_COMM);
	sea_vm_names_close(names);
}

static void falls_back(void **state)
{
	const struct proc *proc = *state;
	uint64_t tick = SEC / (uint64_t)sysconf(_SC_CLK_TCK);
	struct sea_vm_names *names = open_names(proc);
	const struct sea_vm_name *name;

	put_process(proc, 1, BYTES("vmm\0"), "0::/vms/two\n");
	name = sea_vm_names_get(names, 42, tick, "vmm", 3);
	assert_string_equal(name->text, "two");
	assert_int_equal(name->origin, SEA_VM_FROM_CGROUP);

	put_process(proc, 2, BYTES(""), "0::/\n");
	name = sea_vm_names_get(names, 42, 2 * tick, "q\nmu", 4);
	assert_string_equal(name->text, "q?mu-42");
	assert_int_equal(name->origin, SEA_VM_FROM_COMM);

	name = sea_vm_names_get(names, 4294967295U, 2 * tick, "", 0);
	assert_string_equal(name->text, "pid-4294967295");
	assert_int_equal(name->origin, SEA_VM_FROM_PID);

	/* A start time that is not known cannot be checked. */
	name = sea_vm_names_get(names, 42, 0, "vmm", 3);
	assert_string_equal(name->text, "vmm-42");

	name = sea_vm_names_get(names, 0, 0, "", 0);
	assert_string_equal(name->text, "unknown");
	assert_int_equal(name->origin, SEA_VM_FROM_NOTHING);
	sea_vm_names_close(names);
}

static void prune_bounds_the_memory(void **state)
{
	struct sea_vm_names *names = open_names(*state);
	uint32_t i;

	for (i = 1; i <= 100; i++)
		sea_vm_names_get(names, i, 0, "x", 1);
	sea_vm_names_prune(names);
	assert_int_equal(sea_vm_names_count(names), 100);
	sea_vm_names_get(names, 7, 0, "x", 1);
	sea_vm_names_prune(names);
	assert_int_equal(sea_vm_names_count(names), 1);
	sea_vm_names_close(names);
}

static void no_proc_is_an_error(void **state)
{
	struct sea_vm_names *names;
	struct sea_error err;

	(void)state;
	assert_int_equal(sea_vm_names_open("/nonexistent", &names, &err), -1);
	assert_non_null(strstr(err.text, "/nonexistent"));
	sea_vm_names_close(NULL);
}

/* The test itself is a process with a start time. */
static void own_process(void **state)
{
	char stat[1024], path[PATH_MAX];
	struct sea_vm_names *names;
	struct sea_error err;
	uint64_t ticks, tick = SEC / (uint64_t)sysconf(_SC_CLK_TCK);
	FILE *file = fopen("/proc/self/stat", "r");
	size_t n;

	(void)state;
	assert_non_null(file);
	n = fread(stat, 1, sizeof(stat), file);
	fclose(file);
	assert_true(sea_vm_start_from_stat(stat, n, &ticks));
	assert_true(ticks > 0);
	assert_int_equal(sea_vm_names_open("/proc", &names, &err), 0);
	/* No --name in our own command line: whatever it is, it is not that. */
	assert_int_not_equal(
		sea_vm_names_get(names, (uint32_t)getpid(), ticks * tick, "me", 2)->origin,
		SEA_VM_FROM_CMDLINE);
	assert_true(readlink("/proc/self/exe", path, sizeof(path)) > 0);
	sea_vm_names_close(names);
}

static void origins_have_names(void **state)
{
	(void)state;
	assert_string_equal(sea_vm_origin_name(SEA_VM_FROM_CMDLINE), "cmdline");
	assert_string_equal(sea_vm_origin_name(SEA_VM_FROM_CGROUP), "cgroup");
	assert_string_equal(sea_vm_origin_name(SEA_VM_FROM_COMM), "comm");
	assert_string_equal(sea_vm_origin_name(SEA_VM_FROM_PID), "pid");
	assert_string_equal(sea_vm_origin_name(SEA_VM_ORIGINS), "none");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cmdline),
		cmocka_unit_test(cgroup),
		cmocka_unit_test(stat_start_time),
		cmocka_unit_test(long_names_are_cut_between_characters),
		cmocka_unit_test(sanitize),
		cmocka_unit_test_setup_teardown(names_from_proc, make_proc, remove_proc),
		cmocka_unit_test_setup_teardown(reused_pid_never_lends_its_name, make_proc,
						remove_proc),
		cmocka_unit_test_setup_teardown(falls_back, make_proc, remove_proc),
		cmocka_unit_test_setup_teardown(prune_bounds_the_memory, make_proc, remove_proc),
		cmocka_unit_test(no_proc_is_an_error),
		cmocka_unit_test(own_process),
		cmocka_unit_test(origins_have_names),
	};

	return cmocka_run_group_tests_name("vm", tests, NULL, NULL);
}
