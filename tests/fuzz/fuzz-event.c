// SPDX-License-Identifier: GPL-2.0-only
/* A record as the ring buffer could hand it over. */
#include "fuzz.h"

#include <string.h>

#include "trace/records.h"
#include "base/words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sea_event event;

	/* The ring buffer's records are aligned; the fuzzer's need not be. */
	memset(&event, 0, sizeof(event));
	memcpy(&event, data, size < sizeof(event) ? size : sizeof(event));
	if (!sea_trace_event_valid(&event, size))
		return 0;
	CHECK(size >= sizeof(event));
	CHECK(strcmp(sea_disposition_name(event.disposition), "invalid"));
	CHECK(strcmp(sea_reason_name(event.reason), "invalid"));
	CHECK(strcmp(sea_response_name(event.response), "invalid"));
	return 0;
}
