/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exposure-read.h - the sums of one store, by SQL.
 */
#ifndef SEA_EXPOSURE_READ_H
#define SEA_EXPOSURE_READ_H

#include "report/exposure-hosts.h"
#include "store/db.h"

/* A session of the store that counts: of the cohort, in the window, not known already. */
struct sea_store_session {
	__s64 id;	      /* of the table session */
	__s64 from_ns, to_ns; /* that it watched, cut to the window; ns since 1970 */
	char run[SEA_UUID_LEN];
	char boot_id[SEA_UUID_LEN];
	char host[SEA_HOST_LEN]; /* the boot id, if the host has no name */
	struct sea_running_vms running;
};

struct sea_store_sum {
	struct sea_exposure sum;	    /* without what is by host: hosts, gaps, opt-ins */
	struct sea_store_session *sessions; /* by id; the reader of the sum frees them */
	size_t nr;
};

/*
 * Sums up the store. known: runs in it count as repeated, and are left out. *out is
 * zeros on error.
 */
int sea_store_sum(const struct sea_db *db, const struct sea_fleet_window *window,
		  const struct sea_cohort *cohort, const struct sea_hosts *known,
		  struct sea_store_sum *out, struct sea_error *err);

#endif /* SEA_EXPOSURE_READ_H */
