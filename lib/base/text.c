// SPDX-License-Identifier: GPL-2.0-only
#include "base/text.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

void sea_text_add(struct sea_text *t, const char *format, ...)
{
	va_list args;
	int n;

	if (t->failed)
		return;
	va_start(args, format);
	n = vsnprintf(t->text ? t->text + t->len : NULL, t->room - t->len, format, args);
	va_end(args);
	if (n < 0) {
		t->failed = true;
		return;
	}
	if (t->len + (size_t)n + 1 > t->room) {
		size_t room = (t->len + (size_t)n + 1) * 2;
		char *text = realloc(t->text, room);

		if (!text) {
			t->failed = true;
			return;
		}
		t->text = text;
		t->room = room;
		va_start(args, format);
		vsnprintf(t->text + t->len, t->room - t->len, format, args);
		va_end(args);
	}
	t->len += (size_t)n;
}

void sea_text_free(struct sea_text *t)
{
	free(t->text);
	memset(t, 0, sizeof(*t));
}

bool sea_text_is_utf8(void)
{
	return !strcmp(nl_langinfo(CODESET), "UTF-8");
}

/* The bytes of the character at text, and its columns in this locale. */
static size_t next_char(const char *text, bool utf8, size_t *width)
{
	wchar_t wide;
	mbstate_t state = {0};
	size_t n = 1;
	int w;

	*width = 1;
	/* Nearly all of what is shown is ASCII. */
	if (*text >= ' ' && *text <= '~')
		return 1;
	if (!utf8) {
		/* One '?' stands for the character with all its bytes. */
		while ((text[n] & 0xc0) == 0x80)
			n++;
		return n;
	}
	n = mbrtowc(&wide, text, strlen(text), &state);
	if (n == 0 || n > 4)
		return 1;
	w = wcwidth(wide);
	*width = w < 0 ? 1 : (size_t)w;
	return n;
}

size_t sea_text_width(const char *text)
{
	bool utf8 = sea_text_is_utf8();
	size_t width = 0, w;

	while (*text) {
		text += next_char(text, utf8, &w);
		width += w;
	}
	return width;
}

void sea_text_cut(const char *text, size_t width, char *out, size_t size)
{
	bool utf8 = sea_text_is_utf8(), cut = sea_text_width(text) > width;
	const char *ellipsis = utf8 ? "\xe2\x80\xa6" : "~";
	size_t left = cut && width ? width - 1 : width;
	size_t end = cut && width ? strlen(ellipsis) : 0;
	size_t at = 0, w;

	if (!size)
		return;
	while (*text) {
		size_t n = next_char(text, utf8, &w);
		bool plain = utf8 || n == 1;

		if (w > left || at + (plain ? n : 1) + end + 1 > size)
			break;
		if (plain)
			memcpy(out + at, text, n);
		else
			out[at] = '?';
		at += plain ? n : 1;
		left -= w;
		text += n;
	}
	if (end && at + end < size) {
		memcpy(out + at, ellipsis, end);
		at += end;
	}
	out[at] = '\0';
}

size_t sea_text_next(const char *text, size_t *width)
{
	return next_char(text, sea_text_is_utf8(), width);
}

/* The rest of text from the first character on behind which all fits into width. */
static const char *tail_of(const char *text, size_t width)
{
	bool utf8 = sea_text_is_utf8();
	size_t left = sea_text_width(text), w;

	while (left > width && *text) {
		text += next_char(text, utf8, &w);
		left -= w;
	}
	return text;
}

void sea_text_cut_middle(const char *text, size_t width, char *out, size_t size)
{
	/* Names differ at their ends more often than at their beginnings. */
	size_t tail = width / 2, at;

	if (width < 4 || sea_text_width(text) <= width) {
		sea_text_cut(text, width, out, size);
		return;
	}
	sea_text_cut(text, width - tail, out, size);
	at = strlen(out);
	if (at < size)
		sea_text_cut(tail_of(text, tail), tail, out + at, size - at);
}

void sea_text_utc(const struct timespec *time, char *out, size_t size)
{
	char date[32] = "1970-01-01T00:00:00";
	struct tm tm;

	if (gmtime_r(&time->tv_sec, &tm))
		strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out, size, "%s.%09ldZ", date, time->tv_nsec);
}
