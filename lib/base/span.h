/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * span.h - a part of somebody else's bytes, which need not end in a NUL.
 */
#ifndef SEA_SPAN_H
#define SEA_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct sea_span {
	const char *text;
	size_t len;
};

static inline bool sea_span_is(struct sea_span s, const char *word)
{
	return s.len == strlen(word) && !memcmp(s.text, word, s.len);
}

static inline bool sea_span_begins(struct sea_span s, const char *word)
{
	return s.len >= strlen(word) && !memcmp(s.text, word, strlen(word));
}

static inline bool sea_span_ends(struct sea_span s, const char *word)
{
	size_t n = strlen(word);

	return s.len >= n && !memcmp(s.text + s.len - n, word, n);
}

static inline struct sea_span sea_span_from(struct sea_span s, size_t pos)
{
	return (struct sea_span){s.text + pos, s.len - pos};
}

/* Takes the word off the front, or the end; false if it is not there. */
static inline bool sea_span_skip(struct sea_span *s, const char *word)
{
	if (!sea_span_begins(*s, word))
		return false;
	*s = sea_span_from(*s, strlen(word));
	return true;
}

static inline bool sea_span_drop(struct sea_span *s, const char *word)
{
	if (!sea_span_ends(*s, word))
		return false;
	s->len -= strlen(word);
	return true;
}

/* Takes the part up to the separator, or all, off the front, into another span; false at the end.
 */
static inline bool sea_span_next(struct sea_span *rest, char separator, struct sea_span *part)
{
	const char *end;

	if (!rest->len)
		return false;
	end = memchr(rest->text, separator, rest->len);
	*part = (struct sea_span){rest->text, end ? (size_t)(end - rest->text) : rest->len};
	*rest = sea_span_from(*rest, part->len + (end ? 1 : 0));
	return true;
}

/* Takes the part behind the last separator, or all, off the end; false if nothing is left. */
static inline bool sea_span_last(struct sea_span *rest, char separator, struct sea_span *part)
{
	size_t at = rest->len;

	if (!rest->len)
		return false;
	while (at && rest->text[at - 1] != separator)
		at--;
	*part = sea_span_from(*rest, at);
	rest->len = at ? at - 1 : 0;
	return true;
}

#endif /* SEA_SPAN_H */
