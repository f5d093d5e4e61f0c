// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "made-up-root.h"
#include "trace/hold.h"

#define PFN 0x11ULL

#define POISON (1ULL << 19)

static void put_flags(const char *root, __u64 pfn, __u64 flags)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/proc/kpageflags", root);
	fd = open(path, O_WRONLY);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, &flags, 8, (off_t)(pfn * 8)), 8);
	close(fd);
}

static int make_host(void **state)
{
	if (root_make(state))
		return -1;
	root_put(*state, "/proc/kpageflags", "");
	put_flags(*state, 0x40, 0);
	return 0;
}

static struct sea_hold *open_hold(const char *root)
{
	struct sea_hold *hold;
	struct sea_error err;

	assert_int_equal(sea_hold_open(root, &hold, &err), 0);
	return hold;
}

static void put(struct sea_hold *hold, __u64 number, enum sea_disposition disposition, __u64 pfn)
{
	const struct sea_event event = {
		.disposition = (__u8)disposition,
		.flags = pfn ? SEA_PFN_VALID : 0,
		.pfn = pfn,
	};

	assert_true(sea_hold_put(hold, number, &event));
}

/* Waits as whoever reads a feed does: for the descriptor. */
static void wait_for(struct sea_hold *hold, __u64 number)
{
	struct pollfd fd = {.fd = sea_hold_fd(hold), .events = POLLIN};

	while (!sea_hold_is_over(hold, number))
		assert_int_equal(poll(&fd, 1, 60000), 1);
	assert_int_equal(poll(&fd, 1, 0), 0);
}

/* What nobody takes out of use is known at once, each record's own. */
static void every_sea_has_its_own(void **state)
{
	struct sea_hold *hold = open_hold(*state);
	const struct sea_page *page;

	put(hold, 3, SEA_FORWARDED, PFN);
	put(hold, 4, SEA_FORWARDED, 0);
	put(hold, 5, SEA_NOT_OPTED_IN, PFN + 1);
	/* Records of other kinds are in between. */
	assert_true(sea_hold_is_over(hold, 2));
	assert_null(sea_hold_take(hold, 2));
	assert_true(sea_hold_is_over(hold, 3));
	page = sea_hold_take(hold, 3);
	assert_true(page && page->pfn == PFN && page->known & SEA_PAGE_POISON && !page->poisoned);
	assert_null(sea_hold_take(hold, 4));
	page = sea_hold_take(hold, 5);
	assert_true(page && page->pfn == PFN + 1);
	assert_null(sea_hold_take(hold, 6));
	/* One that was passed over does not stand in the way. */
	put(hold, 7, SEA_FORWARDED, PFN);
	put(hold, 8, SEA_FORWARDED, PFN + 2);
	assert_true(sea_hold_is_over(hold, 8));
	assert_true(sea_hold_take(hold, 8)->pfn == PFN + 2);
	put(hold, 9, SEA_FORWARDED, PFN);
	sea_hold_close(hold);
}

/* A claimed page is waited for, until the host has taken it out of use. */
static void held_until_it_is_poisoned(void **state)
{
	struct sea_hold *hold = open_hold(*state);

	put(hold, 0, SEA_CLAIMED, PFN);
	put(hold, 1, SEA_CLAIMED, PFN + 1);
	assert_false(sea_hold_is_over(hold, 0));
	put_flags(*state, PFN, POISON);
	wait_for(hold, 0);
	assert_int_equal(sea_hold_take(hold, 0)->poisoned, 1);
	put_flags(*state, PFN + 1, POISON);
	assert_true(sea_hold_is_over(hold, 1));
	assert_int_equal(sea_hold_take(hold, 1)->poisoned, 1);
	/* One that was taken out before is not waited for. */
	put(hold, 2, SEA_CLAIMED, PFN);
	assert_true(sea_hold_is_over(hold, 2));
	assert_int_equal(sea_hold_take(hold, 2)->poisoned, 1);
	sea_hold_close(hold);
}

/* But not for ever: the host may be unable to. */
static void not_held_for_ever(void **state)
{
	struct sea_hold *hold = open_hold(*state);
	const struct sea_page *page;

	put(hold, 0, SEA_CLAIMED, PFN);
	wait_for(hold, 0);
	page = sea_hold_take(hold, 0);
	assert_true(page->known & SEA_PAGE_POISON && !page->poisoned);
	/* Of a page about which nothing can be learnt, there is nothing to wait for. */
	put(hold, 1, SEA_CLAIMED, 0x1000);
	assert_true(sea_hold_is_over(hold, 1));
	assert_int_equal(sea_hold_take(hold, 1)->known & SEA_PAGE_POISON, 0);
	sea_hold_close(hold);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_host, root_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_sea_has_its_own),
		TEST(held_until_it_is_poisoned),
		TEST(not_held_for_ever),
	};

	return cmocka_run_group_tests_name("hold", tests, NULL, NULL);
}
