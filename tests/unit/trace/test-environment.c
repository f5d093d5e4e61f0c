// SPDX-License-Identifier: GPL-2.0-only
/* What is missing, and why, on systems that are made up. */
#include "fixtures.h"

#include <string.h>

#include "made-up-root.h"
#include "trace/environment.h"

static const struct sea_privileges all = {{true, true, true}};
static const struct sea_privileges none;

static int reads_kernel;

static int may_read_kernel(void)
{
	return reads_kernel;
}

/* A host on which nothing is missing. */
static int make_host(void **state)
{
	if (root_make(state))
		return -1;
	root_put(*state, "/sys/kernel/btf/vmlinux", "BTF");
	root_put(*state, "/sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
	root_put(*state, "/dev/kvm", "");
	root_link(*state, "/proc/self/ns/pid", "pid:[4026531836]");
	root_link(*state, "/proc/self/ns/user", "user:[4026531837]");
	reads_kernel = 1;
	return 0;
}

static struct sea_trace_system system_at(const char *root)
{
	const struct sea_trace_system system = {"aarch64", root, &all, may_read_kernel};

	return system;
}

static void works(const struct sea_trace_system *system)
{
	struct sea_error err = {0};

	if (sea_trace_check(system, &err))
		fail_msg("%s", err.text);
}

/* The first that is missing is this one, and it is said so. */
static void fails_with(const struct sea_trace_system *system, enum sea_need need, const char *why)
{
	struct sea_error first = {0}, err = {0};

	assert_int_equal(sea_trace_check(system, &first), -1);
	assert_true(sea_trace_lacks(system, need, &err));
	assert_string_equal(first.text, err.text);
	if (!strstr(err.text, why))
		fail_msg("'%s' does not say '%s'", err.text, why);
	/* What failed, why, and what to do. */
	assert_non_null(strstr(err.text, ": "));
	assert_non_null(strstr(err.text, "; "));
	assert_int_equal(err.status, SEA_STATUS_ERROR);
}

static void each_need(void **state)
{
	struct sea_trace_system system = system_at(*state);

	works(&system);
	root_delete(*state, "/dev/kvm");
	fails_with(&system, SEA_NEED_KVM, "no /dev/kvm");
	/* The device is enough that the kernel has, whatever /dev is. */
	root_put(*state, "/sys/class/misc/kvm/dev", "10:232\n");
	works(&system);
	root_delete(*state, "/sys/kernel/btf/vmlinux");
	fails_with(&system, SEA_NEED_BTF, "CONFIG_DEBUG_INFO_BTF");
	root_delete(*state, "/sys/kernel");
	fails_with(&system, SEA_NEED_BTF, "no sysfs; mount it");
	system.machine = "x86_64";
	fails_with(&system, SEA_NEED_ARM64, "this machine is x86_64");
}

static void capabilities(void **state)
{
	struct sea_trace_system system = system_at(*state);
	const struct sea_privileges trace_only = {{true, false, false}};

	system.privileges = &none;
	fails_with(&system, SEA_NEED_CAPABILITIES, "CAP_BPF and CAP_PERFMON");
	system.privileges = &trace_only;
	works(&system);
}

static void user_namespace(void **state)
{
	struct sea_trace_system system = system_at(*state);

	/* All capabilities, of a namespace in which they do not count */
	root_link(*state, "/proc/self/ns/user", "user:[4026532201]");
	fails_with(&system, SEA_NEED_USER_NAMESPACE, "do not count for BPF");
	/* Where it is not known, the kernel will say. */
	root_delete(*state, "/proc/self");
	works(&system);
}

static void lockdown(void **state)
{
	struct sea_trace_system system = system_at(*state);
	char word[SEA_LOCKDOWN_LEN];

	assert_true(sea_trace_lockdown(*state, word));
	assert_string_equal(word, "none");
	root_put(*state, "/sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	assert_true(sea_trace_lockdown(*state, word));
	assert_string_equal(word, "integrity");
	reads_kernel = 0;
	works(&system);
	reads_kernel = 1;
	root_put(*state, "/sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
	fails_with(&system, SEA_NEED_LOCKDOWN, "locked down (confidentiality); boot with");

	/* Without securityfs it shows in that BPF cannot read the kernel's memory. */
	root_delete(*state, "/sys/kernel/security");
	assert_false(sea_trace_lockdown(*state, word));
	works(&system);
	reads_kernel = 0;
	fails_with(&system, SEA_NEED_LOCKDOWN, "lets no BPF program read its memory");
	/* It could not be tried: the kernel will say. */
	reads_kernel = -1;
	works(&system);

	root_put(*state, "/sys/kernel/security/lockdown", "none integrity\n");
	assert_false(sea_trace_lockdown(*state, word));
	root_put(*state, "/sys/kernel/security/lockdown", "[none");
	assert_false(sea_trace_lockdown(*state, word));
	root_put(*state, "/sys/kernel/security/lockdown", "");
	assert_false(sea_trace_lockdown(*state, word));
}

static void namespaces(void **state)
{
	const char *root = *state;

	assert_int_equal(sea_namespace_of(root, "pid"), SEA_NAMESPACE_INITIAL);
	assert_int_equal(sea_namespace_of(root, "user"), SEA_NAMESPACE_INITIAL);
	/* Each kind has its own number for the initial one. */
	root_link(root, "/proc/self/ns/pid", "pid:[4026531837]");
	root_link(root, "/proc/self/ns/user", "user:[4026531836]");
	assert_int_equal(sea_namespace_of(root, "pid"), SEA_NAMESPACE_OTHER);
	assert_int_equal(sea_namespace_of(root, "user"), SEA_NAMESPACE_OTHER);
	root_link(root, "/proc/self/ns/pid", "pid:[]");
	assert_int_equal(sea_namespace_of(root, "pid"), SEA_NAMESPACE_UNKNOWN);
	root_link(root, "/proc/self/ns/pid", "user:[4026531836]");
	assert_int_equal(sea_namespace_of(root, "pid"), SEA_NAMESPACE_UNKNOWN);
	root_delete(root, "/proc");
	assert_int_equal(sea_namespace_of(root, "pid"), SEA_NAMESPACE_UNKNOWN);

	assert_string_equal(sea_namespace_name(SEA_NAMESPACE_INITIAL), "initial");
	assert_string_equal(sea_namespace_name(SEA_NAMESPACE_OTHER), "other");
	assert_string_equal(sea_namespace_name(SEA_NAMESPACE_UNKNOWN), "unknown");
}

static void sysctls(void **state)
{
	const char *root = *state;

	assert_int_equal(sea_sysctl(root, "kernel/kptr_restrict"), -1);
	root_put(root, "/proc/sys/kernel/kptr_restrict", "2\n");
	assert_int_equal(sea_sysctl(root, "kernel/kptr_restrict"), 2);
	root_put(root, "/proc/sys/kernel/kptr_restrict", "0\n");
	assert_int_equal(sea_sysctl(root, "kernel/kptr_restrict"), 0);
	root_put(root, "/proc/sys/kernel/kptr_restrict", "on\n");
	assert_int_equal(sea_sysctl(root, "kernel/kptr_restrict"), -1);
	root_put(root, "/proc/sys/kernel/kptr_restrict", "");
	assert_int_equal(sea_sysctl(root, "kernel/kptr_restrict"), -1);
}

/* kallsyms_show_value() of the kernel, by all that it looks at */
static void hidden_addresses(void **state)
{
	static const struct {
		const char *restrict_, *paranoid;
		enum sea_hidden with, without; /* CAP_SYSLOG */
	} cases[] = {
		{"0\n", "1\n", SEA_HIDDEN_NOT, SEA_HIDDEN_NOT},
		{"0\n", "-1\n", SEA_HIDDEN_NOT, SEA_HIDDEN_NOT},
		{"0\n", "2\n", SEA_HIDDEN_NOT, SEA_HIDDEN_BY_PERF},
		{"0\n", "3\n", SEA_HIDDEN_NOT, SEA_HIDDEN_BY_PERF},
		{"1\n", "1\n", SEA_HIDDEN_NOT, SEA_HIDDEN_BY_RESTRICT},
		{"1\n", "3\n", SEA_HIDDEN_NOT, SEA_HIDDEN_BY_RESTRICT},
		{"2\n", "-1\n", SEA_HIDDEN_FROM_ALL, SEA_HIDDEN_FROM_ALL},
		{"3\n", "1\n", SEA_HIDDEN_FROM_ALL, SEA_HIDDEN_FROM_ALL},
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		root_put(*state, "/proc/sys/kernel/kptr_restrict", cases[i].restrict_);
		root_put(*state, "/proc/sys/kernel/perf_event_paranoid", cases[i].paranoid);
		assert_int_equal(sea_hidden_why(*state, &all), cases[i].with);
		assert_int_equal(sea_hidden_why(*state, &none), cases[i].without);
	}
	assert_non_null(strstr(sea_hidden_text(SEA_HIDDEN_FROM_ALL), "kptr_restrict is 2"));
	assert_non_null(strstr(sea_hidden_text(SEA_HIDDEN_BY_RESTRICT), "no CAP_SYSLOG; run"));
	assert_non_null(strstr(sea_hidden_text(SEA_HIDDEN_BY_PERF), "perf_event_paranoid"));
	/* Nothing that it knows of hides them. */
	assert_non_null(strstr(sea_hidden_text(SEA_HIDDEN_NOT), "LSM"));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_host, root_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(each_need),  TEST(capabilities), TEST(user_namespace),   TEST(lockdown),
		TEST(namespaces), TEST(sysctls),      TEST(hidden_addresses),
	};

	return cmocka_run_group_tests_name("environment", tests, NULL, NULL);
}
