// SPDX-License-Identifier: GPL-2.0-only
#include "base/when.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define NSEC 1000000000L
#define DAY_S 86400

/* Exactly `digits` decimal digits off the front */
static bool take_digits(const char **text, int digits, int *number)
{
	int n = 0;

	while (digits--) {
		if (!isdigit((unsigned char)**text))
			return false;
		n = 10 * n + (*(*text)++ - '0');
	}
	*number = n;
	return true;
}

static bool take_char(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

/* A word, and the blanks behind it, if it stands there by itself */
static bool take_word(const char **text, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(*text, word, len) || ((*text)[len] && (*text)[len] != ' '))
		return false;
	*text += len;
	while (**text == ' ')
		(*text)++;
	return true;
}

/* "2026-11-29" */
static bool take_date(const char **text, struct tm *tm)
{
	int year, month, day;

	if (!take_digits(text, 4, &year) || !take_char(text, '-') ||
	    !take_digits(text, 2, &month) || !take_char(text, '-') || !take_digits(text, 2, &day))
		return false;
	tm->tm_year = year - 1900;
	tm->tm_mon = month - 1;
	tm->tm_mday = day;
	return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* ".25", of which digits past nanoseconds are dropped; nothing is 0. */
static bool take_fraction(const char **text, long *ns)
{
	long unit = NSEC / 10;

	*ns = 0;
	if (!take_char(text, '.'))
		return true;
	if (!isdigit((unsigned char)**text))
		return false;
	for (; isdigit((unsigned char)**text); unit /= 10)
		*ns += unit * (*(*text)++ - '0');
	return true;
}

/* "14:00", "14:00:30", "14:00:30.25" */
static bool take_time(const char **text, struct tm *tm, long *ns)
{
	*ns = 0;
	tm->tm_sec = 0;
	if (!take_digits(text, 2, &tm->tm_hour) || !take_char(text, ':') ||
	    !take_digits(text, 2, &tm->tm_min))
		return false;
	if (take_char(text, ':') &&
	    (!take_digits(text, 2, &tm->tm_sec) || !take_fraction(text, ns)))
		return false;
	return tm->tm_hour <= 23 && tm->tm_min <= 59 && tm->tm_sec <= 59;
}

/* "Z", "+01:00" */
static bool take_offset(const char **text, long *seconds)
{
	int hours, minutes, sign = **text == '-' ? -1 : 1;

	*seconds = 0;
	if (take_char(text, 'Z'))
		return true;
	if (!take_char(text, '+') && !take_char(text, '-'))
		return false;
	if (!take_digits(text, 2, &hours) || !take_char(text, ':') ||
	    !take_digits(text, 2, &minutes))
		return false;
	*seconds = sign * (hours * 3600L + minutes * 60L);
	return hours <= 23 && minutes <= 59;
}

/* There are no more days in the month than there are: the 30th of February is none. */
static bool has_moved(const struct tm *tm, const struct tm *settled)
{
	return tm->tm_mday != settled->tm_mday || tm->tm_hour != settled->tm_hour ||
	       tm->tm_min != settled->tm_min;
}

/* Nanoseconds since 1970 have 63 bits in a recording: they end in 2262. */
static bool has_ns(const struct timespec *time)
{
	return time->tv_sec >= 0 && time->tv_sec < INT64_MAX / NSEC;
}

static bool from_utc(const struct tm *tm, long offset, long ns, struct timespec *time)
{
	struct tm settled = *tm;

	time->tv_sec = timegm(&settled);
	time->tv_nsec = ns;
	if (has_moved(tm, &settled))
		return false;
	time->tv_sec -= offset;
	return has_ns(time);
}

static bool from_local(const struct tm *tm, long ns, struct timespec *time)
{
	struct tm settled = *tm;

	settled.tm_isdst = -1;
	time->tv_sec = mktime(&settled);
	time->tv_nsec = ns;
	/* An hour that is left out when clocks are set forward is none, too. */
	return !has_moved(tm, &settled) && has_ns(time);
}

bool sea_when_rfc3339(const char *text, struct timespec *time)
{
	struct tm tm = {0};
	long ns, offset;

	return take_date(&text, &tm) && (take_char(&text, 'T') || take_char(&text, 't')) &&
	       take_time(&text, &tm, &ns) && take_offset(&text, &offset) && !*text &&
	       from_utc(&tm, offset, ns, time);
}

/* "-1d12h" */
static bool parse_ago(const char *text, const struct timespec *now, struct timespec *time)
{
	static const struct {
		char letter;
		long seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', DAY_S}, {'w', 7 * DAY_S}};
	time_t ago = 0;
	size_t i;

	if (!take_char(&text, '-') || !*text)
		return false;
	while (*text) {
		time_t n = 0;

		if (!isdigit((unsigned char)*text))
			return false;
		for (; isdigit((unsigned char)*text); text++)
			if (__builtin_mul_overflow(n, 10, &n) ||
			    __builtin_add_overflow(n, *text - '0', &n))
				return false;
		for (i = 0; i < sizeof(units) / sizeof(units[0]); i++)
			if (units[i].letter == *text)
				break;
		if (i == sizeof(units) / sizeof(units[0]) ||
		    __builtin_mul_overflow(n, units[i].seconds, &n) ||
		    __builtin_add_overflow(ago, n, &ago))
			return false;
		text++;
	}
	*time = *now;
	return !__builtin_sub_overflow(now->tv_sec, ago, &time->tv_sec) && has_ns(time);
}

/* A time of a day that is known; nothing is its midnight. */
static bool parse_time_of_day(const char *text, struct tm *tm, struct timespec *time)
{
	long ns = 0;

	tm->tm_hour = tm->tm_min = tm->tm_sec = 0;
	if (*text && (!take_time(&text, tm, &ns) || *text))
		return false;
	return from_local(tm, ns, time);
}

static bool parse_local(const char *text, const struct timespec *now, struct timespec *time)
{
	struct tm tm = {0}, today;

	localtime_r(&now->tv_sec, &today);
	if (take_word(&text, "today"))
		return parse_time_of_day(text, &today, time);
	if (take_word(&text, "yesterday")) {
		/* Noon of the day before: no change of clocks makes it another day. */
		today.tm_mday--;
		today.tm_hour = 12;
		today.tm_isdst = -1;
		mktime(&today);
		return parse_time_of_day(text, &today, time);
	}
	if (strlen(text) > 2 && text[2] == ':')
		return parse_time_of_day(text, &today, time);
	if (!take_date(&text, &tm))
		return false;
	if (*text && !take_char(&text, ' ') && !take_char(&text, 'T'))
		return false;
	return parse_time_of_day(text, &tm, time);
}

int sea_when_parse(const char *text, const struct timespec *now, struct timespec *time,
		   struct sea_error *err)
{
	*time = *now;
	if (!strcmp(text, "now") || parse_ago(text, now, time) || sea_when_rfc3339(text, time) ||
	    parse_local(text, now, time))
		return 0;
	return sea_error_set(err, "'%.40s' is no time: write it as " SEA_WHEN_HELP, text);
}

void sea_when_text(const struct timespec *time, char out[SEA_WHEN_LEN])
{
	char date[24];
	struct tm tm;
	long offset;

	if (!localtime_r(&time->tv_sec, &tm)) {
		snprintf(out, SEA_WHEN_LEN, "?");
		return;
	}
	strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S", &tm);
	offset = (tm.tm_gmtoff < 0 ? -tm.tm_gmtoff : tm.tm_gmtoff) / 60;
	snprintf(out, SEA_WHEN_LEN, "%s%c%02ld:%02ld", date, tm.tm_gmtoff < 0 ? '-' : '+',
		 offset / 60 % 100, offset % 60);
}

void sea_when_span(unsigned long long ns, char out[SEA_WHEN_LEN])
{
	unsigned long long s = ns / 1000000000;

	if (ns < 1000000)
		snprintf(out, SEA_WHEN_LEN, "%.1f ms", (double)ns / 1e6);
	else if (ns < 1000000000)
		snprintf(out, SEA_WHEN_LEN, ns < 100000000 ? "%.0f ms" : "%.1f s",
			 ns < 100000000 ? (double)ns / 1e6 : (double)ns / 1e9);
	else if (s < 10)
		snprintf(out, SEA_WHEN_LEN, "%.1f s", (double)ns / 1e9);
	else if (s < 120)
		snprintf(out, SEA_WHEN_LEN, "%llu s", s);
	else if (s < 7200)
		snprintf(out, SEA_WHEN_LEN, "%llu min %llu s", s / 60, s % 60);
	else if (s < 172800)
		snprintf(out, SEA_WHEN_LEN, "%llu h %llu min", s / 3600, s / 60 % 60);
	else
		snprintf(out, SEA_WHEN_LEN, "%llu d %llu h", s / 86400, s / 3600 % 24);
}
