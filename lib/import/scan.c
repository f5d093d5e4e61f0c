// SPDX-License-Identifier: GPL-2.0-only
#include "import/scan.h"

#include <stdint.h>

#define NSEC_PER_SEC 1000000000ULL
/* So many seconds of nanoseconds go into 63 bits. */
#define SECONDS_MAX 9223372036ULL

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int hex_digit(char c)
{
	if (is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void sea_scan_blanks(struct sea_span *s)
{
	while (s->len && is_blank(*s->text))
		*s = sea_span_from(*s, 1);
}

struct sea_span sea_scan_trim(struct sea_span s)
{
	sea_scan_blanks(&s);
	while (s.len && is_blank(s.text[s.len - 1]))
		s.len--;
	return s;
}

bool sea_scan_number(struct sea_span *s, __u64 *number)
{
	__u64 value = 0;
	size_t i;

	for (i = 0; i < s->len && is_digit(s->text[i]); i++)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, s->text[i] - '0', &value))
			return false;
	if (!i)
		return false;
	*s = sea_span_from(*s, i);
	*number = value;
	return true;
}

bool sea_scan_digits(struct sea_span *s, unsigned int digits, unsigned int *number)
{
	unsigned int i, value = 0;

	if (s->len < digits || (s->len > digits && is_digit(s->text[digits])))
		return false;
	for (i = 0; i < digits; i++) {
		if (!is_digit(s->text[i]))
			return false;
		value = value * 10 + (unsigned int)(s->text[i] - '0');
	}
	*s = sea_span_from(*s, digits);
	*number = value;
	return true;
}

bool sea_scan_signed(struct sea_span *s, __s64 *number)
{
	struct sea_span rest = *s;
	bool is_negative = sea_span_skip(&rest, "-");
	__u64 value;

	if (!is_negative)
		sea_span_skip(&rest, "+");
	if (!sea_scan_number(&rest, &value) || value > INT64_MAX)
		return false;
	*number = is_negative ? -(__s64)value : (__s64)value;
	*s = rest;
	return true;
}

bool sea_scan_hex(struct sea_span *s, __u64 *number)
{
	struct sea_span rest = *s;
	__u64 value = 0;
	size_t i;

	if (rest.len > 2 && rest.text[0] == '0' && (rest.text[1] == 'x' || rest.text[1] == 'X'))
		rest = sea_span_from(rest, 2);
	for (i = 0; i < rest.len && hex_digit(rest.text[i]) >= 0; i++) {
		if (value >> 60)
			return false;
		value = value << 4 | (__u64)hex_digit(rest.text[i]);
	}
	if (!i)
		return false;
	*s = sea_span_from(rest, i);
	*number = value;
	return true;
}

bool sea_scan_0x(struct sea_span *s, __u64 *number)
{
	return sea_span_begins(*s, "0x") && sea_scan_hex(s, number);
}

bool sea_scan_seconds(struct sea_span *s, __u64 *ns)
{
	struct sea_span rest = *s;
	__u64 seconds, unit = NSEC_PER_SEC / 10, fraction = 0;

	if (!sea_scan_number(&rest, &seconds) || seconds >= SECONDS_MAX)
		return false;
	if (rest.len > 1 && (*rest.text == '.' || *rest.text == ',') && is_digit(rest.text[1])) {
		rest = sea_span_from(rest, 1);
		for (; rest.len && is_digit(*rest.text); rest = sea_span_from(rest, 1)) {
			fraction += (__u64)(*rest.text - '0') * unit;
			unit /= 10;
		}
	}
	*ns = seconds * NSEC_PER_SEC + fraction;
	*s = rest;
	return true;
}

long sea_scan_find(struct sea_span s, const char *word)
{
	const char *at = memmem(s.text, s.len, word, strlen(word));

	return at ? at - s.text : -1;
}

bool sea_scan_past(struct sea_span *s, const char *word, struct sea_span *before)
{
	long at = sea_scan_find(*s, word);

	if (at < 0)
		return false;
	if (before)
		*before = (struct sea_span){s->text, (size_t)at};
	*s = sea_span_from(*s, (size_t)at + strlen(word));
	return true;
}

bool sea_scan_word(struct sea_span *s, struct sea_span *word)
{
	size_t i;

	for (i = 0; i < s->len && !is_blank(s->text[i]); i++)
		;
	if (!i)
		return false;
	*word = (struct sea_span){s->text, i};
	*s = sea_span_from(*s, i);
	sea_scan_blanks(s);
	return true;
}
