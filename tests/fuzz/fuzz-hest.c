// SPDX-License-Identifier: GPL-2.0-only
/* The table of error sources, as firmware may have garbled it. */
#include "fuzz.h"

#include "arm/hest.h"

/* The smallest error source of all has 20 bytes, and they start at byte 40. */
#define FIRST_SOURCE 40
#define SMALLEST_SOURCE 20

static unsigned int count(const uint8_t *bits)
{
	unsigned int n = 0, i;

	for (i = 0; i < SEA_HEST_IDS / 8; i++)
		n += (unsigned int)__builtin_popcount(bits[i]);
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct sea_hest hest;
	struct sea_error err;
	unsigned int ids;

	err.text[0] = '\0';
	if (sea_hest_parse(data, size, &hest, &err))
		CHECK(err.text[0]);
	CHECK(hest.sea_enabled <= hest.sea);
	CHECK(hest.sea <= hest.ghes);
	CHECK(hest.ghes <= hest.sources);
	CHECK(!hest.sources || size >= FIRST_SOURCE + (size_t)hest.sources * SMALLEST_SOURCE);
	/* Each id once, unless one is there twice. */
	ids = count(hest.sea_ids);
	CHECK(ids <= hest.sea_enabled && ids <= count(hest.enabled_ids));
	CHECK(hest.twice >= 0 || ids == hest.sea_enabled);
	CHECK(hest.twice < 0 || hest.enabled_ids[hest.twice / 8] & 1 << hest.twice % 8);
	return 0;
}
