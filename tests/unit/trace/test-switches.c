// SPDX-License-Identifier: GPL-2.0-only
/* The switches of made-up systems: files below a directory. */
#include "fixtures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trace/switches.h"

static const char *const dirs[] = {
	"proc",	      "proc/sys",	  "proc/sys/kernel",	     "sys",
	"sys/kernel", "sys/kernel/debug", "sys/kernel/debug/kprobes"};
static const char ftrace[] = "proc/sys/kernel/ftrace_enabled";
static const char kprobes[] = "sys/kernel/debug/kprobes/enabled";

static void put(const char *root, const char *file, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", root, file);
	if (!text) {
		unlink(path);
		return;
	}
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int make_root(void **state)
{
	static char root[64];
	char path[128];
	size_t i;

	strcpy(root, "/tmp/test-switches-XXXXXX");
	if (!mkdtemp(root))
		return -1;
	for (i = 0; i < ARRAY_SIZE(dirs); i++) {
		snprintf(path, sizeof(path), "%s/%s", root, dirs[i]);
		if (mkdir(path, 0700))
			return -1;
	}
	*state = root;
	return 0;
}

static int remove_root(void **state)
{
	const char *root = *state;
	char path[128];
	size_t i;

	put(root, ftrace, NULL);
	put(root, kprobes, NULL);
	for (i = ARRAY_SIZE(dirs); i-- > 0;) {
		snprintf(path, sizeof(path), "%s/%s", root, dirs[i]);
		rmdir(path);
	}
	return rmdir(root);
}

static void read_again_and_again(void **state)
{
	const char *root = *state;
	struct sea_switches switches;

	put(root, ftrace, "1\n");
	put(root, kprobes, "1\n");
	sea_switches_open(&switches, root);
	assert_null(sea_switches_off(&switches, SEA_BY_TRAMPOLINE));
	assert_null(sea_switches_off(&switches, SEA_BY_KPROBE));
	assert_null(sea_switches_off(&switches, SEA_BY_TRACEPOINT));

	put(root, ftrace, "0\n");
	assert_string_equal(sea_switches_off(&switches, SEA_BY_TRAMPOLINE),
			    "kernel.ftrace_enabled is 0");
	assert_null(sea_switches_off(&switches, SEA_BY_KPROBE));
	put(root, kprobes, "0\n");
	assert_string_equal(sea_switches_off(&switches, SEA_BY_KPROBE),
			    "kprobes/enabled in debugfs is 0");
	put(root, ftrace, "1\n");
	assert_null(sea_switches_off(&switches, SEA_BY_TRAMPOLINE));
	sea_switches_close(&switches);
	assert_int_equal(switches.fd[SEA_BY_KPROBE], -1);
}

/* No debugfs is no switch that is off; nor is a file that says nothing. */
static void not_there(void **state)
{
	const char *root = *state;
	struct sea_switches switches;

	put(root, ftrace, "");
	put(root, kprobes, NULL);
	sea_switches_open(&switches, root);
	assert_int_equal(switches.fd[SEA_BY_KPROBE], -1);
	assert_null(sea_switches_off(&switches, SEA_BY_TRAMPOLINE));
	assert_null(sea_switches_off(&switches, SEA_BY_KPROBE));
	sea_switches_close(&switches);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(read_again_and_again, make_root, remove_root),
		cmocka_unit_test_setup_teardown(not_there, make_root, remove_root),
	};

	return cmocka_run_group_tests_name("switches", tests, NULL, NULL);
}
