// SPDX-License-Identifier: GPL-2.0-only
#include "store/intern.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/printable.h"

/* Longer ones are cut. */
#define TEXT_LEN 512

struct sea_intern {
	UT_hash_handle hh;
	char text[]; /* the key */
};

const char *sea_intern(struct sea_intern **intern, const char *text)
{
	char clean[TEXT_LEN];
	struct sea_intern *kept;
	size_t len;

	if (!text)
		return NULL;
	len = sea_printable(text, strlen(text), clean, sizeof(clean));
	HASH_FIND(hh, *intern, clean, len, kept);
	if (kept)
		return kept->text;
	kept = calloc(1, sizeof(*kept) + len + 1);
	if (!kept)
		return NULL;
	memcpy(kept->text, clean, len + 1);
	HASH_ADD_KEYPTR(hh, *intern, kept->text, len, kept);
	return kept->text;
}

void sea_intern_free(struct sea_intern **intern)
{
	struct sea_intern *kept, *next;

	HASH_ITER(hh, *intern, kept, next) {
		HASH_DEL(*intern, kept);
		free(kept);
	}
}
