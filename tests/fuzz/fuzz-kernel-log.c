// SPDX-License-Identifier: GPL-2.0-only
/* A kernel log in any of its forms, or in several. */
#include "import-check.h"

#include <stdio.h>

#include "import/kernel-log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sea_import_options options;
	struct import_check check;
	struct sea_error err;
	FILE *file;

	if (!size)
		return 0;
	check_begin(&check, &options);
	file = fmemopen((void *)data, size, "r");
	CHECK(file);
	CHECK(!sea_import_kernel_log(file, &options, &check.sum, &err));
	fclose(file);
	check_end(&check);
	return 0;
}
