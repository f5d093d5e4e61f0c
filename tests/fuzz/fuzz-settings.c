// SPDX-License-Identifier: GPL-2.0-only
/* Any file of settings is read: what is wrong in it costs its line. */
#include "fuzz.h"

#include "show/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sea_settings settings;
	size_t i, lines = 1;

	for (i = 0; i < size; i++)
		lines += data[i] == '\n';
	sea_settings_default(&settings);
	sea_settings_parse(&settings, (const char *)data, size);
	CHECK(settings.wrong <= lines && settings.first_wrong <= lines);
	CHECK(!settings.wrong == !settings.first_wrong);
	CHECK(settings.keys.nr <= SEA_KEYMAP_MAX && settings.columns.nr <= SEA_COLUMNS_MAX);
	return 0;
}
