// SPDX-License-Identifier: GPL-2.0-only
#include "import/ftrace-line.h"

#include <stdint.h>

#include "import/scan.h"

/* The kernel and trace-cmd write the thread's name right-justified in so many columns. */
#define COMM_WIDTH 16

/* "CPU:1 [LOST 123 EVENTS]", "CPU:1 [123 EVENTS DROPPED]", both also without a number */
static bool take_lost(struct sea_span text, struct sea_ftrace_line *line)
{
	__u64 cpu;

	if (!sea_span_skip(&text, "CPU:") || !sea_scan_number(&text, &cpu) ||
	    !sea_span_skip(&text, " ["))
		return false;
	if (sea_span_skip(&text, "LOST ")) {
		if (sea_scan_number(&text, &line->lost))
			sea_span_skip(&text, " ");
		return sea_span_is(text, "EVENTS]");
	}
	if (sea_scan_number(&text, &line->lost))
		sea_span_skip(&text, " ");
	return sea_span_is(text, "EVENTS DROPPED]");
}

/* "# entries-in-buffer/entries-written: 205/317   #P:4": the difference was overwritten. */
static bool take_written(struct sea_span text, struct sea_ftrace_line *line)
{
	__u64 kept, written;

	if (!sea_span_skip(&text, "# entries-in-buffer/entries-written: ") ||
	    !sea_scan_number(&text, &kept) || !sea_span_skip(&text, "/") ||
	    !sea_scan_number(&text, &written) || written <= kept)
		return false;
	line->lost = written - kept;
	return true;
}

/* What is around the events */
static bool is_nothing(struct sea_span text)
{
	return !text.len || sea_span_begins(text, "#") || sea_span_begins(text, "=>") ||
	       sea_span_begins(text, "cpus=") || sea_span_begins(text, "version = ") ||
	       (sea_span_begins(text, "CPU") && sea_span_ends(text, " is empty"));
}

static bool take_u32(struct sea_span *s, __u32 *number)
{
	struct sea_span rest = *s;
	__u64 value;

	if (!sea_scan_number(&rest, &value) || value > INT32_MAX)
		return false;
	*number = (__u32)value;
	*s = rest;
	return true;
}

/* "-1234   ( 1230) [001] d..1. 123.456789: ": all between the name and the event */
static bool take_middle(struct sea_span *s, struct sea_ftrace_line *line)
{
	struct sea_span rest = *s, flags;
	__u64 counter;

	line->tgid = 0;
	if (!sea_span_skip(&rest, "-") || !take_u32(&rest, &line->tid) ||
	    !sea_span_begins(rest, " "))
		return false;
	sea_scan_blanks(&rest);
	if (sea_span_skip(&rest, "(")) {
		sea_scan_blanks(&rest);
		if (!take_u32(&rest, &line->tgid) && !sea_scan_past(&rest, "-", NULL))
			return false;
		while (sea_span_skip(&rest, "-"))
			;
		if (!sea_span_skip(&rest, ")"))
			return false;
		sea_scan_blanks(&rest);
	}
	if (!sea_span_skip(&rest, "[") || !take_u32(&rest, &line->cpu) ||
	    !sea_span_skip(&rest, "]") || !sea_span_begins(rest, " "))
		return false;
	sea_scan_blanks(&rest);
	/* Flags begin with none of the digits: "d..1.", "....". */
	if (rest.len && (*rest.text < '0' || *rest.text > '9') && !sea_scan_word(&rest, &flags))
		return false;
	line->has_time = sea_scan_find(rest, ".") >= 0 && sea_scan_seconds(&rest, &line->time_ns);
	if (!line->has_time && !sea_scan_number(&rest, &counter))
		return false;
	if (!sea_span_skip(&rest, ":"))
		return false;
	sea_scan_blanks(&rest);
	*s = rest;
	return true;
}

/*
 * A thread may call itself what looks like the rest of a line, so its name ends where the
 * columns say. Only if there is no line behind that, it ends at the first place where one is.
 */
static bool take_head(struct sea_span *s, struct sea_ftrace_line *line)
{
	struct sea_span rest;
	size_t i;

	if (s->len > COMM_WIDTH) {
		rest = sea_span_from(*s, COMM_WIDTH);
		if (take_middle(&rest, line)) {
			line->comm = sea_scan_trim((struct sea_span){s->text, COMM_WIDTH});
			*s = rest;
			return true;
		}
	}
	for (i = 0; i < s->len && i < 4 * COMM_WIDTH; i++) {
		rest = sea_span_from(*s, i);
		if (!take_middle(&rest, line))
			continue;
		line->comm = sea_scan_trim((struct sea_span){s->text, i});
		*s = rest;
		return true;
	}
	return false;
}

void sea_ftrace_line_parse(struct sea_span text, struct sea_ftrace_line *line)
{
	struct sea_span trimmed = sea_scan_trim(text);

	*line = (struct sea_ftrace_line){.kind = SEA_FTRACE_WRONG};
	if (take_lost(trimmed, line) || take_written(trimmed, line)) {
		line->kind = SEA_FTRACE_LOST;
	} else if (is_nothing(trimmed)) {
		line->kind = SEA_FTRACE_NOTHING;
	} else if (take_head(&text, line)) {
		line->kind = SEA_FTRACE_EVENT;
		line->args = text;
		/* Of what is no event, a function's entry say, there is no colon. */
		if (sea_scan_past(&line->args, ":", &line->event))
			line->args = sea_scan_trim(line->args);
		else
			line->args = (struct sea_span){0};
	}
}
