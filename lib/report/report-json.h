/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report-json.h - a report as one JSON object. docs/seatop-report-1.schema.json has what
 * is in it; names stay and keep their meaning, new ones may come.
 */
#ifndef SEA_REPORT_JSON_H
#define SEA_REPORT_JSON_H

#include "base/text.h"
#include "report/report.h"

#define SEA_REPORT_SCHEMA "seatop.report/1"

/* Appends one line. */
int sea_report_json(const struct sea_report *report, struct sea_text *out, struct sea_error *err);

#endif /* SEA_REPORT_JSON_H */
