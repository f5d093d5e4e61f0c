/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * html-internal.h - what the files that make the page share.
 */
#ifndef SEA_HTML_INTERNAL_H
#define SEA_HTML_INTERNAL_H

#include "base/fields.h"
#include "base/when.h"
#include "report/html.h"
#include "report/report-fields.h"

/*
 * The bounds of the page: 10,000 SEAs of as many VMs on as many pages stay below 1 MB.
 * What goes past them is told, and is in the JSON.
 */
#define SEA_HTML_VMS 300
#define SEA_HTML_PAGES 250
#define SEA_HTML_ROWS 200 /* of every other table */
#define SEA_HTML_LANES 40 /* VMs in the timeline */
#define SEA_HTML_CHAINS 40
#define SEA_HTML_LINKS 32 /* of a chain */

/* Appends text as text: nothing of it is markup, whoever wrote it. */
void sea_html_text(struct sea_text *out, const char *text);
/* The same, of a name that others gave: kept apart from the direction of what is around. */
void sea_html_name(struct sea_text *out, const char *name);
/* A moment by the local clock, with the UTC form for programs. 0: a dash. */
void sea_html_time(struct sea_text *out, __s64 ns);
/* "2026-11-29 14:00:05+01:00" */
void sea_html_when(__s64 ns, char out[SEA_WHEN_LEN]);

/* A table of one of the report's lists: its columns by rank, or, without one, its paths. */
void sea_html_list(struct sea_text *out, const struct sea_report *report,
		   const struct sea_report_list *list, const char *caption, size_t max);

/* The style sheet, which is all that the page needs. */
const char *sea_html_style(void);

void sea_html_timeline(struct sea_text *out, const struct sea_report *report);
/* What led to the end of each VM, as far as it is recorded. */
void sea_html_chains(struct sea_text *out, const struct sea_report *report);

#endif /* SEA_HTML_INTERNAL_H */
