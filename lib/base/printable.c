// SPDX-License-Identifier: GPL-2.0-only
#include "base/printable.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/*
 * The length of the UTF-8 character at text, its code point in *cp; 0 if it is
 * none (cut short, overlong, a surrogate, past U+10FFFF).
 */
static size_t utf8_char(const unsigned char *text, size_t len, uint32_t *cp)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n, i;

	if (text[0] < 0x80) {
		*cp = text[0];
		return 1;
	}
	if ((text[0] & 0xe0) == 0xc0) {
		n = 2;
		*cp = text[0] & 0x1f;
	} else if ((text[0] & 0xf0) == 0xe0) {
		n = 3;
		*cp = text[0] & 0x0f;
	} else if ((text[0] & 0xf8) == 0xf0) {
		n = 4;
		*cp = text[0] & 0x07;
	} else {
		return 0;
	}
	if (n > len)
		return 0;
	for (i = 1; i < n; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		*cp = *cp << 6 | (text[i] & 0x3f);
	}
	if (*cp < least[n] || *cp > 0x10ffff || (*cp >= 0xd800 && *cp <= 0xdfff))
		return 0;
	return n;
}

/* Moves the cursor, breaks the line or turns the text's direction around. */
static bool is_harmful(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0x061c ||
	       (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202e) ||
	       (cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff || (cp >= 0xfff9 && cp <= 0xfffb) ||
	       (cp >= 0xe0000 && cp <= 0xe007f);
}

size_t sea_printable(const char *text, size_t len, char *out, size_t size)
{
	const unsigned char *in = (const unsigned char *)text;
	size_t at = 0, pos = 0;

	while (pos < len) {
		uint32_t cp = 0;
		size_t n = utf8_char(in + pos, len - pos, &cp);
		bool good = n && !is_harmful(cp);
		size_t room = good ? n : 1;

		if (at + room + 1 > size)
			break;
		if (good)
			memcpy(out + at, in + pos, n);
		else
			out[at] = '?';
		at += room;
		pos += n ? n : 1;
	}
	if (size)
		out[at] = '\0';
	return at;
}
