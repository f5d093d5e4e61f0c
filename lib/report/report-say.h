/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report-say.h - sentences of a report: how they are put together, and who says which.
 */
#ifndef SEA_REPORT_SAY_H
#define SEA_REPORT_SAY_H

#include "base/text.h"
#include "base/when.h"
#include "report/report-internal.h"

/* So many VMs, pages and doubts are named in sentences; the tables have all. */
#define SEA_REPORT_NAMED 5

/* A sentence at the end. */
int sea_report_say(struct sea_report_maker *m, struct sea_report_lines *lines, const char *format,
		   ...) __attribute__((format(printf, 3, 4)));
/* Takes the text as a sentence, and frees it; an empty one is none. */
int sea_report_say_text(struct sea_report_maker *m, struct sea_report_lines *lines,
			struct sea_text *text);

/* "s", or "" behind the number 1; static. */
const char *sea_plural(__u64 number);

/* As printf() takes it */
static inline unsigned long long ull(__u64 number)
{
	return number;
}

/* A moment, or a time between two, as people read it */
struct sea_report_when {
	char text[SEA_WHEN_LEN];
};

struct sea_report_when sea_report_when(__s64 ns);
struct sea_report_when sea_report_span(__u64 ns);

/* " on rack7", if the report is of several hosts */
void sea_report_add_host(const struct sea_report *report, __u32 host, struct sea_text *text);

/* ", only VMs called web*; 3 VMs with 40 SEAs are left out", or nothing */
void sea_report_add_filter(const struct sea_report *report, struct sea_text *text);

/* VMs that took an SEA; and whether one ended so that somebody has to act. */
__u64 sea_report_count_hit(const struct sea_report *report);
bool sea_report_is_act(const struct sea_report_vm *vm);

/* The answers to the questions, and pages that somebody has to take out. */
int sea_report_answer_who(struct sea_report_maker *m);
int sea_report_answer_way(struct sea_report_maker *m);
int sea_report_answer_answer(struct sea_report_maker *m);
int sea_report_answer_page(struct sea_report_maker *m);
int sea_report_act_on_pages(struct sea_report_maker *m);

#endif /* SEA_REPORT_SAY_H */
