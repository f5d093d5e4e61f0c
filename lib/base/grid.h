/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * grid.h - cells in rows and columns as lines of text, by libsmartcols.
 */
#ifndef SEA_GRID_H
#define SEA_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

struct sea_grid;

/* NULL: out of memory. sea_grid_free() takes NULL, too. */
struct sea_grid *sea_grid_new(void);
void sea_grid_free(struct sea_grid *grid);

/* Columns come before rows. What fails is told by sea_grid_print(). */
void sea_grid_column(struct sea_grid *grid, const char *head, bool right);
void sea_grid_row(struct sea_grid *grid);
/* The next cell of the row, printable; it is copied. */
void sea_grid_cell(struct sea_grid *grid, const char *text);

/* Appends a line of heads and one of each row, each with its newline. -1: out of memory. */
int sea_grid_print(struct sea_grid *grid, struct sea_text *out);

#endif /* SEA_GRID_H */
