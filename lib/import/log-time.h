/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * log-time.h - the times that logs write before their lines.
 *
 * Each function takes one form of time off the front of the text; false: the text does not
 * begin with it, and is as it was. A time without an offset is local time.
 */
#ifndef SEA_LOG_TIME_H
#define SEA_LOG_TIME_H

#include <stdbool.h>
#include <time.h>

#include "base/span.h"

/*
 * "2026-11-30T06:49:40", with 'T' or a blank, a fraction behind '.' or ',' if there is
 * one, and "Z", "+00:00", "+0000" or " +0000" if there is an offset.
 */
bool sea_log_time_iso(struct sea_span *s, struct timespec *time);
/* "Nov 30 06:49:40", "Nov  1 06:49:40.123456": the last one before now. */
bool sea_log_time_syslog(struct sea_span *s, const struct timespec *now, struct timespec *time);
/* "Mon Nov 30 06:49:40 2026", as ctime(3). */
bool sea_log_time_ctime(struct sea_span *s, struct timespec *time);
/* "Mon 2026-11-30 06:49:40 UTC", as journalctl -o short-full: of UTC and local time only. */
bool sea_log_time_full(struct sea_span *s, struct timespec *time);

#endif /* SEA_LOG_TIME_H */
