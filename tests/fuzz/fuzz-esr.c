// SPDX-License-Identifier: GPL-2.0-only
/* 8 bytes of ESR and one of buffer size. */
#include "fuzz.h"

#include <string.h>

#include "arm/esr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[SEA_ESR_TEXT_LEN];
	struct sea_esr decoded;
	uint64_t esr;
	size_t len;

	if (size < sizeof(esr) + 1)
		return 0;
	memcpy(&esr, data, sizeof(esr));
	sea_esr_decode(esr, &decoded);
	CHECK(decoded.ec_name);
	CHECK(!decoded.is_abort || decoded.fsc_name);
	CHECK(!decoded.is_walk || decoded.level >= -2);
	CHECK(!decoded.is_abort || decoded.far_valid == !decoded.fnv);

	len = sea_esr_format(esr, text, sizeof(text));
	CHECK(len == strlen(text));
	CHECK(sea_esr_format(esr, text, data[8]) == len);
	return 0;
}
