// SPDX-License-Identifier: GPL-2.0-only
/* Doctor's lines against the table of its manual, and against themselves. */
#include "fixtures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "doctor/lines.h"

#define MANUAL "/man/seastat-doctor.8.scd"

/* The manual, as a string. */
static char *read_manual(void)
{
	const char *root = getenv("SEA_SOURCE_ROOT");
	char *bytes, *text;
	size_t size;

	assert_non_null(root);
	bytes = sea_file_read(root, MANUAL, &size);
	assert_non_null(bytes);
	text = strndup(bytes, size);
	free(bytes);
	assert_non_null(text);
	return text;
}

/* The table's row of the line, or how its id stands in the list of those that are ok. */
static void row_of(const struct sea_doctor_line *line, char *row, size_t size)
{
	if (line->level == SEA_DOCTOR_OK)
		snprintf(row, size, "\n- *%s*: ", line->id);
	else
		snprintf(row, size, "\n|  %s\n:< %s\n:< %s\n:< %s\n", line->id,
			 sea_doctor_level_name(line->level), line->cause,
			 line->remedy ? line->remedy : "-");
}

static void the_manual_has_each(void **state)
{
	char *manual = read_manual(), row[2048], missing[64 * 1024] = "";
	size_t at = 0;
	int id;

	(void)state;
	for (id = 0; id < SEA_LINES; id++) {
		row_of(sea_doctor_line(id), row, sizeof(row));
		if (!strstr(manual, row))
			at += (size_t)snprintf(missing + at, sizeof(missing) - at, "%s", row);
		assert_true(at < sizeof(missing));
	}
	free(manual);
	if (at)
		fail_msg("man/seastat-doctor.8.scd lacks:%s", missing);
}

/* And no row is of a line that is no more. */
static void the_manual_has_no_other(void **state)
{
	char *manual = read_manual(), *at;
	size_t rows = 0, lines = 0;
	int id;

	(void)state;
	at = strstr(manual, "\n|[ *Line*");
	assert_non_null(at);
	while ((at = strstr(at, "\n|  "))) {
		rows++;
		at += 2;
		/* The end of this table */
		if (strstr(at, "\n\n") < strstr(at, "\n|  "))
			break;
	}
	for (id = 0; id < SEA_LINES; id++)
		lines += sea_doctor_line(id)->level != SEA_DOCTOR_OK;
	assert_int_equal(rows, lines);
	free(manual);
}

static void each_line_is_whole(void **state)
{
	const struct sea_doctor_line *line, *other;
	int id, before;

	(void)state;
	for (id = 0; id < SEA_LINES; id++) {
		line = sea_doctor_line(id);
		assert_non_null(line->id);
		assert_non_null(line->topic);
		/* What is not ok has a cause, and what asks for something says for what. */
		if (line->level != SEA_DOCTOR_OK)
			assert_non_null(line->cause);
		if (line->level > SEA_DOCTOR_NOTE)
			assert_non_null(line->remedy);
		/* They are put together as "WHAT: WHY; WHAT TO DO". */
		if (line->cause)
			assert_true(line->cause[strlen(line->cause) - 1] != '.');
		if (line->remedy)
			assert_true(line->remedy[strlen(line->remedy) - 1] != '.');
		/* For columns and for jq */
		assert_int_equal(strspn(line->id, "abcdefghijklmnopqrstuvwxyz0123456789-"),
				 strlen(line->id));
		assert_true(strlen(line->topic) <= 10);
		for (before = 0; before < id; before++) {
			other = sea_doctor_line(before);
			assert_string_not_equal(line->id, other->id);
		}
	}
}

static void levels(void **state)
{
	(void)state;
	assert_string_equal(sea_doctor_level_name(SEA_DOCTOR_OK), "ok");
	assert_string_equal(sea_doctor_level_name(SEA_DOCTOR_NOTE), "note");
	assert_string_equal(sea_doctor_level_name(SEA_DOCTOR_ACT), "act");
	assert_string_equal(sea_doctor_level_name(SEA_DOCTOR_UNKNOWN), "unknown");
	assert_string_equal(sea_doctor_level_name(SEA_DOCTOR_INCOMPLETE), "incomplete");
	assert_string_equal(sea_doctor_level_name(SEA_DOCTOR_IMPOSSIBLE), "impossible");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_manual_has_each),
		cmocka_unit_test(the_manual_has_no_other),
		cmocka_unit_test(each_line_is_whole),
		cmocka_unit_test(levels),
	};

	return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
