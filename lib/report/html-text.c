// SPDX-License-Identifier: GPL-2.0-only
/* html-text.c - text, times and tables as HTML. */
#include "report/html-internal.h"

#include <string.h>

#include "base/printable.h"
#include "model/clock.h"

void sea_html_text(struct sea_text *out, const char *text)
{
	static const char *const entities[256] = {
		['&'] = "&amp;",  ['<'] = "&lt;",   ['>'] = "&gt;",
		['"'] = "&quot;", ['\''] = "&#39;", ['`'] = "&#96;",
	};
	char clean[1024];
	const char *at = clean;

	/* What a recording says was made safe before; this is the last door. */
	sea_printable(text, strlen(text), clean, sizeof(clean));
	while (*at) {
		size_t plain = strcspn(at, "&<>\"'`");

		sea_text_add(out, "%.*s", (int)plain, at);
		at += plain;
		if (*at)
			sea_text_add(out, "%s", entities[(unsigned char)*at++]);
	}
}

void sea_html_name(struct sea_text *out, const char *name)
{
	sea_text_add(out, "<bdi>");
	sea_html_text(out, name);
	sea_text_add(out, "</bdi>");
}

void sea_html_when(__s64 ns, char out[SEA_WHEN_LEN])
{
	struct timespec time = sea_time_from_ns(ns);

	sea_when_text(&time, out);
}

void sea_html_time(struct sea_text *out, __s64 ns)
{
	struct timespec time = sea_time_from_ns(ns);
	char local[SEA_WHEN_LEN], utc[SEA_TIME_LEN];

	if (!ns) {
		sea_text_add(out, "–");
		return;
	}
	sea_when_text(&time, local);
	/* HTML takes up to three digits behind the second. */
	time.tv_nsec -= time.tv_nsec % 1000000;
	sea_text_utc(&time, utc, sizeof(utc));
	sea_text_add(out, "<time datetime=\"%.23sZ\">%s</time>", utc, local);
}

static bool is_shown(const struct sea_field *field, const struct sea_fields *fields,
		     const struct sea_report *report)
{
	size_t i;

	if (field->column && !strcmp(field->column, "ON"))
		return report->nr_hosts > 1;
	if (field->column && !strcmp(field->column, "UNKN"))
		return report->counts.disposition[SEA_UNKNOWN];
	for (i = 0; i < fields->nr; i++)
		if (fields->list[i].column)
			return field->column && field->rank;
	return true;
}

/* "last_tick" is read as "last tick". */
static void add_head(struct sea_text *out, const struct sea_field *field)
{
	const char *name = field->column ? field->column : field->path;
	char text[64];
	size_t i;

	for (i = 0; name[i] && i < sizeof(text) - 1; i++)
		text[i] = name[i] == '_' ? ' ' : name[i];
	text[i] = '\0';
	sea_text_add(out, "<th scope=\"col\"%s title=\"",
		     sea_field_is_right(field) ? " class=\"n\"" : "");
	sea_html_text(out, field->help);
	sea_text_add(out, "\">");
	sea_html_text(out, text);
	sea_text_add(out, "</th>");
}

static void add_cell(struct sea_text *out, const struct sea_field *field,
		     const struct sea_report_item *item, bool first)
{
	const char *tag = first ? "th scope=\"row\"" : "td";
	struct sea_value value;
	char cell[SEA_VALUE_LEN + 64];

	sea_field_get(field, item, &value);
	sea_text_add(out, "<%s%s>", tag, sea_field_is_right(field) ? " class=\"n\"" : "");
	if (!value.known) {
		sea_text_add(out, "–");
	} else if (field->kind == SEA_TIME) {
		sea_html_time(out, sea_time_to_ns(&value.time));
	} else if (field->kind == SEA_TEXT) {
		sea_html_name(out, value.text);
	} else {
		sea_field_cell(field, &value, cell, sizeof(cell));
		sea_html_text(out, cell);
	}
	sea_text_add(out, first ? "</th>" : "</td>");
}

void sea_html_list(struct sea_text *out, const struct sea_report *report,
		   const struct sea_report_list *list, const char *caption, size_t max)
{
	const struct sea_fields *fields = list->fields();
	size_t nr = sea_report_list_length(list, report), i;
	struct sea_report_item item = {.report = report};
	bool first;

	if (!nr) {
		sea_text_add(out, "<p>None.</p>\n");
		return;
	}
	sea_text_add(out, "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"");
	sea_html_text(out, caption);
	sea_text_add(out, "\"><table><caption>");
	sea_html_text(out, caption);
	sea_text_add(out, "</caption>\n<thead><tr>");
	for (i = 0; i < fields->nr; i++)
		if (is_shown(&fields->list[i], fields, report))
			add_head(out, &fields->list[i]);
	sea_text_add(out, "</tr></thead>\n<tbody>\n");
	for (; item.i < nr && item.i < max; item.i++) {
		sea_text_add(out, "<tr>");
		first = true;
		for (i = 0; i < fields->nr; i++) {
			if (!is_shown(&fields->list[i], fields, report))
				continue;
			add_cell(out, &fields->list[i], &item, first);
			first = false;
		}
		sea_text_add(out, "</tr>\n");
	}
	sea_text_add(out, "</tbody></table></div>\n");
	if (nr > max)
		sea_text_add(out, "<p>%zu more are in <code>seastat report --json</code>.</p>\n",
			     nr - max);
}
