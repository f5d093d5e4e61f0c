/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * summary.h - the lines around the rows of a table: what it is of, the sums, what was
 * lost, and what that means.
 */
#ifndef SEA_SUMMARY_H
#define SEA_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "model/view.h"

/* Each appends whole lines, cut to the width; width 0: as wide as needed. */

/* One line. full_time: date and zone (+0100), not just the time of day. */
void sea_summary_header(const struct sea_view *view, bool full_time, size_t width,
			struct sea_text *out);
/* "(5 VMs more)", if so many rows are not all that pass the filter. */
void sea_summary_more(const struct sea_view *view, size_t shown, size_t width,
		      struct sea_text *out);
/* What a filter leaves of VMs and SEAs; nothing if it leaves all. */
void sea_summary_shown(const struct sea_view *view, size_t width, struct sea_text *out);
/* What is shown, the sums over all VMs, the losses, and the check. */
void sea_summary_footer(const struct sea_view *view, size_t width, struct sea_text *out);
/* What a reader has to know of the counts; nothing when all is well. */
void sea_summary_hints(const struct sea_view *view, size_t width, struct sea_text *out);

/* One line from a format, cut to the width. */
void sea_summary_line(struct sea_text *out, size_t width, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* SEA_SUMMARY_H */
