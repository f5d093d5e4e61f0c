/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report-csv.h - the table of a report as CSV: VMs, pages or groups, as --by says.
 */
#ifndef SEA_REPORT_CSV_H
#define SEA_REPORT_CSV_H

#include "base/text.h"
#include "report/report.h"

/* Appends a row of names, as in JSON, and one for each element. What is not known is empty. */
int sea_report_csv(const struct sea_report *report, struct sea_text *out, struct sea_error *err);

#endif /* SEA_REPORT_CSV_H */
