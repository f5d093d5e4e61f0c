// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/printable.h"
#include "names/names-internal.h"

/* A string literal with the NULs in it, and without the one that C adds. */
#define BYTES(s) s, sizeof(s) - 1

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
		size_t len = sea_printable(cases[i].in, strlen(cases[i].in), out, sizeof(out));

		assert_string_equal(out, cases[i].out);
		assert_int_equal(len, strlen(cases[i].out));
	}
	assert_int_equal(sea_printable("a\0b", 3, out, sizeof(out)), 3);
	assert_string_equal(out, "a?b");
	assert_int_equal(sea_printable("abc", 3, out, 1), 0);
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

/* Nanoseconds after boot, for so many clock ticks. */
static uint64_t ticks_ns(uint64_t ticks)
{
	return ticks * (SEC / (uint64_t)sysconf(_SC_CLK_TCK));
}

static struct sea_vm_identity vm(uint64_t id, uint32_t tgid, uint64_t start_ns)
{
	return (struct sea_vm_identity){
		.id = id,
		.start_ns = start_ns,
		.tgid = tgid,
		.comm = "vmm",
		.comm_len = 3,
	};
}

static void expect_name(struct sea_vm_names *names, struct sea_vm_identity identity,
			const char *text, enum sea_vm_origin origin)
{
	const struct sea_vm_name *name = &sea_vm_names_get(names, &identity)->name;

	assert_string_equal(name->text, text);
	assert_string_equal(sea_vm_origin_name(name->origin), sea_vm_origin_name(origin));
}

static void names_from_proc(void **state)
{
	const struct proc *proc = *state;
	struct sea_vm_names *names = open_names(proc);
	uint64_t start = ticks_ns(4711) + 17;

	put_process(proc, 4711, BYTES("vmm\0--name\0one\0"), "0::/vms/two\n");
	expect_name(names, vm(1, 42, start), "one", SEA_VM_FROM_CMDLINE);

	/* Remembered from the first sight, also when the process has gone. */
	put_process(proc, 9999, BYTES("vmm\0--name\0other\0"), "0::/\n");
	expect_name(names, vm(1, 42, start), "one", SEA_VM_FROM_CMDLINE);

	/* The same pid, another process. */
	expect_name(names, vm(2, 42, ticks_ns(9999)), "other", SEA_VM_FROM_CMDLINE);
	assert_int_equal(sea_vm_names_count(names), 2);
	sea_vm_names_close(names);
}

static void reused_pid_never_lends_its_name(void **state)
{
	const struct proc *proc = *state;
	struct sea_vm_names *names = open_names(proc);
	struct sea_vm_identity gone = vm(1, 42, ticks_ns(4711));

	put_process(proc, 4712, BYTES("vmm\0--name\0usurper\0"), "0::/vms/usurper\n");
	gone.comm = "vmm\0garbage";
	gone.comm_len = 11;
	expect_name(names, gone, "vmm-42", SEA_VM_FROM_COMM);
	sea_vm_names_close(names);
}

static void falls_back(void **state)
{
	const struct proc *proc = *state;
	struct sea_vm_names *names = open_names(proc);
	struct sea_vm_identity identity;

	put_process(proc, 1, BYTES("vmm\0"), "0::/vms/two\n");
	expect_name(names, vm(0, 42, ticks_ns(1)), "two", SEA_VM_FROM_CGROUP);

	put_process(proc, 2, BYTES(""), "0::/\n");
	identity = vm(0, 42, ticks_ns(2));
	identity.comm = "q\nmu";
	identity.comm_len = 4;
	expect_name(names, identity, "q?mu-42", SEA_VM_FROM_COMM);

	identity = vm(0, 4294967295U, ticks_ns(2));
	identity.comm = NULL;
	expect_name(names, identity, "pid-4294967295", SEA_VM_FROM_PID);

	/* A start time that is not known cannot be checked. */
	put_process(proc, 0, BYTES("vmm\0--name\0wrong\0"), "0::/\n");
	expect_name(names, vm(0, 42, 0), "vmm-42", SEA_VM_FROM_COMM);

	identity = vm(0, 0, 0);
	identity.comm_len = 0;
	expect_name(names, identity, "unknown", SEA_VM_FROM_NOTHING);
	sea_vm_names_close(names);
}

static bool machine_42(uint32_t pid, char *out, size_t size)
{
	if (pid != 42)
		return false;
	snprintf(out, size, "qemu-3-web");
	return true;
}

