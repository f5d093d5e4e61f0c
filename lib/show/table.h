/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table.h - a view as lines of text: header, one row a VM, footer.
 */
#ifndef SEA_TABLE_H
#define SEA_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "model/view.h"
#include "base/columns.h"
#include "show/layout.h"

struct sea_table_options {
	struct sea_columns columns;
	size_t width;	  /* in columns; 0: as wide as needed */
	size_t max_rows;  /* VMs shown; 0: all */
	size_t max_lines; /* of the whole table, if at all possible; 0: any number */
	bool full_time;	  /* date and zone (+0100) in the header, not just the time of day */
};

/*
 * Appends the view as lines that end in a newline. With a width, no line is
 * wider, unless the chosen columns cannot be had in less. layout: from one table to
 * the next, so that columns keep their places; NULL: this table alone.
 */
int sea_table_render(const struct sea_view *view, const struct sea_table_options *options,
		     struct sea_layout *layout, struct sea_text *out, struct sea_error *err);

/* Appends the heads of these columns, and a line for each of the first nr VMs, as wide as needed.
 */
int sea_table_rows(const struct sea_view *view, size_t nr, const struct sea_columns *columns,
		   struct sea_text *out, struct sea_error *err);

#endif /* SEA_TABLE_H */
