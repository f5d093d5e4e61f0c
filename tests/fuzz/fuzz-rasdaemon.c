// SPDX-License-Identifier: GPL-2.0-only
/*
 * The values of rasdaemon's rows, which a table in memory has. SQLite's own file format is
 * fuzzed by SQLite; here a value is any text, blob or number, in any of the columns.
 *
 * Input: pieces with a 0xff between: the table's number and the column's, then a value of
 * the type that the third byte says.
 */
#include "import-check.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/span.h"
#include "import/ras-table.h"
#include "import/host-text.h"

/* All columns of the table, one value each */
struct row {
	struct sea_span values[SEA_RAS_COLUMNS];
};

static void bind(sqlite3_stmt *statement, int at, struct sea_span value)
{
	sqlite3_int64 number = 0;

	if (!value.len)
		return;
	switch ((unsigned char)*value.text % 4) {
	case 0:
		sqlite3_bind_text(statement, at, value.text + 1, (int)value.len - 1, SQLITE_STATIC);
		break;
	case 1:
		sqlite3_bind_blob(statement, at, value.text + 1, (int)value.len - 1, SQLITE_STATIC);
		break;
	case 2:
		memcpy(&number, value.text + 1,
		       value.len - 1 < sizeof(number) ? value.len - 1 : sizeof(number));
		sqlite3_bind_int64(statement, at, number);
		break;
	default:
		sqlite3_bind_double(statement, at, (double)value.len / 3);
		break;
	}
}

static void run(sqlite3 *db, const struct sea_ras_table *table, const struct row *values)
{
	struct sea_ras_row row = {.table = table};
	struct sea_host_event event;
	int i;

	CHECK(!sqlite3_prepare_v2(db, "SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?", -1,
				  &row.statement, NULL));
	for (i = 0; i < SEA_RAS_COLUMNS; i++) {
		row.at[i] = i;
		bind(row.statement, i + 1, values->values[i]);
	}
	CHECK(sqlite3_step(row.statement) == SQLITE_ROW);
	sea_host_begin(&event, table->kind);
	table->read(&row, &event);
	check_text(event.text, sizeof(event.text));
	CHECK(!(event.known & ~(unsigned int)(SEA_HOST_PFN | SEA_HOST_ADDRESS | SEA_HOST_RESULT)));
	sqlite3_finalize(row.statement);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static sqlite3 *db;
	struct sea_span rest = {(const char *)data, size}, piece;
	struct row row = {0};
	size_t tables = 0, i;

	if (!size)
		return 0;
	if (!db)
		CHECK(!sqlite3_open(":memory:", &db));
	while (sea_ras_tables[tables].name)
		tables++;
	rest = sea_span_from(rest, 1);
	for (i = 0; i < SEA_RAS_COLUMNS && sea_span_next(&rest, '\xff', &piece); i++)
		row.values[i] = piece;
	run(db, &sea_ras_tables[data[0] % tables], &row);
	return 0;
}
