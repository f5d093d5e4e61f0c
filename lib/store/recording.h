/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * recording.h - a recording, in whichever form it is: a store, or text.
 */
#ifndef SEA_RECORDING_H
#define SEA_RECORDING_H

#include "store/reader.h"

/*
 * path is a store, or a recording in the text form, which is read into a store of this
 * process first; "-" is the text form from standard input. The reader is given back
 * with sea_reader_close().
 */
int sea_recording_open(const char *path, struct sea_reader **reader, struct sea_error *err);
/* The same, of a store by SEA_DB_READ_STILL: see db.h for what to ask afterwards. */
int sea_recording_open_still(const char *path, struct sea_reader **reader, struct sea_error *err);

/*
 * What whoever reads has to know of the recording: that a newer program wrote it, and
 * what could not be read for that. NULL: nothing. Of the reader's last record; static
 * or the reader's.
 */
const char *sea_recording_caveat(const struct sea_reader *reader);

#endif /* SEA_RECORDING_H */
