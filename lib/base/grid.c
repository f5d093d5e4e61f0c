// SPDX-License-Identifier: GPL-2.0-only
#include "base/grid.h"

#include <stdlib.h>
#include <string.h>

#include <libsmartcols.h>

struct sea_grid {
	struct libscols_table *table;
	struct libscols_line *line; /* the last row */
	size_t column;		    /* of its next cell */
	bool failed;
};

struct sea_grid *sea_grid_new(void)
{
	struct sea_grid *grid = calloc(1, sizeof(*grid));

	if (!grid)
		return NULL;
	grid->table = scols_new_table();
	if (!grid->table) {
		free(grid);
		return NULL;
	}
	/* The texts are printable, and the width is the caller's business. */
	scols_table_enable_noencoding(grid->table, 1);
	scols_table_set_termforce(grid->table, SCOLS_TERMFORCE_NEVER);
	return grid;
}

void sea_grid_free(struct sea_grid *grid)
{
	if (!grid)
		return;
	scols_unref_table(grid->table);
	free(grid);
}

void sea_grid_column(struct sea_grid *grid, const char *head, bool right)
{
	if (!scols_table_new_column(grid->table, head, 0, right ? SCOLS_FL_RIGHT : 0))
		grid->failed = true;
}

void sea_grid_row(struct sea_grid *grid)
{
	grid->line = scols_table_new_line(grid->table, NULL);
	grid->column = 0;
	grid->failed |= !grid->line;
}

void sea_grid_cell(struct sea_grid *grid, const char *text)
{
	if (grid->failed || scols_line_set_data(grid->line, grid->column++, text))
		grid->failed = true;
}

int sea_grid_print(struct sea_grid *grid, struct sea_text *out)
{
	char *text = NULL;
	int rc = -1;

	if (!grid->failed && !scols_print_table_to_string(grid->table, &text) && text) {
		sea_text_add(out, "%s%s", text,
			     *text && text[strlen(text) - 1] == '\n' ? "" : "\n");
		rc = out->failed ? -1 : 0;
	}
	free(text);
	return rc;
}
