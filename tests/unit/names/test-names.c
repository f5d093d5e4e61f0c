// SPDX-License-Identifier: GPL-2.0-only
#include "procfs.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "names/errand.h"
#include "names/look.h"

static void names_from_proc(void **state)
{
	const struct procfs *proc = *state;
	struct sea_vm_names *names = procfs_names(proc);
	uint64_t start = ticks_ns(4711) + 17;

	procfs_put(proc, 42, 4711, BYTES("vmm\0--name\0one\0"), "0::/vms/two\n");
	expect_name(names, vm(1, 42, start), "one", SEA_VM_FROM_CMDLINE);

	/* Remembered from the first sight, also when the process has gone. */
	procfs_put(proc, 42, 9999, BYTES("vmm\0--name\0other\0"), "0::/\n");
	expect_name(names, vm(1, 42, start), "one", SEA_VM_FROM_CMDLINE);

	/* The same pid, another process. */
	expect_name(names, vm(2, 42, ticks_ns(9999)), "other", SEA_VM_FROM_CMDLINE);
	assert_int_equal(sea_vm_names_count(names), 2);
	sea_vm_names_close(names);
}

static void reused_pid_never_lends_its_name(void **state)
{
	const struct procfs *proc = *state;
	struct sea_vm_names *names = procfs_names(proc);
	struct sea_vm_identity gone = vm(1, 42, ticks_ns(4711));

	procfs_put(proc, 42, 4712, BYTES("vmm\0--name\0usurper\0"), "0::/vms/usurper\n");
	gone.comm = "vmm\0garbage";
	gone.comm_len = 11;
	expect_name(names, gone, "vmm-42", SEA_VM_FROM_COMM);
	sea_vm_names_close(names);
}

static void falls_back(void **state)
{
	const struct procfs *proc = *state;
	struct sea_vm_names *names = procfs_names(proc);
	struct sea_vm_identity identity;

	procfs_put(proc, 42, 1, BYTES("vmm\0"), "0::/vms/two\n");
	expect_name(names, vm(0, 42, ticks_ns(1)), "two", SEA_VM_FROM_CGROUP);

	procfs_put(proc, 42, 2, BYTES(""), "0::/\n");
	identity = vm(0, 42, ticks_ns(2));
	identity.comm = "q\nmu";
	identity.comm_len = 4;
	expect_name(names, identity, "q?mu-42", SEA_VM_FROM_COMM);

	identity = vm(0, 4294967295U, ticks_ns(2));
	identity.comm = NULL;
	expect_name(names, identity, "pid-4294967295", SEA_VM_FROM_PID);

	/* A start time that is not known cannot be checked. */
	procfs_put(proc, 42, 0, BYTES("vmm\0--name\0wrong\0"), "0::/\n");
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
		{BYTES("qemu-kvm\0-name\0guest=prod_my-vm,debug-threads=on\0"),
		 "0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-1.scope\n", false,
		 "prod/my-vm", SEA_VM_FROM_CMDLINE},
		{BYTES("qemu-kvm\0-name\0Build_VM_7,process=vm\0"),
		 "0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-1.scope\n", false,
		 "Build_VM_7", SEA_VM_FROM_CMDLINE},
		{BYTES("crosvm\0run\0--name\0my_vm\0"), "0::/kubepods/burstable/x\n", false,
		 "my_vm", SEA_VM_FROM_CMDLINE},
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
		struct sea_vm_names *names = procfs_names(*state);

		sea_vm_names_set_machined(names, cases[i].machined ? machine_42 : NULL);
		procfs_put(*state, 42, 7, cases[i].cmdline, cases[i].len, cases[i].cgroup);
		expect_name(names, vm(1, 42, ticks_ns(7)), cases[i].name, cases[i].origin);
		sea_vm_names_close(names);
	}
}

/* The machine of a pid that somebody else has by now. */
static const struct procfs *dying;

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
	struct sea_vm_names *names = procfs_names(*state);

	dying = *state;
	sea_vm_names_set_machined(names, machine_of_dying);
	procfs_put(*state, 42, 7, BYTES("vmm\0"), "0::/vms/leaf\n");
	expect_name(names, vm(1, 42, ticks_ns(7)), "leaf", SEA_VM_FROM_CGROUP);
	sea_vm_names_close(names);
}

