// SPDX-License-Identifier: GPL-2.0-only
/* What a fleet took while no session recorded, as the kernels' statistics say. */
#include <stdio.h>

#include "fixtures.h"
#include "report/exposure-fleet.h"
#include "stage.h"

enum { DB01 = 1, WEB, YOUNG };

/*
 * db01 took 2 SEAs before anybody recorded, and 3 in the first session. Then 4 of db01
 * and 5 of web came, and the second session began, in which db01 took one more. Of young,
 * which was not there in the first session, nobody knows when it took its 6.
 */
static void play(void)
{
	struct stage s;
	int i;

	stage_begin(&s, fixture_store, "rack7", '1', 10);
	stage_vm(&s, "db01");
	stage_vm(&s, "web");
	stage_had_before(&s, DB01, SEA_CLAIMED, 2);
	stage_had_before(&s, WEB, SEA_CLAIMED, 0);
	stage_tick(&s, 11);
	for (i = 0; i < 3; i++)
		stage_sea(&s, DB01, SEA_NOT_OPTED_IN, SEA_REASON_NONE, NULL);
	stage_tick(&s, 12);
	stage_finish(&s, false);
	stage_begin(&s, fixture_store, "rack7", '2', 100);
	stage_vm(&s, "db01");
	stage_vm(&s, "web");
	stage_vm(&s, "young");
	stage_had_before(&s, DB01, SEA_NOT_OPTED_IN, 3 + 4);
	stage_had_before(&s, DB01, SEA_CLAIMED, 2);
	stage_had_before(&s, WEB, SEA_HOST_OWNED, 5);
	stage_had_before(&s, YOUNG, SEA_CLAIMED, 6);
	stage_tick(&s, 101);
	stage_sea(&s, DB01, SEA_NOT_OPTED_IN, SEA_REASON_NONE, NULL);
	stage_tick(&s, 102);
	stage_finish(&s, false);
}

static struct sea_exposure sum(__s64 since_ns, __s64 until_ns, const char *vm)
{
	const struct sea_fleet_window window = {since_ns, until_ns};
	const struct sea_cohort cohort = {.vm = vm};
	struct sea_exposure exposure;
	struct sea_fleet *fleet;
	struct sea_error err;

	assert_int_equal(sea_fleet_new(&window, &cohort, &fleet, &err), 0);
	if (sea_fleet_add(fleet, fixture_store, &err))
		fail_msg("%s", err.text);
	exposure = *sea_fleet_sum(fleet);
	sea_fleet_free(fleet);
	return exposure;
}

static void expect(const struct sea_hits *hits, __u64 seas, __u64 vms, __u64 seas_unknown,
		   __u64 vms_unknown)
{
	assert_int_equal(hits->seas, seas);
	assert_int_equal(hits->vms, vms);
	assert_int_equal(hits->seas_unknown, seas_unknown);
	assert_int_equal(hits->vms_unknown, vms_unknown);
}

/* The window begins with the first session: what came before that is none of it. */
static void test_all(void **state)
{
	struct sea_exposure e;

	(void)state;
	play();
	e = sum(0, 0, NULL);
	assert_int_equal(e.any.seas, 4);
	/* db01 is hit already by those that were recorded. */
	expect(&e.unrecorded[SEA_NOT_OPTED_IN], 4, 0, 0, 0);
	expect(&e.unrecorded[SEA_HOST_OWNED], 5, 1, 0, 0);
	expect(&e.unrecorded[SEA_CLAIMED], 0, 0, 6, 1);
	expect(&e.unrecorded[SEA_FORWARDED], 0, 0, 0, 0);
	expect(&e.any_unrecorded, 9, 1, 6, 1);
}

static void test_window(void **state)
{
	struct sea_exposure e;

	(void)state;
	play();
	/* db01's first 2 may have come within five seconds of the first session. */
	e = sum(stage_wall_ns(5), 0, NULL);
	expect(&e.unrecorded[SEA_CLAIMED], 0, 0, 2 + 6, 2);
	expect(&e.any_unrecorded, 9, 1, 2 + 6, 1);
	/* The first session ended before: the others may have come before the window. */
	e = sum(stage_wall_ns(50), 0, NULL);
	expect(&e.any_unrecorded, 0, 0, 4 + 5 + 6, 2);
	e = sum(0, stage_wall_ns(50), NULL);
	expect(&e.any_unrecorded, 0, 0, 0, 0);
	e = sum(stage_wall_ns(101), 0, NULL);
	expect(&e.any_unrecorded, 0, 0, 0, 0);
}

static void test_cohort(void **state)
{
	struct sea_exposure e;

	(void)state;
	play();
	e = sum(0, 0, "web");
	expect(&e.any_unrecorded, 5, 1, 0, 0);
}

int main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(test_##name, fixture_make_store, fixture_remove_store)
	const struct CMUnitTest tests[] = {
		TEST(all),
		TEST(window),
		TEST(cohort),
	};

	return cmocka_run_group_tests_name("exposure-unrecorded", tests, NULL, NULL);
}