static void precedence(void **state)
{
	static const struct {
		const char *cmdline;
		size_t len;
		const char *cgroup;
		bool machined;
		const char *name;
		enum sea_vm_origin origin;
	} cases[] = {
		/* What the VMM was told is exact; machined's may be cut and numbered. */
		{BYTES("qemu-kvm\0-name\0guest=web_1\0"), "0::/machine.slice/machine-x.scope\n",
		 true, "web_1", SEA_VM_FROM_CMDLINE},
		{BYTES("cloud-hypervisor\0--api-socket\0/run/ch.sock\0"),
		 "0::/machine.slice/machine-x.scope\n", true, "web", SEA_VM_FROM_MACHINED},
		{BYTES("cloud-hypervisor\0--api-socket\0/run/vm7.sock\0"), "0::/vms/leaf\n", true,
		 "web", SEA_VM_FROM_MACHINED},
		{BYTES("cloud-hypervisor\0--api-socket\0/run/vm7.sock\0"), "0::/vms/leaf\n", false,
		 "vm7", SEA_VM_FROM_CMDLINE},
		{BYTES("cloud-hypervisor\0"), "0::/system.slice/vm-7.service\n", false, "vm-7",
		 SEA_VM_FROM_CGROUP},
		/* Without libsystemd: the same name by another way. */
		{BYTES("vmm\0"), "0::/machine.slice/machine-qemu\\x2d3\\x2dweb.scope\n", false,
		 "web", SEA_VM_FROM_CGROUP},
		{BYTES("vmm\0"), "0::/machine.slice/machine-qemu\\x2d3\\x2dweb.scope\n", true,
		 "web", SEA_VM_FROM_MACHINED},
		/* KubeVirt */
		{BYTES("qemu-kvm\0-name\0guest=prod_my_vm,debug-threads=on\0"),
		 "0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-1.scope\n", false,
		 "prod/my_vm", SEA_VM_FROM_CMDLINE},
		{BYTES("qemu-kvm\0-name\0guest=prod_vm\0"), "0::/machine/qemu\n", false, "prod_vm",
		 SEA_VM_FROM_CMDLINE},
		{BYTES("qemu-kvm\0-name\0_vm\0"), "0::/kubepods/burstable/x\n", false, "_vm",
		 SEA_VM_FROM_CMDLINE},
		{BYTES("qemu-kvm\0-name\0ns_\0"), "0::/kubepods/burstable/x\n", false, "ns_",
		 SEA_VM_FROM_CMDLINE},
		/* About to end: no command line any more. */
		{BYTES(""), "0::/firecracker/micro-1\n", false, "micro-1", SEA_VM_FROM_CGROUP},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sea_vm_names *names = open_names(*state);

		sea_vm_names_set_machined(names, cases[i].machined ? machine_42 : NULL);
		put_process(*state, 7, cases[i].cmdline, cases[i].len, cases[i].cgroup);
		expect_name(names, vm(1, 42, ticks_ns(7)), cases[i].name, cases[i].origin);
		sea_vm_names_close(names);
	}
}

/* The machine of a pid that somebody else has by now. */
static const struct proc *dying;

static bool machine_of_dying(uint32_t pid, char *out, size_t size)
{
	char path[128];

	(void)pid;
	snprintf(path, sizeof(path), "%s/42/stat", dying->root);
	remove(path);
	snprintf(out, size, "usurper");
	return true;
}

static void machine_of_another_process(void **state)
{
	struct sea_vm_names *names = open_names(*state);

	dying = *state;
	sea_vm_names_set_machined(names, machine_of_dying);
	put_process(*state, 7, BYTES("vmm\0"), "0::/vms/leaf\n");
	expect_name(names, vm(1, 42, ticks_ns(7)), "leaf", SEA_VM_FROM_CGROUP);
	sea_vm_names_close(names);
}