static void vms_of_one_process(void **state)
{
	struct sea_vm_names *names = procfs_names(*state);
	uint64_t start = ticks_ns(7);
	char longest[300] = "vmm\0--name\0";
	size_t i, at = 11;

	procfs_put(*state, 42, 7, BYTES("crosvm\0run\0--name\0farm\0"), "0::/\n");
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
	/* Nobody to tell it from any more */
	expect_name(names, vm(15, 42, start), "farm", SEA_VM_FROM_CMDLINE);
	expect_name(names, vm(20, 42, start), "farm#4", SEA_VM_FROM_CMDLINE);

	/* A VM that moved to another process is the same VM. */
	expect_name(names, vm(15, 43, ticks_ns(8)), "farm", SEA_VM_FROM_CMDLINE);
	expect_name(names, vm(21, 43, ticks_ns(8)), "vmm-43", SEA_VM_FROM_COMM);

	/* There is room for the number, and no character is cut in half. */
	while (at + 2 < sizeof(longest)) {
		memcpy(longest + at, "\xc3\xbc", 2);
		at += 2;
	}
	procfs_put(*state, 42, 9, longest, at, "0::/\n");
	for (i = 30; i < 41; i++) {
		struct sea_vm_identity identity = vm(i, 42, ticks_ns(9));
		const struct sea_vm_name *name = &who_is(names, identity)->name;

		if (i == 30)
			assert_int_equal(strlen(name->text), 254);
		if (i == 40)
			assert_string_equal(name->text + strlen(name->text) - 5, "\xc3\xbc#11");
	}
	sea_vm_names_close(names);
}

