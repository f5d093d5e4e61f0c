// SPDX-License-Identifier: GPL-2.0-only
#include "import/import.h"

#include "base/printable.h"

void sea_import_unclear(struct sea_import_sum *sum, struct sea_span line)
{
	if (!sum->unclear++) {
		sum->first_unclear = sum->lines;
		sea_printable(line.text, line.len, sum->example, sizeof(sum->example));
	}
}
