// SPDX-License-Identifier: GPL-2.0-only
/* A window cut out says the same about that window as the whole recording does. */
#include "report/cut.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixtures.h"
#include "report/incident.h"
#include "report/report-json.h"
#include "report/report.h"
#include "stage.h"
#include "store/recording.h"
#include "store/writer.h"

static char dir[64], path[128], piece[128];

static int make_dir(void **state)
{
	(void)state;
	if (fixture_make_dir(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/sea.db", dir);
	snprintf(piece, sizeof(piece), "%s/piece.db", dir);
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	return fixture_remove_dir(dir);
}

static int add(const struct sea_entry *entry, void *context, struct sea_error *err)
{
	return sea_writer_add(context, entry, err);
}

static void cut(__s64 since, __s64 until)
{
	const struct sea_window window = {since, until};
	struct sea_writer *writer = NULL;
	struct sea_reader *reader;
	struct sea_error err;

	unlink(piece);
	if (sea_recording_open(path, &reader, &err) ||
	    sea_writer_open(piece, SEA_DB_WRITE, NULL, &writer, &err) ||
	    sea_writer_begin(writer, &err) || sea_cut(reader, &window, add, writer, &err) ||
	    sea_writer_commit(writer, &err))
		fail_msg("%s", err.text);
	sea_writer_close(writer);
	sea_reader_close(reader);
}

static void report_on(struct sea_report *report, const char *file, __s64 since, __s64 until)
{
	const char *files[] = {file};
	const struct sea_report_options options = {.files = files,
						   .nr_files = 1,
						   .window = {since, until},
						   .now_ns = stage_wall_ns(200)};
	struct sea_error err;

	*report = (struct sea_report){0};
	if (sea_report_make(report, &options, &err))
		fail_msg("%s", err.text);
}

static void assert_same_lines(const struct sea_report_lines *a, const struct sea_report_lines *b)
{
	size_t i;

	for (i = 0; i < a->nr && i < b->nr; i++)
		assert_string_equal(a->line[i], b->line[i]);
	assert_int_equal(a->nr, b->nr);
}

/* What both say about the window is the same, but for what the files are called. */
static void assert_same_report(__s64 since, __s64 until)
{
	struct sea_report whole, part;
	unsigned int question;
	size_t i;

	cut(since, until);
	report_on(&whole, path, since, until);
	report_on(&part, piece, since, until);
	assert_int_equal(part.total, whole.total);
	assert_int_equal(part.details, whole.details);
	assert_int_equal(part.answer_details, whole.answer_details);
	assert_int_equal(part.nr_vms, whole.nr_vms);
	assert_int_equal(part.nr_pages, whole.nr_pages);
	assert_int_equal(part.nr_events, whole.nr_events);
	assert_int_equal(part.vms_seen, whole.vms_seen);
	for (i = 0; i < whole.nr_vms; i++) {
		assert_string_equal(part.vms[i].name, whole.vms[i].name);
		assert_memory_equal(&part.vms[i].counts.disposition,
				    &whole.vms[i].counts.disposition,
				    sizeof(whole.vms[i].counts.disposition));
		assert_int_equal(part.vms[i].fate, whole.vms[i].fate);
		assert_int_equal(part.vms[i].opt_in, whole.vms[i].opt_in);
	}
	for (i = 0; i < whole.nr_doubts; i++)
		assert_string_equal(part.doubts[i].text, whole.doubts[i].text);
	assert_int_equal(part.nr_doubts, whole.nr_doubts);
	for (question = 0; question < SEA_QUESTIONS; question++)
		assert_same_lines(&part.answers[question], &whole.answers[question]);
	assert_same_lines(&part.acts, &whole.acts);
	sea_report_free(&whole);
	sea_report_free(&part);
}

static void test_windows(void **state)
{
	(void)state;
	incident_play(path);
	assert_same_report(stage_wall_ns(15), stage_wall_ns(35));
	assert_same_report(stage_wall_ns(35), stage_wall_ns(48));
	/* The doubt of the whole of it began ahead of the window. */
	assert_same_report(stage_wall_ns(60) + 1, stage_wall_ns(61) + 1);
	/* From the one session into the other */
	assert_same_report(stage_wall_ns(65), stage_wall_ns(108));
}

/* In the time between two sessions nothing is but the gap. */
static void test_gap(void **state)
{
	struct sea_report r;
	size_t i;

	(void)state;
	incident_play(path);
	cut(stage_wall_ns(75), stage_wall_ns(90));
	report_on(&r, piece, stage_wall_ns(75), stage_wall_ns(90));
	for (i = 0; i < r.nr_doubts && strcmp(r.doubts[i].kind, "gap"); i++)
		;
	assert_true(i < r.nr_doubts);
	assert_string_equal(r.doubts[i].text, "nobody counted: the recorder was killed");
	assert_int_equal(r.doubts[i].since_ns, stage_wall_ns(70));
	assert_int_equal(r.doubts[i].until_ns, stage_wall_ns(100));
	assert_int_equal(r.total, 0);
	sea_report_free(&r);
}

static void test_all(void **state)
{
	(void)state;
	incident_play(path);
	assert_same_report(INT64_MIN, INT64_MAX);
}

static __s64 number(const char *sql)
{
	struct sea_reader *reader;
	struct sea_error err;
	__s64 number;

	assert_int_equal(sea_recording_open(piece, &reader, &err), 0);
	number = sea_db_number(sea_reader_db(reader), sql, -1);
	sea_reader_close(reader);
	return number;
}

/* Nothing of what was before is counted in it, and no VM is in it that has no part in it. */
static void test_counts(void **state)
{
	(void)state;
	incident_play(path);
	cut(stage_wall_ns(35), stage_wall_ns(48));
	assert_int_equal(number("SELECT sum(claimed + host_owned + not_opted_in + forwarded)"
				" FROM tick_vm"),
			 2);
	assert_int_equal(number("SELECT count(*) FROM sea"), 2);
	/* db01 had ended. */
	assert_int_equal(number("SELECT count(*) FROM vm"), 5);
	assert_int_equal(number("SELECT count(*) FROM vm WHERE name = 'db01'"), 0);
	assert_int_equal(number("SELECT count(*) FROM vm_end"), 1);
	assert_int_equal(number("SELECT count(*) FROM session"), 1);
	assert_int_equal(number("SELECT count(*) FROM tick_hook"), 0);
	assert_int_equal(number("SELECT count(*) FROM host_event"), 0);
}

/* An hour in which nothing happened is one row: what is cut from it ends with the window. */
static void test_idle(void **state)
{
	struct stage s;
	int i;

	(void)state;
	stage_begin(&s, path, "rack7", '1', 10);
	stage_vm(&s, "db01");
	for (i = 11; i < 3600; i++)
		stage_tick(&s, (__u64)i);
	stage_finish(&s, false);
	cut(stage_wall_ns(100), stage_wall_ns(200));
	assert_int_equal(number("SELECT max(wall_ns) FROM tick"), stage_wall_ns(200) - 1);
	assert_int_equal(number("SELECT max(time_ns) FROM tick"), 200 * SEC - 1);
	assert_same_report(stage_wall_ns(100), stage_wall_ns(200));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_dir, remove_dir)
	const struct CMUnitTest tests[] = {
		TEST(test_windows), TEST(test_gap),  TEST(test_all),
		TEST(test_counts),  TEST(test_idle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
