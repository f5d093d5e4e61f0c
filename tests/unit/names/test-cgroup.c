// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "names/cgroup.h"

#define BYTES(s) s, sizeof(s) - 1

#define ID16 "0123456789abcdef"
#define ID64 ID16 ID16 ID16 ID16

struct cgroup_case {
	const char *bytes;
	size_t len;
	const char *path; /* NULL: there is none */
	const char *name; /* likewise */
};

static void names(void **state)
{
	static const struct cgroup_case cases[] = {
		{BYTES("0::/\n"), "/", NULL},
		{BYTES("0::/vms/db02"), "/vms/db02", "db02"},
		{BYTES("0::/vms/db02 (deleted)\n"), "/vms/db02", "db02"},
		{BYTES("0::/../../vms/x\n"), "/../../vms/x", "x"},
		{BYTES("0::/..\n"), "/..", NULL},
		/* machined, with and without libvirt; escaped as systemd does */
		{BYTES("0::/machine.slice/machine-qemu\\x2d1\\x2ddb01.scope/libvirt/emulator\n"),
		 "/machine.slice/machine-qemu\\x2d1\\x2ddb01.scope/libvirt/emulator", "db01"},
		{BYTES("0::/machine.slice/machine-qemu\\x2d12\\x2da\\x2db.scope/libvirt/vcpu12\n"),
		 "/machine.slice/machine-qemu\\x2d12\\x2da\\x2db.scope/libvirt/vcpu12", "a-b"},
		{BYTES("0::/machine.slice/machine-ch\\x2d1\\x2ddb.scope\n"),
		 "/machine.slice/machine-ch\\x2d1\\x2ddb.scope", "db"},
		{BYTES("0::/machine.slice/machine-web.scope/payload\n"),
		 "/machine.slice/machine-web.scope/payload", "web"},
		{BYTES("0::/machine.slice/machine-qemu\\x2ddb.scope\n"),
		 "/machine.slice/machine-qemu\\x2ddb.scope", "qemu-db"},
		{BYTES("0::/machine.slice/machine-qemu\\x2d1\\x2d.scope\n"),
		 "/machine.slice/machine-qemu\\x2d1\\x2d.scope", "qemu-1-"},
		{BYTES("0::/machine.slice/machine-.scope\n"), "/machine.slice/machine-.scope",
		 NULL},
		/* libvirt without systemd */
		{BYTES("0::/machine/qemu-3-db03.libvirt-qemu/iothread1\n"),
		 "/machine/qemu-3-db03.libvirt-qemu/iothread1", "db03"},
		{BYTES("0::/prod.partition/qemu-3-db03.libvirt-qemu\n"),
		 "/prod.partition/qemu-3-db03.libvirt-qemu", "db03"},
		/* units */
		{BYTES("0::/system.slice/vm-web.service\n"), "/system.slice/vm-web.service",
		 "vm-web"},
		{BYTES("0::/system.slice/system-ch.slice/ch@web\\x2d1.service\n"),
		 "/system.slice/system-ch.slice/ch@web\\x2d1.service", "ch@web-1"},
		{BYTES("0::/system.slice/__x.service\n"), "/system.slice/__x.service", "_x"},
		{BYTES("0::/qemu.slice/100.scope\n"), "/qemu.slice/100.scope", "100"},
		/* Firecracker's jailer */
		{BYTES("0::/firecracker/micro-1\n"), "/firecracker/micro-1", "micro-1"},
		{BYTES("0::/prod/vmms/_x\n"), "/prod/vmms/_x", "_x"},
		/* containers */
		{BYTES("0::/system.slice/docker-" ID64 ".scope\n"),
		 "/system.slice/docker-" ID64 ".scope", "docker-0123456789ab"},
		{BYTES("0::/kubepods/burstable/pod1/" ID64 "\n"), "/kubepods/burstable/pod1/" ID64,
		 "0123456789ab"},
		{BYTES("0::/x/g" ID64 "\n"), "/x/g" ID64, "g" ID64},
		{BYTES("0::/x/" ID16 ID16 ID16 "0123456789abcdeg\n"),
		 "/x/" ID16 ID16 ID16 "0123456789abcdeg", ID16 ID16 ID16 "0123456789abcdeg"},
		/* no VM's own */
		{BYTES("0::/user.slice/user-1000.slice/session-3.scope\n"),
		 "/user.slice/user-1000.slice/session-3.scope", NULL},
		{BYTES("0::/user.slice/user-0.slice/user@0.service/init.scope\n"),
		 "/user.slice/user-0.slice/user@0.service/init.scope", NULL},
		{BYTES("0::/init.scope\n"), "/init.scope", NULL},
		{BYTES("0::/system.slice/run-r8c3.scope\n"), "/system.slice/run-r8c3.scope", NULL},
		{BYTES("0::/system.slice/libvirtd.service\n"), "/system.slice/libvirtd.service",
		 NULL},
		/* v1 and hybrid: only systemd's own hierarchy speaks of units */
		{BYTES("12:cpu,cpuacct:/a\n1:name=systemd:/machine.slice/b.scope\n0::/c\n"),
		 "/machine.slice/b.scope", "b"},
		{BYTES("0::/c\n1:name=systemd:/b.scope\n"), "/b.scope", "b"},
		{BYTES("0::/c\n1:name=systemd:/\n"), "/c", "c"},
		{BYTES("12:cpu,cpuacct:/a\n"), NULL, NULL},
		{BYTES("1:name=systemd:/\n0::/c\n"), "/c", "c"},
		/* nothing, and worse */
		{BYTES(""), NULL, NULL},
		{BYTES("\n\n\n"), NULL, NULL},
		{BYTES("0"), NULL, NULL},
		{BYTES("0:"), NULL, NULL},
		{BYTES("0::"), NULL, NULL},
		{BYTES("::::::"), "::::", "::::"},
		{BYTES("0::/.scope\n"), "/.scope", NULL},
		{BYTES("0::/_.scope\n"), "/_.scope", NULL},
		{BYTES("0::/.libvirt-qemu\n"), "/.libvirt-qemu", NULL},
		{BYTES("0::/a\\x1b[2J\n"), "/a\\x1b[2J", "a?[2J"},
		{BYTES("0::/a\\x\n"), "/a\\x", "a\\x"},
		{BYTES("0::/a\\xzz\n"), "/a\\xzz", "a\\xzz"},
		{BYTES("0::/a\\x00b\n"), "/a\\x00b", "a?b"},
		{BYTES("0::/\xff\n"), "/\xff", "?"},
		{BYTES("0::/d\\xc3\\xbcsseldorf\n"), "/d\\xc3\\xbcsseldorf", "d\xc3\xbcsseldorf"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		char name[SEA_VM_NAME_LEN] = "untouched";
		/* A copy of the exact size, so that reading past the end is seen. */
		char *copy = malloc(cases[i].len ? cases[i].len : 1);
		struct sea_span path;
		bool found;

		assert_non_null(copy);
		memcpy(copy, cases[i].bytes, cases[i].len);
		found = sea_vm_cgroup_path(copy, cases[i].len, &path);
		assert_int_equal(found, cases[i].path != NULL);
		if (found) {
			assert_int_equal(path.len, strlen(cases[i].path));
			assert_memory_equal(path.text, cases[i].path, path.len);
			found = sea_vm_name_from_cgroup(path, name, sizeof(name));
		}
		free(copy);
		assert_string_equal(found ? name : "(none)",
				    cases[i].name ? cases[i].name : "(none)");
	}
}

static void machines(void **state)
{
	static const struct {
		const char *machine, *name;
	} cases[] = {
		{"qemu-1-db01", "db01"},    {"ch-22-db-1", "db-1"}, {"qemu-db01", "qemu-db01"},
		{"qemu-1-", "qemu-1-"},	    {"qemu-1", "qemu-1"},   {"qemu--x", "qemu--x"},
		{"lxc-1-web", "lxc-1-web"}, {"web", "web"},	    {"a\033b", "a?b"},
	};
	char name[SEA_VM_NAME_LEN];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_true(sea_vm_name_from_machine(cases[i].machine, strlen(cases[i].machine),
						     name, sizeof(name)));
		assert_string_equal(name, cases[i].name);
	}
	assert_false(sea_vm_name_from_machine("", 0, name, sizeof(name)));
}

