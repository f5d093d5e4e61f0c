// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "made-up-root.h"
#include "trace/page.h"

#define HVA 0x7000000ULL
#define PFN 0x1000ULL

#define HEAD (1ULL << 15)
#define TAIL (1ULL << 16)
#define HUGE (1ULL << 17)
#define POISON (1ULL << 19)
#define NOPAGE (1ULL << 20)

static __u64 page_bytes(void)
{
	return (__u64)sysconf(_SC_PAGESIZE);
}

/* Writes the entry of that number into a file of 64-bit words. */
static void put_entry(const char *root, const char *path, __u64 number, __u64 entry)
{
	char full[256];
	int fd;

	snprintf(full, sizeof(full), "%s%s", root, path);
	fd = open(full, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, &entry, 8, (off_t)(number * 8)), 8);
	close(fd);
}

static void put_flags(const char *root, __u64 pfn, __u64 flags)
{
	put_entry(root, "/proc/kpageflags", pfn, flags);
}

/* A host with a healthy page */
static int make_host(void **state)
{
	if (root_make(state))
		return -1;
	root_put(*state, "/proc/kpageflags", "");
	root_put(*state, "/sys/devices/system/node/online", "0\n");
	put_flags(*state, PFN, 0);
	return 0;
}

static struct sea_page found(const char *root, __u32 flags, __u64 pfn)
{
	const struct sea_event event = {.flags = flags, .hva = HVA + 0x123, .pfn = pfn};
	struct sea_page_files files;
	struct sea_page page;

	sea_page_open(&files, root);
	memset(&page, 0xa5, sizeof(page));
	sea_page_find(&files, &event, &page);
	sea_page_close(&files);
	return page;
}

#define FOUND(root, pfn) found(root, SEA_HVA_VALID | SEA_PFN_VALID, pfn)

static void all_is_known(void **state)
{
	struct sea_page page = FOUND(*state, PFN);

	assert_int_equal(page.known, SEA_PAGE_HVA | SEA_PAGE_PFN | SEA_PAGE_SIZE | SEA_PAGE_NODE |
					     SEA_PAGE_POISON);
	assert_true(page.hva == HVA && page.pfn == PFN && page.size == page_bytes());
	assert_true(page.node == 0 && page.poisoned == 0);
	put_flags(*state, PFN, POISON);
	assert_int_equal(FOUND(*state, PFN).poisoned, 1);
}

static void nothing_is_made_up(void **state)
{
	const char *root = *state;
	struct sea_page page = found(root, 0, PFN);

	assert_int_equal(page.known, 0);
	assert_true(!page.hva && !page.pfn && !page.size);
	assert_int_equal(found(root, SEA_HVA_VALID, PFN).known, SEA_PAGE_HVA);
	assert_false(found(root, SEA_PFN_VALID, PFN).known & SEA_PAGE_HVA);
	put_flags(root, PFN, NOPAGE);
	assert_int_equal(found(root, SEA_PFN_VALID, PFN).known, SEA_PAGE_PFN | SEA_PAGE_NODE);
	/* Beyond the end of the file, and of all files. */
	assert_int_equal(found(root, SEA_PFN_VALID, PFN + 7).known, SEA_PAGE_PFN | SEA_PAGE_NODE);
	assert_int_equal(found(root, SEA_PFN_VALID, ~0ULL).known, SEA_PAGE_PFN | SEA_PAGE_NODE);
	root_delete(root, "/proc/kpageflags");
	root_delete(root, "/sys/devices/system/node/online");
	assert_int_equal(found(root, SEA_PFN_VALID, PFN).known, SEA_PAGE_PFN);
}

static void huge_pages(void **state)
{
	const char *root = *state;
	__u64 i;

	put_flags(root, PFN, HUGE | HEAD);
	for (i = 1; i < 512; i++)
		put_flags(root, PFN + i, HUGE | TAIL);
	put_flags(root, PFN + 512, HUGE | HEAD);
	for (i = 513; i < 1024; i++)
		put_flags(root, PFN + i, HUGE | TAIL);
	for (i = 0; i < 1024; i += 93) {
		assert_true(FOUND(root, PFN + i).size == 512 * page_bytes());
	}
	/* A transparent one is taken apart: only a small page of it is lost. */
	put_flags(root, PFN, HEAD);
	assert_true(FOUND(root, PFN).size == page_bytes());
	/* A tail without a head is not understood. */
	put_flags(root, PFN + 3, HUGE | TAIL);
	for (i = 0; i < 3; i++)
		put_flags(root, PFN + i, HUGE | TAIL);
	assert_false(FOUND(root, PFN + 3).known & SEA_PAGE_SIZE);
}

static void nodes(void **state)
{
	const char *root = *state;
	char path[96], size[32];

	root_put(root, "/sys/devices/system/node/online", "0-1\n");
	assert_false(FOUND(root, PFN).known & SEA_PAGE_NODE);
	/* Blocks of 1,024 pages: page 0x1000 is in the fourth, counted from 0. */
	snprintf(size, sizeof(size), "%llx\n", 1024 * (unsigned long long)page_bytes());
	root_put(root, "/sys/devices/system/memory/block_size_bytes", size);
	snprintf(path, sizeof(path), "/sys/devices/system/memory/memory%llu/node1", PFN / 1024);
	root_mkdir(root, path);
	assert_true(FOUND(root, PFN).known & SEA_PAGE_NODE);
	assert_int_equal(FOUND(root, PFN).node, 1);
	root_put(root, "/sys/devices/system/memory/block_size_bytes", "0\n");
	assert_false(FOUND(root, PFN).known & SEA_PAGE_NODE);
}

static void looked_at_again(void **state)
{
	struct sea_page page = {.known = SEA_PAGE_PFN, .pfn = PFN}, unknown = {0};
	struct sea_page_files files;

	sea_page_open(&files, *state);
	sea_page_look_again(&files, &page);
	assert_int_equal(page.known, SEA_PAGE_PFN | SEA_PAGE_POISON);
	assert_int_equal(page.poisoned, 0);
	put_flags(*state, PFN, POISON);
	sea_page_look_again(&files, &page);
	assert_int_equal(page.poisoned, 1);
	sea_page_look_again(&files, &unknown);
	assert_int_equal(unknown.known, 0);
	sea_page_close(&files);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_host, root_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_is_known),    TEST(nothing_is_made_up),

		TEST(huge_pages),      TEST(nodes),
		TEST(looked_at_again),
	};

	return cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
