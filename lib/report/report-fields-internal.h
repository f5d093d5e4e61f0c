/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report-fields-internal.h - getters of a report's fields, a line each. TYPE_OF() of the file that
 * includes this gives the element of an item.
 */
#ifndef SEA_REPORT_FIELDS_INTERNAL_H
#define SEA_REPORT_FIELDS_INTERNAL_H

#include <stdio.h>

#include "model/clock.h"
#include "report/report-fields.h"

static inline void sea_report_put_number(struct sea_value *value, bool known, __u64 number)
{
	value->known = known;
	value->number = number;
}

/* Text of the report's own; "" is not known. */
static inline void sea_report_put_text(struct sea_value *value, const char *text)
{
	value->known = text && *text;
	value->text = text ? text : "";
}

/* 0 is not known. */
static inline void sea_report_put_time(struct sea_value *value, __s64 ns)
{
	value->known = ns;
	value->time = sea_time_from_ns(ns);
}

static inline void sea_report_put_hex(struct sea_value *value, bool known, __u64 number)
{
	value->known = known;
	snprintf(value->buffer, sizeof(value->buffer), "0x%llx", (unsigned long long)number);
	value->text = value->buffer;
}

/* A getter: `put` is done with `e`, the element, `report`, and `value`. */
#define SEA_REPORT_GET(name, type, list, put)                               \
	static void get_##name(const void *object, struct sea_value *value) \
	{                                                                   \
		const struct sea_report_item *item = object;                \
		const struct sea_report *report = item->report;             \
		const struct type *e = &report->list[item->i];              \
                                                                            \
		(void)e;                                                    \
		put;                                                        \
	}

#endif /* SEA_REPORT_FIELDS_INTERNAL_H */
