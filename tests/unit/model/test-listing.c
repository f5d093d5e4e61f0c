// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include "model/listing.h"

static struct sea_running vm(__u64 id, __u64 counted, __u64 statistics)
{
	struct sea_running running = {
		.id = id,
		.vcpus = 2,
		.opt_in = SEA_OPT_IN_YES,
	};

	running.counted[SEA_FORWARDED] = counted;
	running.statistics[SEA_FORWARDED] = statistics;
	return running;
}

static const struct sea_listed *merge(struct sea_listing *listing, struct sea_running running)
{
	struct sea_error err;

	assert_int_equal(sea_listing_merge(listing, &running, 1, true, false, &err), 0);
	return sea_listing_find(listing, running.id);
}

static void sorted_and_forgotten(void **state)
{
	struct sea_running running[3] = {vm(3, 0, 0), vm(1, 0, 0), vm(2, 0, 0)};
	struct sea_listing listing = {0};
	struct sea_error err;

	(void)state;
	assert_null(sea_listing_find(&listing, 1));
	assert_int_equal(sea_listing_merge(&listing, running, 3, true, false, &err), 0);
	assert_int_equal(listing.nr, 3);
	assert_true(sea_listing_find(&listing, 3)->id == 3);
	assert_int_equal(sea_listing_find(&listing, 1)->vcpus, 2);
	assert_int_equal(sea_listing_find(&listing, 1)->opt_in, SEA_OPT_IN_YES);
	assert_null(sea_listing_find(&listing, 4));
	assert_int_equal(sea_listing_merge(&listing, running, 1, true, false, &err), 0);
	assert_int_equal(listing.nr, 1);
	assert_int_equal(sea_listing_merge(&listing, NULL, 0, true, false, &err), 0);
	assert_int_equal(listing.nr, 0);
	sea_listing_free(&listing);
}

/* Ten SEAs from before; then some more while we look. None is counted twice. */
static void the_smallest_difference_stands(void **state)
{
	struct sea_listing listing = {0};

	(void)state;
	/* One is on its way from the kernel's counter to ours. */
	assert_int_equal(merge(&listing, vm(1, 0, 11))->before[SEA_FORWARDED], 11);
	assert_int_equal(merge(&listing, vm(1, 1, 11))->before[SEA_FORWARDED], 10);
	assert_int_equal(merge(&listing, vm(1, 5, 17))->before[SEA_FORWARDED], 10);
	assert_int_equal(merge(&listing, vm(1, 7, 17))->before[SEA_FORWARDED], 10);
	assert_true(merge(&listing, vm(1, 7, 17))->has_before);
	assert_int_equal(sea_listing_find(&listing, 1)->before[SEA_CLAIMED], 0);
	/* Whoever resets a counter does not make it wrap. */
	assert_int_equal(merge(&listing, vm(1, 7, 0))->before[SEA_FORWARDED], 0);
	sea_listing_free(&listing);
}

static void known_only_where_it_is(void **state)
{
	struct sea_running running = vm(1, 0, 3);
	struct sea_listing listing = {0};
	struct sea_error err;

	(void)state;
	/* A kernel without statistics */
	assert_int_equal(sea_listing_merge(&listing, &running, 1, false, false, &err), 0);
	assert_false(sea_listing_find(&listing, 1)->has_before);
	sea_listing_free(&listing);
	/* Some of the VM's SEAs may be in the row `other`. */
	assert_int_equal(sea_listing_merge(&listing, &running, 1, true, true, &err), 0);
	assert_false(sea_listing_find(&listing, 1)->has_before);
	assert_false(merge(&listing, running)->has_before);
	sea_listing_free(&listing);
	/* One that was there before the row `other` keeps what it had. */
	assert_true(merge(&listing, running)->has_before);
	assert_int_equal(sea_listing_merge(&listing, &running, 1, true, true, &err), 0);
	assert_true(sea_listing_find(&listing, 1)->has_before);
	sea_listing_free(&listing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorted_and_forgotten),
		cmocka_unit_test(the_smallest_difference_stands),
		cmocka_unit_test(known_only_where_it_is),
	};

	return cmocka_run_group_tests_name("listing", tests, NULL, NULL);
}
