// SPDX-License-Identifier: GPL-2.0-only
/* Any text is a time or is none; one that is RFC 3339 is the same by both parsers. */
#include "fuzz.h"

#include <string.h>

#include "base/when.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct timespec now = {1796007600, 7};
	struct timespec time, again;
	char text[128];
	struct sea_error err;

	if (size >= sizeof(text))
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (sea_when_parse(text, &now, &time, &err)) {
		CHECK(!sea_when_rfc3339(text, &again));
		CHECK(err.text[0]);
		return 0;
	}
	CHECK(time.tv_nsec >= 0 && time.tv_nsec < 1000000000);
	if (sea_when_rfc3339(text, &again))
		CHECK(again.tv_sec == time.tv_sec && again.tv_nsec == time.tv_nsec);
	return 0;
}
