// SPDX-License-Identifier: GPL-2.0-only
/*
 * made-up-alone - takes the records of a made-up feed and does nothing with them, for
 * tests/screen/bench: what this costs is the feed's share of what seatop-fake costs.
 *
 * Usage: MADE_UP=WORDS made-up-alone, which goes on until it is killed
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "made-up.h"
#include "model/clock.h"

int main(void)
{
	struct sea_record record;
	struct sea_error err;
	struct sea_feed *feed;
	struct made_up how;

	if (made_up_parse(getenv("MADE_UP"), &how, &err))
		goto failed;
	how.interval_ns = SEA_NSEC_PER_SEC;
	if (made_up_open(&how, "made-up-alone", &feed, &err))
		goto failed;
	for (;;) {
		struct pollfd fd = {.fd = sea_feed_fd(feed), .events = POLLIN};

		switch (sea_feed_next(feed, &record, &err)) {
		case SEA_FEED_RECORD:
			break;
		case SEA_FEED_WAIT:
			poll(&fd, 1, -1);
			break;
		case SEA_FEED_END:
			sea_feed_close(feed);
			return 0;
		default:
			goto failed;
		}
	}
failed:
	fprintf(stderr, "made-up-alone: %s\n", err.text);
	return 1;
}
