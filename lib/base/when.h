/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * when.h - moments as people and programs write them.
 */
#ifndef SEA_WHEN_H
#define SEA_WHEN_H

#include <stdbool.h>
#include <time.h>

#include "base/error.h"

/* For --help and manuals: what sea_when_parse() takes. */
#define SEA_WHEN_HELP \
	"2026-11-29T14:00:00Z, '2026-11-29 14:00', 14:00, 'yesterday 14:00', -2h, -1d12h or now"

/*
 * The moment that text names: RFC 3339 ("2026-11-29T14:00:00.5Z", "...+01:00"), a date
 * with or without a time ("2026-11-29 14:00", "2026-11-29": its midnight), a time of
 * today ("14:00", "14:00:30"), "today" and "yesterday" with or without a time, so long
 * ago ("-2h", "-1d12h30m", of s, m, h, d, w), or "now". What has no offset is local time.
 * It is from 1970 to 2261: what comes before or after has no number of nanoseconds.
 */
int sea_when_parse(const char *text, const struct timespec *now, struct timespec *time,
		   struct sea_error *err);

/* RFC 3339 only, with "Z" or an offset, from 1970 to 2261. False: it is none, or no such date. */
bool sea_when_rfc3339(const char *text, struct timespec *time);

/* Bytes of what these two write, NUL included. */
#define SEA_WHEN_LEN 40

/* Local time with its offset: "2026-11-29 14:00:05+01:00". */
void sea_when_text(const struct timespec *time, char out[SEA_WHEN_LEN]);

/* So long: "0.4 s", "12 s", "3 min 5 s", "2 h 5 min", "3 d 4 h"; below 1 ms: "0.2 ms". */
void sea_when_span(unsigned long long ns, char out[SEA_WHEN_LEN]);

#endif /* SEA_WHEN_H */
