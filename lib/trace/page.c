// SPDX-License-Identifier: GPL-2.0-only
#include "trace/page.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

/* Bits of /proc/kpageflags: include/uapi/linux/kernel-page-flags.h */
#define KPF_COMPOUND_HEAD (1ULL << 15)
#define KPF_COMPOUND_TAIL (1ULL << 16)
#define KPF_HUGE (1ULL << 17)
#define KPF_HWPOISON (1ULL << 19)
#define KPF_NOPAGE (1ULL << 20)

/* log2 of the pages of the largest huge page: 16 GiB of pages of 4 KiB */
#define HUGE_ORDER_MAX 22

/* CONFIG_NODES_SHIFT of arm64 is 10 at most. */
#define NODES_MAX 1024

void sea_page_open(struct sea_page_files *files, const char *root)
{
	char path[PATH_MAX];

	files->root = root;
	snprintf(path, sizeof(path), "%s/proc/kpageflags", root);
	files->kpageflags = open(path, O_RDONLY | O_CLOEXEC);
}

void sea_page_close(struct sea_page_files *files)
{
	if (files->kpageflags >= 0)
		close(files->kpageflags);
	files->kpageflags = -1;
}

static __u64 page_bytes(void)
{
	return (__u64)sysconf(_SC_PAGESIZE);
}

/* The entry of that number in a file of 64-bit words; false: there is none. */
static bool read_entry(int fd, __u64 number, __u64 *entry)
{
	return number < LLONG_MAX / sizeof(*entry) &&
	       pread(fd, entry, sizeof(*entry), (off_t)(number * sizeof(*entry))) == sizeof(*entry);
}

static bool flags_of(const struct sea_page_files *files, __u64 pfn, __u64 *flags)
{
	return files->kpageflags >= 0 && read_entry(files->kpageflags, pfn, flags) &&
	       !(*flags & KPF_NOPAGE);
}

/* Pages of the huge page that the page is in. Each starts at a multiple of its size. */
static __u64 huge_pages(const struct sea_page_files *files, __u64 pfn)
{
	unsigned int order;
	__u64 head = pfn, flags;

	for (order = 0; order <= HUGE_ORDER_MAX; order++) {
		head = pfn & ~((1ULL << order) - 1);
		if (!flags_of(files, head, &flags))
			return 0;
		if (flags & KPF_COMPOUND_HEAD)
			break;
	}
	if (order > HUGE_ORDER_MAX)
		return 0;
	/* The first that is not of it, of those that could be. */
	for (order = 1; order <= HUGE_ORDER_MAX; order++)
		if (!flags_of(files, head + (1ULL << order), &flags) ||
		    !(flags & KPF_COMPOUND_TAIL))
			return 1ULL << order;
	return 0;
}

static void find_size(const struct sea_page_files *files, __u64 flags, struct sea_page *page)
{
	__u64 pages = flags & KPF_HUGE ? huge_pages(files, page->pfn) : 1;

	if (!pages)
		return;
	page->known |= SEA_PAGE_SIZE;
	page->size = pages * page_bytes();
}

/* "0" of a host with one node, or the node whose memory block has the page. */
static void find_node(const char *root, struct sea_page *page)
{
	char line[64], path[96];
	__u64 block;
	int node;

	if (sea_file_line(root, "/sys/devices/system/node/online", line, sizeof(line)) &&
	    !strcmp(line, "0")) {
		page->known |= SEA_PAGE_NODE;
		page->node = 0;
		return;
	}
	if (!sea_file_line(root, "/sys/devices/system/memory/block_size_bytes", line, sizeof(line)))
		return;
	block = strtoull(line, NULL, 16) / page_bytes();
	if (!block)
		return;
	for (node = 0; node < NODES_MAX; node++) {
		snprintf(path, sizeof(path), "/sys/devices/system/memory/memory%llu/node%d",
			 (unsigned long long)(page->pfn / block), node);
		if (!sea_file_exists(root, path))
			continue;
		page->known |= SEA_PAGE_NODE;
		page->node = node;
		return;
	}
}

void sea_page_look_again(const struct sea_page_files *files, struct sea_page *page)
{
	__u64 flags;

	if (!(page->known & SEA_PAGE_PFN) || !flags_of(files, page->pfn, &flags))
		return;
	page->known |= SEA_PAGE_POISON;
	page->poisoned = !!(flags & KPF_HWPOISON);
}

void sea_page_find(const struct sea_page_files *files, const struct sea_event *event,
		   struct sea_page *page)
{
	__u64 flags;

	memset(page, 0, sizeof(*page));
	if (event->flags & SEA_HVA_VALID) {
		page->known |= SEA_PAGE_HVA;
		page->hva = event->hva & ~(page_bytes() - 1);
	}
	if (!(event->flags & SEA_PFN_VALID))
		return;
	page->known |= SEA_PAGE_PFN;
	page->pfn = event->pfn;
	if (flags_of(files, page->pfn, &flags))
		find_size(files, flags, page);
	sea_page_look_again(files, page);
	find_node(files->root, page);
}
