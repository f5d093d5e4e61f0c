/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report-text.h - a report as text: the five answers, what to do, and a table.
 */
#ifndef SEA_REPORT_TEXT_H
#define SEA_REPORT_TEXT_H

#include "base/text.h"
#include "report/report.h"

/* Appends lines. width: of the terminal, in columns; 0: lines are as long as they are. */
int sea_report_text(const struct sea_report *report, size_t width, struct sea_text *out,
		    struct sea_error *err);

#endif /* SEA_REPORT_TEXT_H */
