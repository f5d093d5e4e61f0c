/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table.h - a view as lines of text: header, one row a VM, footer.
 */
#ifndef SEA_TABLE_H
#define SEA_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/counters.h"
#include "base/error.h"
#include "base/text.h"

#define SEA_TABLE_MAX_COLUMNS 40

struct sea_column; /* one of a fixed list */

/* The column called name ("FWD", "fwd"; not NULL), or NULL. */
const struct sea_column *sea_column_find(const char *name);
/* The column's place when rows are sorted by it: numbers downwards, text upwards. */
sea_row_compare sea_column_compare(const struct sea_column *column);
/* The i'th column's name and meaning, for lists; NULL past the last. */
const char *sea_column_name(size_t i);
const char *sea_column_help(size_t i);

struct sea_table_options {
	const struct sea_column *columns[SEA_TABLE_MAX_COLUMNS];
	size_t nr_columns;  /* 0: those that fit the width, most telling first */
	bool defaults;	    /* columns begins with the default ones */
	size_t width;	    /* in columns; 0: as wide as needed */
	size_t max_rows;    /* VMs shown; 0: all */
	size_t max_lines;   /* of the whole table, if at all possible; 0: any number */
	bool full_time;	    /* date and zone (+0100) in the header, not just the time of day */
	const char *host;   /* for the header, not NULL */
	const char *kernel; /* likewise */
};

/*
 * Sets the columns from a list as the command line gives it: "VM,PID,FWD";
 * with a "+" ahead the list follows the default columns.
 */
int sea_table_columns(struct sea_table_options *options, const char *list, struct sea_error *err);

/*
 * Appends the view as lines that end in a newline. With a width, no line is
 * wider, unless the chosen columns cannot be had in less.
 */
int sea_table_render(const struct sea_view *view, const struct sea_table_options *options,
		     struct sea_text *out, struct sea_error *err);

#endif /* SEA_TABLE_H */
