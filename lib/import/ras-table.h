/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ras-table.h - rasdaemon's tables that tell of memory, row by row, as host events.
 */
#ifndef SEA_RAS_TABLE_H
#define SEA_RAS_TABLE_H

#include <sqlite3.h>

#include "model/record.h"

/* The most columns that we ask a table for */
#define SEA_RAS_COLUMNS 16

struct sea_ras_row;

struct sea_ras_table {
	const char *name;
	const char *columns[SEA_RAS_COLUMNS]; /* all that we read of it but the time */
	/* Fills in the event, which begins with the table's kind; false: it says nothing. */
	bool (*read)(const struct sea_ras_row *row, struct sea_host_event *event);
	enum sea_host_kind kind;
};

/* A row of a table; a column that the file's table has not is as if it were NULL. */
struct sea_ras_row {
	sqlite3_stmt *statement;
	const struct sea_ras_table *table;
	int at[SEA_RAS_COLUMNS]; /* of each column in the statement, or -1 */
};

/* Ends with a table without a name. */
extern const struct sea_ras_table sea_ras_tables[];

#endif /* SEA_RAS_TABLE_H */
