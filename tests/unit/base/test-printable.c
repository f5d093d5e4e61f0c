// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <locale.h>
#include <string.h>

#include "base/glob.h"
#include "base/printable.h"

static void sanitize(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"plain", "plain"},
		{"\t\x7f\x1b", "???"},
		{"\xc2\x9b"
		 "2J",
		 "?2J"},		      /* C1: an escape in one character */
		{"\xe2\x80\xaetxt", "?txt"},  /* right-to-left override */
		{"\xc0\xaf", "??"},	      /* overlong */
		{"\xed\xa0\x80", "???"},      /* surrogate */
		{"\xf4\x90\x80\x80", "????"}, /* past U+10FFFF */
		{"\xf0\x9f\x90\xa7", "\xf0\x9f\x90\xa7"},
		{"\xe2\x82", "??"}, /* cut short */
		/* what does not show */
		{"a\xc2\xad"
		 "b",
		 "a?b"},		 /* U+00AD, soft hyphen */
		{"a\xc2\xa0z", "a?z"},	 /* U+00A0, no-break space */
		{"\xe1\xa0\x8e", "?"},	 /* U+180E, Mongolian vowel separator */
		{"\xe1\x85\x9f", "?"},	 /* U+115F, Hangul filler */
		{"\xe3\x85\xa4", "?"},	 /* U+3164, Hangul filler */
		{"\xe2\xa0\x80", "?"},	 /* U+2800, Braille blank */
		{"\xe3\x80\x80", "?"},	 /* U+3000, ideographic space */
		{"\xe2\x81\xa0", "?"},	 /* U+2060, word joiner */
		{"\xe2\x81\xaf", "?"},	 /* U+206F, nominal digit shapes */
		{"x\xef\xb8\x8f", "x?"}, /* U+FE0F, variation selector */
		{"\xef\xbb\xbf", "?"},	 /* U+FEFF, byte order mark */
		{"\xf3\xa0\x81\x81", "?"} /* U+E0041, tag */,
		/* what is no character */
		{"\xcd\xb8", "?"},	   /* U+0378, not assigned */
		{"\xee\x80\x80", "?"},	   /* U+E000, private */
		{"\xef\xbf\xbf", "?"},	   /* U+FFFF */
		{"\xf0\x9f\xbf\xbf", "?"}, /* U+1FFFF */
		/* what is */
		{"a b", "a b"},
		{"d\xc3\xbcsseldorf", "d\xc3\xbcsseldorf"},
		{"\xe6\x95\xb0\xe6\x8d\xae", "\xe6\x95\xb0\xe6\x8d\xae"},
		{"\xd7\xa9", "\xd7\xa9"},
		{"e\xcc\x81", "e\xcc\x81"}, /* combining acute accent */
	};
	char out[32];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t len = sea_printable(cases[i].in, strlen(cases[i].in), out, sizeof(out));

		assert_string_equal(out, cases[i].out);
		assert_int_equal(len, strlen(cases[i].out));
	}
	assert_int_equal(sea_printable("a\0b", 3, out, sizeof(out)), 3);
	assert_string_equal(out, "a?b");
	assert_int_equal(sea_printable("abc", 3, out, 1), 0);
	assert_string_equal(out, "");
}

/* The locale of this program is "C", as over many an ssh. */
static void patterns_are_of_characters(void **state)
{
	(void)state;
	assert_string_equal(setlocale(LC_ALL, NULL), "C");
	assert_true(sea_glob_match("d?sseldorf", "d\xc3\xbcsseldorf", 0));
	assert_true(sea_glob_match("d[\xc3\xa4\xc3\xbc]ss*", "d\xc3\xbcsseldorf", 0));
	assert_false(sea_glob_match("d???sseldorf", "d\xc3\xbcsseldorf", 0));
	assert_true(sea_glob_match("???", "\xe6\x95\xb0\xe6\x8d\xae\xe5\xba\x93", 0));
	assert_true(sea_glob_match("a*z", "a b z", 0));
	assert_false(sea_glob_match("a*z", "a b", 0));
	/* The program's own locale is as it was. */
	assert_string_equal(setlocale(LC_ALL, NULL), "C");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sanitize),
		cmocka_unit_test(patterns_are_of_characters),
	};

	return cmocka_run_group_tests_name("printable", tests, NULL, NULL);
}
