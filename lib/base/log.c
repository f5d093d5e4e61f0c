// SPDX-License-Identifier: GPL-2.0-only
#include "base/log.h"

#include <stdio.h>
#include <string.h>

/* libbpf hands over what the verifier said as one message. */
#define NOTE_LEN 16384

static sea_log_sink log_sink;

void sea_log_to(sea_log_sink sink)
{
	log_sink = sink;
}

void sea_log_list(const char *format, va_list args)
{
	static char note[NOTE_LEN];
	size_t len;

	if (!log_sink)
		return;
	vsnprintf(note, sizeof(note), format, args);
	for (len = strlen(note); len && note[len - 1] == '\n'; len--)
		note[len - 1] = '\0';
	log_sink(note);
}

void sea_log(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	sea_log_list(format, args);
	va_end(args);
}
