/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cut.h - a window of a recording as a recording of its own, with all that belongs
 * to it: an incident as one file.
 */
#ifndef SEA_CUT_H
#define SEA_CUT_H

#include "report/totals.h"
#include "store/entry.h"

/* Takes in the next entry, in their order. */
typedef int (*sea_cut_put)(const struct sea_entry *entry, void *context, struct sea_error *err);

/*
 * Gives to put():
 * - sessions that ran in the window, and the VMs that were there in it or that one of its
 *   records is about, as they were known before it;
 * - for each session that began before the window a tick just ahead of it, which has no
 *   counts, but what else is known of VMs, hooks and doubts: counts begin at zero there;
 * - gaps that had begun before;
 * - all records of the window;
 * - for each session that went on behind it a tick without counts at its end.
 */
int sea_cut(struct sea_reader *reader, const struct sea_window *window, sea_cut_put put,
	    void *context, struct sea_error *err);

#endif /* SEA_CUT_H */
