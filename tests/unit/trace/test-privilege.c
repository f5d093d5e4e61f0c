// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trace/privilege.h"

static bool has(const char *capeff, enum sea_step step)
{
	char root[] = "/tmp/test-privilege-XXXXXX", path[64];
	bool answer;
	FILE *file;

	assert_non_null(mkdtemp(root));
	snprintf(path, sizeof(path), "%s/proc", root);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/proc/self", root);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/proc/self/status", root);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "Name:\tseatop\nCapPrm:\t000001ffffffffff\nCapEff:\t%s\n", capeff);
	fclose(file);
	answer = sea_privilege_has(root, step);
	unlink(path);
	snprintf(path, sizeof(path), "%s/proc/self", root);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/proc", root);
	rmdir(path);
	rmdir(root);
	return answer;
}

static void each_step_has_its_capability(void **state)
{
	(void)state;
	/* CAP_BPF is 39, CAP_PERFMON 38, CAP_SYS_ADMIN 21, CAP_SYSLOG 34, CAP_SYS_PTRACE 19. */
	assert_true(has("000000c000000000", SEA_STEP_TRACE));
	assert_true(has("0000000000200000", SEA_STEP_TRACE));
	assert_false(has("0000008000000000", SEA_STEP_TRACE));
	assert_false(has("0000004000000000", SEA_STEP_TRACE));
	assert_true(has("0000000400000000", SEA_STEP_SYMBOLS));
	assert_false(has("0000000000200000", SEA_STEP_SYMBOLS));
	assert_true(has("0000000000200000", SEA_STEP_STATS));
	assert_false(has("000000c000000000", SEA_STEP_STATS));
	assert_true(has("0000000000080000", SEA_STEP_NAMES));
	assert_false(has("0000000000000000", SEA_STEP_NAMES));
	/* No procfs: the kernel will say. */
	assert_true(sea_privilege_has("/nonexistent", SEA_STEP_TRACE));
}

/* In a child, since there is no way back. */
static void nothing_is_left(void **state)
{
	struct sea_error err;
	int status, step;
	pid_t pid;

	(void)state;
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		if (sea_privilege_drop(&err))
			_exit(1);
		for (step = 0; step < SEA_STEPS; step++)
			if (sea_privilege_has("", step))
				_exit(2);
		if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
			_exit(3);
		/* Twice is no error: there is nothing to give up any more. */
		_exit(sea_privilege_drop(&err) ? 4 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_step_has_its_capability),
		cmocka_unit_test(nothing_is_left),
	};

	return cmocka_run_group_tests_name("privilege", tests, NULL, NULL);
}
