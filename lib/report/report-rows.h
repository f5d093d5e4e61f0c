/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report-rows.h - a row of details, from where it is read to where it is taken in.
 */
#ifndef SEA_REPORT_ROWS_H
#define SEA_REPORT_ROWS_H

#include "report/report-internal.h"

/*
 * One SEA with its page, or one answer; or, if is_sum, several of one VM that differ in
 * nothing but their time, vCPU and addresses.
 */
struct sea_report_row {
	__s64 seq, session; /* of one that is no sum */
	__s64 vm;	    /* of the table vm */
	__u64 number;	    /* of SEAs or answers */
	__s64 first_ns;
	struct sea_report_detail detail; /* of the last; of answers: of the slowest */
	bool is_sum;
	bool is_uncounted; /* by any tick, as the recorder died before it */
	bool has_pfn, has_poison, has_ipa;
	__u64 pfn, poisoned, size;
	__s32 node; /* -1: not known */
};

/* vm: its place in the report. */
int sea_report_take_sea(struct sea_report_maker *m, __u32 vm, struct sea_report_row *row);
int sea_report_take_answer(struct sea_report_maker *m, __u32 vm, const struct sea_report_row *row);
/* Counts one SEA in its group, if only details can make those that are asked for. */
int sea_report_group_sea(struct sea_report_maker *m, __u32 vm, const struct sea_report_detail *d);
/* Puts an answer among the slowest of all, if it is; sea_report_take_answer() has for its own. */
int sea_report_rank_answer(struct sea_report_maker *m, __u32 vm, const struct sea_report_detail *d);

#endif /* SEA_REPORT_ROWS_H */
