/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exposure-unrecorded.h - SEAs of a store's VMs that came while no session recorded them.
 */
#ifndef SEA_EXPOSURE_UNRECORDED_H
#define SEA_EXPOSURE_UNRECORDED_H

#include "report/stays.h"

/*
 * Calls take() for what came ahead of each VM's session and in none, if that may be in the
 * window: not before since_ns (0: its host's first session) and not after until_ns.
 * is_certain: it is in the window, as the session before ended in it. Of other SEAs nothing
 * shows when they came.
 */
int sea_store_unrecorded(const struct sea_db *db, __s64 since_ns, __s64 until_ns,
			 void (*take)(const struct sea_stay *stay, const __u64 seas[],
				      bool is_certain, void *context),
			 void *context, struct sea_error *err);

#endif /* SEA_EXPOSURE_UNRECORDED_H */
