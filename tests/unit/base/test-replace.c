// SPDX-License-Identifier: GPL-2.0-only
#include "base/replace.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixtures.h"

static char dir[64], path[128];

static int make_dir(void **state)
{
	(void)state;
	if (fixture_make_dir(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/page.html", dir);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	return fixture_remove_dir(dir);
}

static void assert_holds(const char *expected)
{
	char text[64] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	assert_string_equal(text, expected);
}

/* Nothing is left beside the file. */
static void assert_alone(int files)
{
	DIR *d = opendir(dir);
	int nr = 0;

	assert_non_null(d);
	while (readdir(d))
		nr++;
	closedir(d);
	assert_int_equal(nr, files + 2);
}

static void test_replaces(void **state)
{
	struct sea_error err;
	struct stat st;

	(void)state;
	umask(027);
	assert_int_equal(sea_replace_file(path, "first", 5, 0666, &err), 0);
	assert_holds("first");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	assert_int_equal(sea_replace_file(path, "2", 1, 0644, &err), 0);
	assert_holds("2");
	assert_alone(1);
}

/* Who has it open reads on in what was there. */
static void test_readers(void **state)
{
	struct sea_error err;
	char text[8] = "";
	FILE *file;

	(void)state;
	assert_int_equal(sea_replace_file(path, "first", 5, 0666, &err), 0);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(sea_replace_file(path, "other", 5, 0666, &err), 0);
	assert_int_equal(fread(text, 1, sizeof(text) - 1, file), 5);
	fclose(file);
	assert_string_equal(text, "first");
}

/* A file that may not grow that far is a full disk. */
static void test_full(void **state)
{
	const struct rlimit small = {4096, RLIM_INFINITY}, large = {RLIM_INFINITY, RLIM_INFINITY};
	static char text[65536];
	struct sea_error err;

	(void)state;
	assert_int_equal(sea_replace_file(path, "first", 5, 0666, &err), 0);
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &small);
	assert_int_equal(sea_replace_file(path, text, sizeof(text), 0666, &err), -1);
	setrlimit(RLIMIT_FSIZE, &large);
	assert_non_null(strstr(err.text, "File too large"));
	assert_holds("first");
	assert_alone(1);
}

static void test_no_directory(void **state)
{
	struct sea_error err;

	(void)state;
	snprintf(path, sizeof(path), "%s/none/page.html", dir);
	assert_int_equal(sea_replace_file(path, "x", 1, 0666, &err), -1);
	assert_non_null(strstr(err.text, "No such file or directory"));
	assert_alone(0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_dir, remove_dir)
	const struct CMUnitTest tests[] = {
		TEST(test_replaces),
		TEST(test_readers),
		TEST(test_full),
		TEST(test_no_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
