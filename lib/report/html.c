// SPDX-License-Identifier: GPL-2.0-only
#include "report/html.h"

#include <string.h>

#include "report/html-internal.h"
#include "report/report-say.h"

static void add_lines(struct sea_text *out, const struct sea_report_lines *lines, const char *tag)
{
	size_t i;

	sea_text_add(out, "<%s>\n", tag);
	for (i = 0; i < lines->nr; i++) {
		sea_text_add(out, "<li>");
		sea_html_text(out, lines->line[i]);
		sea_text_add(out, "</li>\n");
	}
	sea_text_add(out, "</%s>\n", tag);
}

static void add_hosts(struct sea_text *out, const struct sea_report *report)
{
	size_t i;

	for (i = 0; i < report->nr_hosts && i < 4; i++) {
		sea_text_add(out, i ? ", " : "");
		sea_html_text(out, report->hosts[i]);
	}
	if (report->nr_hosts > i)
		sea_text_add(out, " and %zu more hosts", report->nr_hosts - i);
}

static void add_head(struct sea_text *out, const struct sea_report *report)
{
	sea_text_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
			  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
			  "'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action "
			  "'none'\">\n"
			  "<meta name=\"viewport\" content=\"width=device-width, "
			  "initial-scale=1\">\n"
			  "<meta name=\"color-scheme\" content=\"light dark\">\n"
			  "<meta name=\"referrer\" content=\"no-referrer\">\n"
			  "<meta name=\"generator\" content=\"seastat " SEATOP_VERSION "\">\n"
			  "<title>SEA report: ");
	add_hosts(out, report);
	sea_text_add(out, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<main>\n",
		     sea_html_style());
}

static void add_filter(struct sea_text *out, const struct sea_report *report)
{
	struct sea_text text = {0};

	sea_report_add_filter(report, &text);
	if (text.text)
		sea_html_name(out, text.text);
	out->failed |= text.failed;
	sea_text_free(&text);
}

/* What the report is of */
static void add_title(struct sea_text *out, const struct sea_report *report)
{
	const struct sea_window *window = &report->options.window;

	sea_text_add(out, "<h1>");
	sea_html_text(out, report->headline.nr ? report->headline.line[0] : "");
	sea_text_add(out, "</h1>\n<p class=\"of\">Synchronous external aborts of guests on ");
	add_hosts(out, report);
	if (report->first_ns) {
		sea_text_add(out, ", counted from ");
		sea_html_time(out, report->first_ns);
		sea_text_add(out, " to ");
		sea_html_time(out, report->last_ns);
	}
	if (window->since_ns != INT64_MIN) {
		sea_text_add(out, ", asked from ");
		sea_html_time(out, window->since_ns);
	}
	if (window->until_ns != INT64_MAX) {
		sea_text_add(out, ", asked until ");
		sea_html_time(out, window->until_ns);
	}
	add_filter(out, report);
	sea_text_add(out, ".</p>\n");
}

static void add_answers(struct sea_text *out, const struct sea_report *report)
{
	unsigned int question;

	sea_text_add(out, "<div class=\"answers\">\n");
	for (question = 0; question < SEA_QUESTIONS; question++) {
		sea_text_add(out, "<section>\n<h2>%s</h2>\n", sea_report_question(question));
		add_lines(out, &report->answers[question], "ul");
		sea_text_add(out, "</section>\n");
	}
	sea_text_add(out, "</div>\n");
	if (!report->acts.nr)
		return;
	sea_text_add(out, "<section class=\"act\">\n<h2>What to do</h2>\n");
	add_lines(out, &report->acts, "ol");
	sea_text_add(out, "</section>\n");
}

/* The list of this name */
static const struct sea_report_list *list_called(const char *name)
{
	const struct sea_report_list *list;
	size_t i;

	for (i = 0; (list = sea_report_list(i)); i++)
		if (!strcmp(list->name, name))
			return list;
	return NULL;
}

static void add_list(struct sea_text *out, const struct sea_report *report, const char *heading,
		     const char *name, size_t max)
{
	const struct sea_report_list *list = list_called(name);

	sea_text_add(out, "<section>\n<h2>%s</h2>\n", heading);
	sea_html_list(out, report, list, list->help, max);
	sea_text_add(out, "</section>\n");
}

static void add_making(struct sea_text *out, const struct sea_report *report)
{
	sea_text_add(out,
		     "<section>\n<h2>How this was made</h2>\n<p>By seastat report " SEATOP_VERSION
		     " at ");
	sea_html_time(out, report->options.now_ns);
	sea_text_add(out,
		     ". Counts come from the ticks of the recorder, which have every SEA; "
		     "pages, vCPUs and syndromes from those that were told one by one: %llu of "
		     "%llu. Addresses of guests are %s. Times are those of the recording's "
		     "clock, shown as local time with its offset from UTC.</p>\n",
		     (unsigned long long)report->details, (unsigned long long)report->total,
		     report->options.addresses ? "shown" : "left out");
	sea_html_list(out, report, list_called("sessions"), "Runs of the recorder", SEA_HTML_ROWS);
	sea_html_list(out, report, list_called("files"), "Recordings", SEA_HTML_ROWS);
	sea_text_add(out, "</section>\n");
}

int sea_html_page(const struct sea_report *report, struct sea_text *out, struct sea_error *err)
{
	add_head(out, report);
	add_title(out, report);
	add_answers(out, report);
	sea_text_add(out, "<section>\n<h2>Timeline</h2>\n");
	sea_html_timeline(out, report);
	sea_text_add(out, "</section>\n");
	add_list(out, report, "VM by VM", "vms", SEA_HTML_VMS);
	sea_text_add(out, "<section>\n<h2>How VMs ended</h2>\n");
	sea_html_chains(out, report);
	sea_text_add(out, "</section>\n");
	add_list(out, report, "Page by page", "pages", SEA_HTML_PAGES);
	add_list(out, report, "What the CPU said", "syndromes", SEA_HTML_ROWS);
	add_list(out, report, "Slow answers", "slow_answers", SEA_HTML_ROWS);
	add_list(out, report, "What the hosts did", "host_events", SEA_HTML_ROWS);
	add_list(out, report, "What makes the data doubtful", "doubts", SEA_HTML_ROWS);
	add_making(out, report);
	sea_text_add(out, "</main>\n</body>\n</html>\n");
	return out->failed ? sea_error_set(err, "cannot write the page: out of memory") : 0;
}