static void command_line_that_somebody_saw(void **state)
{
	struct sea_vm_names *names = procfs_names(*state);
	struct sea_vm_identity gone = vm(1, 43, ticks_ns(7)), early = vm(2, 44, ticks_ns(7));
	struct sea_vm_identity present = vm(4, 42, ticks_ns(7));

	gone.cmdline = (struct sea_vm_cmdline){BYTES("qemu\0-name\0guest=db01,debug-thr"), true};
	expect_name(names, gone, "db01", SEA_VM_FROM_CMDLINE);

	/* Cut in the middle of the name: a wrong name is worse than a plain one. */
	gone.id = 3;
	gone.tgid = 45;
	gone.cmdline = (struct sea_vm_cmdline){BYTES("qemu\0-name\0guest=db0"), true};
	expect_name(names, gone, "vmm-45", SEA_VM_FROM_COMM);

	/* It came later than the first sight: the names get better, that of each program. */
	expect_name(names, early, "vmm-44", SEA_VM_FROM_COMM);
	early.id = 5;
	expect_name(names, early, "vmm-44#2", SEA_VM_FROM_COMM);
	early.cmdline = (struct sea_vm_cmdline){BYTES("firecracker\0--id\0mv-2\0"), false};
	expect_name(names, early, "mv-2#2", SEA_VM_FROM_CMDLINE);
	early.id = 2;
	early.cmdline = (struct sea_vm_cmdline){BYTES("firecracker\0--id\0mv-3\0"), false};
	expect_name(names, early, "mv-3", SEA_VM_FROM_CMDLINE);
	early.id = 5;
	early.cmdline.text = NULL;
	expect_name(names, early, "mv-2", SEA_VM_FROM_CMDLINE);

	/* What the kernel saw is of this process; what has its pid in /proc may not be. */
	procfs_put(*state, 42, 7, BYTES("vmm\0--name\0proc\0"), "0::/vms/proc\n");
	present.cmdline = (struct sea_vm_cmdline){BYTES("vmm\0--name\0seen\0"), false};
	expect_name(names, present, "seen", SEA_VM_FROM_CMDLINE);
	present.id = 7;
	present.start_ns++;
	present.cmdline = (struct sea_vm_cmdline){BYTES("vmm\0--name\0again\0-x\0y"), true};
	expect_name(names, present, "again", SEA_VM_FROM_CMDLINE);
	assert_string_equal(who_is(names, present)->cgroup, "");

	/* A part of it is known to the kernel, and all of it to procfs. */
	procfs_put(*state, 42, 9, BYTES("vmm\0-x\0y\0--name\0whole\0"), "0::/\n");
	present = vm(8, 42, ticks_ns(9));
	present.cmdline = (struct sea_vm_cmdline){BYTES("vmm\0-x\0y\0--na"), true};
	expect_name(names, present, "whole", SEA_VM_FROM_CMDLINE);

	/* A process that is about to end: its cgroup, and the command line seen. */
	procfs_put(*state, 42, 10, BYTES(""), "0::/kubepods/x\n");
	present = vm(6, 42, ticks_ns(10));
	expect_name(names, present, "x", SEA_VM_FROM_CGROUP);
	present.cmdline = (struct sea_vm_cmdline){
		BYTES("qemu\0-name\0guest=ns_vm,debug-threads=on\0"), false};
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
	struct sea_vm_names *names = procfs_names(*state);
	struct sea_vm_identity gone = vm(9, 50, ticks_ns(400));
	struct sea_vm_map *map;
	struct sea_error err;

	assert_int_equal(sea_vm_map_parse(BYTES(file), "f", ticks_ns(100), &map, &err), 0);
	sea_vm_names_set_map(names, map);

	procfs_put(*state, 42, 99, BYTES("vmm\0--name\0auto1\0"), "0::/\n");
	expect_name(names, vm(1, 42, ticks_ns(99)), "by pid", SEA_VM_FROM_MAP);
	expect_name(names, vm(2, 42, ticks_ns(99)), "by pid#2", SEA_VM_FROM_MAP);
	/* The pid's next owner came after the file was read. */
	procfs_put(*state, 42, 101, BYTES("vmm\0--name\0new\0"), "0::/\n");
	expect_name(names, vm(3, 42, ticks_ns(101)), "new", SEA_VM_FROM_CMDLINE);
	procfs_put(*state, 42, 102, BYTES("vmm\0--name\0auto2\0"), "0::/\n");
	expect_name(names, vm(4, 42, ticks_ns(102)), "by name", SEA_VM_FROM_MAP);
	procfs_put(*state, 42, 103, BYTES(cmdline), "0::/\n");
	expect_name(names, vm(5, 42, ticks_ns(103)), "by uuid", SEA_VM_FROM_MAP);
	procfs_put(*state, 42, 104, BYTES("vmm\0"),
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
	struct sea_vm_names *names = procfs_names(*state);
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

/* A process whose memory map is locked: reading its command line never returns. */
static void one_that_hangs_holds_up_nobody(void **state)
{
	struct sea_vm_names *names = procfs_names(*state);
	struct pollfd late = {.fd = sea_vm_names_fd(names), .events = POLLIN};
	struct sea_vm_identity sick = vm(1, 50, ticks_ns(5)), other = vm(2, 51, ticks_ns(6));
	const struct sea_vm_who *who, *well;
	uint64_t generation;
	uint32_t i;

	procfs_put(*state, 50, 5, BYTES(""), "0::/vms/leaf\n");
	procfs_hang(*state, 50, "cmdline");
	procfs_put(*state, 51, 6, BYTES("vmm\0--name\0well\0"), "0::/\n");

	/* It has the name that can be had without: now, and when asked again. */
	who = sea_vm_names_get(names, &sick);
	assert_true(who->asking);
	assert_false(sea_vm_names_wait(names, 1));
	for (sea_vm_names_settle(names); strcmp(who->name.text, "leaf"); sea_vm_names_settle(names))
		assert_int_equal(poll(&late, 1, 60000), 1);
	assert_string_equal(sea_vm_origin_name(who->name.origin), "cgroup");
	assert_string_equal(who->cgroup, "/vms/leaf");

	/* And so do others, however often it is asked for. */
	well = sea_vm_names_get(names, &other);
	for (i = 0; i < 1000; i++)
		sea_vm_names_get(names, &sick);
	for (sea_vm_names_settle(names); strcmp(well->name.text, "well");
	     sea_vm_names_settle(names))
		assert_int_equal(poll(&late, 1, 60000), 1);
	assert_false(well->asking);
	assert_int_equal(poll(&late, 1, 0), 0);
	generation = sea_vm_names_settle(names);
	assert_true(who->asking);
	assert_int_equal(sea_vm_names_settle(names), generation);

	/* The name gets better by itself, and somebody is told. */
	procfs_release(*state, 50, "cmdline", BYTES("vmm\0--name\0better\0"));
	assert_int_equal(poll(&late, 1, 60000), 1);
	assert_true(sea_vm_names_settle(names) != generation);
	assert_string_equal(who->name.text, "better");
	assert_false(who->asking);
	assert_int_equal(poll(&late, 1, 0), 0);
	sea_vm_names_close(names);
}

/* All of them hang: each costs one moment, and no more than a few do that together. */
static void many_that_hang(void **state)
{
	enum { MANY = 100 };
	struct sea_vm_names *names = procfs_names(*state);
	const struct sea_vm_who *who[MANY];
	struct sea_vm_identity identity;
	uint64_t began;
	uint32_t i;

	for (i = 0; i < MANY; i++) {
		procfs_put(*state, 100 + i, 5, BYTES(""), "0::/\n");
		procfs_hang(*state, 100 + i, "cmdline");
	}
	began = sea_errands_now();
	for (i = 0; i < MANY; i++) {
		identity = vm(i + 1, 100 + i, ticks_ns(5));
		who[i] = sea_vm_names_get(names, &identity);
	}
	/* 50 ms for all; the rest is for a machine under load. */
	assert_true(sea_errands_now() - began < SEC);
	for (i = 0; i < MANY; i++) {
		char name[32];

		snprintf(name, sizeof(name), "vmm-%u", 100 + i);
		assert_string_equal(who[i]->name.text, name);
	}

	/* The kernel saw its command line: that needs nobody. */
	identity = vm(7, 106, ticks_ns(5));
	identity.cmdline = (struct sea_vm_cmdline){BYTES("vmm\0--name\0seen\0"), false};
	sea_vm_names_get(names, &identity);
	sea_vm_names_settle(names);
	assert_string_equal(who[6]->name.text, "seen");

	/* Those that are forgotten before a thread came to them are called back. */
	sea_vm_names_prune(names);
	sea_vm_names_prune(names);
	assert_int_equal(sea_vm_names_count(names), 0);

	/* Closed while they are out: they are let go of. */
	sea_vm_names_close(names);
	for (i = 0; i < MANY; i++) {
		char path[128];
		int fd;

		snprintf(path, sizeof(path), "%s/%u/cmdline", ((struct procfs *)*state)->root,
			 100 + i);
		/* Nobody waits in those that were never begun. */
		fd = open(path, O_WRONLY | O_NONBLOCK);
		if (fd >= 0)
			close(fd);
	}
}

/* What the kernel saw in full is not read from procfs. */
static void nothing_is_read_that_the_kernel_saw(void **state)
{
	struct sea_vm_names *names = procfs_names(*state);
	struct sea_vm_identity identity = vm(1, 50, ticks_ns(5));
	const struct sea_vm_who *who;

	procfs_put(*state, 50, 5, BYTES(""), "0::/vms/leaf\n");
	procfs_hang(*state, 50, "cmdline");
	identity.cmdline = (struct sea_vm_cmdline){BYTES("vmm\0--name\0seen\0"), false};
	who = sea_vm_names_get(names, &identity);
	assert_true(sea_vm_names_wait(names, 60000));
	sea_vm_names_settle(names);
	assert_string_equal(who->name.text, "seen");
	assert_string_equal(who->cgroup, "/vms/leaf");
	sea_vm_names_close(names);
}

/* exec: the same pid and the same start time, and another VMM. */
static void another_program_of_the_process(void **state)
{
	struct sea_vm_names *names = procfs_names(*state);
	uint64_t start = ticks_ns(5);
	struct sea_vm_identity first = vm(1, 50, start), seen = vm(4, 50, start);

	procfs_put(*state, 50, 5, BYTES("vmm\0--name\0first\0"), "0::/\n");
	expect_name(names, first, "first", SEA_VM_FROM_CMDLINE);
	first.ended = true;
	expect_name(names, first, "first", SEA_VM_FROM_CMDLINE);
	procfs_put(*state, 50, 5, BYTES("vmm\0--name\0second\0"), "0::/\n");
	expect_name(names, vm(2, 50, start), "second", SEA_VM_FROM_CMDLINE);
	expect_name(names, first, "first", SEA_VM_FROM_CMDLINE);
	expect_name(names, vm(3, 50, start), "second#2", SEA_VM_FROM_CMDLINE);

	/* By the kernel's record, though procfs has it no more */
	procfs_drop(*state, 50);
	seen.cmdline = (struct sea_vm_cmdline){BYTES("vmm\0--name\0third\0"), false};
	expect_name(names, seen, "third", SEA_VM_FROM_CMDLINE);
	expect_name(names, vm(3, 50, start), "second#2", SEA_VM_FROM_CMDLINE);
	sea_vm_names_close(names);
}

/*
 * Two processes have one pid within a tick, in which procfs counts starts; both are
 * asked for when only the second one is left.
 */
static void a_pid_used_again_within_a_tick(void **state)
{
	struct sea_vm_names *names = procfs_names(*state);
	uint64_t start = ticks_ns(5);
	struct sea_vm_identity seen = vm(4, 60, start);

	procfs_put(*state, 60, 5, BYTES("vmm\0--name\0victim\0"), "0::/vms/victim\n");
	procfs_put(*state, 50, 5, BYTES("vmm\0--name\0usurper\0"), "0::/vms/usurper\n");
	/* Nobody can know yet ... */
	expect_name(names, vm(1, 50, start), "usurper", SEA_VM_FROM_CMDLINE);
	/* ... but now. */
	expect_name(names, vm(2, 50, start + 1000), "usurper", SEA_VM_FROM_CMDLINE);
	expect_name(names, vm(1, 50, start), "vmm-50", SEA_VM_FROM_COMM);
	assert_string_equal(who_is(names, vm(1, 50, start))->cgroup, "");
	/* What the kernel saw of the first one is left, and nothing else. */
	seen.cmdline = (struct sea_vm_cmdline){BYTES("vmm\0--name\0seen\0"), false};
	expect_name(names, seen, "seen", SEA_VM_FROM_CMDLINE);
	expect_name(names, vm(5, 60, start + 1), "victim", SEA_VM_FROM_CMDLINE);
	assert_string_equal(who_is(names, seen)->cgroup, "");
	/* The other way round */
	expect_name(names, vm(3, 50, start + 500), "vmm-50#2", SEA_VM_FROM_COMM);
	expect_name(names, vm(2, 50, start + 1000), "usurper", SEA_VM_FROM_CMDLINE);
	sea_vm_names_close(names);
}

static void uuid_and_cgroup(void **state)
{
	struct sea_vm_names *names = procfs_names(*state);
	const struct sea_vm_who *who;

	procfs_put(*state, 50, 5,
		   BYTES("qemu-kvm\0-uuid\0005EE4FA21-6F8B-4A8C-9DF0-0123456789AB\0"),
		   "0::/a\033b/c.scope\n");
	who = who_is(names, vm(1, 50, ticks_ns(5)));
	assert_string_equal(who->uuid, "5ee4fa21-6f8b-4a8c-9df0-0123456789ab");
	assert_string_equal(who->cgroup, "/a?b/c.scope");
	assert_string_equal(who_is(names, vm(2, 51, ticks_ns(5)))->uuid, "");
	assert_string_equal(who_is(names, vm(2, 51, ticks_ns(5)))->cgroup, "");
	sea_vm_names_close(names);
}

static void write_names(const struct procfs *proc, const char *text, char path[128])
{
	FILE *file;

	snprintf(path, 128, "%s/names", proc->root);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

/* Who has the answer says that the VM is still there, and whether it has ended. */
static void kept_by_its_answer(void **state)
{
	struct sea_vm_names *names = procfs_names(*state);
	const struct sea_vm_who *one;

	procfs_put(*state, 50, 5, BYTES("vmm\0--name\0web\0"), "0::/\n");
	procfs_put(*state, 51, 5, BYTES("vmm\0--name\0web\0"), "0::/\n");
	expect_name(names, vm(1, 50, ticks_ns(5)), "web", SEA_VM_FROM_CMDLINE);
	one = who_is(names, vm(1, 50, ticks_ns(5)));
	sea_vm_names_prune(names);
	assert_true(sea_vm_names_keep(names, one, false));
	sea_vm_names_prune(names);
	assert_int_equal(sea_vm_names_count(names), 1);
	/* One that has ended leaves its name to the next. */
	assert_true(sea_vm_names_keep(names, one, true));
	expect_name(names, vm(2, 51, ticks_ns(5)), "web", SEA_VM_FROM_CMDLINE);
	assert_string_equal(one->name.text, "web");
	sea_vm_names_prune(names);
	assert_true(sea_vm_names_keep(names, who_is(names, vm(2, 51, ticks_ns(5))), false));
	sea_vm_names_prune(names);
	assert_int_equal(sea_vm_names_count(names), 1);
	sea_vm_names_close(names);
}

/* The file may be read again at any time, and counts for VMs that have a name. */
static void names_read_again(void **state)
{
	struct sea_vm_names *names = procfs_names(*state);
	struct sea_vm_identity one = vm(1, 50, ticks_ns(5)), gone = vm(2, 51, ticks_ns(5));
	struct sea_error err;
	uint64_t generation;
	char path[128];

	procfs_put(*state, 50, 5, BYTES("vmm\0--name\0one\0"), "0::/\n");
	procfs_put(*state, 51, 5, BYTES("vmm\0--name\0two\0"), "0::/\n");
	expect_name(names, one, "one", SEA_VM_FROM_CMDLINE);
	gone.ended = true;
	expect_name(names, gone, "two", SEA_VM_FROM_CMDLINE);

	write_names(*state, "\xef\xbb\xbfone the first\nt?o the second\n", path);
	generation = sea_vm_names_settle(names);
	assert_int_equal(sea_vm_names_load(names, path, &err), 0);
	assert_true(sea_vm_names_settle(names) != generation);
	expect_name(names, one, "the first", SEA_VM_FROM_MAP);
	expect_name(names, gone, "the second", SEA_VM_FROM_MAP);
	assert_string_equal(who_is(names, one)->name.other, "one");
	assert_int_equal(who_is(names, one)->name.other_origin, SEA_VM_FROM_CMDLINE);
	assert_false(who_is(names, one)->name.disputed);

	/* One that cannot be used changes nothing. */
	write_names(*state, "key-alone\n", path);
	assert_int_equal(sea_vm_names_load(names, path, &err), -1);
	assert_non_null(strstr(err.text, "line 1"));
	expect_name(names, one, "the first", SEA_VM_FROM_MAP);

	write_names(*state, "", path);
	assert_int_equal(sea_vm_names_load(names, path, &err), 0);
	expect_name(names, one, "one", SEA_VM_FROM_CMDLINE);
	assert_string_equal(who_is(names, one)->name.other, "");
	sea_vm_names_close(names);
}

#define WITH_PROC(test) cmocka_unit_test_setup_teardown(test, procfs_setup, procfs_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PROC(names_from_proc),
		WITH_PROC(reused_pid_never_lends_its_name),
		WITH_PROC(falls_back),
		WITH_PROC(precedence),
		WITH_PROC(machine_of_another_process),
		WITH_PROC(vms_of_one_process),
		WITH_PROC(command_line_that_somebody_saw),
		WITH_PROC(names_by_the_user),
		WITH_PROC(prune_bounds_the_memory),
		WITH_PROC(one_that_hangs_holds_up_nobody),
		WITH_PROC(many_that_hang),
		WITH_PROC(nothing_is_read_that_the_kernel_saw),
		WITH_PROC(another_program_of_the_process),
		WITH_PROC(a_pid_used_again_within_a_tick),
		WITH_PROC(uuid_and_cgroup),
		WITH_PROC(names_read_again),
		WITH_PROC(kept_by_its_answer),
		cmocka_unit_test(no_proc_is_an_error),
		cmocka_unit_test(own_process),
		cmocka_unit_test(origins_have_names),
	};

	return cmocka_run_group_tests_name("names", tests, NULL, NULL);
}
