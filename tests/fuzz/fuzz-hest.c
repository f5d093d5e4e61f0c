// SPDX-License-Identifier: GPL-2.0-only
/* The table of error sources, as firmware may have garbled it. */
#include "fuzz.h"

#include "arm/hest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sea_hest hest;
	struct sea_error err;

	if (!sea_hest_parse(data, size, &hest, &err)) {
		CHECK(hest.sea_enabled <= hest.sea);
		CHECK(hest.sea <= hest.ghes);
		CHECK(hest.ghes <= hest.sources);
	}
	return 0;
}
