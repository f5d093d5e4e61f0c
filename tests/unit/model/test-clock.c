// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include "model/clock.h"

static void check_wall(const struct sea_clock *clock, __u64 boot_ns, time_t sec, long nsec)
{
	struct timespec wall = sea_clock_wall(clock, boot_ns);

	assert_int_equal(wall.tv_sec, sec);
	assert_int_equal(wall.tv_nsec, nsec);
}

static void other_moments(void **state)
{
	const struct sea_clock clock = {100 * SEC, {1000, 500000000}};

	(void)state;
	check_wall(&clock, 100 * SEC, 1000, 500000000);
	check_wall(&clock, 97 * SEC, 997, 500000000);
	check_wall(&clock, 103 * SEC, 1003, 500000000);
	/* Across the wall clock's second, both ways */
	check_wall(&clock, 100 * SEC - 500000001, 999, 999999999);
	check_wall(&clock, 100 * SEC + 500000000, 1001, 0);
	check_wall(&clock, 100 * SEC + 499999999, 1000, 999999999);
	check_wall(&clock, 0, 900, 500000000);
}

static void now(void **state)
{
	struct sea_clock first, second;

	(void)state;
	sea_clock_read(&first);
	sea_clock_read(&second);
	assert_true(first.boot_ns > 0 && second.boot_ns >= first.boot_ns);
	assert_true(first.wall.tv_sec > 1700000000);
}

static void times_as_one_number(void **state)
{
	const struct timespec time = {5, 7}, before = {-1, 0}, far = {INT64_MAX, 0};
	struct timespec back;

	(void)state;
	assert_true(sea_time_to_ns(&time) == 5000000007);
	back = sea_time_from_ns(5000000007);
	assert_true(back.tv_sec == 5 && back.tv_nsec == 7);
	assert_true(sea_time_to_ns(&before) == 0);
	assert_true(sea_time_to_ns(&far) == INT64_MAX);
	back = sea_time_from_ns(-5);
	assert_true(back.tv_sec == 0 && back.tv_nsec == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(other_moments),
		cmocka_unit_test(now),
		cmocka_unit_test(times_as_one_number),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
