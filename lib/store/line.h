/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * line.h - the text form of a recording: entries as JSON, one a line.
 *
 * It is described in seatop-store(5), and says all that a store says: what is written
 * from a store and read into a new one gives, written again, the same bytes.
 */
#ifndef SEA_LINE_H
#define SEA_LINE_H

#include <stdio.h>

#include "base/text.h"
#include "store/entry.h"
#include "store/pruned.h"

/* Of the first line. The number grows when an older program could not read it right. */
#define SEA_LINE_SCHEMA "seatop.recording/1"
#define SEA_LINE_VERSION 1

/* The type of a line that is no record, but says what was deleted. */
#define SEA_LINE_PRUNED "pruned"

/* A longer line is refused: 100,000 VMs in one tick have less. */
#define SEA_LINE_MAX (64 << 20)

struct sea_line_run;

/* Start from zeros; sea_line_writer_free() releases it. */
struct sea_line_writer {
	bool redact; /* leave out the addresses of guests */
	struct sea_line_run *runs;
	bool has_begun;
};

/* Appends the entry, and what has to come before the first one. */
int sea_line_write(struct sea_line_writer *writer, const struct sea_entry *entry,
		   struct sea_text *out, struct sea_error *err);
/* The same for what was deleted from the recording; before all entries. */
int sea_line_write_pruned(struct sea_line_writer *writer,
			  const struct sea_pruned pruned[SEA_PRUNED_KINDS], struct sea_text *out,
			  struct sea_error *err);
void sea_line_writer_free(struct sea_line_writer *writer);

struct sea_line_reader;

/* Reads from file, which stays the caller's; name is for messages. */
int sea_line_reader_open(FILE *file, const char *name, struct sea_line_reader **reader,
			 struct sea_error *err);
void sea_line_reader_close(struct sea_line_reader *reader);

/*
 * 1: the next entry, good until the next call. 0: there is none any more. -1: the line is
 * wrong; the error says which, and what of it.
 */
int sea_line_read(struct sea_line_reader *reader, struct sea_entry *entry, struct sea_error *err);

/* What lines so far say that was deleted; SEA_PRUNED_KINDS of them. */
const struct sea_pruned *sea_line_what_pruned(const struct sea_line_reader *reader);
/* A newer program wrote it; and some of it is unknown to this one. */
bool sea_line_is_newer(const struct sea_line_reader *reader);
bool sea_line_is_incomplete(const struct sea_line_reader *reader);

#endif /* SEA_LINE_H */
