// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the names of several VMs have to do with each other.
 */
#include "procfs.h"

#include <stdio.h>
#include <string.h>

/* VMs by their pids, which are their ids as well; all of them started at tick 5. */
static struct sea_vm_identity by_pid(uint32_t pid)
{
	return vm(pid, pid, ticks_ns(5));
}

static void expect(struct sea_vm_names *names, uint32_t pid, const char *name)
{
	assert_string_equal(who_is(names, by_pid(pid))->name.text, name);
}

static void meet(const struct procfs *proc, struct sea_vm_names *names, uint32_t pid,
		 const char *cmdline, size_t len, const char *cgroup)
{
	procfs_put(proc, pid, 5, cmdline, len, cgroup);
	who_is(names, by_pid(pid));
}

/* The part of a path that differs is the name, whatever the others are called. */
static void what_differs_is_the_name(void **state)
{
	struct sea_vm_names *names = procfs_names(*state);

	meet(*state, names, 1,
	     BYTES("crosvm\0run\0--socket=/tmp/cf_avd_1000/cvd-1/internal/crosvm_control.sock\0"),
	     "0::/\n");
	expect(names, 1, "cvd-1");
	meet(*state, names, 2,
	     BYTES("crosvm\0run\0--socket=/tmp/cf_avd_1000/cvd-2/internal/crosvm_control.sock\0"),
	     "0::/\n");
	expect(names, 1, "cvd-1");
	expect(names, 2, "cvd-2");

	/* No list of words has this one. */
	meet(*state, names, 3, BYTES("crosvm\0run\0-s\0/x/tux/plumbing.sock\0"), "0::/\n");
	expect(names, 3, "plumbing");
	meet(*state, names, 4, BYTES("crosvm\0run\0-s\0/x/lux/plumbing.sock\0"), "0::/\n");
	expect(names, 3, "tux");
	expect(names, 4, "lux");
	sea_vm_names_close(names);
}

/* What all have names none; what it comes to then is the next source. */
static void what_is_shared_names_nobody(void **state)
{
	static const struct {
		const char *cmdline;
		size_t len;
		const char *cgroup;
		const char *names[2];
	} cases[] = {
		{BYTES("cloud-hypervisor\0--api-socket\0/var/run/tenant/ch.sock\0"),
		 "0::/\n",
		 {"vmm-1", "vmm-2"}},
		{BYTES("qemu-system-aarch64\0-m\0001G\0"),
		 "0::/system.slice/farm.service\n",
		 {"vmm-1", "vmm-2"}},
		{BYTES("qemu-system-aarch64\0-drive\0file=/images/jammy.img\0"),
		 "0::/\n",
		 {"vmm-1", "vmm-2"}},
		/* what the owner wrote is numbered instead */
		{BYTES("qemu-kvm\0-name\0web\0"), "0::/\n", {"web", "web#2"}},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sea_vm_names *names = procfs_names(*state);

		meet(*state, names, 1, cases[i].cmdline, cases[i].len, cases[i].cgroup);
		meet(*state, names, 2, cases[i].cmdline, cases[i].len, cases[i].cgroup);
		expect(names, 1, cases[i].names[0]);
		expect(names, 2, cases[i].names[1]);
		sea_vm_names_close(names);
	}
}

/* The one machine in which several VMs run, as a container's */
static bool one_machine(uint32_t pid, char *out, size_t size)
{
	snprintf(out, size, pid < 3 ? "lab" : "web");
	return true;
}

static void a_machine_of_several(void **state)
{
	struct sea_vm_names *names = procfs_names(*state);

	sea_vm_names_set_machined(names, one_machine);
	meet(*state, names, 1, BYTES("vmm\0"), "0::/a\n");
	expect(names, 1, "lab");
	meet(*state, names, 2, BYTES("vmm\0"), "0::/b\n");
	meet(*state, names, 3, BYTES("vmm\0"), "0::/c\n");
	expect(names, 1, "a");
	expect(names, 2, "b");
	expect(names, 3, "web");
	sea_vm_names_close(names);
}

/*
 * A VM that is started anew shares with itself: it keeps its name, both if the end of
 * the first one is seen and if that is seen a moment late. Others do not get theirs
 * back, or names would come and go.
 */
