/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page.h - the page of an SEA: what the kernel's programs saw of it, and what /proc and
 * /sys tell of that page frame. None of it asks the VMM's process, so none can wait for it.
 */
#ifndef SEA_TRACE_PAGE_H
#define SEA_TRACE_PAGE_H

#include <stdbool.h>

#include "model/record.h"

/* What is read from, opened once, while this process may do so. */
struct sea_page_files {
	const char *root; /* where /proc and /sys are: "" but for tests; has to stay */
	int kpageflags;	  /* -1: cannot be read */
};

void sea_page_open(struct sea_page_files *files, const char *root);
void sea_page_close(struct sea_page_files *files);

/* What is known of the SEA's page: what cannot be found out has no bit in page->known. */
void sea_page_find(const struct sea_page_files *files, const struct sea_event *event,
		   struct sea_page *page);

/* Looks again whether the host holds the page for bad, if it is known at all. */
void sea_page_look_again(const struct sea_page_files *files, struct sea_page *page);

#endif /* SEA_TRACE_PAGE_H */
