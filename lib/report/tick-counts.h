/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tick-counts.h - the counts of each VM in a window, added up tick by tick.
 */
#ifndef SEA_TICK_COUNTS_H
#define SEA_TICK_COUNTS_H

#include "model/listing.h"
#include "report/window.h"
#include "store/db.h"

struct sea_totals_vm {
	__s64 vm; /* of the table vm; SEA_SCHEMA_OTHER: all VMs past a table's bound */
	/* How far the counters grew in the window; of the rest only `last` is set. */
	struct sea_vm counts;
	__s64 last_ns; /* of counts.last; 0: no SEA in the window */
	/* Of the first and the last tick in which the VM has SEAs; 0: there is none. */
	__s64 first_tick_ns, last_tick_ns;
	__u64 pending; /* forwarded by the end of the window, and not answered by then */
	/* As it was known at the end of the window; id 0: it was in no list. */
	struct sea_listed listed;
};

/*
 * VMs that ticks of the window name, by their number, into *vms, which the caller frees.
 * temp.chosen has the sessions that are to be counted. Returns 1 if the tables are a newer
 * program's and cannot be read, -1 on an error.
 */
int sea_tick_counts(const struct sea_db *db, const struct sea_window *window,
		    struct sea_totals_vm **vms, size_t *nr, struct sea_error *err);

#endif /* SEA_TICK_COUNTS_H */
