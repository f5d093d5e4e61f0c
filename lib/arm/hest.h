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

#include "base/error.h"

/* Where Linux shows it; only root may read it. */
#define SEA_HEST_PATH "/sys/firmware/acpi/tables/HEST"

/* Linux takes far less; what is longer is no HEST. */
#define SEA_HEST_MAX 65536

struct sea_hest {
	unsigned int sources;	  /* error sources of all kinds */
	unsigned int ghes;	  /* of which generic ones (GHES, GHESv2) */
	unsigned int sea;	  /* of which notify by SEA */
	unsigned int sea_enabled; /* of which are enabled */
};

/* Parses the table of any content. The error says what is wrong with it. */
int sea_hest_parse(const void *table, size_t size, struct sea_hest *hest, struct sea_error *err);

#endif /* SEA_HEST_H */
