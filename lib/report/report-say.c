// SPDX-License-Identifier: GPL-2.0-only
#include "report/report-say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/clock.h"

int sea_report_say(struct sea_report_maker *m, struct sea_report_lines *lines, const char *format,
		   ...)
{
	char *line = NULL, **at;
	va_list args;

	va_start(args, format);
	if (vasprintf(&line, format, args) < 0)
		line = NULL;
	va_end(args);
	at = line ? sea_report_grow(&lines->line, &lines->nr, sizeof(*at), m->err) : NULL;
	if (!at) {
		free(line);
		return sea_report_out_of_memory(m->err);
	}
	*at = line;
	return 0;
}

int sea_report_say_text(struct sea_report_maker *m, struct sea_report_lines *lines,
			struct sea_text *text)
{
	int rc = 0;

	if (text->failed)
		rc = sea_report_out_of_memory(m->err);
	else if (text->len)
		rc = sea_report_say(m, lines, "%s", text->text);
	sea_text_free(text);
	return rc;
}

const char *sea_plural(__u64 number)
{
	return number == 1 ? "" : "s";
}

struct sea_report_when sea_report_when(__s64 ns)
{
	struct timespec time = sea_time_from_ns(ns);
	struct sea_report_when when;

	sea_when_text(&time, when.text);
	return when;
}

struct sea_report_when sea_report_span(__u64 ns)
{
	struct sea_report_when when;

	sea_when_span(ns, when.text);
	return when;
}

void sea_report_add_filter(const struct sea_report *report, struct sea_text *text)
{
	struct sea_filter who = report->options.filter;

	who.active = who.not_ended = false;
	if (!sea_filter_asks_who(&who))
		return;
	sea_text_add(text, ", only ");
	sea_filter_say(&who, text);
	sea_text_add(text, "; %zu VM%s with %llu SEA%s left out", report->left_out_vms,
		     sea_plural(report->left_out_vms), ull(report->left_out_seas),
		     report->left_out_seas == 1 ? " is" : "s are");
}

void sea_report_add_host(const struct sea_report *report, __u32 host, struct sea_text *text)
{
	if (report->nr_hosts > 1 && host < report->nr_hosts)
		sea_text_add(text, " on %s", report->hosts[host]);
}
