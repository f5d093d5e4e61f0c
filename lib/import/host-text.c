// SPDX-License-Identifier: GPL-2.0-only
#include "import/host-text.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/printable.h"

void sea_host_begin(struct sea_host_event *event, enum sea_host_kind kind)
{
	*event = (struct sea_host_event){.kind = kind, .cpu = SEA_CPU_UNKNOWN};
}

void sea_host_add(struct sea_host_event *event, const char *separator, struct sea_span part)
{
	size_t len = strlen(event->text), room = sizeof(event->text);

	if (!part.len)
		return;
	/* The first part has nothing before it, but keeps its word: ", FRU " is "FRU ". */
	if (!len)
		separator = !strncmp(separator, ", ", 2) ? separator + 2 : "";
	len += (size_t)snprintf(event->text + len, room - len, "%s", separator);
	if (len + 1 < room)
		sea_printable(part.text, part.len, event->text + len, room - len);
}

void sea_host_addf(struct sea_host_event *event, const char *separator, const char *format, ...)
{
	char part[SEA_HOST_TEXT_LEN];
	va_list args;

	va_start(args, format);
	vsnprintf(part, sizeof(part), format, args);
	va_end(args);
	sea_host_add(event, separator, (struct sea_span){part, strlen(part)});
}

bool sea_host_result(struct sea_span word, __s64 *result)
{
	static const char *const words[] = {"Ignored", "Failed", "Delayed", "Recovered"};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!sea_span_is(word, words[i]))
			continue;
		*result = (__s64)i;
		return true;
	}
	return false;
}
