// SPDX-License-Identifier: GPL-2.0-only
#include "base/printable.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <unictype.h>
#include <unistr.h>

/*
 * Moves the cursor, breaks the line, turns the text's direction around, or does not
 * show: of all that is a blank only the space is one that people can tell.
 */
static bool is_harmful(ucs4_t cp)
{
	static const uint32_t harmful = UC_CATEGORY_MASK_C | UC_CATEGORY_MASK_Z;

	if (cp == ' ')
		return false;
	return uc_is_general_category_withtable(cp, harmful) ||
	       uc_is_property_default_ignorable_code_point(cp) || cp == 0x2800; /* BRAILLE BLANK */
}

size_t sea_printable(const char *text, size_t len, char *out, size_t size)
{
	const uint8_t *in = (const uint8_t *)text;
	size_t at = 0, pos = 0;

	while (pos < len) {
		ucs4_t cp = 0;
		/* Less than 0: cut short, overlong, a surrogate, past U+10FFFF. */
		int n = u8_mbtoucr(&cp, in + pos, len - pos);
		bool good = n > 0 && !is_harmful(cp);
		size_t room = good ? (size_t)n : 1;

		if (at + room + 1 > size)
			break;
		if (good)
			memcpy(out + at, in + pos, room);
		else
			out[at] = '?';
		at += room;
		pos += n > 0 ? (size_t)n : 1;
	}
	if (size)
		out[at] = '\0';
	return at;
}
