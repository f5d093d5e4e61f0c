// SPDX-License-Identifier: GPL-2.0-only
#include "import/log-time.h"

#include <stdint.h>

#include "import/scan.h"

#define NSEC_PER_SEC 1000000000ULL

/* The index of the name of three letters that the text begins with, or -1 */
static int take_name(struct sea_span *s, const char *names)
{
	int i;

	for (i = 0; s->len >= 3 && names[3 * i]; i++) {
		if (memcmp(s->text, names + 3 * i, 3))
			continue;
		*s = sea_span_from(*s, 3);
		return i;
	}
	return -1;
}

static bool take_weekday(struct sea_span *s)
{
	return take_name(s, "SunMonTueWedThuFriSat") >= 0;
}

static bool take_month(struct sea_span *s, struct tm *tm)
{
	tm->tm_mon = take_name(s, "JanFebMarAprMayJunJulAugSepOctNovDec");
	return tm->tm_mon >= 0 && sea_span_skip(s, " ");
}

/* "30", or " 1" of two places */
static bool take_day(struct sea_span *s, struct tm *tm)
{
	unsigned int day;

	if (!(sea_span_skip(s, " ") ? sea_scan_digits(s, 1, &day) : sea_scan_digits(s, 2, &day)) ||
	    !day || day > 31)
		return false;
	tm->tm_mday = (int)day;
	return true;
}

static bool take_fraction(struct sea_span *s, long *ns)
{
	long unit = NSEC_PER_SEC / 10;

	*ns = 0;
	if (s->len < 2 || (*s->text != '.' && *s->text != ',') || s->text[1] < '0' ||
	    s->text[1] > '9')
		return false;
	*s = sea_span_from(*s, 1);
	for (; s->len && *s->text >= '0' && *s->text <= '9'; *s = sea_span_from(*s, 1)) {
		*ns += (*s->text - '0') * unit;
		unit /= 10;
	}
	return true;
}

/* "06:49:40", and a fraction if there is one */
static bool take_clock(struct sea_span *s, struct tm *tm, long *ns)
{
	unsigned int hour, minute, second;

	if (!sea_scan_digits(s, 2, &hour) || !sea_span_skip(s, ":") ||
	    !sea_scan_digits(s, 2, &minute) || !sea_span_skip(s, ":") ||
	    !sea_scan_digits(s, 2, &second) || hour > 23 || minute > 59 || second > 60)
		return false;
	tm->tm_hour = (int)hour;
	tm->tm_min = (int)minute;
	tm->tm_sec = (int)second;
	take_fraction(s, ns);
	return true;
}

static bool take_year(struct sea_span *s, struct tm *tm)
{
	unsigned int year;

	/* Before the epoch, and after what 64 bits of nanoseconds hold, nothing is logged. */
	if (!sea_scan_digits(s, 4, &year) || year < 1970 || year > 2261)
		return false;
	tm->tm_year = (int)year - 1900;
	return true;
}

static bool take_date(struct sea_span *s, struct tm *tm)
{
	unsigned int month, day;

	if (!take_year(s, tm) || !sea_span_skip(s, "-") || !sea_scan_digits(s, 2, &month) ||
	    !sea_span_skip(s, "-") || !sea_scan_digits(s, 2, &day) || !month || month > 12 ||
	    !day || day > 31)
		return false;
	tm->tm_mon = (int)month - 1;
	tm->tm_mday = (int)day;
	return true;
}

/* Seconds east of Greenwich: "Z", "+01:00", "-0130" */
static bool take_offset(struct sea_span *s, long *offset)
{
	struct sea_span rest = *s;
	unsigned int both, hours, minutes;
	bool is_west;

	sea_span_skip(&rest, " ");
	*offset = 0;
	if (sea_span_skip(&rest, "Z")) {
		*s = rest;
		return true;
	}
	is_west = sea_span_begins(rest, "-");
	if (!is_west && !sea_span_begins(rest, "+"))
		return false;
	rest = sea_span_from(rest, 1);
	if (sea_scan_digits(&rest, 4, &both)) {
		hours = both / 100;
		minutes = both % 100;
	} else if (!sea_scan_digits(&rest, 2, &hours) || !sea_span_skip(&rest, ":") ||
		   !sea_scan_digits(&rest, 2, &minutes)) {
		return false;
	}
	if (hours > 15 || minutes > 59)
		return false;
	*offset = (long)(hours * 3600 + minutes * 60) * (is_west ? -1 : 1);
	*s = rest;
	return true;
}

