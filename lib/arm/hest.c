// SPDX-License-Identifier: GPL-2.0-only
/*
 * ACPI Specification 6.5, section 18.3.2: a header, a count, then structures
 * whose length follows from their type.
 */
#include "arm/hest.h"

#include <stdint.h>
#include <string.h>

#define HEADER_LENGTH 4 /* offset of the table's length */
#define COUNT_OFFSET 36
#define FIRST_SOURCE 40

/* Structures that end in banks of machine-check registers say how many. */
#define BANK_SIZE 28

/* In GHES and GHESv2 */
#define GHES_ENABLED 7
#define GHES_NOTIFICATION 32

#define NOTIFY_SEA 8

enum source_type {
	TYPE_MACHINE_CHECK = 0,
	TYPE_CORRECTED = 1,
	TYPE_NMI = 2,
	TYPE_AER_ROOT = 6,
	TYPE_AER_ENDPOINT = 7,
	TYPE_AER_BRIDGE = 8,
	TYPE_GHES = 9,
	TYPE_GHES_V2 = 10,
	TYPE_DEFERRED = 11,
	TYPES
};

/* Sizes of the structures; where there are banks, without them. */
static const struct {
	uint8_t size;
	uint8_t banks; /* offset of the number of banks; 0: none */
} layouts[TYPES] = {
	[TYPE_MACHINE_CHECK] = {40, 32}, [TYPE_CORRECTED] = {48, 44},	[TYPE_NMI] = {20, 0},
	[TYPE_AER_ROOT] = {48, 0},	 [TYPE_AER_ENDPOINT] = {44, 0}, [TYPE_AER_BRIDGE] = {56, 0},
	[TYPE_GHES] = {64, 0},		 [TYPE_GHES_V2] = {92, 0},	[TYPE_DEFERRED] = {48, 44},
};

static unsigned int get16(const uint8_t *p)
{
	return p[0] | (unsigned int)p[1] << 8;
}

static uint32_t get32(const uint8_t *p)
{
	return get16(p) | (uint32_t)get16(p + 2) << 16;
}

/* The size of the source at p, of which left bytes are there; 0: it cannot be. */
static size_t source_size(const uint8_t *p, size_t left)
{
	unsigned int type;
	size_t size;

	if (left < 4)
		return 0;
	type = get16(p);
	if (type >= TYPES || !layouts[type].size || left < layouts[type].size)
		return 0;
	size = layouts[type].size;
	if (layouts[type].banks)
		size += (size_t)p[layouts[type].banks] * BANK_SIZE;
	return size <= left ? size : 0;
}

static void count_source(const uint8_t *p, struct sea_hest *hest)
{
	unsigned int type = get16(p);

	hest->sources++;
	if (type != TYPE_GHES && type != TYPE_GHES_V2)
		return;
	hest->ghes++;
	if (p[GHES_NOTIFICATION] != NOTIFY_SEA)
		return;
	hest->sea++;
	hest->sea_enabled += p[GHES_ENABLED] != 0;
}

int sea_hest_parse(const void *table, size_t size, struct sea_hest *hest, struct sea_error *err)
{
	const uint8_t *p = table;
	uint32_t count, length;
	size_t at, step;

	memset(hest, 0, sizeof(*hest));
	if (size < FIRST_SOURCE || memcmp(p, "HEST", 4))
		return sea_error_set(err, "HEST is damaged: %zu bytes without its signature", size);
	length = get32(p + HEADER_LENGTH);
	if (length < FIRST_SOURCE || length > size || length > SEA_HEST_MAX)
		return sea_error_set(err, "HEST is damaged: its length is %u of %zu bytes", length,
				     size);
	count = get32(p + COUNT_OFFSET);
	for (at = FIRST_SOURCE; hest->sources < count; at += step) {
		step = source_size(p + at, length - at);
		if (!step)
			return sea_error_set(err,
					     "HEST is damaged: error source %u of %u is "
					     "none that ACPI 6.5 knows",
					     hest->sources + 1, count);
		count_source(p + at, hest);
	}
	return 0;
}
