// SPDX-License-Identifier: GPL-2.0-only
/*
 * fake-live.c - stands in for lib/trace/live.c: the programs get a made-up feed, as
 * the environment variable MADE_UP says.
 */
#include "trace/live.h"

#include <stdlib.h>

#include "made-up.h"

int sea_live_open(const struct sea_live_options *options, struct sea_feed **feed,
		  struct sea_error *err)
{
	struct made_up how;

	if (made_up_parse(getenv("MADE_UP"), &how, err))
		return -1;
	how.interval_ns = options->interval_ns;
	how.intervals = options->intervals;
	how.names = options->names;
	if (!options->details)
		how.details = 0;
	return made_up_open(&how, options->program, feed, err);
}

const struct sea_trace *sea_live_trace(const struct sea_feed *feed)
{
	(void)feed;
	return NULL;
}
