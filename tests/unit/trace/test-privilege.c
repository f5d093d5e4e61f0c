// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cap-ng.h>

#include "trace/privilege-internal.h"

/* What the effective capabilities, which end in -1, are enough for. */
static struct sea_privileges with(const int *capabilities)
{
	struct sea_privileges privileges;

	capng_clear(CAPNG_SELECT_ALL);
	for (; *capabilities >= 0; capabilities++)
		assert_int_equal(
			capng_update(CAPNG_ADD, CAPNG_EFFECTIVE, (unsigned int)*capabilities), 0);
	memset(&privileges, 0xff, sizeof(privileges));
	sea_privilege_judge(&privileges);
	return privileges;
}

static void expect(const int *capabilities, bool trace, bool symbols, bool stats)
{
	struct sea_privileges privileges = with(capabilities);

	assert_int_equal(privileges.may[SEA_STEP_TRACE], trace);
	assert_int_equal(privileges.may[SEA_STEP_SYMBOLS], symbols);
	assert_int_equal(privileges.may[SEA_STEP_KPROBES], stats);
}

#define LIST(...) ((const int[]){__VA_ARGS__, -1})

static void each_step_has_its_capability(void **state)
{
	(void)state;
	expect((const int[]){-1}, false, false, false);
	expect(LIST(CAP_BPF), false, false, false);
	expect(LIST(CAP_PERFMON), false, false, false);
	expect(LIST(CAP_BPF, CAP_PERFMON), true, false, false);
	expect(LIST(CAP_SYS_ADMIN), true, false, true);
	expect(LIST(CAP_SYSLOG), false, true, false);
	/* Those that sound alike are of no use. */
	expect(LIST(CAP_SYS_PTRACE, CAP_SYS_RAWIO, CAP_NET_ADMIN, CAP_DAC_OVERRIDE), false, false,
	       false);
}

/* A capability that could be had, but is not in effect, is of no use either. */
static void only_what_is_in_effect(void **state)
{
	struct sea_privileges privileges;

	(void)state;
	capng_clear(CAPNG_SELECT_ALL);
	capng_update(CAPNG_ADD, CAPNG_PERMITTED | CAPNG_INHERITABLE | CAPNG_BOUNDING_SET,
		     CAP_SYS_ADMIN);
	sea_privilege_judge(&privileges);
	assert_false(privileges.may[SEA_STEP_TRACE]);
}

static void what_is_needed_has_a_name(void **state)
{
	(void)state;
	assert_string_equal(sea_privilege_needed(SEA_STEP_TRACE), "CAP_BPF and CAP_PERFMON");
	assert_string_equal(sea_privilege_needed(SEA_STEP_SYMBOLS), "CAP_SYSLOG");
	assert_string_equal(sea_privilege_needed(SEA_STEP_KPROBES), "CAP_SYS_ADMIN");
}

/* Every set of capabilities of this process, as procfs has them, and no_new_privs */
static bool nothing_left_in_proc(bool bounding)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[256];
	bool nothing = file;
	int sets = 0;

	while (file && fgets(line, sizeof(line), file)) {
		unsigned long long caps;
		char set[8];

		if (sscanf(line, "Cap%3s: %llx", set, &caps) != 2)
			continue;
		sets++;
		if (caps && (bounding || strcmp(set, "Bnd")))
			nothing = false;
	}
	if (file)
		fclose(file);
	return nothing && sets == 5 && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

/* In a child, since there is no way back. Its status is the line of what went wrong. */
static void nothing_is_left(void **state)
{
	struct sea_privileges privileges;
	struct sea_error err;
	bool may_bound;
	int status, step;
	pid_t pid;

	(void)state;
	assert_int_equal(capng_get_caps_process(), 0);
	may_bound = capng_have_capability(CAPNG_EFFECTIVE, CAP_SETPCAP);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		if (sea_privilege_drop(&err))
			_exit(1);
		sea_privilege_read(&privileges);
		for (step = 0; step < SEA_STEPS; step++)
			if (privileges.may[step])
				_exit(2);
		if (!nothing_left_in_proc(may_bound))
			_exit(3);
		/* Twice is no error: there is nothing to give up any more. */
		_exit(sea_privilege_drop(&err) ? 4 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* What is read is of this process, now, and not what libcap-ng remembers. */
static void reads_what_is_now(void **state)
{
	struct sea_privileges privileges;
	bool is_root;

	(void)state;
	assert_int_equal(capng_get_caps_process(), 0);
	is_root = capng_have_capability(CAPNG_EFFECTIVE, CAP_SYS_ADMIN);
	capng_clear(CAPNG_SELECT_ALL);
	if (!is_root)
		capng_fill(CAPNG_SELECT_ALL);
	sea_privilege_read(&privileges);
	assert_int_equal(privileges.may[SEA_STEP_KPROBES], is_root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_step_has_its_capability),
		cmocka_unit_test(only_what_is_in_effect),
		cmocka_unit_test(what_is_needed_has_a_name),
		cmocka_unit_test(nothing_is_left),
		cmocka_unit_test(reads_what_is_now),
	};

	return cmocka_run_group_tests_name("privilege", tests, NULL, NULL);
}
