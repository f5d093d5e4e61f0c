// SPDX-License-Identifier: GPL-2.0-only
/* A trace as text. The first byte says which clock, and what is known before. */
#include "import-check.h"

#include <stdio.h>

#include "import/boot-mark.h"
#include "import/ftrace.h"

static void check_mark(struct sea_span line)
{
	struct sea_boot_mark mark;

	if (!sea_boot_mark_find(line, &mark))
		return;
	CHECK(strlen(mark.boot_id) == SEA_UUID_LEN - 1);
	check_text(mark.kernel, sizeof(mark.kernel));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const clocks[] = {NULL, "tai", "counter", "boot"};
	struct sea_import_options options;
	struct import_check check;
	struct sea_error err;
	FILE *file;

	if (size < 2)
		return 0;
	check_begin(&check, &options);
	options.trace_clock = clocks[data[0] % 4];
	options.boot.has_clock = data[0] & 4;
	options.boot.clock = (struct sea_clock){1000000000, {1795416644, 0}};
	options.after_ns = data[0] & 8 ? 55000000000 : 0;
	file = fmemopen((void *)(data + 1), size - 1, "r");
	CHECK(file);
	CHECK(!sea_import_ftrace(file, &options, &check.sum, &err));
	fclose(file);
	check_end(&check);
	check_mark((struct sea_span){(const char *)data + 1, size - 1});
	return 0;
}
