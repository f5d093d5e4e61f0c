// SPDX-License-Identifier: GPL-2.0-only
/* All that facts.c finds out, on a system that is made up. */
#include "fixtures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/btf.h>

#include "doctor/doctor.h"
#include "made-up-root.h"

static const struct sea_privileges all = {{true, true, true}};
static const struct sea_privileges none;
static struct sea_doctor_facts facts;

static int may_read_kernel(void)
{
	return 1;
}

static void look_as(const char *root, const char *machine, const struct sea_privileges *privileges)
{
	const struct sea_trace_system system = {machine, root, privileges, may_read_kernel};

	memset(&facts, 0, sizeof(facts));
	sea_doctor_look(&facts, &system);
}

static void look(const char *root)
{
	look_as(root, "aarch64", &all);
}

/* A host on which nothing is missing. */
static int make_host(void **state)
{
	const struct btf_header btf = {
		.magic = BTF_MAGIC, .version = 1, .hdr_len = sizeof(btf), .str_len = 1};
	char bytes[sizeof(btf) + 1] = "";
	const char *root;

	if (root_make(state))
		return -1;
	root = *state;
	memcpy(bytes, &btf, sizeof(btf));
	root_put_bytes(root, "/sys/kernel/btf/vmlinux", bytes, sizeof(bytes));
	root_put(root, "/sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	root_mkdir(root, "/sys/firmware/devicetree");
	root_put(root, "/dev/kvm", "");
	root_put(root, "/proc/sys/kernel/hostname", "hv01\n");
	root_put(root, "/proc/sys/kernel/osrelease", "6.12.95+deb12-arm64\n");
	root_put(root, "/proc/sys/kernel/kptr_restrict", "0\n");
	root_put(root, "/proc/sys/kernel/perf_event_paranoid", "3\n");
	root_put(root, "/proc/sys/vm/memory_failure_recovery", "1\n");
	root_put(root, "/proc/self/mounts", "proc /proc proc rw,nosuid 0 0\n");
	root_link(root, "/proc/self/ns/pid", "pid:[4026531836]");
	root_link(root, "/proc/self/ns/user", "user:[4026531837]");
	return 0;
}

static void all_is_there(void **state)
{
	int need;

	look(*state);
	assert_string_equal(facts.machine, "aarch64");
	assert_string_equal(facts.host, "hv01");
	assert_string_equal(facts.kernel, "6.12.95+deb12-arm64");
	for (need = 0; need < SEA_NEEDS; need++)
		if (facts.lacks[need])
			fail_msg("%s", facts.why[need].text);
	assert_int_equal(facts.btf, SEA_BTF_READ);
	assert_true(sea_doctor_can_trace(&facts));
	assert_string_equal(facts.lockdown, "integrity");
	assert_int_equal(facts.pid_namespace, SEA_NAMESPACE_INITIAL);
	assert_int_equal(facts.user_namespace, SEA_NAMESPACE_INITIAL);
	assert_int_equal(facts.hidden, SEA_HIDDEN_NOT);
	assert_int_equal(facts.paranoid, 3);
	assert_string_equal(facts.hidepid, "");
	assert_int_equal(facts.memory_failure_recovery, 1);
	assert_int_equal(facts.panic_on_unrecoverable, -1);
	assert_int_equal(facts.firmware.state, SEA_HEST_DEVICE_TREE);
	assert_int_equal(facts.release_repeats, SEA_REPEATS_CLAIMED);
	assert_false(facts.tried);
}

/* All that is missing is known, and not just the first. */
static void much_is_missing(void **state)
{
	root_delete(*state, "/dev/kvm");
	root_delete(*state, "/sys/kernel/btf");
	root_put(*state, "/sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
	look_as(*state, "aarch64", &none);
	assert_false(facts.lacks[SEA_NEED_ARM64]);
	assert_true(facts.lacks[SEA_NEED_KVM]);
	assert_true(facts.lacks[SEA_NEED_BTF]);
	assert_true(facts.lacks[SEA_NEED_LOCKDOWN]);
	assert_true(facts.lacks[SEA_NEED_CAPABILITIES]);
	assert_false(facts.lacks[SEA_NEED_USER_NAMESPACE]);
	assert_non_null(strstr(facts.why[SEA_NEED_KVM].text, "no /dev/kvm"));
	assert_int_equal(facts.btf, SEA_BTF_ABSENT);
	assert_string_equal(facts.lockdown, "confidentiality");
	assert_false(sea_doctor_can_trace(&facts));
}

static void one_is_missing(void **state)
{
	look_as(*state, "x86_64", &all);
	assert_true(facts.lacks[SEA_NEED_ARM64]);
	assert_false(sea_doctor_can_trace(&facts));
	look_as(*state, "aarch64", &none);
	assert_false(sea_doctor_can_trace(&facts));
	root_put(*state, "/sys/kernel/btf/vmlinux", "BTF");
	look(*state);
	assert_int_equal(facts.btf, SEA_BTF_DAMAGED);
	assert_non_null(strstr(facts.no_btf.text, "damaged"));
	assert_false(sea_doctor_can_trace(&facts));
}

static void a_machine_of_which_nothing_is_known(void **state)
{
	root_delete(*state, "/proc");
	root_delete(*state, "/sys/kernel/security");
	look(*state);
	assert_string_equal(facts.host, "unknown");
	assert_string_equal(facts.kernel, "unknown");
	assert_string_equal(facts.lockdown, "");
	assert_int_equal(facts.pid_namespace, SEA_NAMESPACE_UNKNOWN);
	assert_int_equal(facts.user_namespace, SEA_NAMESPACE_UNKNOWN);
	assert_int_equal(facts.paranoid, -1);
	assert_int_equal(facts.memory_failure_recovery, -1);
	assert_int_equal(facts.release_repeats, SEA_REPEATS_UNKNOWN);
}

static void namespaces(void **state)
{
	root_link(*state, "/proc/self/ns/pid", "pid:[4026532300]");
	look(*state);
	assert_int_equal(facts.pid_namespace, SEA_NAMESPACE_OTHER);
	assert_int_equal(facts.user_namespace, SEA_NAMESPACE_INITIAL);
	assert_true(sea_doctor_can_trace(&facts));
	root_link(*state, "/proc/self/ns/user", "user:[4026532299]");
	look(*state);
	assert_int_equal(facts.user_namespace, SEA_NAMESPACE_OTHER);
	assert_true(facts.lacks[SEA_NEED_USER_NAMESPACE]);
}

static void sysctls(void **state)
{
	root_put(*state, "/proc/sys/kernel/kptr_restrict", "2\n");
	root_put(*state, "/proc/sys/vm/memory_failure_recovery", "0\n");
	root_put(*state, "/proc/sys/vm/panic_on_unrecoverable_memory_failure", "1\n");
	look(*state);
	assert_int_equal(facts.hidden, SEA_HIDDEN_FROM_ALL);
	assert_int_equal(facts.memory_failure_recovery, 0);
	assert_int_equal(facts.panic_on_unrecoverable, 1);
	/* Privileges are those that were given. */
	root_put(*state, "/proc/sys/kernel/kptr_restrict", "1\n");
	look_as(*state, "aarch64", &none);
	assert_int_equal(facts.hidden, SEA_HIDDEN_BY_RESTRICT);
	assert_false(facts.privileges.may[SEA_STEP_KPROBES]);
	look(*state);
	assert_true(facts.privileges.may[SEA_STEP_KPROBES]);
}

static void hidepid(void **state)
{
	static const struct {
		const char *mounts, *hidepid;
	} cases[] = {
		{"proc /proc proc rw,hidepid=invisible 0 0\n", "invisible"},
		{"proc /proc proc rw,hidepid=2,nosuid 0 0\n", "2"},
		{"proc /proc proc rw,hidepid=noaccess 0 0\n", "noaccess"},
		{"proc /proc proc rw,hidepid=ptraceable 0 0\n", "ptraceable"},
		{"proc /proc proc rw,hidepid=0 0 0\n", ""},
		{"proc /proc proc rw,hidepid=off 0 0\n", ""},
		{"proc /proc proc rw 0 0\n", ""},
		/* The last one is what is seen. */
		{"proc /proc proc rw,hidepid=2 0 0\nproc /proc proc rw 0 0\n", ""},
		{"proc /proc proc rw 0 0\nproc /proc proc rw,hidepid=2 0 0\n", "2"},
		/* Others that are none of our business */
		{"proc /chroot/proc proc rw,hidepid=2 0 0\n", ""},
		{"tmpfs /proc tmpfs rw,hidepid=2 0 0\n", ""},
		/* Nobody here is in this group. */
		{"proc /proc proc rw,gid=4294967290,hidepid=2 0 0\n", "2"},
		{"", ""},
	};
	char line[128];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		root_put(*state, "/proc/self/mounts", cases[i].mounts);
		look(*state);
		if (strcmp(facts.hidepid, cases[i].hidepid))
			fail_msg("'%s' of %s", facts.hidepid, cases[i].mounts);
	}
	/* Our own group may see all. */
	snprintf(line, sizeof(line), "proc /proc proc rw,hidepid=invisible,gid=%u 0 0\n",
		 (unsigned int)getegid());
	root_put(*state, "/proc/self/mounts", line);
	look(*state);
	assert_string_equal(facts.hidepid, "");
}

/* The running system, of which nothing can be said but that it is found out. */
static void here(void **state)
{
	const struct sea_trace_system system = {0};
	char name[65];

	(void)state;
	memset(&facts, 0, sizeof(facts));
	sea_doctor_look(&facts, &system);
	assert_int_equal(gethostname(name, sizeof(name)), 0);
	assert_string_equal(facts.host, name);
	assert_string_not_equal(facts.machine, "unknown");
	assert_string_not_equal(facts.kernel, "unknown");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_host, root_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_is_there),   TEST(much_is_missing),
		TEST(one_is_missing), TEST(a_machine_of_which_nothing_is_known),
		TEST(namespaces),     TEST(sysctls),
		TEST(hidepid),	      cmocka_unit_test(here),
	};

	return cmocka_run_group_tests_name("facts", tests, NULL, NULL);
}