static void names_stay(void **state)
{
	static const char web[] = "cloud-hypervisor\0--api-socket\0/run/web.sock\0";
	struct sea_vm_names *names = procfs_names(*state);
	struct sea_vm_identity first = by_pid(1), second = by_pid(2), third = by_pid(3);

	sea_vm_names_set_settled(names, 3600 * SEC);
	meet(*state, names, 1, BYTES(web), "0::/\n");
	first.ended = true;
	who_is(names, first);
	meet(*state, names, 2, BYTES(web), "0::/\n");
	assert_string_equal(who_is(names, second)->name.text, "web");
	assert_string_equal(who_is(names, first)->name.text, "web");

	/* Both are seen to live, for less than an hour. */
	meet(*state, names, 3, BYTES(web), "0::/\n");
	assert_string_equal(who_is(names, second)->name.text, "vmm-2");
	assert_string_equal(who_is(names, third)->name.text, "vmm-3");
	second.ended = true;
	who_is(names, second);
	assert_string_equal(who_is(names, third)->name.text, "web");

	/* And for good. */
	sea_vm_names_set_settled(names, 1);
	meet(*state, names, 4, BYTES(web), "0::/\n");
	who_is(names, by_pid(4));
	third.ended = true;
	who_is(names, third);
	expect(names, 4, "vmm-4");
	/* Who ended has the name that he had at his end. */
	assert_string_equal(who_is(names, third)->name.text, "vmm-3");
	/* Until nobody is left who remembers. */
	sea_vm_names_prune(names);
	sea_vm_names_prune(names);
	assert_int_equal(sea_vm_names_count(names), 0);
	meet(*state, names, 5, BYTES(web), "0::/\n");
	expect(names, 5, "web");
	sea_vm_names_close(names);
}

static void numbers(void **state)
{
	static const char web[] = "qemu-kvm\0-name\0web\0";
	struct sea_vm_names *names = procfs_names(*state);
	struct sea_vm_identity first = by_pid(1), second = by_pid(2),
			       scratch = vm(10, 9, ticks_ns(5));

	/* Of two that live */
	sea_vm_names_set_settled(names, 1);
	meet(*state, names, 1, BYTES(web), "0::/\n");
	meet(*state, names, 2, BYTES(web), "0::/\n");
	expect(names, 1, "web");
	expect(names, 2, "web#2");
	/* It stays as long as the other one is shown ... */
	first.ended = true;
	who_is(names, first);
	assert_string_equal(who_is(names, second)->name.text, "web#2");
	assert_string_equal(who_is(names, first)->name.text, "web");
	/* ... and goes with it. */
	sea_vm_names_prune(names);
	who_is(names, second);
	sea_vm_names_prune(names);
	assert_int_equal(sea_vm_names_count(names), 1);
	assert_string_equal(who_is(names, second)->name.text, "web");

	/* QEMU makes a VM to try KVM, and its own when that is gone. */
	procfs_put(*state, 9, 5, BYTES("qemu-kvm\0-name\0db\0"), "0::/\n");
	scratch.ended = true;
	assert_string_equal(who_is(names, scratch)->name.text, "db");
	assert_string_equal(who_is(names, vm(11, 9, ticks_ns(5)))->name.text, "db");
	/* Two of one process that were seen when both had gone */
	scratch.id = 12;
	assert_string_equal(who_is(names, scratch)->name.text, "db#2");

	/* One that came first, and was named second */
	who_is(names, by_pid(30));
	meet(*state, names, 31, BYTES("qemu-kvm\0-name\0late\0"), "0::/\n");
	first = by_pid(30);
	first.cmdline = (struct sea_vm_cmdline){BYTES("qemu-kvm\0-name\0late\0"), false};
	assert_string_equal(who_is(names, first)->name.text, "late#2");
	expect(names, 31, "late");

	/* One that came while the other was not yet known to be gone */
	sea_vm_names_set_settled(names, 3600 * SEC);
	meet(*state, names, 20, BYTES("qemu-kvm\0-name\0x\0"), "0::/\n");
	meet(*state, names, 21, BYTES("qemu-kvm\0-name\0x\0"), "0::/\n");
	expect(names, 21, "x#2");
	first = by_pid(20);
	first.ended = true;
	who_is(names, first);
	expect(names, 21, "x");
	sea_vm_names_close(names);
}

