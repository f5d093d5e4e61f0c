/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * html.h - a report as one page of HTML that needs nothing else: no network, no script,
 * no other file. Its size is bounded, however much the report has.
 */
#ifndef SEA_HTML_H
#define SEA_HTML_H

#include "base/text.h"
#include "report/report.h"

/* The report has to be made with options.timeline. Appends the page. */
int sea_html_page(const struct sea_report *report, struct sea_text *out, struct sea_error *err);

#endif /* SEA_HTML_H */