static void vms_of_one_process(void **state)
{
	struct sea_vm_names *names = open_names(*state);
	uint64_t start = ticks_ns(7);
	char longest[300] = "vmm\0--name\0";
	size_t i, at = 11;

	put_process(*state, 7, BYTES("crosvm\0run\0--name\0farm\0"), "0::/\n");
	expect_name(names, vm(12, 42, start), "farm", SEA_VM_FROM_CMDLINE);
	expect_name(names, vm(15, 42, start), "farm#2", SEA_VM_FROM_CMDLINE);
	/* The process itself is no VM and takes no number. */
	expect_name(names, vm(0, 42, start), "farm", SEA_VM_FROM_CMDLINE);
	expect_name(names, vm(13, 42, start), "farm#3", SEA_VM_FROM_CMDLINE);
	expect_name(names, vm(15, 42, start), "farm#2", SEA_VM_FROM_CMDLINE);

	/* One ends, another comes: numbers are not reused while one of them is there. */
	sea_vm_names_prune(names);
	expect_name(names, vm(15, 42, start), "farm#2", SEA_VM_FROM_CMDLINE);
	sea_vm_names_prune(names);
	assert_int_equal(sea_vm_names_count(names), 1);
	expect_name(names, vm(20, 42, start), "farm#4", SEA_VM_FROM_CMDLINE);

	/* A VM that moved to another process is the same VM. */
	expect_name(names, vm(15, 43, ticks_ns(8)), "farm#2", SEA_VM_FROM_CMDLINE);
	expect_name(names, vm(21, 43, ticks_ns(8)), "vmm-43", SEA_VM_FROM_COMM);

	/* There is room for the number, and no character is cut in half. */
	while (at + 2 < sizeof(longest)) {
		memcpy(longest + at, "\xc3\xbc", 2);
		at += 2;
	}
	put_process(*state, 9, longest, at, "0::/\n");
	for (i = 30; i < 41; i++) {
		struct sea_vm_identity identity = vm(i, 42, ticks_ns(9));
		const struct sea_vm_name *name = &sea_vm_names_get(names, &identity)->name;

		if (i == 30)
			assert_int_equal(strlen(name->text), 254);
		if (i == 40)
			assert_string_equal(name->text + strlen(name->text) - 5, "\xc3\xbc#11");
	}
	sea_vm_names_close(names);
}

static void command_line_that_somebody_saw(void **state)
{
	struct sea_vm_names *names = open_names(*state);
	struct sea_vm_identity gone = vm(1, 43, ticks_ns(7)), early = vm(2, 44, ticks_ns(7));
	struct sea_vm_identity present = vm(4, 42, ticks_ns(7));

	gone.cmdline = (struct sea_vm_cmdline){BYTES("qemu\0-name\0guest=db01,debug-thr"), true};
	expect_name(names, gone, "db01", SEA_VM_FROM_CMDLINE);

	/* Cut in the middle of the name: a wrong name is worse than a plain one. */
	gone.id = 3;
	gone.tgid = 45;
	gone.cmdline = (struct sea_vm_cmdline){BYTES("qemu\0-name\0guest=db0"), true};
	expect_name(names, gone, "vmm-45", SEA_VM_FROM_COMM);

	/* It came later than the first sight: the names get better, once. */
	expect_name(names, early, "vmm-44", SEA_VM_FROM_COMM);
	early.id = 5;
	expect_name(names, early, "vmm-44#2", SEA_VM_FROM_COMM);
	early.cmdline = (struct sea_vm_cmdline){BYTES("firecracker\0--id\0mv-2\0"), false};
	expect_name(names, early, "mv-2#2", SEA_VM_FROM_CMDLINE);
	early.id = 2;
	early.cmdline = (struct sea_vm_cmdline){BYTES("firecracker\0--id\0mv-3\0"), false};
	expect_name(names, early, "mv-2", SEA_VM_FROM_CMDLINE);

	/* What procfs says is whole and goes first. */
	put_process(*state, 7, BYTES("vmm\0--name\0proc\0"), "0::/\n");
	present.cmdline = (struct sea_vm_cmdline){BYTES("vmm\0--name\0seen\0"), false};
	expect_name(names, present, "proc", SEA_VM_FROM_CMDLINE);

	/* A process that is about to end: its cgroup, and the command line seen. */
	put_process(*state, 8, BYTES(""), "0::/kubepods/x\n");
	present = vm(6, 42, ticks_ns(8));
	expect_name(names, present, "x", SEA_VM_FROM_CGROUP);
	present.cmdline = (struct sea_vm_cmdline){BYTES("qemu\0-name\0ns_vm\0"), false};
	expect_name(names, present, "ns/vm", SEA_VM_FROM_CMDLINE);
	sea_vm_names_close(names);
}