static bool is_date_of(const struct tm *wanted, const struct tm *got)
{
	return wanted->tm_mday == got->tm_mday && wanted->tm_mon == got->tm_mon;
}

/* False: there is no such day. */
static bool from_local(struct tm *tm, long ns, struct timespec *time)
{
	struct tm wanted = *tm;

	tm->tm_isdst = -1;
	*time = (struct timespec){.tv_sec = mktime(tm), .tv_nsec = ns};
	return time->tv_sec != (time_t)-1 && is_date_of(&wanted, tm);
}

static bool from_utc(struct tm *tm, long offset, long ns, struct timespec *time)
{
	struct tm wanted = *tm;

	*time = (struct timespec){.tv_sec = timegm(tm) - offset, .tv_nsec = ns};
	return is_date_of(&wanted, tm) && time->tv_sec >= 0;
}

bool sea_log_time_iso(struct sea_span *s, struct timespec *time)
{
	struct sea_span rest = *s;
	struct tm tm = {0};
	long ns, offset;
	bool is_good;

	if (!take_date(&rest, &tm) || !(sea_span_skip(&rest, "T") || sea_span_skip(&rest, " ")) ||
	    !take_clock(&rest, &tm, &ns))
		return false;
	is_good = take_offset(&rest, &offset) ? from_utc(&tm, offset, ns, time) :
						from_local(&tm, ns, time);
	if (is_good)
		*s = rest;
	return is_good;
}

bool sea_log_time_syslog(struct sea_span *s, const struct timespec *now, struct timespec *time)
{
	struct sea_span rest = *s;
	struct tm tm = {0}, today, try;
	int years;
	long ns;

	if (!take_month(&rest, &tm) || !take_day(&rest, &tm) || !sea_span_skip(&rest, " ") ||
	    !take_clock(&rest, &tm, &ns) || !localtime_r(&now->tv_sec, &today))
		return false;
	/* February 29 is up to eight years back: 2104 has none before 2096. */
	for (years = 0; years <= 8; years++) {
		try = tm;
		try.tm_year = today.tm_year - years;
		if (!from_local(&try, ns, time) || time->tv_sec > now->tv_sec)
			continue;
		*s = rest;
		return true;
	}
	return false;
}

bool sea_log_time_ctime(struct sea_span *s, struct timespec *time)
{
	struct sea_span rest = *s;
	struct tm tm = {0};
	long ns;

	if (!take_weekday(&rest) || !sea_span_skip(&rest, " ") || !take_month(&rest, &tm) ||
	    !take_day(&rest, &tm) || !sea_span_skip(&rest, " ") || !take_clock(&rest, &tm, &ns) ||
	    !sea_span_skip(&rest, " ") || !take_year(&rest, &tm) || !from_local(&tm, ns, time))
		return false;
	*s = rest;
	return true;
}

bool sea_log_time_full(struct sea_span *s, struct timespec *time)
{
	struct sea_span rest = *s, zone;
	struct tm tm = {0};
	long ns;

	if (!take_weekday(&rest) || !sea_span_skip(&rest, " ") || !take_date(&rest, &tm) ||
	    !sea_span_skip(&rest, " ") || !take_clock(&rest, &tm, &ns) ||
	    !sea_span_skip(&rest, " ") || !sea_scan_word(&rest, &zone))
		return false;
	if (!(sea_span_is(zone, "UTC") ? from_utc(&tm, 0, ns, time) : from_local(&tm, ns, time)))
		return false;
	*s = rest;
	return true;
}
