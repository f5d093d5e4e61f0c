// SPDX-License-Identifier: GPL-2.0-only
#include "hest-table.h"

#include "fixtures.h"

#include <stdlib.h>
#include <string.h>

#define LENGTH_OFFSET 4
#define COUNT_OFFSET 36
#define HEADER_SIZE 40

static void put32(uint8_t *p, uint32_t n)
{
	p[0] = (uint8_t)n;
	p[1] = (uint8_t)(n >> 8);
	p[2] = (uint8_t)(n >> 16);
	p[3] = (uint8_t)(n >> 24);
}

static uint32_t get32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

void hest_set_length(struct hest_table *table, uint32_t length)
{
	put32(table->bytes + LENGTH_OFFSET, length);
}

void hest_set_count(struct hest_table *table, uint32_t count)
{
	put32(table->bytes + COUNT_OFFSET, count);
}

/* So many more bytes, all 0. Of the exact size, so that ASan sees a byte too many read. */
static uint8_t *grow(struct hest_table *table, size_t more)
{
	uint8_t *bytes = realloc(table->bytes, table->size + more);
	uint8_t *start;

	assert_non_null(bytes);
	start = bytes + table->size;
	memset(start, 0, more);
	table->bytes = bytes;
	table->size += more;
	return start;
}

void hest_start(struct hest_table *table)
{
	memset(table, 0, sizeof(*table));
	memcpy(grow(table, HEADER_SIZE), "HEST", 4);
	hest_set_length(table, HEADER_SIZE);
}

uint8_t *hest_add(struct hest_table *table, uint8_t type, uint16_t id, size_t size)
{
	uint8_t *source = grow(table, size);

	source[0] = type;
	source[2] = (uint8_t)id;
	source[3] = (uint8_t)(id >> 8);
	hest_set_length(table, (uint32_t)table->size);
	hest_set_count(table, get32(table->bytes + COUNT_OFFSET) + 1);
	return source;
}

void hest_add_generic(struct hest_table *table, uint8_t type, uint16_t id, uint8_t notify,
		      uint8_t enabled)
{
	uint8_t *source = hest_add(table, type, id, type == HEST_GHES ? 64 : 92);

	source[7] = enabled;
	source[32] = notify;
}

void hest_free(struct hest_table *table)
{
	free(table->bytes);
	memset(table, 0, sizeof(*table));
}
