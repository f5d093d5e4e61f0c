// SPDX-License-Identifier: GPL-2.0-only
#include "store/reader-internal.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"

/* Goes to the next row of the source. */
static int advance(struct sea_reader *r, struct sea_reader_source *source, struct sea_error *err)
{
	int rc = sea_sql_step(&source->sql);

	source->is_at_end = rc != SQLITE_ROW;
	if (rc == SQLITE_ROW)
		source->seq = sqlite3_column_int64(source->sql.statement, 0);
	else if (rc != SQLITE_DONE)
		return sea_reader_fail(r, err);
	else
		sea_sql_end(&source->sql);
	return 0;
}

/* What the filter says, as a condition */
static void add_conditions(const struct sea_read_filter *f, bool has_vm, struct sea_text *sql)
{
	if (f->since_ns)
		sea_text_add(sql, " AND wall_ns >= %" PRId64, (int64_t)f->since_ns);
	if (f->until_ns)
		sea_text_add(sql, " AND wall_ns < %" PRId64, (int64_t)f->until_ns);
	if (f->from)
		sea_text_add(sql, " AND seq >= %" PRId64, (int64_t)f->from);
	if (f->to)
		sea_text_add(sql, " AND seq < %" PRId64, (int64_t)f->to);
	if (f->session)
		sea_text_add(sql, " AND session = %" PRId64, (int64_t)f->session);
	if (f->vm && has_vm)
		sea_text_add(sql, " AND vm = %" PRId64, (int64_t)f->vm);
}

static int open_source(struct sea_reader *r, int type, struct sea_error *err)
{
	struct sea_reader_source *source = &r->sources[type];
	struct sea_text sql = {0};
	int rc;

	sea_text_add(&sql, "SELECT %s FROM %s WHERE true", sea_reader_tables[type].columns,
		     sea_reader_tables[type].table);
	add_conditions(&r->filter, sea_reader_tables[type].has_vm, &sql);
	sea_text_add(&sql, " ORDER BY seq");
	if (sql.failed)
		rc = sea_error_set(err, "cannot read %s: out of memory", r->db.path);
	else
		rc = sea_sql_begin(&r->db, &source->sql, sql.text) ? sea_reader_fail(r, err) : 0;
	sea_text_free(&sql);
	/* A newer program has other tables: the rest can still be read. */
	if (rc && r->db.newer) {
		r->db.incomplete = true;
		source->is_at_end = true;
		return 0;
	}
	source->is_open = !rc;
	return rc ? -1 : advance(r, source, err);
}

int sea_reader_begin(struct sea_reader *r, const struct sea_read_filter *filter,
		     struct sea_error *err)
{
	int type;

	r->filter = filter ? *filter : (struct sea_read_filter){0};
	r->given = -1;
	for (type = 0; type < SEA_RECORD_TYPES; type++) {
		sea_sql_free(&r->sources[type].sql);
		r->sources[type] = (struct sea_reader_source){.is_at_end = true};
	}
	for (type = 0; type < SEA_RECORD_TYPES; type++)
		if ((!r->filter.types || r->filter.types & 1U << type) && open_source(r, type, err))
			return -1;
	return 0;
}

int sea_reader_next(struct sea_reader *r, struct sea_entry *entry, struct sea_error *err)
{
	int type, first = -1;

	if (r->given >= 0 && advance(r, &r->sources[r->given], err))
		return -1;
	for (type = 0; type < SEA_RECORD_TYPES; type++) {
		const struct sea_reader_source *source = &r->sources[type];

		if (!source->is_at_end && (first < 0 || source->seq < r->sources[first].seq))
			first = type;
	}
	r->given = first;
	if (first < 0)
		return 0;
	return sea_reader_entry(r, first, entry, err) ? -1 : 1;
}

__s64 sea_reader_seq(const struct sea_reader *reader)
{
	return reader->seq;
}

__s64 sea_reader_session(const struct sea_reader *reader)
{
	return reader->session;
}

__s64 sea_reader_vm(const struct sea_reader *reader)
{
	return reader->vm;
}

const struct sea_db *sea_reader_db(const struct sea_reader *reader)
{
	return &reader->db;
}

int sea_reader_take(struct sea_db *db, struct sea_reader **reader, struct sea_error *err)
{
	struct sea_reader *r = calloc(1, sizeof(*r));

	if (!r) {
		sea_error_set(err, "cannot read %s: out of memory", db->path);
		sea_db_close(db);
		return -1;
	}
	r->db = *db;
	*db = (struct sea_db){.lock = -1};
	if (sea_reader_begin(r, NULL, err)) {
		sea_reader_close(r);
		return -1;
	}
	*reader = r;
	return 0;
}

void sea_reader_close(struct sea_reader *r)
{
	int i;

	if (!r)
		return;
	for (i = 0; i < SEA_RECORD_TYPES; i++)
		sea_sql_free(&r->sources[i].sql);
	sea_sql_free(&r->ask_session);
	sea_sql_free(&r->ask_vm);
	sea_sql_free(&r->ask_page);
	sea_sql_free(&r->ask_sum);
	for (i = 0; i < SEA_TICK_TABLES; i++) {
		sea_sql_free(&r->ask_tick[i]);
		sea_sql_free(&r->ask_sums[i]);
	}
	sea_reader_forget(r);
	sea_intern_free(&r->texts);
	sea_change_free(&r->change);
	sea_db_close(&r->db);
	free(r);
}
