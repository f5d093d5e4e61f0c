/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rows.h - which VMs a program shows, in which order and with which columns: the options
 * that seatop, seastat names and seastat report have in common.
 */
#ifndef SEA_ROWS_H
#define SEA_ROWS_H

#include <argp.h>

#include "model/view.h"
#include "base/columns.h"

struct rows_options {
	struct sea_filter filter;
	struct sea_order order;
	struct sea_columns columns;
	__u64 max_rows; /* 0: all */
	bool max_is_chosen;
	const char *sort, *list; /* as they were given, or NULL */
};

/* A child of the program's parser; its input is a struct rows_options. */
extern const struct argp rows_argp;

/* Sorted by this column, or by first sight if it is NULL; the rest is zeros. */
void rows_default(struct rows_options *options, const char *column);

/* --rows, or what is another name of it. */
void rows_set_max(struct rows_options *options, const char *text);

/*
 * When all options are known: looks the columns up that were named. fields: those of the
 * table. A column that it does not have is wrong usage.
 */
void rows_settle(struct rows_options *options, const struct sea_fields *fields);

/* --columns together with this form of output is wrong usage. */
void rows_refuse_columns(const struct rows_options *options, const char *form);

/* The number, if it is one in these bounds; else that is wrong usage. */
__u64 rows_number(const char *what, const char *text, __u64 min, __u64 max);

#endif /* SEA_ROWS_H */
