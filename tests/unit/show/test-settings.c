// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "show/settings.h"

static void parse(struct sea_settings *settings, const char *text)
{
	sea_settings_default(settings);
	sea_settings_parse(settings, text, strlen(text));
}

static void what_is_set(void **state)
{
	struct sea_settings s;

	(void)state;
	parse(&s, "# mine\n\n  columns = VM,FWD , PEND\r\n");
	/* A blank is no part of a column's name. */
	assert_int_equal(s.wrong, 1);
	parse(&s, "columns=VM,FWD\n colour bad =  yellow reverse \nkey x = quit\nkey q=nothing\n"
		  "key == help");
	assert_int_equal(s.wrong, 0);
	assert_true(s.has_columns);
	assert_int_equal(s.columns.nr, 2);
	assert_int_equal(s.colours.styles[SEA_LOOK_BAD].colour, SEA_COLOUR_YELLOW);
	assert_true(s.colours.styles[SEA_LOOK_BAD].reverse);
	assert_int_equal(sea_keymap_action(&s.keys, SEA_PAGE_TABLE, 'x'), SEA_DO_QUIT);
	assert_int_equal(sea_keymap_action(&s.keys, SEA_PAGE_TABLE, 'q'), SEA_DO_NOTHING);
	assert_int_equal(sea_keymap_action(&s.keys, SEA_PAGE_TABLE, '='), SEA_DO_HELP);
}

/* A line that is wrong costs that line, and the first one is told. */
static void what_is_wrong(void **state)
{
	static const char *const lines[] = {
		"nonsense",	      "nonsense = 1",	   "columns = NOPE",
		"colour bad = mauve", "colour nope = red", "key nope = quit",
		"key x = nope",	      "columns = VM,VM",   "= 1",
	};
	struct sea_settings s;
	char text[1024];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		snprintf(text, sizeof(text), "key y = help\n%s\nkey x = quit\n", lines[i]);
		parse(&s, text);
		assert_int_equal(s.wrong, 1);
		assert_int_equal(s.first_wrong, 2);
		assert_true(s.first.text[0]);
		assert_int_equal(sea_keymap_action(&s.keys, SEA_PAGE_TABLE, 'x'),
				 strncmp(lines[i], "key x", 5) ? SEA_DO_QUIT : SEA_DO_QUIT);
	}
	memset(text, 'x', sizeof(text));
	sea_settings_default(&s);
	sea_settings_parse(&s, text, sizeof(text));
	assert_int_equal(s.wrong, 1);
	sea_settings_parse(&s, "key\0 x = quit", 13);
	assert_int_equal(s.wrong, 2);
}

static void which_file(void **state)
{
	char directory[] = "/tmp/test-settings-XXXXXX", path[128];
	struct sea_settings s;
	struct sea_error err;
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(directory));
	setenv("HOME", directory, 1);
	unsetenv("XDG_CONFIG_HOME");
	assert_int_equal(sea_settings_read(&s, &err), 0);
	setenv("XDG_CONFIG_HOME", directory, 1);
	assert_int_equal(sea_settings_read(&s, &err), 0);
	snprintf(path, sizeof(path), "%s/seatop", directory);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/seatop/seatoprc", directory);
	/* A pipe nobody writes to is not waited for. */
	mkfifo(path, 0600);
	assert_int_equal(sea_settings_read(&s, &err), -1);
	unlink(path);
	file = fopen(path, "w");
	fputs("key x = quit\nnonsense\n", file);
	fclose(file);
	assert_int_equal(sea_settings_read(&s, &err), -1);
	assert_non_null(strstr(err.text, "seatoprc: line 2: no '='"));
	assert_int_equal(sea_keymap_action(&s.keys, SEA_PAGE_TABLE, 'x'), SEA_DO_QUIT);
	unlink(path);
	snprintf(path, sizeof(path), "%s/seatop", directory);
	rmdir(path);
	rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_set),
		cmocka_unit_test(what_is_wrong),
		cmocka_unit_test(which_file),
	};

	return cmocka_run_group_tests_name("settings", tests, NULL, NULL);
}
