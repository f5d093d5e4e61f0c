// SPDX-License-Identifier: GPL-2.0-only
#include "import/boot-mark.h"

#include <stdio.h>

#include "base/printable.h"
#include "import/scan.h"
#include "names/cmdline.h"

#define MARK "seatop: boot "

void sea_boot_mark_write(const struct sea_boot_mark *mark, char text[SEA_BOOT_MARK_LEN])
{
	snprintf(text, SEA_BOOT_MARK_LEN,
		 MARK "%s, %llu ns after its start it was %lld ns UTC, Linux %s", mark->boot_id,
		 (unsigned long long)mark->clock.boot_ns,
		 (long long)sea_time_to_ns(&mark->clock.wall), mark->kernel);
}

bool sea_boot_mark_find(struct sea_span line, struct sea_boot_mark *mark)
{
	struct sea_span id;
	__s64 wall_ns;

	if (!sea_scan_past(&line, MARK, NULL) || !sea_scan_past(&line, ", ", &id) ||
	    !sea_vm_uuid_parse(id.text, id.len, mark->boot_id) ||
	    !sea_scan_number(&line, &mark->clock.boot_ns) ||
	    !sea_span_skip(&line, " ns after its start it was ") ||
	    !sea_scan_signed(&line, &wall_ns) || !sea_span_skip(&line, " ns UTC, Linux "))
		return false;
	mark->clock.wall = sea_time_from_ns(wall_ns);
	line = sea_scan_trim(line);
	sea_printable(line.text, line.len, mark->kernel, sizeof(mark->kernel));
	return true;
}
