/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hest-table.h - makes ACPI tables of error sources, of any size, right or wrong.
 */
#ifndef SEA_TEST_HEST_TABLE_H
#define SEA_TEST_HEST_TABLE_H

#include <stddef.h>
#include <stdint.h>

/* Types of error sources, as ACPI 6.5, section 18.3.2 numbers them */
#define HEST_MACHINE_CHECK 0
#define HEST_CORRECTED 1
#define HEST_NMI 2
#define HEST_AER_ROOT 6
#define HEST_AER_ENDPOINT 7
#define HEST_AER_BRIDGE 8
#define HEST_GHES 9
#define HEST_GHES_V2 10
#define HEST_DEFERRED 11

/* How a generic source notifies */
#define HEST_NOTIFY_SCI 3
#define HEST_NOTIFY_SEA 8

struct hest_table {
	uint8_t *bytes; /* freed by hest_free() */
	size_t size;
};

/* A table without sources. */
void hest_start(struct hest_table *table);
/* Appends a source of so many bytes, all 0 but its type and id; valid until the next one. */
uint8_t *hest_add(struct hest_table *table, uint8_t type, uint16_t id, size_t size);
/* The same of a generic one: HEST_GHES or HEST_GHES_V2. */
void hest_add_generic(struct hest_table *table, uint8_t type, uint16_t id, uint8_t notify,
		      uint8_t enabled);
/* What the table says of itself; hest_add() keeps both right. */
void hest_set_length(struct hest_table *table, uint32_t length);
void hest_set_count(struct hest_table *table, uint32_t count);
void hest_free(struct hest_table *table);

#endif /* SEA_TEST_HEST_TABLE_H */
