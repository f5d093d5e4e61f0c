/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report-text.h - a report as text: the five answers, what to do, and a table.
 */
#ifndef SEA_REPORT_TEXT_H
#define SEA_REPORT_TEXT_H

#include "base/text.h"
#include "report/report.h"

struct sea_report_text_options {
	size_t width; /* of the terminal, in columns; 0: lines are as long as they are */
	size_t limit; /* rows of the table; 0: all */
};

/* Appends lines. */
int sea_report_text(const struct sea_report *report, const struct sea_report_text_options *options,
		    struct sea_text *out, struct sea_error *err);

#endif /* SEA_REPORT_TEXT_H */