/* The VMM's own memory may say anything: what others say as well goes with it. */
static void disputes(void **state)
{
	static const struct {
		const char *cmdline;
		size_t len;
		const char *cgroup;
		const char *name, *other;
		enum sea_vm_origin other_origin;
		bool disputed;
	} cases[] = {
		{BYTES("qemu-kvm\0-name\0victim\0"),
		 "0::/machine.slice/machine-qemu\\x2d1\\x2devil.scope/libvirt/emulator\n", "victim",
		 "evil", SEA_VM_FROM_CGROUP, true},
		{BYTES("qemu-kvm\0-name\0victim\0"), "0::/system.slice/vm-evil.service\n", "victim",
		 "vm-evil", SEA_VM_FROM_CGROUP, true},
		{BYTES("cloud-hypervisor\0--api-socket\0/run/web.sock\0"), "0::/vms/db\n", "web",
		 "db", SEA_VM_FROM_CGROUP, true},
		{BYTES("cloud-hypervisor\0--api-socket\0/run/web.sock\0"),
		 "0::/machine.slice/machine-ch\\x2d1\\x2ddb.scope\n", "db", "web",
		 SEA_VM_FROM_CMDLINE, true},
		/* not at odds */
		{BYTES("qemu-kvm\0-name\0web\0"), "0::/system.slice/vm-web.service\n", "web",
		 "vm-web", SEA_VM_FROM_CGROUP, false},
		{BYTES("qemu-kvm\0-name\0db_6\0"),
		 "0::/machine.slice/machine-qemu\\x2d6\\x2ddb6.scope\n", "db_6", "db6",
		 SEA_VM_FROM_CGROUP, false},
		{BYTES("kvm\0-name\0web\0"), "0::/qemu.slice/100.scope\n", "web", "100",
		 SEA_VM_FROM_CGROUP, false},
		{BYTES("qemu-kvm\0-name\0web\0"),
		 "0::/system.slice/docker-0123456789abcdef0123456789abcdef0123456789abcdef"
		 "0123456789abcdef.scope\n",
		 "web", "docker-0123456789ab", SEA_VM_FROM_CGROUP, false},
		/* the same, or nothing */
		{BYTES("firecracker\0--id\0micro-7\0"), "0::/firecracker/micro-7\n", "micro-7", "",
		 SEA_VM_FROM_MAP, false},
		{BYTES("qemu-kvm\0-name\0web\0"), "0::/system.slice/ssh.service\n", "web", "",
		 SEA_VM_FROM_MAP, false},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sea_vm_names *names = procfs_names(*state);
		const struct sea_vm_name *name;

		procfs_put(*state, 1, 5, cases[i].cmdline, cases[i].len, cases[i].cgroup);
		name = &who_is(names, by_pid(1))->name;
		assert_string_equal(name->text, cases[i].name);
		assert_string_equal(name->other, cases[i].other);
		if (name->other[0])
			assert_int_equal(name->other_origin, cases[i].other_origin);
		assert_int_equal(name->disputed, cases[i].disputed);
		sea_vm_names_close(names);
	}
}

/* libvirt's machine has the name without some characters, and not all of a long one. */
static bool machine_of_libvirt(uint32_t pid, char *out, size_t size)
{
	snprintf(out, size, "%s",
		 pid == 1 ? "qemu-3-a-very-long-name-of-a-machine-that-goes-on-and-on-for" :
			    "qemu-4-other");
	return true;
}

static void disputes_with_machined(void **state)
{
	struct sea_vm_names *names = procfs_names(*state);
	const struct sea_vm_name *name;

	sea_vm_names_set_machined(names, machine_of_libvirt);
	meet(*state, names, 1,
	     BYTES("qemu-kvm\0-name\0a-very_long-name-of-a-machine-that-goes-on-and-on-for-ever\0"),
	     "0::/\n");
	meet(*state, names, 2, BYTES("qemu-kvm\0-name\0web\0"), "0::/\n");
	name = &who_is(names, by_pid(1))->name;
	assert_false(name->disputed);
	assert_int_equal(name->other_origin, SEA_VM_FROM_MACHINED);
	name = &who_is(names, by_pid(2))->name;
	assert_true(name->disputed);
	assert_string_equal(name->other, "other");
	assert_int_equal(name->other_origin, SEA_VM_FROM_MACHINED);
	sea_vm_names_close(names);
}

/* One name for many by the file is as the user wants it. */
static void names_by_the_user_are_not_numbered(void **state)
{
	struct sea_vm_names *names = procfs_names(*state);
	struct sea_vm_map *map;
	struct sea_error err;

	assert_int_equal(sea_vm_map_parse(BYTES("farm-* build farm\n"), "f", 0, &map, &err), 0);
	sea_vm_names_set_map(names, map);
	meet(*state, names, 1, BYTES("vmm\0--name\0farm-1\0"), "0::/\n");
	meet(*state, names, 2, BYTES("vmm\0--name\0farm-2\0"), "0::/\n");
	expect(names, 1, "build farm");
	expect(names, 2, "build farm");
	/* But two of one process are. */
	assert_string_equal(who_is(names, vm(9, 2, ticks_ns(5)))->name.text, "build farm#2");
	sea_vm_names_close(names);
	sea_vm_map_free(map);
}

#define WITH_PROC(test) cmocka_unit_test_setup_teardown(test, procfs_setup, procfs_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PROC(what_differs_is_the_name),
		WITH_PROC(what_is_shared_names_nobody),
		WITH_PROC(a_machine_of_several),
		WITH_PROC(names_stay),
		WITH_PROC(numbers),
		WITH_PROC(disputes),
		WITH_PROC(disputes_with_machined),
		WITH_PROC(names_by_the_user_are_not_numbered),
	};

	return cmocka_run_group_tests_name("shared", tests, NULL, NULL);
}
