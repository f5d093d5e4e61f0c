/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * writer.h - entries into a store, whole batches or not at all.
 */
#ifndef SEA_WRITER_H
#define SEA_WRITER_H

#include "store/db.h"
#include "store/entry.h"

struct sea_writer;

/* As sea_db_open(), with SEA_DB_WRITE or SEA_DB_SCRATCH. sea_writer_close() takes NULL. */
int sea_writer_open(const char *path, enum sea_db_mode mode, const char *vfs,
		    struct sea_writer **writer, struct sea_error *err);
void sea_writer_close(struct sea_writer *writer);

/*
 * Writes all entries in one transaction. After an error none of them is in the store,
 * and the same batch may be written again.
 */
int sea_writer_write(struct sea_writer *writer, const struct sea_batch *batch,
		     struct sea_error *err);

/* The same, one by one, between begin and commit; what fails has to be followed by cancel. */
int sea_writer_begin(struct sea_writer *writer, struct sea_error *err);
int sea_writer_add(struct sea_writer *writer, const struct sea_entry *entry, struct sea_error *err);
int sea_writer_commit(struct sea_writer *writer, struct sea_error *err);
void sea_writer_cancel(struct sea_writer *writer);

/* What failed last did so as the disk is full. */
bool sea_writer_was_full(const struct sea_writer *writer);

/* The writer's own; whoever has it may read in it, and delete what is old. */
const struct sea_db *sea_writer_db(const struct sea_writer *writer);
/* Takes the file from the writer, to be read on; the writer is gone. */
void sea_writer_give(struct sea_writer *writer, struct sea_db *db);

#endif /* SEA_WRITER_H */
