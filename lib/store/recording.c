// SPDX-License-Identifier: GPL-2.0-only
#include "store/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "store/load.h"

static int load_text(FILE *file, const char *name, struct sea_reader **reader,
		     struct sea_error *err)
{
	struct sea_line_reader *lines;
	struct sea_writer *writer;
	struct sea_db db;
	__u64 entries;
	int rc;

	if (sea_line_reader_open(file, name, &lines, err))
		return -1;
	if (sea_writer_open(name, SEA_DB_SCRATCH, NULL, &writer, err)) {
		sea_line_reader_close(lines);
		return -1;
	}
	rc = sea_load(lines, writer, &entries, err);
	sea_writer_give(writer, &db);
	db.newer = sea_line_is_newer(lines);
	db.incomplete = sea_line_is_incomplete(lines);
	sea_line_reader_close(lines);
	if (rc) {
		sea_db_close(&db);
		return -1;
	}
	return sea_reader_take(&db, reader, err);
}

/* Text begins with an object, what else there may be is for the database to say. */
static bool is_text(FILE *file)
{
	int c = getc(file);

	ungetc(c, file);
	return c == '{';
}

static int open_file(const char *path, enum sea_db_mode mode, struct sea_reader **reader,
		     struct sea_error *err)
{
	FILE *file = fopen(path, "re");
	struct sea_db db;
	int rc;

	if (!file)
		return sea_error_set(err, "cannot open %s: %s", path, strerror(errno));
	if (is_text(file)) {
		rc = load_text(file, path, reader, err);
		fclose(file);
		return rc;
	}
	fclose(file);
	if (sea_db_open(path, mode, NULL, &db, err))
		return -1;
	return sea_reader_take(&db, reader, err);
}

static int open_any(const char *path, enum sea_db_mode mode, struct sea_reader **reader,
		    struct sea_error *err)
{
	if (strcmp(path, "-"))
		return open_file(path, mode, reader, err);
	return load_text(stdin, "standard input", reader, err);
}

int sea_recording_open(const char *path, struct sea_reader **reader, struct sea_error *err)
{
	return open_any(path, SEA_DB_READ, reader, err);
}

int sea_recording_open_still(const char *path, struct sea_reader **reader, struct sea_error *err)
{
	return open_any(path, SEA_DB_READ_STILL, reader, err);
}

const char *sea_recording_caveat(const struct sea_reader *reader)
{
	const struct sea_db *db = sea_reader_db(reader);

	if (db->newer && db->incomplete)
		return "a newer seatop wrote this, and some of it is unknown to this one: what is "
		       "shown is incomplete";
	if (db->newer)
		return "a newer seatop wrote this: what only that one knows is not shown";
	if (db->incomplete)
		return "some of this is unknown to this seatop: what is shown is incomplete";
	return NULL;
}
