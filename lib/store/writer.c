// SPDX-License-Identifier: GPL-2.0-only
#include "store/writer-internal.h"

#include <stdlib.h>

static int write_record(struct sea_writer *w, const struct sea_entry *entry)
{
	const struct sea_record *r = &entry->record;

	switch (r->type) {
	case SEA_RECORD_SESSION:
		return sea_writer_session(w, entry);
	case SEA_RECORD_VM:
		return sea_writer_vm(w, r);
	case SEA_RECORD_SEA:
		return sea_writer_sea(w, r);
	case SEA_RECORD_ANSWER:
		return sea_writer_answer(w, r);
	case SEA_RECORD_END:
		return sea_writer_end(w, r);
	case SEA_RECORD_GAP:
		return sea_writer_gap(w, r);
	case SEA_RECORD_HOST:
		return sea_writer_host(w, r);
	default:
		return 0;
	}
}

int sea_writer_add(struct sea_writer *w, const struct sea_entry *entry, struct sea_error *err)
{
	bool is_tick = entry->record.type == SEA_RECORD_TICK;
	bool is_new;

	if (sea_writer_turn(w, entry, err))
		return -1;
	is_new = !(is_tick && entry->extends && w->last_tick);
	if (is_tick ? sea_writer_tick(w, entry, err) :
		      (write_record(w, entry) ? sea_writer_fail(w, err) : 0))
		return -1;
	if (is_new) {
		w->last_tick = is_tick ? w->next_seq : 0;
		w->next_seq++;
	}
	return 0;
}

/* The number that the next record gets */
static __s64 next_seq(const struct sea_db *db)
{
	return 1 + sea_db_number(db,
				 "SELECT max(s) FROM ("
				 "SELECT max(seq) AS s FROM session_record"
				 " UNION ALL SELECT max(seq) FROM vm_record"
				 " UNION ALL SELECT max(seq) FROM sea"
				 " UNION ALL SELECT max(seq) FROM answer"
				 " UNION ALL SELECT max(seq) FROM vm_end"
				 " UNION ALL SELECT max(seq) FROM tick"
				 " UNION ALL SELECT max(seq) FROM gap"
				 " UNION ALL SELECT max(seq) FROM host_event"
				 " UNION ALL SELECT max(seq) FROM mark)",
				 0);
}

int sea_writer_begin(struct sea_writer *w, struct sea_error *err)
{
	if (sqlite3_exec(w->db.sqlite, "BEGIN IMMEDIATE", NULL, NULL, NULL))
		return sea_writer_fail(w, err);
	w->writing = true;
	return 0;
}

int sea_writer_commit(struct sea_writer *w, struct sea_error *err)
{
	if (sqlite3_exec(w->db.sqlite, "COMMIT", NULL, NULL, NULL))
		return sea_writer_fail(w, err);
	w->writing = false;
	return 0;
}

void sea_writer_cancel(struct sea_writer *w)
{
	int i;

	for (i = 0; i < SEA_WRITER_STATEMENTS; i++)
		sea_sql_end(&w->sql[i]);
	sea_sums_release(w->sums);
	/* After some errors SQLite has done it already. */
	if (w->writing && !sqlite3_get_autocommit(w->db.sqlite))
		sqlite3_exec(w->db.sqlite, "ROLLBACK", NULL, NULL, NULL);
	w->writing = false;
	sea_writer_forget(w);
	w->next_seq = next_seq(&w->db);
}

int sea_writer_write(struct sea_writer *w, const struct sea_batch *batch, struct sea_error *err)
{
	const struct sea_batch_item *item;
	int rc = sea_writer_begin(w, err);

	for (item = batch->first; !rc && item; item = item->next)
		rc = sea_writer_add(w, &item->entry, err);
	if (!rc)
		rc = sea_writer_commit(w, err);
	if (rc)
		sea_writer_cancel(w);
	return rc;
}

int sea_writer_open(const char *path, enum sea_db_mode mode, const char *vfs,
		    struct sea_writer **writer, struct sea_error *err)
{
	struct sea_writer *w = calloc(1, sizeof(*w));

	if (!w)
		return sea_error_set(err, "cannot open %s: out of memory", path);
	if (sea_db_open(path, mode, vfs, &w->db, err)) {
		free(w);
		return -1;
	}
	w->sums = sea_sums_new();
	if (!w->sums) {
		sea_db_close(&w->db);
		free(w);
		return sea_error_set(err, "cannot open %s: out of memory", path);
	}
	w->next_seq = next_seq(&w->db);
	*writer = w;
	return 0;
}

static void release(struct sea_writer *w)
{
	int i;

	for (i = 0; i < SEA_WRITER_STATEMENTS; i++)
		sea_sql_free(&w->sql[i]);
	sea_writer_forget(w);
	sea_sums_free(w->sums);
}

void sea_writer_close(struct sea_writer *w)
{
	if (!w)
		return;
	release(w);
	sea_db_close(&w->db);
	free(w);
}

bool sea_writer_was_full(const struct sea_writer *w)
{
	return (w->code & 0xff) == SQLITE_FULL;
}

const struct sea_db *sea_writer_db(const struct sea_writer *writer)
{
	return &writer->db;
}

void sea_writer_give(struct sea_writer *w, struct sea_db *db)
{
	release(w);
	*db = w->db;
	free(w);
}
