// SPDX-License-Identifier: GPL-2.0-only
/* SEAs that only the kernel's statistics have: before a recording, and in its gaps. */
#include <stdio.h>
#include <string.h>

#include "fixtures.h"
#include "report/report-json.h"
#include "report/report.h"
#include "stage.h"

enum { DB01 = 1, WEB, CALM };

/*
 * db01 took 2 SEAs before anybody recorded. The first session counts 3, of which one is
 * told after its last tick, as the recorder is killed then. 4 come, and the second
 * session counts 1. web takes 5 between the two, and none else; calm takes none.
 */
static void play(void)
{
	struct stage s;

	stage_begin(&s, fixture_store, "rack7", '1', 10);
	stage_vm(&s, "db01");
	stage_vm(&s, "web");
	stage_vm(&s, "calm");
	stage_had_before(&s, DB01, SEA_CLAIMED, 2);
	stage_had_before(&s, WEB, SEA_CLAIMED, 0);
	stage_had_before(&s, CALM, SEA_CLAIMED, 0);
	stage_tick(&s, 11);
	stage_sea(&s, DB01, SEA_NOT_OPTED_IN, SEA_REASON_NONE, NULL);
	stage_sea(&s, DB01, SEA_NOT_OPTED_IN, SEA_REASON_NONE, NULL);
	stage_tick(&s, 12);
	stage_sea(&s, DB01, SEA_NOT_OPTED_IN, SEA_REASON_NONE, NULL);
	stage_finish(&s, true);
	stage_begin(&s, fixture_store, "rack7", '2', 100);
	stage_vm(&s, "db01");
	stage_vm(&s, "web");
	stage_vm(&s, "calm");
	/* One that was on its way makes the number too large at first. */
	stage_had_before(&s, DB01, SEA_NOT_OPTED_IN, 3 + 5);
	stage_had_before(&s, DB01, SEA_CLAIMED, 2);
	stage_had_before(&s, WEB, SEA_HOST_OWNED, 5);
	stage_had_before(&s, CALM, SEA_CLAIMED, 0);
	stage_tick(&s, 101);
	stage_had_before(&s, DB01, SEA_NOT_OPTED_IN, 3 + 4);
	stage_sea(&s, DB01, SEA_NOT_OPTED_IN, SEA_REASON_NONE, NULL);
	stage_tick(&s, 102);
	stage_finish(&s, false);
}

static void report_of(struct sea_report *report, const char *const files[], size_t nr, __s64 since,
		      __s64 until)
{
	const struct sea_report_options options = {.files = files,
						   .nr_files = nr,
						   .window = {since, until},
						   .now_ns = stage_wall_ns(200)};
	struct sea_error err;

	*report = (struct sea_report){0};
	if (sea_report_make(report, &options, &err))
		fail_msg("%s", err.text);
}

static const struct sea_report_vm *vm_of(const struct sea_report *report, const char *name)
{
	size_t i;

	for (i = 0; i < report->nr_vms; i++)
		if (!strcmp(report->vms[i].name, name))
			return &report->vms[i];
	return NULL;
}

static bool says(const struct sea_report_lines *lines, const char *text)
{
	size_t i;

	for (i = 0; i < lines->nr; i++)
		if (strstr(lines->line[i], text))
			return true;
	return false;
}

static void test_all(void **state)
{
	const char *const files[] = {fixture_store};
	struct sea_report report;

	(void)state;
	play();
	report_of(&report, files, 1, INT64_MIN, INT64_MAX);
	assert_int_equal(report.total, 3 + 1);
	assert_int_equal(report.uncounted, 1);
	assert_int_equal(report.unrecorded, 2 + 4 + 5);
	assert_int_equal(report.nr_vms, 2);
	assert_int_equal(vm_of(&report, "db01")->total, 4);
	assert_int_equal(vm_of(&report, "db01")->unrecorded[SEA_CLAIMED], 2);
	assert_int_equal(vm_of(&report, "db01")->unrecorded[SEA_NOT_OPTED_IN], 4);
	assert_int_equal(vm_of(&report, "web")->total, 0);
	assert_int_equal(vm_of(&report, "web")->unrecorded[SEA_HOST_OWNED], 5);
	assert_true(says(
		&report.answers[SEA_ASK_WHO],
		"11 more SEAs came outside of the recorded times, as the kernel's statistics say: "
		"db01 (2 claimed, 4 not_opted_in), web (5 host_owned)."));
	assert_true(
		says(&report.headline, "4 SEAs hit 1 VM; 11 more outside of the recorded times"));
	sea_report_free(&report);
}

/* They belong to the moment at which somebody counted again. */
static void test_window(void **state)
{
	const char *const files[] = {fixture_store};
	struct sea_report report;

	(void)state;
	play();
	report_of(&report, files, 1, stage_wall_ns(50), INT64_MAX);
	assert_int_equal(report.total, 1);
	assert_int_equal(report.unrecorded, 4 + 5);
	assert_int_equal(vm_of(&report, "db01")->unrecorded_total, 4);
	sea_report_free(&report);
	report_of(&report, files, 1, INT64_MIN, stage_wall_ns(50));
	assert_int_equal(report.unrecorded, 2);
	assert_null(vm_of(&report, "web"));
	sea_report_free(&report);
	/* The first session began before it, the second after it. */
	report_of(&report, files, 1, stage_wall_ns(11), stage_wall_ns(50));
	assert_int_equal(report.unrecorded, 0);
	assert_int_equal(report.nr_vms, 1);
	sea_report_free(&report);
}

/* The same recording twice: each session counts once. */
static void test_twice(void **state)
{
	const char *const files[] = {fixture_store, fixture_store};
	struct sea_report report;

	(void)state;
	play();
	report_of(&report, files, 2, INT64_MIN, INT64_MAX);
	assert_int_equal(report.total, 4);
	assert_int_equal(report.unrecorded, 11);
	sea_report_free(&report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_all, fixture_make_store, fixture_remove_store),
		cmocka_unit_test_setup_teardown(test_window, fixture_make_store,
						fixture_remove_store),
		cmocka_unit_test_setup_teardown(test_twice, fixture_make_store,
						fixture_remove_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
