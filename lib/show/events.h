/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * events.h - what the pages that show the log have in common.
 */
#ifndef SEA_EVENTS_H
#define SEA_EVENTS_H

#include "show/page.h"

/* The entries that pass the filter, newest first. Returns how many. */
size_t sea_events_collect(const struct sea_scene *scene, const struct sea_logged **entries,
			  size_t max);

/* "06:50:44.123", with the date if it is asked for. */
void sea_events_time(const struct timespec *time, bool date, char *out, size_t size);

#endif /* SEA_EVENTS_H */
