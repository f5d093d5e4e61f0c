/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report-fields.h - what a report shows of each VM, page, and so on: JSON, CSV, the
 * tables, the JSON Schema and the manual are made from these lists.
 */
#ifndef SEA_REPORT_FIELDS_H
#define SEA_REPORT_FIELDS_H

#include "base/fields.h"
#include "report/report.h"

/* The object of all fields of a report: an element of one of its lists. */
struct sea_report_item {
	const struct sea_report *report;
	size_t i;
};

/* One list of a report: "vms", "pages", ... */
struct sea_report_list {
	const char *name; /* in JSON */
	const char *help;
	const struct sea_fields *(*fields)(void);
	size_t nr_offset; /* of its number of elements, in struct sea_report */
};

/* The lists, in their order. NULL: there is none of this number. */
const struct sea_report_list *sea_report_list(size_t i);
size_t sea_report_list_length(const struct sea_report_list *list, const struct sea_report *report);

/* The list that a table by this is of: VMs, pages or groups; and that of the report's table. */
const struct sea_report_list *sea_report_table_of(enum sea_report_by by);
const struct sea_report_list *sea_report_table(const struct sea_report *report);

const struct sea_fields *sea_report_vm_fields(void);
const struct sea_fields *sea_report_page_fields(void);
const struct sea_fields *sea_report_group_fields(void);
const struct sea_fields *sea_report_slow_fields(void);
const struct sea_fields *sea_report_syndrome_fields(void);
const struct sea_fields *sea_report_event_fields(void);
const struct sea_fields *sea_report_doubt_fields(void);
const struct sea_fields *sea_report_session_fields(void);
const struct sea_fields *sea_report_file_fields(void);
/* Of the report itself; i is not looked at. */
const struct sea_fields *sea_report_fields(void);

#endif /* SEA_REPORT_FIELDS_H */
