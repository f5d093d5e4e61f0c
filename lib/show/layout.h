/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * layout.h - which columns fit a width, and what their cells say.
 */
#ifndef SEA_LAYOUT_H
#define SEA_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "model/view.h"
#include "base/columns.h"

/* Bytes of a cell: a name and some more, NUL included. */
#define SEA_CELL_LEN (SEA_VALUE_LEN + 64)

/* The forms of the column LAST, longest first. All of them name the reason. */
enum sea_last_form { SEA_LAST_FULL, SEA_LAST_AGE, SEA_LAST_SHORT, SEA_LAST_WORD, SEA_LAST_FORMS };

/*
 * Start from zeros. Who shows one view after the other keeps it, so that columns keep
 * their places: they get wider where they must, and never narrower, and LAST gets
 * shorter and never longer. Another width of the whole begins anew.
 */
struct sea_layout {
	const struct sea_field *columns[SEA_COLUMNS_MAX];
	size_t widths[SEA_COLUMNS_MAX]; /* in columns of the terminal; cells are cut to it */
	size_t nr;
	enum sea_last_form form;
	size_t width;			   /* of the whole, when it was made last */
	size_t grown[SEA_COLUMNS_MAX];	   /* widest so far, by the field's place in its list */
	size_t grown_last[SEA_LAST_FORMS]; /* of LAST in each of its forms */
	/* While it is made, what is in `grown` and `grown_last` for the rows at hand. */
	bool is_measured[SEA_COLUMNS_MAX];
	bool is_last_measured[SEA_LAST_FORMS];
};

/* The rows that a table has: VMs, then `other` and `gone` if they say something. */
struct sea_lines {
	const struct sea_row *const *rows;
	size_t nr;
};

/*
 * Chooses the columns and their widths. width 0: as wide as needed. Of the default
 * columns those that tell least are left out where there is no room; chosen ones never.
 */
void sea_layout_make(struct sea_layout *layout, const struct sea_columns *columns, size_t width,
		     const struct sea_view *view, const struct sea_lines *lines);

/* The cell of a row in the i'th column of the layout, cut to its width. */
void sea_layout_cell(const struct sea_layout *layout, size_t i, const struct sea_row *row,
		     char *out, size_t size);

#endif /* SEA_LAYOUT_H */