static void pods(void **state)
{
	static const struct {
		const char *path;
		bool pod;
	} cases[] = {
		{"/kubepods.slice/kubepods-besteffort.slice/x.scope", true},
		{"/kubepods/burstable/pod1/x", true},
		{"/kubelet.slice/kubelet-kubepods.slice/kubepods-x.slice", true},
		{"/../../kubepods-pod1.slice", true},
		{"/system.slice/kubelet.service", false},
		{"/", false},
		{"", false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(sea_vm_cgroup_is_pod(
					 (struct sea_span){cases[i].path, strlen(cases[i].path)}),
				 cases[i].pod);
}

/* A cgroup of our own, where cgroup v2 is mounted and we may. */
static void by_id(void **state)
{
	static const char *const mounts[] = {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
	char dir[PATH_MAX] = "", path[PATH_MAX];
	const char *mount = NULL;
	struct statfs fs;
	struct stat st;
	size_t i;

	(void)state;
	assert_false(sea_vm_cgroup_by_id(UINT64_MAX, path, sizeof(path)));
	for (i = 0; i < ARRAY_SIZE(mounts); i++)
		if (!statfs(mounts[i], &fs) && fs.f_type == CGROUP2_SUPER_MAGIC)
			mount = mounts[i];
	if (mount)
		snprintf(dir, sizeof(dir), "%s/test-vm-cgroup-%d", mount, getpid());
	/* cmocka's skip() is a failure to who reads TAP; tests/host/names has a cgroup. */
	if (!mount || mkdir(dir, 0700)) {
		print_message("# cannot make a cgroup: %s\n", mount ? dir : "no cgroup v2");
		return;
	}
	assert_int_equal(stat(dir, &st), 0);
	assert_true(sea_vm_cgroup_by_id(st.st_ino, path, sizeof(path)));
	assert_string_equal(path, dir + strlen(mount));
	assert_true(sea_vm_cgroup_by_id(st.st_ino, path, strlen(dir + strlen(mount)) + 1));
	assert_false(sea_vm_cgroup_by_id(st.st_ino, path, strlen(dir + strlen(mount))));
	assert_int_equal(rmdir(dir), 0);
	assert_false(sea_vm_cgroup_by_id(st.st_ino, path, sizeof(path)));
	assert_int_equal(stat(mount, &st), 0);
	assert_true(sea_vm_cgroup_by_id(st.st_ino, path, sizeof(path)));
	assert_string_equal(path, "/");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(machines),
		cmocka_unit_test(pods),
		cmocka_unit_test(by_id),
	};

	return cmocka_run_group_tests_name("vm-cgroup", tests, NULL, NULL);
}
