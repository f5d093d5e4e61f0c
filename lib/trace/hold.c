// SPDX-License-Identifier: GPL-2.0-only
#include "trace/hold.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "model/clock.h"

/* How often the page of a held SEA is looked at */
#define LOOK_NS 5000000ULL

struct held {
	struct held *next;
	__u64 number;
	__u64 until_ns; /* CLOCK_MONOTONIC; 0: it is not held back */
	struct sea_page page;
};

struct sea_hold {
	struct sea_page_files files;
	struct held *first, *last; /* in the order of the numbers */
	struct held *given;	   /* whose page is in use */
	int timer;
};

static __u64 now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (__u64)sea_time_to_ns(&now);
}

int sea_hold_open(const char *root, struct sea_hold **hold, struct sea_error *err)
{
	struct sea_hold *h = calloc(1, sizeof(*h));

	if (!h)
		return sea_error_set(err, "cannot look for pages: out of memory");
	sea_page_open(&h->files, root);
	h->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (h->timer < 0) {
		sea_error_set(err, "cannot look for pages: %s; raise the limit of open files",
			      strerror(errno));
		sea_hold_close(h);
		return -1;
	}
	*hold = h;
	return 0;
}

void sea_hold_close(struct sea_hold *hold)
{
	struct held *held;

	if (!hold)
		return;
	while ((held = hold->first)) {
		hold->first = held->next;
		free(held);
	}
	free(hold->given);
	if (hold->timer >= 0)
		close(hold->timer);
	sea_page_close(&hold->files);
	free(hold);
}

int sea_hold_fd(const struct sea_hold *hold)
{
	return hold->timer;
}

/* The host has been told of the page, and may hold it for bad in a moment. */
static bool may_settle(const struct sea_event *event, const struct sea_page *page)
{
	return event->disposition == SEA_CLAIMED && page->known & SEA_PAGE_POISON &&
	       !page->poisoned;
}

bool sea_hold_put(struct sea_hold *hold, __u64 number, const struct sea_event *event)
{
	struct sea_page page;
	struct held *held;

	sea_page_find(&hold->files, event, &page);
	if (!page.known)
		return true;
	held = calloc(1, sizeof(*held));
	if (!held)
		return false;
	held->number = number;
	held->page = page;
	if (may_settle(event, &page))
		held->until_ns = now_ns() + SEA_HOLD_NS;
	if (hold->last)
		hold->last->next = held;
	else
		hold->first = held;
	hold->last = held;
	return true;
}

/* Records that were never put for want of memory, or were never given */
static void drop_before(struct sea_hold *hold, __u64 number)
{
	struct held *held;

	while ((held = hold->first) && held->number < number) {
		hold->first = held->next;
		free(held);
	}
	if (!hold->first)
		hold->last = NULL;
}

static void set_timer(const struct sea_hold *hold, __u64 ns)
{
	const struct itimerspec in = {.it_value = sea_time_from_ns((__s64)ns)};

	timerfd_settime(hold->timer, 0, &in, NULL);
}

bool sea_hold_is_over(struct sea_hold *hold, __u64 number)
{
	struct held *held;

	drop_before(hold, number);
	held = hold->first;
	if (!held || held->number != number || !held->until_ns)
		return true;
	sea_page_look_again(&hold->files, &held->page);
	if (!held->page.poisoned && now_ns() < held->until_ns) {
		set_timer(hold, LOOK_NS);
		return false;
	}
	/* Also makes the descriptor unreadable again. */
	set_timer(hold, 0);
	held->until_ns = 0;
	return true;
}

const struct sea_page *sea_hold_take(struct sea_hold *hold, __u64 number)
{
	struct held *held;

	drop_before(hold, number);
	held = hold->first;
	free(hold->given);
	hold->given = NULL;
	if (!held || held->number != number)
		return NULL;
	hold->first = held->next;
	if (!hold->first)
		hold->last = NULL;
	hold->given = held;
	return &held->page;
}
