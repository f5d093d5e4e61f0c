// SPDX-License-Identifier: GPL-2.0-only
#include "import/rasdaemon.h"

#include <stdio.h>
#include <string.h>

#include "import/host-text.h"
#include "import/log-time.h"
#include "import/ras-table.h"
#include "import/run.h"

/* No value of a row is longer: rasdaemon stores a CPER at most. */
#define VALUE_MAX (1 << 20)
/* So many steps of SQLite's are far more than one row of a real table takes. */
#define STEPS_MAX 10000000

#define TABLES 16

/* A table, and its row that comes next */
struct source {
	const struct sea_ras_table *table;
	struct sea_ras_row row;
	bool has_row, has_time;
	struct timespec time;
};

struct rasdaemon {
	const char *path;
	sqlite3 *db;
	struct source sources[TABLES];
	size_t nr;
	struct sea_import_sum *sum;
	struct sea_import_run run;
};

static int fail(const struct rasdaemon *r, struct sea_error *err)
{
	if (sqlite3_errcode(r->db) == SQLITE_NOTADB)
		return sea_error_set(err,
				     "cannot read %s: it is no SQLite file; rasdaemon's is "
				     "/var/lib/rasdaemon/ras-mc_event.db",
				     r->path);
	return sea_error_set(err, "cannot read %s: %s", r->path, sqlite3_errmsg(r->db));
}

/* A file may have views and triggers that never end. */
static int give_up(void *context)
{
	(void)context;
	return 1;
}

/*
 * Of a file in WAL mode that nobody has open, SQLite would make the -shm file anew even to
 * read it: such a file is opened as one that does not change.
 */
static bool is_idle_wal(const char *path)
{
	unsigned char head[20];
	FILE *file = fopen(path, "re");
	char wal[4096];
	bool is_wal;

	if (!file)
		return false;
	is_wal = fread(head, 1, sizeof(head), file) == sizeof(head) && head[18] == 2;
	fclose(file);
	if (!is_wal || snprintf(wal, sizeof(wal), "%s-wal", path) >= (int)sizeof(wal))
		return false;
	file = fopen(wal, "re");
	if (file)
		fclose(file);
	return !file;
}

/* "file:/var/lib/a%3fb?mode=ro" */
static char *uri_of(const char *path)
{
	sqlite3_str *uri = sqlite3_str_new(NULL);
	const char *c;

	sqlite3_str_appendall(uri, *path == '/' ? "file:" : "file:./");
	for (c = path; *c; c++)
		if (strchr("?#%", *c))
			sqlite3_str_appendf(uri, "%%%02x", (unsigned char)*c);
		else
			sqlite3_str_appendchar(uri, 1, *c);
	sqlite3_str_appendall(uri, is_idle_wal(path) ? "?immutable=1" : "?mode=ro");
	return sqlite3_str_finish(uri);
}

