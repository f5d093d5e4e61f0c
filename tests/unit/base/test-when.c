// SPDX-License-Identifier: GPL-2.0-only
#include "base/when.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fixtures.h"

/* 2026-11-30 03:00:00.000000007 UTC, a Monday; 04:00 in Berlin */
#define NOW 1796007600LL
static const struct timespec now = {NOW, 7};

static const struct {
	const char *text;
	long long seconds;
	long ns;
} good[] = {
	{"now", NOW, 7},
	{"-0s", NOW, 7},
	{"-2h", NOW - 7200, 7},
	{"-1d12h30m", NOW - 131400, 7},
	{"-1w", NOW - 604800, 7},
	{"2026-11-29T14:00:00Z", 1795960800, 0},
	{"2026-11-29T14:00:00.25Z", 1795960800, 250000000},
	{"2026-11-29T14:00:00.1234567899Z", 1795960800, 123456789},
	{"2026-11-29T14:00:00+01:00", 1795957200, 0},
	{"2026-11-29T14:00:00-05:30", 1795980600, 0},
	{"2024-02-29T00:00:00Z", 1709164800, 0},
	/* Local time is an hour ahead in winter, and two in summer. */
	{"2026-11-29 14:00", 1795957200, 0},
	{"2026-11-29T14:00", 1795957200, 0},
	{"2026-11-29 14:00:30.5", 1795957230, 500000000},
	{"2026-11-29", 1795906800, 0},
	{"2026-07-01 14:00", 1782907200, 0},
	{"14:00", 1796043600, 0},
	{"03:59:59", NOW - 1, 0},
	{"today", 1795993200, 0},
	{"today 14:00", 1796043600, 0},
	{"yesterday", 1795906800, 0},
	{"yesterday 14:00", 1795957200, 0},
};

static void test_good(void **state)
{
	struct timespec time;
	struct sea_error err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		if (sea_when_parse(good[i].text, &now, &time, &err))
			fail_msg("%s", err.text);
		if (time.tv_sec != good[i].seconds || time.tv_nsec != good[i].ns)
			fail_msg("%s is %lld.%09ld", good[i].text, (long long)time.tv_sec,
				 time.tv_nsec);
	}
}

static void test_bad(void **state)
{
	static const char *const bad[] = {
		"", " ", "-", "-2", "-h", "-2x", "-2h-", "2h", "tomorrow", "nowhere", "now ",
		"2026-02-30", "2026-02-30T00:00:00Z", "2026-13-01", "2026-00-01", "2026-01-00",
		"26-01-01", "2026-11-29T24:00:00Z", "2026-11-29T14:60:00Z", "2026-11-29T14:00:60Z",
		"2026-11-29T14:00:00.Z", "2026-11-29T14:00:00Zulu", "2026-11-29T14:00:00+1",
		"2026-11-29T14:00:00+24:00", "2026-11-29  14:00", "14:0", "14:00 ", "yesterdays",
		"yesterday 25:00", "-99999999999999999999s", "-9223372036854775807w",
		/* Clocks are set from 02:00 to 03:00. */
		"2026-03-29 02:30"};
	struct timespec time;
	struct sea_error err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		if (!sea_when_parse(bad[i], &now, &time, &err))
			fail_msg("'%s' is taken for %lld", bad[i], (long long)time.tv_sec);
		assert_non_null(strstr(err.text, "is no time: write it as"));
	}
}

static void test_rfc3339_has_an_offset(void **state)
{
	struct timespec time;

	(void)state;
	assert_false(sea_when_rfc3339("2026-11-29T14:00:00", &time));
	assert_false(sea_when_rfc3339("2026-11-29 14:00:00Z", &time));
	/* As nanoseconds since 1970, of 63 bits */
	assert_true(sea_when_rfc3339("1970-01-01T00:00:00Z", &time));
	assert_false(sea_when_rfc3339("1970-01-01T00:00:00+00:01", &time));
	assert_false(sea_when_rfc3339("0026-11-29T14:00:00Z", &time));
	assert_true(sea_when_rfc3339("2261-12-31T23:59:59Z", &time));
	assert_false(sea_when_rfc3339("2263-01-01T00:00:00Z", &time));
	assert_true(sea_when_rfc3339("2026-11-29T14:00:00Z", &time));
	assert_int_equal(time.tv_sec, 1795960800);
}

/* Yesterday of the day on which clocks were set is yesterday all the same. */
static void test_yesterday_at_a_change(void **state)
{
	/* 2026-03-30 00:10 in Berlin: yesterday had 23 hours */
	const struct timespec monday = {1774822200, 0};
	struct timespec time;
	struct sea_error err;

	(void)state;
	assert_int_equal(sea_when_parse("yesterday 01:00", &monday, &time, &err), 0);
	assert_int_equal(time.tv_sec, 1774742400);
}

static void assert_span(unsigned long long ns, const char *expected)
{
	char text[SEA_WHEN_LEN];

	sea_when_span(ns, text);
	assert_string_equal(text, expected);
}

static void test_spans(void **state)
{
	(void)state;
	assert_span(0, "0.0 ms");
	assert_span(200000, "0.2 ms");
	assert_span(3000000, "3 ms");
	assert_span(400000000, "0.4 s");
	assert_span(1500000000, "1.5 s");
	assert_span(59 * SEC, "59 s");
	assert_span(119 * SEC, "119 s");
	assert_span(185 * SEC, "3 min 5 s");
	assert_span(7500 * SEC, "2 h 5 min");
	assert_span((3 * 86400 + 4 * 3600) * SEC, "3 d 4 h");
	assert_span(18446744073709551615ULL, "213503 d 23 h");
}

static void test_local_text(void **state)
{
	const struct timespec winter = {1795416644, 500000000}, epoch = {0, 0};
	char text[SEA_WHEN_LEN];

	(void)state;
	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	sea_when_text(&winter, text);
	assert_string_equal(text, "2026-11-23 07:50:44+01:00");
	setenv("TZ", "America/St_Johns", 1);
	tzset();
	sea_when_text(&winter, text);
	assert_string_equal(text, "2026-11-23 03:20:44-03:30");
	setenv("TZ", "UTC0", 1);
	tzset();
	sea_when_text(&epoch, text);
	assert_string_equal(text, "1970-01-01 00:00:00+00:00");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spans),
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_rfc3339_has_an_offset),
		cmocka_unit_test(test_yesterday_at_a_change),
		/* Last: it changes the zone. */
		cmocka_unit_test(test_local_text),
	};

	/* By its rules, so that no table of time zones is needed. */
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
