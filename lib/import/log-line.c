// SPDX-License-Identifier: GPL-2.0-only
#include "import/log-line.h"

#include <stdint.h>

#include "import/log-time.h"
#include "import/scan.h"

/* "<6>", "<1234>": priority and facility of syslog's */
static void skip_priority(struct sea_span *s)
{
	struct sea_span rest = *s;
	__u64 number;

	if (sea_span_skip(&rest, "<") && sea_scan_number(&rest, &number) &&
	    sea_span_skip(&rest, ">"))
		*s = rest;
}

static bool is_word_of_letters(struct sea_span word)
{
	size_t i;

	for (i = 0; i < word.len; i++)
		if (word.text[i] < 'a' || word.text[i] > 'z')
			return false;
	return word.len > 0;
}

/* "kern  :warn  : ", of dmesg -x */
static void skip_decoded(struct sea_span *s)
{
	struct sea_span rest = *s, facility, level;

	if (sea_scan_past(&rest, ":", &facility) && sea_scan_past(&rest, ":", &level) &&
	    is_word_of_letters(sea_scan_trim(facility)) &&
	    is_word_of_letters(sea_scan_trim(level)) && sea_span_skip(&rest, " ") &&
	    sea_span_begins(rest, "["))
		*s = rest;
}

/* "[   T123]", "[    C1]": who wrote it, if the kernel is built to say so */
static void take_caller(struct sea_span *s, __u32 *cpu)
{
	struct sea_span rest = *s;
	__u64 number;
	bool is_cpu;

	if (!sea_span_skip(&rest, "["))
		return;
	sea_scan_blanks(&rest);
	is_cpu = sea_span_begins(rest, "C");
	if (!is_cpu && !sea_span_begins(rest, "T"))
		return;
	rest = sea_span_from(rest, 1);
	if (!sea_scan_number(&rest, &number) || !sea_span_skip(&rest, "]"))
		return;
	if (is_cpu && number < SEA_CPU_UNKNOWN)
		*cpu = (__u32)number;
	*s = rest;
}

/* "[  123.456789] ", and with -d "[  123.456789 <    0.000010>] " */
static bool take_since_boot(struct sea_span *s, struct sea_log_line *line)
{
	struct sea_span rest = *s;
	__u64 ns, step;

	if (!sea_span_skip(&rest, "["))
		return false;
	sea_scan_blanks(&rest);
	if (!sea_scan_seconds(&rest, &ns))
		return false;
	if (sea_span_skip(&rest, " <")) {
		sea_scan_blanks(&rest);
		if (!sea_scan_seconds(&rest, &step) || !sea_span_skip(&rest, ">"))
			return false;
	}
	if (!sea_span_skip(&rest, "]"))
		return false;
	take_caller(&rest, &line->cpu);
	sea_span_skip(&rest, " ");
	line->time.has_boot = true;
	line->time.boot_ns = ns;
	*s = rest;
	return true;
}

/* "[Mon Nov 30 06:49:40 2026] " */
static bool take_bracketed_date(struct sea_span *s, struct sea_log_line *line)
{
	struct sea_span rest = *s;

	if (!sea_span_skip(&rest, "[") || !sea_log_time_ctime(&rest, &line->time.wall) ||
	    !sea_span_skip(&rest, "]"))
		return false;
	sea_span_skip(&rest, " ");
	line->time.has_wall = true;
	*s = rest;
	return true;
}

/* "6,1234,123456789,-;message", of /dev/kmsg: microseconds since boot */
static bool take_kmsg(struct sea_span *s, struct sea_log_line *line)
{
	struct sea_span rest = *s;
	__u64 priority, number, us;

	if (!sea_scan_number(&rest, &priority) || !sea_span_skip(&rest, ",") ||
	    !sea_scan_number(&rest, &number) || !sea_span_skip(&rest, ",") ||
	    !sea_scan_number(&rest, &us) || us > INT64_MAX / 1000 || !sea_span_skip(&rest, ",") ||
	    !sea_scan_past(&rest, ";", NULL))
		return false;
	line->time.has_boot = true;
	line->time.boot_ns = us * 1000;
	*s = rest;
	return true;
}

/* "1795416644.123456 ", of journalctl -o short-unix */
static bool take_unix(struct sea_span *s, struct sea_log_line *line)
{
	struct sea_span rest = *s;
	__u64 ns;

	if (!sea_scan_seconds(&rest, &ns) || ns < 1000000 * SEA_NSEC_PER_SEC ||
	    !sea_span_skip(&rest, " "))
		return false;
	line->time.has_wall = true;
	line->time.wall = sea_time_from_ns((__s64)ns);
	*s = rest;
	return true;
}

static bool take_date(struct sea_span *s, const struct timespec *now, struct sea_log_line *line)
{
	line->time.has_wall = sea_log_time_iso(s, &line->time.wall) ||
			      sea_log_time_full(s, &line->time.wall) ||
			      sea_log_time_syslog(s, now, &line->time.wall) || take_unix(s, line);
	if (line->time.has_wall)
		sea_span_skip(s, " ");
	return line->time.has_wall;
}

/* "rack7 kernel: ", "rack7 sshd[123]: ": false: the text has no such words */
static bool take_whose(struct sea_span *s, struct sea_log_line *line)
{
	struct sea_span rest = *s, host, program;

	if (!sea_scan_word(&rest, &host) || !sea_scan_word(&rest, &program) ||
	    !sea_span_drop(&program, ":") || !program.len)
		return false;
	line->host = host;
	line->is_other = !sea_span_is(program, "kernel");
	*s = rest;
	return true;
}

/* Only "HOST kernel: " is taken: a message of the kernel's may begin like another one. */
static void take_kernel(struct sea_span *s, struct sea_log_line *line)
{
	struct sea_span rest = *s;

	if (take_whose(&rest, line) && !line->is_other) {
		*s = rest;
		return;
	}
	line->host = (struct sea_span){0};
	line->is_other = false;
}

void sea_log_line_parse(struct sea_span text, const struct timespec *now, struct sea_log_line *line)
{
	memset(line, 0, sizeof(*line));
	line->cpu = SEA_CPU_UNKNOWN;
	if (take_kmsg(&text, line)) {
		line->message = text;
		return;
	}
	skip_priority(&text);
	skip_decoded(&text);
	if (take_since_boot(&text, line)) {
		take_kernel(&text, line);
	} else if (!take_bracketed_date(&text, line) && take_date(&text, now, line) &&
		   take_whose(&text, line) && !line->is_other) {
		/* Files of syslog's have the kernel's own time, too. */
		take_since_boot(&text, line);
	}
	line->message = text;
}
