// SPDX-License-Identifier: GPL-2.0-only
/* A record of what the host did, as the ring buffer could hand it over. */
#include "fuzz.h"

#include <string.h>

#include "base/printable.h"
#include "trace/host-record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sea_host_record record;
	struct sea_host_event event;
	char again[SEA_HOST_TEXT_LEN];

	/* The ring buffer's records are aligned; the fuzzer's need not be. */
	memset(&record, 0, sizeof(record));
	memcpy(&record, data, size < sizeof(record) ? size : sizeof(record));
	CHECK(sea_host_record_valid(&record, size) <= (size >= sizeof(record)));
	/* What a fuzzer would need ages to find out, and what it makes of it otherwise. */
	record.version = SEA_ABI_VERSION;
	record.size = sizeof(record);
	record.type %= SEA_HOST_TYPES;
	CHECK(sea_host_record_valid(&record, sizeof(record)));
	sea_host_record_decode(&record, &event);
	CHECK(strcmp(sea_host_kind_name(event.kind), "invalid"));
	CHECK(memchr(event.text, '\0', sizeof(event.text)));
	/* It is safe to show: to make it so again changes nothing. */
	sea_printable(event.text, strlen(event.text), again, sizeof(again));
	CHECK(!strcmp(event.text, again));
	return 0;
}
