/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * window.h - the time and the sessions that a question about a recording is about.
 */
#ifndef SEA_WINDOW_H
#define SEA_WINDOW_H

#include <stdint.h>

#include <linux/types.h>

/* Not before since_ns, and before until_ns; ns since 1970, of CLOCK_REALTIME. */
struct sea_window {
	__s64 since_ns;
	__s64 until_ns;
};

/* All there is. */
#define SEA_WINDOW_ALL ((struct sea_window){INT64_MIN, INT64_MAX})

/* SQL for "this session was chosen" in whatever else is asked about the same window. */
#define SEA_TOTALS_IS_CHOSEN "session IN (SELECT session FROM temp.chosen)"

#endif /* SEA_WINDOW_H */
