/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * text.h - text that grows, and text as a terminal shows it.
 */
#ifndef SEA_TEXT_H
#define SEA_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/*
 * A string that grows. Start from zeros. Out of memory sets `failed` and makes
 * all that follows do nothing, so that one check at the end is enough.
 */
struct sea_text {
	char *text; /* NUL-terminated; NULL while empty */
	size_t len;
	size_t room;
	bool failed;
};

void sea_text_add(struct sea_text *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void sea_text_free(struct sea_text *t);

/* The locale's encoding is UTF-8. */
bool sea_text_is_utf8(void);

/*
 * Columns that text (UTF-8, from sea_printable()) takes up in this locale.
 */
size_t sea_text_width(const char *text);

/*
 * Copies text, cut to at most width columns with an ellipsis as the last one if
 * it was cut. In a locale without UTF-8 every other character becomes '?' and
 * the ellipsis is '~'. Writes at most size bytes, NUL included.
 */
void sea_text_cut(const char *text, size_t width, char *out, size_t size);

/*
 * The same, but what is left out is in the middle, so that names which differ at their
 * ends only stay different: "customer-vm-10" in 9 columns is "cust…m-10".
 */
void sea_text_cut_middle(const char *text, size_t width, char *out, size_t size);

/*
 * The bytes of the character at text, which is not empty, and in *width its columns in
 * this locale: 0 of a combining one.
 */
size_t sea_text_next(const char *text, size_t *width);

/* RFC 3339 with nanoseconds, in UTC: "2026-11-23T06:50:44.000000000Z". */
#define SEA_TIME_LEN 40
void sea_text_utc(const struct timespec *time, char *out, size_t size);

#endif /* SEA_TEXT_H */
