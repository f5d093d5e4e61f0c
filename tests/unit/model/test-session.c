// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "model/session.h"

static void check_uuid(const char *uuid)
{
	size_t i;

	assert_int_equal(strlen(uuid), SEA_UUID_LEN - 1);
	for (i = 0; i < SEA_UUID_LEN - 1; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23)
			assert_int_equal(uuid[i], '-');
		else
			assert_non_null(strchr("0123456789abcdef", uuid[i]));
	}
	assert_int_equal(uuid[14], '4');
	assert_non_null(strchr("89ab", uuid[19]));
}

static void no_two_runs_are_the_same(void **state)
{
	char one[SEA_UUID_LEN], two[SEA_UUID_LEN];

	(void)state;
	sea_uuid_make(one);
	sea_uuid_make(two);
	check_uuid(one);
	check_uuid(two);
	assert_string_not_equal(one, two);
}

/* A procfs with this boot id; NULL: without any. */
static void make_proc(char *root, const char *boot_id)
{
	char path[256];
	int fd;

	strcpy(root, "/tmp/test-session.XXXXXX");
	assert_non_null(mkdtemp(root));
	snprintf(path, sizeof(path), "mkdir -p %s/sys/kernel/random", root);
	assert_int_equal(system(path), 0);
	if (!boot_id)
		return;
	snprintf(path, sizeof(path), "%s/sys/kernel/random/boot_id", root);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_int_equal(write(fd, boot_id, strlen(boot_id)), strlen(boot_id));
	close(fd);
}

static void remove_proc(const char *root)
{
	char command[256];

	snprintf(command, sizeof(command), "rm -r %s", root);
	assert_int_equal(system(command), 0);
}

static void begins_with_what_the_machine_says(void **state)
{
	static const char boot_id[] = "2477acf3-9b84-4c39-8d4a-4798b1ccb631";
	struct sea_session session;
	struct utsname system;
	char root[64], text[64];

	(void)state;
	snprintf(text, sizeof(text), "%s\n", boot_id);
	make_proc(root, text);
	memset(&session, 0xff, sizeof(session));
	sea_session_begin(&session, root, "seatop");
	check_uuid(session.run);
	assert_string_equal(session.boot_id, boot_id);
	assert_int_equal(uname(&system), 0);
	assert_string_equal(session.host, system.nodename);
	assert_string_equal(session.kernel, system.release);
	assert_string_equal(session.machine, system.machine);
	assert_string_equal(session.program, "seatop");
	assert_string_equal(session.version, SEATOP_VERSION);
	assert_string_equal(session.source, "");
	assert_true(!session.started_ns && !session.ended_ns && session.end == SEA_SESSION_RUNS);
	remove_proc(root);
}

static void without_a_boot_id(void **state)
{
	static const char *const texts[] = {NULL, "", "2477acf3\n"};
	struct sea_session session;
	char root[64];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		make_proc(root, texts[i]);
		sea_session_begin(&session, root, "seatop");
		assert_string_equal(session.boot_id, "");
		remove_proc(root);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_two_runs_are_the_same),
		cmocka_unit_test(begins_with_what_the_machine_says),
		cmocka_unit_test(without_a_boot_id),
	};

	return cmocka_run_group_tests_name("session", tests, NULL, NULL);
}
