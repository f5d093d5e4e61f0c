/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rasdaemon.h - imports the SQLite file of rasdaemon (/var/lib/rasdaemon/ras-mc_event.db).
 *
 * The file is only read. It has no version: each table is asked for its columns, and one
 * that is missing is a fact that is not known. Rows have local time with its offset, and
 * no time since boot: all rows become one session of no known boot.
 */
#ifndef SEA_RASDAEMON_H
#define SEA_RASDAEMON_H

#include "import/import.h"

/*
 * Reads the file at path. Rows come in the order of their times, as far as each table is.
 * A row without a time that can be read is counted as not understood. Adds to *sum.
 */
int sea_import_rasdaemon(const char *path, const struct sea_import_options *options,
			 struct sea_import_sum *sum, struct sea_error *err);

#endif /* SEA_RASDAEMON_H */
