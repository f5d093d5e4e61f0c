// SPDX-License-Identifier: GPL-2.0-only
#include "trace/ghes.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include "arm/a64.h"

#define CHUNK 256 /* instructions read at once */

/* Each may have been inlined into the next. */
const char *const sea_ghes_functions[] = {
	"ghes_in_nmi_queue_one_entry",
	"ghes_in_nmi_spool_from_list",
	"ghes_notify_sea",
	NULL,
};

const char *sea_repeats_name(enum sea_repeats repeats)
{
	static const char *const names[] = {
		[SEA_REPEATS_UNKNOWN] = "unknown",
		[SEA_REPEATS_UNCLAIMED] = "unclaimed",
		[SEA_REPEATS_CLAIMED] = "claimed",
	};

	return names[repeats];
}

/* Has the function an instruction that makes -ECANCELED? -1: its text cannot be read. */
static int has_canceled(const struct sea_symbol *symbol, sea_text_reader reader, void *context)
{
	uint32_t text[CHUNK];
	uint64_t done;
	size_t size, i;

	for (done = 0; done < symbol->size; done += size) {
		size = symbol->size - done < sizeof(text) ? symbol->size - done : sizeof(text);
		if (reader(context, symbol->address + done, text, size))
			return -1;
		for (i = 0; i < size / sizeof(text[0]); i++)
			if (sea_a64_makes(text[i], -ECANCELED))
				return 1;
	}
	return 0;
}

enum sea_repeats sea_ghes_by_text(const struct sea_symbols *symbols, sea_text_reader reader,
				  void *context)
{
	bool unread = !symbols->nr;
	size_t i;

	for (i = 0; i < symbols->nr; i++) {
		int has = has_canceled(&symbols->symbols[i], reader, context);

		if (has > 0)
			return SEA_REPEATS_UNCLAIMED;
		unread |= has < 0;
	}
	return unread ? SEA_REPEATS_UNKNOWN : SEA_REPEATS_CLAIMED;
}

/*
 * Mended in 7.3, and in 6.12.117 of the stable updates; 7.2 never was. Of other series it
 * is not known.
 */
enum sea_repeats sea_ghes_by_release(const char *release)
{
	unsigned int major, minor, patch;

	if (sscanf(release, "%u.%u.%u", &major, &minor, &patch) < 3)
		return SEA_REPEATS_UNKNOWN;
	if (major > 7 || (major == 7 && minor > 2))
		return SEA_REPEATS_UNCLAIMED;
	/* Distributions that leave out the update ("6.12.0-124.el10") have mends of their own. */
	if (!patch)
		return SEA_REPEATS_UNKNOWN;
	if (major == 7 && minor == 2)
		return SEA_REPEATS_CLAIMED;
	if (major == 6 && minor == 12)
		return patch < 117 ? SEA_REPEATS_CLAIMED : SEA_REPEATS_UNCLAIMED;
	return SEA_REPEATS_UNKNOWN;
}
