/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rows.h - which VMs a program shows, in which order and with which columns: the options
 * that seatop and seastat names have in common.
 */
#ifndef SEA_ROWS_H
#define SEA_ROWS_H

#include <argp.h>

#include "model/view.h"
#include "show/columns.h"

struct rows_options {
	struct sea_filter filter;
	struct sea_order order;
	bool sort_is_chosen;
	struct sea_columns columns;
	__u64 max_rows; /* 0: all */
};

/* A child of the program's parser; its input is a struct rows_options. */
extern const struct argp rows_argp;

/* Sorted by this column, or by first sight if it is NULL; the rest is zeros. */
void rows_default(struct rows_options *options, const char *column);

/* The number, if it is one in these bounds; else that is wrong usage. */
__u64 rows_number(const char *what, const char *text, __u64 min, __u64 max);

#endif /* SEA_ROWS_H */