static void names_by_the_user(void **state)
{
	static const char file[] = "42 by pid\n"
				   "5ee4fa21-6f8b-4a8c-9df0-0123456789ab by uuid\n"
				   "/machine.slice/*\\x2dweb.scope/* by cgroup\n"
				   "auto* by name\n";
	static const char cmdline[] = "qemu\0-uuid\0005EE4FA21-6F8B-4A8C-9DF0-0123456789AB\0";
	struct sea_vm_names *names = open_names(*state);
	struct sea_vm_identity gone = vm(9, 50, ticks_ns(400));
	struct sea_vm_map *map;
	struct sea_error err;

	assert_int_equal(sea_vm_map_parse(BYTES(file), "f", ticks_ns(100), &map, &err), 0);
	sea_vm_names_set_map(names, map);

	put_process(*state, 99, BYTES("vmm\0--name\0auto1\0"), "0::/\n");
	expect_name(names, vm(1, 42, ticks_ns(99)), "by pid", SEA_VM_FROM_MAP);
	expect_name(names, vm(2, 42, ticks_ns(99)), "by pid#2", SEA_VM_FROM_MAP);
	/* The pid's next owner came after the file was read. */
	put_process(*state, 101, BYTES("vmm\0--name\0new\0"), "0::/\n");
	expect_name(names, vm(3, 42, ticks_ns(101)), "new", SEA_VM_FROM_CMDLINE);
	put_process(*state, 102, BYTES("vmm\0--name\0auto2\0"), "0::/\n");
	expect_name(names, vm(4, 42, ticks_ns(102)), "by name", SEA_VM_FROM_MAP);
	put_process(*state, 103, BYTES(cmdline), "0::/\n");
	expect_name(names, vm(5, 42, ticks_ns(103)), "by uuid", SEA_VM_FROM_MAP);
	put_process(*state, 104, BYTES("vmm\0"),
		    "0::/machine.slice/machine-qemu\\x2d1\\x2dweb.scope/libvirt/emulator\n");
	expect_name(names, vm(6, 42, ticks_ns(104)), "by cgroup", SEA_VM_FROM_MAP);
	/* Gone, but its command line was seen. */
	gone.cmdline = (struct sea_vm_cmdline){BYTES(cmdline), false};
	expect_name(names, gone, "by uuid", SEA_VM_FROM_MAP);
	sea_vm_names_close(names);
	sea_vm_map_free(map);
}

static void prune_bounds_the_memory(void **state)
{
	struct sea_vm_names *names = open_names(*state);
	uint32_t i;

	for (i = 1; i <= 100; i++) {
		struct sea_vm_identity identity = vm(i, i, ticks_ns(7));

		sea_vm_names_get(names, &identity);
	}
	sea_vm_names_prune(names);
	assert_int_equal(sea_vm_names_count(names), 100);
	expect_name(names, vm(7, 7, ticks_ns(7)), "vmm-7", SEA_VM_FROM_COMM);
	sea_vm_names_prune(names);
	assert_int_equal(sea_vm_names_count(names), 1);
	sea_vm_names_prune(names);
	assert_int_equal(sea_vm_names_count(names), 0);
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
	char stat[1024];
	struct sea_vm_identity identity;
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
	identity = vm(0, (uint32_t)getpid(), ticks * tick);
	assert_int_not_equal(sea_vm_names_get(names, &identity)->name.origin, SEA_VM_FROM_CMDLINE);
	sea_vm_names_close(names);
}

static void origins_have_names(void **state)
{
	static const char *const words[] = {"map-file", "cmdline", "machined", "cgroup",
					    "comm",	"pid",	   "none",     "none"};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(words); i++)
		assert_string_equal(sea_vm_origin_name((enum sea_vm_origin)i), words[i]);
}

#define WITH_PROC(test) cmocka_unit_test_setup_teardown(test, make_proc, remove_proc)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stat_start_time),
		cmocka_unit_test(sanitize),
		WITH_PROC(names_from_proc),
		WITH_PROC(reused_pid_never_lends_its_name),
		WITH_PROC(falls_back),
		WITH_PROC(precedence),
		WITH_PROC(machine_of_another_process),
		WITH_PROC(vms_of_one_process),
		WITH_PROC(command_line_that_somebody_saw),
		WITH_PROC(names_by_the_user),
		WITH_PROC(prune_bounds_the_memory),
		cmocka_unit_test(no_proc_is_an_error),
		cmocka_unit_test(own_process),
		cmocka_unit_test(origins_have_names),
	};

	return cmocka_run_group_tests_name("vm", tests, NULL, NULL);
}
