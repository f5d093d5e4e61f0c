/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * scan.h - takes numbers, words and times off the front of somebody else's text.
 *
 * All functions return false, and leave the span as it was, if the text does not begin
 * with what they look for. None of them reads behind the span's end.
 */
#ifndef SEA_SCAN_H
#define SEA_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/types.h>

#include "base/span.h"

/* Takes blanks off the front; there may be none. */
void sea_scan_blanks(struct sea_span *s);
/* Takes blanks off both ends. */
struct sea_span sea_scan_trim(struct sea_span s);

/* A number in decimal; one that needs more than 64 bits is no number. */
bool sea_scan_number(struct sea_span *s, __u64 *number);
/* Exactly so many decimal digits (at most 9), and no digit behind them. */
bool sea_scan_digits(struct sea_span *s, unsigned int digits, unsigned int *number);
/* "-12", "+12" or "12". */
bool sea_scan_signed(struct sea_span *s, __s64 *number);
/* A number in hexadecimal, with or without "0x" before it; at most 16 digits. */
bool sea_scan_hex(struct sea_span *s, __u64 *number);
/* The same, but with "0x" before it. */
bool sea_scan_0x(struct sea_span *s, __u64 *number);
/*
 * Seconds with a fraction, as nanoseconds: "12.5" is 12500000000. Digits of the fraction
 * after the ninth are dropped. At most 9223372036 seconds, which is 292 years.
 */
bool sea_scan_seconds(struct sea_span *s, __u64 *ns);

/* Where word begins in s, or -1. */
long sea_scan_find(struct sea_span s, const char *word);
/* Takes all up to and with the word off the front; *before, if not NULL, gets what was before it.
 */
bool sea_scan_past(struct sea_span *s, const char *word, struct sea_span *before);
/* Takes what has no blank in it, and the blanks behind it, off the front. */
bool sea_scan_word(struct sea_span *s, struct sea_span *word);

#endif /* SEA_SCAN_H */
