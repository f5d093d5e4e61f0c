/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hest.h - the ACPI table of hardware error sources, for what it says of SEAs.
 *
 * Only firmware that has an error source for SEAs can report one before the CPU
 * takes it: without, no SEA is ever `claimed`.
 */
#ifndef SEA_HEST_H
#define SEA_HEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Where Linux shows it; only root may read it. */
#define SEA_HEST_PATH "/sys/firmware/acpi/tables/HEST"

/* Ids of error sources are 16 bits wide. */
#define SEA_HEST_IDS 65536

/*
 * What a table says. Linux makes a platform device GHES.ID of each generic source that
 * is enabled: GHES.7 of the source with id 7.
 */
struct sea_hest {
	unsigned int sources;		       /* error sources of all kinds */
	unsigned int ghes;		       /* of which generic ones (GHES, GHESv2) */
	unsigned int sea;		       /* of which notify by SEA */
	unsigned int sea_enabled;	       /* of which are enabled */
	uint8_t enabled_ids[SEA_HEST_IDS / 8]; /* bit by bit: generic and enabled */
	uint8_t sea_ids[SEA_HEST_IDS / 8];     /* bit by bit: those counted in sea_enabled */
	/* Two enabled generic sources have this id. Linux uses no HEST then. -1: none has. */
	int twice;
};

/*
 * Parses the table, whatever is in it and however large it is. The error says what is
 * wrong with it, and with which entry; *hest has then what was read before it.
 */
int sea_hest_parse(const void *table, size_t size, struct sea_hest *hest, struct sea_error *err);

/* Is the source with this id enabled, and notifies by SEA? */
bool sea_hest_is_sea(const struct sea_hest *hest, unsigned int id);

#endif /* SEA_HEST_H */