static int open_file(struct rasdaemon *r, struct sea_error *err)
{
	char *uri = uri_of(r->path);
	int rc;

	if (!uri)
		return sea_error_set(err, "cannot open %s: out of memory", r->path);
	rc = sqlite3_open_v2(uri, &r->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
	sqlite3_free(uri);
	if (!r->db)
		return sea_error_set(err, "cannot open %s: out of memory", r->path);
	if (rc)
		return fail(r, err);
	sqlite3_busy_timeout(r->db, 5000);
	sqlite3_db_config(r->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(r->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_limit(r->db, SQLITE_LIMIT_LENGTH, VALUE_MAX);
	sqlite3_progress_handler(r->db, STEPS_MAX, give_up, NULL);
	return 0;
}

/* Which of our columns the file's table has; *nr: how many. It may be no table at all. */
static int find_columns(struct rasdaemon *r, struct source *s, bool *has_time, int *nr,
			struct sea_error *err)
{
	sqlite3_stmt *columns;
	int i, rc;

	*has_time = false;
	*nr = 0;
	for (i = 0; i < SEA_RAS_COLUMNS; i++)
		s->row.at[i] = -1;
	if (sqlite3_prepare_v2(r->db,
			       "SELECT name FROM pragma_table_info(?1) WHERE EXISTS (SELECT 1 FROM"
			       " sqlite_schema WHERE type = 'table' AND name = ?1)",
			       -1, &columns, NULL))
		return fail(r, err);
	sqlite3_bind_text(columns, 1, s->table->name, -1, SQLITE_STATIC);
	while ((rc = sqlite3_step(columns)) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(columns, 0);

		if (!name)
			continue;
		if (!strcmp(name, "timestamp"))
			*has_time = true;
		for (i = 0; i < SEA_RAS_COLUMNS && s->table->columns[i]; i++)
			if (!strcmp(name, s->table->columns[i]) && s->row.at[i] < 0)
				s->row.at[i] = 1 + (*nr)++;
	}
	sqlite3_finalize(columns);
	return rc == SQLITE_DONE ? 0 : fail(r, err);
}

/* "SELECT timestamp, "label", "mc" FROM "mc_event" ORDER BY rowid" */
static int prepare(struct rasdaemon *r, struct source *s, int nr, struct sea_error *err)
{
	sqlite3_str *sql = sqlite3_str_new(r->db);
	char *text;
	int at, i, rc;

	sqlite3_str_appendall(sql, "SELECT timestamp");
	for (at = 1; at <= nr; at++)
		for (i = 0; i < SEA_RAS_COLUMNS; i++)
			if (s->row.at[i] == at)
				sqlite3_str_appendf(sql, ", \"%w\"", s->table->columns[i]);
	sqlite3_str_appendf(sql, " FROM \"%w\" ORDER BY rowid", s->table->name);
	text = sqlite3_str_finish(sql);
	rc = text ? sqlite3_prepare_v2(r->db, text, -1, &s->row.statement, NULL) : SQLITE_NOMEM;
	sqlite3_free(text);
	return rc ? fail(r, err) : 0;
}

/* "2026-11-30 06:49:40 +0000" */
static void take_time(struct source *s)
{
	struct sea_span text = {0};

	s->has_time = false;
	if (sqlite3_column_type(s->row.statement, 0) != SQLITE_TEXT)
		return;
	text.text = (const char *)sqlite3_column_text(s->row.statement, 0);
	text.len = text.text ? (size_t)sqlite3_column_bytes(s->row.statement, 0) : 0;
	s->has_time = sea_log_time_iso(&text, &s->time) && !text.len;
}

/* The next row that says when it was. */
static int advance(struct rasdaemon *r, struct source *s, struct sea_error *err)
{
	char what[64];
	int rc;

	s->has_row = false;
	while ((rc = sqlite3_step(s->row.statement)) == SQLITE_ROW) {
		r->sum->lines++;
		take_time(s);
		s->has_row = s->has_time;
		if (s->has_row)
			return 0;
		snprintf(what, sizeof(what), "%s: a row without a time", s->table->name);
		sea_import_unclear(r->sum, (struct sea_span){what, strlen(what)});
	}
	return rc == SQLITE_DONE ? 0 : fail(r, err);
}

static int open_table(struct rasdaemon *r, const struct sea_ras_table *table, struct sea_error *err)
{
	struct source *s = &r->sources[r->nr];
	bool has_time;
	int nr;

	*s = (struct source){.table = table, .row.table = table};
	if (find_columns(r, s, &has_time, &nr, err))
		return -1;
	if (!has_time)
		return 0;
	if (prepare(r, s, nr, err))
		return -1;
	r->nr++;
	return advance(r, s, err);
}

static struct source *earliest(struct rasdaemon *r)
{
	struct source *first = NULL;
	size_t i;

	for (i = 0; i < r->nr; i++) {
		struct source *s = &r->sources[i];

		if (s->has_row &&
		    (!first || sea_time_to_ns(&s->time) < sea_time_to_ns(&first->time)))
			first = s;
	}
	return first;
}

static int take_row(struct rasdaemon *r, struct source *s, struct sea_error *err)
{
	struct sea_import_time time = {.has_wall = true, .wall = s->time};
	struct sea_host_event event;
	char what[64];

	sea_host_begin(&event, s->table->kind);
	if (s->table->read(&s->row, &event))
		return sea_import_run_host(&r->run, &time, &event, err);
	snprintf(what, sizeof(what), "%s: a row that says nothing", s->table->name);
	sea_import_unclear(r->sum, (struct sea_span){what, strlen(what)});
	return 0;
}

static int read_rows(struct rasdaemon *r, struct sea_error *err)
{
	struct source *s;

	while ((s = earliest(r)))
		if (take_row(r, s, err) || advance(r, s, err))
			return -1;
	return sea_import_run_end(&r->run, err);
}

static int read_file(struct rasdaemon *r, struct sea_error *err)
{
	const struct sea_ras_table *table;

	for (table = sea_ras_tables; table->name; table++)
		if (open_table(r, table, err))
			return -1;
	if (!r->nr)
		return sea_error_set(err,
				     "cannot import %s: it has none of rasdaemon's tables; give "
				     "the file that rasdaemon -r writes",
				     r->path);
	return read_rows(r, err);
}

int sea_import_rasdaemon(const char *path, const struct sea_import_options *options,
			 struct sea_import_sum *sum, struct sea_error *err)
{
	struct rasdaemon r = {.path = path, .sum = sum};
	size_t i;
	int rc;

	sea_import_run_init(&r.run, options, sum, "rasdaemon");
	/* Rows say nothing of a boot, and may be of several. */
	r.run.boot.boot_id[0] = '\0';
	r.run.boot.has_clock = false;
	rc = open_file(&r, err);
	if (!rc)
		rc = read_file(&r, err);
	for (i = 0; i < r.nr; i++)
		sqlite3_finalize(r.sources[i].row.statement);
	sqlite3_close(r.db);
	sea_import_run_free(&r.run);
	return rc;
}
