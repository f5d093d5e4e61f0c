/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * log-line.h - a line of a kernel log as text: when, of which host, and the message.
 *
 * Understood are what dmesg writes (plain, -T, -x, -r, -d, --time-format iso), /dev/kmsg,
 * journalctl's short forms, and syslog's files. Lines of other programs than the kernel
 * are told apart where the line says whose it is.
 */
#ifndef SEA_LOG_LINE_H
#define SEA_LOG_LINE_H

#include "import/import.h"

struct sea_log_line {
	struct sea_import_time time;
	struct sea_span host;	 /* empty: not said */
	struct sea_span message; /* of the kernel */
	__u32 cpu;		 /* SEA_CPU_UNKNOWN: not said */
	bool is_other;		 /* it is another program's */
};

/* Any text is a line: in the worst case all of it is the message. now: see import.h. */
void sea_log_line_parse(struct sea_span text, const struct timespec *now,
			struct sea_log_line *line);

#endif /* SEA_LOG_LINE_H */
