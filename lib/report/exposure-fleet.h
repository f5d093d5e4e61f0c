/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exposure-fleet.h - many recordings as one fleet.
 *
 * Recordings are added one by one and closed again. What stays of each is its hosts'
 * times and the runs that it has, so that 10,000 of them need some megabytes.
 */
#ifndef SEA_EXPOSURE_FLEET_H
#define SEA_EXPOSURE_FLEET_H

#include "base/error.h"
#include "report/exposure.h"

struct sea_fleet;

/* What the arguments point to has to stay. sea_fleet_free() takes NULL. */
int sea_fleet_new(const struct sea_fleet_window *window, const struct sea_cohort *cohort,
		  struct sea_fleet **fleet, struct sea_error *err);
void sea_fleet_free(struct sea_fleet *fleet);

/*
 * Adds a recording, in either form. -1: it cannot be read, all of it or from some point
 * on; it is counted as unread, and the fleet goes on without it.
 */
int sea_fleet_add(struct sea_fleet *fleet, const char *path, struct sea_error *err);

/* The sums of all that was added; good until the next call with this fleet. */
const struct sea_exposure *sea_fleet_sum(struct sea_fleet *fleet);

#endif /* SEA_EXPOSURE_FLEET_H */
