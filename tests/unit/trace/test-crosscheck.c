// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include "trace/crosscheck.h"

static void all_is_well(void **state)
{
	struct sea_crosscheck check = {0};

	(void)state;
	sea_crosscheck_look(&check, 0, 0, 0, 4);
	sea_crosscheck_look(&check, 5, 5, 5, 4);
	sea_crosscheck_look(&check, 5, 5, 5, 4);
	assert_int_equal(check.unseen, 0);
}

static void on_their_way(void **state)
{
	struct sea_crosscheck check = {0};

	(void)state;
	/* Two of four vCPUs are between the hooks: nothing to say yet. */
	sea_crosscheck_look(&check, 7, 8, 5, 4);
	assert_int_equal(check.unseen, 0);
	sea_crosscheck_look(&check, 9, 9, 6, 4);
	assert_int_equal(check.unseen, 0);
	sea_crosscheck_look(&check, 9, 9, 9, 4);
	assert_int_equal(check.unseen, 0);
}

static void one_that_passed_by(void **state)
{
	struct sea_crosscheck check = {0};

	(void)state;
	sea_crosscheck_look(&check, 9, 9, 8, 4);
	assert_int_equal(check.unseen, 0);
	/* Nothing came since, so nothing is on its way. */
	sea_crosscheck_look(&check, 9, 9, 8, 4);
	assert_int_equal(check.unseen, 1);
	sea_crosscheck_look(&check, 12, 12, 11, 4);
	assert_int_equal(check.unseen, 1);
}

static void a_storm_that_is_never_quiet(void **state)
{
	struct sea_crosscheck check = {0};

	(void)state;
	sea_crosscheck_look(&check, 1000, 1100, 0, 4);
	assert_int_equal(check.unseen, 996);
	sea_crosscheck_look(&check, 3000, 3100, 0, 4);
	assert_int_equal(check.unseen, 2996);
	/* Without a number of vCPUs, only silence tells. */
	check = (struct sea_crosscheck){0};
	sea_crosscheck_look(&check, 1000, 1100, 0, 0);
	assert_int_equal(check.unseen, 0);
	sea_crosscheck_look(&check, 1100, 1100, 0, 0);
	assert_int_equal(check.unseen, 1100);
}

/* One is late, and seen to be missing in a moment of silence; then a storm breaks out. */
static void late_in_a_storm(void **state)
{
	struct sea_crosscheck check = {0};

	(void)state;
	sea_crosscheck_look(&check, 1, 1, 0, 4);
	sea_crosscheck_look(&check, 1, 1, 0, 4);
	assert_int_equal(check.unseen, 1);
	/* It may be one of these that are missing. */
	sea_crosscheck_look(&check, 50, 60, 58, 4);
	assert_int_equal(check.unseen, 1);
	sea_crosscheck_look(&check, 120, 120, 120, 4);
	assert_int_equal(check.missing, 0);
	assert_int_equal(check.unseen, 0);
	/* In a storm that is never quiet, too. */
	check = (struct sea_crosscheck){0};
	sea_crosscheck_look(&check, 1000, 1100, 990, 4);
	assert_int_equal(check.unseen, 6);
	sea_crosscheck_look(&check, 1200, 1210, 1207, 4);
	assert_int_equal(check.missing, 3);
	assert_int_equal(check.unseen, 3);
}

/* What is missing at a look is not yet unseen, and may still turn up. */
static void missing_for_now(void **state)
{
	struct sea_crosscheck check = {0};

	(void)state;
	sea_crosscheck_look(&check, 9, 9, 8, 4);
	assert_int_equal(check.missing, 1);
	assert_int_equal(check.unseen, 0);
	/* Nothing came since, but it has been on its way for long. */
	sea_crosscheck_look(&check, 9, 9, 8, 4);
	assert_int_equal(check.missing, 1);
	assert_int_equal(check.unseen, 1);
	sea_crosscheck_look(&check, 9, 9, 9, 4);
	assert_int_equal(check.missing, 0);
	assert_int_equal(check.unseen, 0);
	/* Two of the three that came meanwhile are counted, or three and not the last one. */
	sea_crosscheck_look(&check, 9, 12, 11, 4);
	assert_int_equal(check.missing, 1);
	assert_int_equal(check.unseen, 0);
	sea_crosscheck_look(&check, 12, 12, 12, 4);
	assert_int_equal(check.missing, 0);
}

/* Past the checking hook before counting started, past the source's after. */
static void under_way_at_the_start(void **state)
{
	struct sea_crosscheck check = {0};

	(void)state;
	sea_crosscheck_look(&check, 0, 0, 1, 4);
	assert_int_equal(check.unseen, 0);
	sea_crosscheck_look(&check, 5, 5, 6, 4);
	sea_crosscheck_look(&check, 5, 5, 6, 4);
	assert_int_equal(check.unseen, 0);
	sea_crosscheck_look(&check, 6, 6, 6, 4);
	sea_crosscheck_look(&check, 6, 6, 6, 4);
	assert_int_equal(check.unseen, 1);
}

/* A check that sees nothing is as bad as a source that does not. */
static void a_check_that_is_dead(void **state)
{
	struct sea_crosscheck check = {0};

	(void)state;
	sea_crosscheck_look(&check, 0, 0, 0, 4);
	sea_crosscheck_look(&check, 0, 0, 0, 4);
	sea_crosscheck_look(&check, 0, 0, 1, 4);
	assert_int_equal(check.overseen, 1);
	assert_int_equal(check.unseen, 0);
	sea_crosscheck_look(&check, 0, 0, 5, 4);
	assert_int_equal(check.overseen, 5);
	/* It sees again. What it has not seen, it never will. */
	sea_crosscheck_look(&check, 3, 3, 8, 4);
	assert_int_equal(check.overseen, 5);
	/* Those that come while the counters are read are on neither side. */
	sea_crosscheck_look(&check, 3, 6, 10, 4);
	assert_int_equal(check.overseen, 4);
}

/* More than one for each vCPU cannot have been on their way. */
static void dead_from_the_start(void **state)
{
	struct sea_crosscheck check = {0};

	(void)state;
	sea_crosscheck_look(&check, 0, 0, 3, 2);
	assert_int_equal(check.baseline, 2);
	assert_int_equal(check.overseen, 1);
	/* Where no number of vCPUs is known, eight. */
	check = (struct sea_crosscheck){0};
	sea_crosscheck_look(&check, 0, 0, 20, 0);
	assert_int_equal(check.overseen, 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_well),
		cmocka_unit_test(on_their_way),
		cmocka_unit_test(one_that_passed_by),
		cmocka_unit_test(a_storm_that_is_never_quiet),
		cmocka_unit_test(late_in_a_storm),
		cmocka_unit_test(missing_for_now),
		cmocka_unit_test(under_way_at_the_start),
		cmocka_unit_test(a_check_that_is_dead),
		cmocka_unit_test(dead_from_the_start),
	};

	return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
