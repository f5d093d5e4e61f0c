// SPDX-License-Identifier: GPL-2.0-only
/* A file that is replaced as a whole, under the eyes of who reads it. */
#include "report/textfile.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixtures.h"

#define LEN 100000
#define TIMES 300

static char dir[64], path[128];

static int make_dir(void **state)
{
	(void)state;
	if (fixture_make_dir(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/seatop.prom", dir);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	return fixture_remove_dir(dir);
}

static void write_letter(char letter)
{
	static char text[LEN];
	struct sea_error err;

	memset(text, letter, sizeof(text));
	text[LEN - 1] = '\n';
	if (sea_textfile_write(path, text, sizeof(text), &err))
		fail_msg("%s", err.text);
}

static size_t nr_files(void)
{
	DIR *d = opendir(dir);
	size_t nr = 0;

	assert_non_null(d);
	while (readdir(d))
		nr++;
	closedir(d);
	return nr - 2;
}

/* 0: the file was whole each time, and more than one of its texts was seen. */
static int read_in_a_loop(int stop)
{
	static char text[LEN + 1];
	char first = 0, nothing;
	int others = 0;

	while (read(stop, &nothing, 1)) {
		FILE *file = fopen(path, "re");
		size_t len = file ? fread(text, 1, sizeof(text), file) : 0;

		if (file)
			fclose(file);
		if (len != LEN || text[LEN - 1] != '\n' ||
		    strspn(text, (char[]){*text, 0}) != LEN - 1)
			return 1;
		others += first && first != *text;
		first = *text;
	}
	return others ? 0 : 2;
}

static void test_never_half_written(void **state)
{
	int stop[2], status, i;
	pid_t reader;

	(void)state;
	write_letter('a');
	assert_int_equal(pipe2(stop, O_NONBLOCK), 0);
	reader = fork();
	if (!reader) {
		close(stop[1]);
		_exit(read_in_a_loop(stop[0]));
	}
	for (i = 1; i <= TIMES; i++)
		write_letter((char)('a' + i % 26));
	/* The reader ends when nobody holds the other end. */
	close(stop[1]);
	close(stop[0]);
	assert_int_equal(waitpid(reader, &status, 0), reader);
	assert_int_equal(status, 0);
	assert_int_equal(nr_files(), 1);
}

static void test_others_may_read(void **state)
{
	struct stat st;
	mode_t mask = umask(077);

	(void)state;
	write_letter('a');
	umask(mask);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
}

static void test_failures_leave_it(void **state)
{
	struct sea_error err;
	char beside[160];

	(void)state;
	assert_int_equal(sea_textfile_write("/nonexistent/a.prom", "a\n", 2, &err), -1);
	assert_string_equal(err.text,
			    "cannot write /nonexistent/a.prom: No such file or directory");
	/* A directory cannot be replaced by a file; nothing stays beside it. */
	snprintf(beside, sizeof(beside), "%s/dir.prom", dir);
	assert_int_equal(mkdir(beside, 0700), 0);
	assert_int_equal(sea_textfile_write(beside, "a\n", 2, &err), -1);
	assert_int_equal(nr_files(), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_never_half_written, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(test_others_may_read, make_dir, remove_dir),
		cmocka_unit_test_setup_teardown(test_failures_leave_it, make_dir, remove_dir),
	};

	return cmocka_run_group_tests_name("textfile", tests, NULL, NULL);
}
