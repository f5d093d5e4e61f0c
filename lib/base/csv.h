/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * csv.h - cells as CSV (RFC 4180) that is safe to open in a spreadsheet.
 */
#ifndef SEA_CSV_H
#define SEA_CSV_H

#include "base/text.h"

/*
 * Appends a cell, and a comma ahead of it unless it is the first of its row. What begins
 * as a formula would (= + - @, or a tab) gets an apostrophe ahead, as the names of VMs are
 * their owners' to choose; numbers are written by sea_csv_number().
 */
void sea_csv_cell(struct sea_text *out, const char *text, bool first);
void sea_csv_number(struct sea_text *out, unsigned long long number, bool first);
/* Ends the row: CR LF. */
void sea_csv_end(struct sea_text *out);

#endif /* SEA_CSV_H */
