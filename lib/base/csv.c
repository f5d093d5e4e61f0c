// SPDX-License-Identifier: GPL-2.0-only
#include "base/csv.h"

#include <string.h>

void sea_csv_cell(struct sea_text *out, const char *text, bool first)
{
	const char *formula = *text && strchr("=+-@\t\r", *text) ? "'" : "";
	const char *quote;

	if (!first)
		sea_text_add(out, ",");
	if (!strpbrk(text, ",\"\r\n") && *text != ' ') {
		sea_text_add(out, "%s%s", formula, text);
		return;
	}
	sea_text_add(out, "\"%s", formula);
	/* A quote within is written twice. */
	while ((quote = strchr(text, '"'))) {
		sea_text_add(out, "%.*s\"\"", (int)(quote - text), text);
		text = quote + 1;
	}
	sea_text_add(out, "%s\"", text);
}

void sea_csv_number(struct sea_text *out, unsigned long long number, bool first)
{
	sea_text_add(out, "%s%llu", first ? "" : ",", number);
}

void sea_csv_end(struct sea_text *out)
{
	sea_text_add(out, "\r\n");
}
