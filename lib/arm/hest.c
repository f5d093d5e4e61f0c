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

/* The smallest part that each structure has: its type and its id */
#define SOURCE_HEAD 4
#define SOURCE_ID 2

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

/* What the size of a source turned out to be */
enum fit {
	FITS,
	UNKNOWN_TYPE,
	TOO_LARGE, /* more than is left of the table */
};

/* The size of the source at p, of which left bytes are there. */
static enum fit source_size(const uint8_t *p, size_t left, size_t *size)
{
	unsigned int type;

	*size = SOURCE_HEAD;
	if (left < *size)
		return TOO_LARGE;
	type = get16(p);
	if (type >= TYPES || !layouts[type].size)
		return UNKNOWN_TYPE;
	*size = layouts[type].size;
	if (left < *size)
		return TOO_LARGE;
	if (layouts[type].banks)
		*size += (size_t)p[layouts[type].banks] * BANK_SIZE;
	return *size <= left ? FITS : TOO_LARGE;
}

/* Sets the bit; returns what it was. */
static bool set_bit(uint8_t *bits, unsigned int n)
{
	uint8_t mask = (uint8_t)(1U << n % 8);
	bool was = bits[n / 8] & mask;

	bits[n / 8] |= mask;
	return was;
}

bool sea_hest_is_sea(const struct sea_hest *hest, unsigned int id)
{
	return id < SEA_HEST_IDS && hest->sea_ids[id / 8] & 1U << id % 8;
}

static void count_source(const uint8_t *p, struct sea_hest *hest)
{
	unsigned int type = get16(p), id = get16(p + SOURCE_ID);
	bool sea;

	hest->sources++;
	if (type != TYPE_GHES && type != TYPE_GHES_V2)
		return;
	hest->ghes++;
	sea = p[GHES_NOTIFICATION] == NOTIFY_SEA;
	hest->sea += sea;
	if (!p[GHES_ENABLED])
		return;
	if (set_bit(hest->enabled_ids, id) && hest->twice < 0)
		hest->twice = (int)id;
	if (sea) {
		hest->sea_enabled++;
		set_bit(hest->sea_ids, id);
	}
}

/* The source at offset `at` does not fit: which one, where, and what is wrong with it. */
static int damaged(const uint8_t *p, size_t at, size_t size, uint32_t length, enum fit fit,
		   const struct sea_hest *hest, uint32_t count, struct sea_error *err)
{
	if (fit == UNKNOWN_TYPE)
		return sea_error_set(err,
				     "HEST is damaged: error source %u of %u, at byte %zu, is of "
				     "type %u, which ACPI 6.5 does not have",
				     hest->sources + 1, count, at, get16(p + at));
	return sea_error_set(
		err,
		"HEST is damaged: error source %u of %u, at byte %zu, takes %zu bytes or more, "
		"and the table has %zu left",
		hest->sources + 1, count, at, size, length - at);
}

int sea_hest_parse(const void *table, size_t size, struct sea_hest *hest, struct sea_error *err)
{
	const uint8_t *p = table;
	uint32_t count, length;
	size_t at, step;

	memset(hest, 0, sizeof(*hest));
	hest->twice = -1;
	if (size < FIRST_SOURCE || memcmp(p, "HEST", 4))
		return sea_error_set(err, "HEST is damaged: %zu bytes without its signature", size);
	length = get32(p + HEADER_LENGTH);
	if (length < FIRST_SOURCE || length > size)
		return sea_error_set(err, "HEST is damaged: its length is %u, and it has %zu bytes",
				     length, size);
	count = get32(p + COUNT_OFFSET);
	for (at = FIRST_SOURCE; hest->sources < count; at += step) {
		enum fit fit = source_size(p + at, length - at, &step);

		if (fit != FITS)
			return damaged(p, at, step, length, fit, hest, count, err);
		count_source(p + at, hest);
	}
	return 0;
}
