// SPDX-License-Identifier: GPL-2.0-only
#include "base/fields.h"

#include <stdio.h>
#include <string.h>

#include "base/printable.h"
#include "base/text.h"

#define NSEC_PER_SEC 1000000000ULL

const char *sea_kind_name(enum sea_kind kind)
{
	static const char *const names[SEA_KINDS] = {
		[SEA_COUNTER] = "counter",     [SEA_GAUGE] = "gauge", [SEA_REAL] = "fraction",
		[SEA_FLAG] = "flag",	       [SEA_TEXT] = "text",   [SEA_TIME] = "time",
		[SEA_HISTOGRAM] = "histogram",
	};

	return kind < SEA_KINDS ? names[kind] : "invalid";
}

const char *sea_unit_name(enum sea_unit unit)
{
	static const char *const names[SEA_UNITS] = {
		[SEA_UNIT_NONE] = "",		[SEA_UNIT_SEAS] = "SEAs",
		[SEA_UNIT_ANSWERS] = "answers", [SEA_UNIT_VMS] = "VMs",
		[SEA_UNIT_RECORDS] = "records", [SEA_UNIT_NS] = "ns",
		[SEA_UNIT_US] = "us",		[SEA_UNIT_PER_SECOND] = "1/s",
	};

	return unit < SEA_UNITS ? names[unit] : "invalid";
}

void sea_field_get(const struct sea_field *field, const void *object, struct sea_value *value)
{
	/* The buffer is written before it is read. */
	memset(value, 0, offsetof(struct sea_value, buffer));
	value->buffer[0] = '\0';
	value->known = true;
	if (field->get)
		field->get(object, value);
	else
		value->number =
			*(const __u64 *)(const void *)((const char *)object + field->offset);
}

bool sea_field_is_right(const struct sea_field *field)
{
	return field->cell == SEA_CELL_RIGHT || field->kind == SEA_COUNTER ||
	       field->kind == SEA_GAUGE || field->kind == SEA_REAL;
}

static int compare_times(const struct timespec *a, const struct timespec *b)
{
	if (a->tv_sec != b->tv_sec)
		return a->tv_sec < b->tv_sec ? -1 : 1;
	return a->tv_nsec < b->tv_nsec ? -1 : a->tv_nsec > b->tv_nsec;
}

static int compare_numbers(__u64 a, __u64 b)
{
	return a < b ? -1 : a > b;
}

int sea_field_compare(const struct sea_field *field, const void *a, const void *b)
{
	struct sea_value x, y;

	sea_field_get(field, a, &x);
	sea_field_get(field, b, &y);
	if (x.known != y.known)
		return x.known ? -1 : 1;
	if (!x.known)
		return 0;
	switch (field->kind) {
	case SEA_TEXT:
		return field->ordered ? compare_numbers(x.number, y.number) :
					strcmp(x.text, y.text);
	case SEA_REAL:
		return x.real > y.real ? -1 : x.real < y.real;
	case SEA_TIME:
		return compare_times(&y.time, &x.time);
	default:
		return compare_numbers(y.number, x.number);
	}
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Not strcasecmp(): in Turkish "pid" is no PID. */
static bool is_called(const char *name, const char *text)
{
	while (*name && upper(*name) == upper(*text)) {
		name++;
		text++;
	}
	return *name == *text;
}

const struct sea_field *sea_field_by_column(const struct sea_fields *fields, const char *name)
{
	size_t i;

	for (i = 0; i < fields->nr; i++)
		if (fields->list[i].column && is_called(fields->list[i].column, name))
			return &fields->list[i];
	for (i = 0; i < fields->nr; i++)
		if (fields->list[i].column && fields->list[i].path &&
		    is_called(fields->list[i].path, name))
			return &fields->list[i];
	return NULL;
}

const struct sea_field *sea_field_by_path(const struct sea_fields *fields, const char *path)
{
	size_t i;

	for (i = 0; i < fields->nr; i++)
		if (fields->list[i].path && !strcmp(fields->list[i].path, path))
			return &fields->list[i];
	return NULL;
}

static void put_latency(__u64 ns, char *out, size_t size)
{
	if (ns < 1000000)
		snprintf(out, size, "%lluus", (unsigned long long)ns / 1000);
	else if (ns < NSEC_PER_SEC)
		snprintf(out, size, "%.1fms", (double)ns / 1000000);
	else
		snprintf(out, size, "%.1fs", (double)ns / (double)NSEC_PER_SEC);
}

static void put_age(__u64 ns, char *out, size_t size)
{
	static const struct {
		unsigned int seconds;
		char unit;
	} units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}};
	unsigned long long s = ns / NSEC_PER_SEC;
	size_t i;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (s < units[i].seconds)
			continue;
		snprintf(out, size, "%llu%c", s / units[i].seconds, units[i].unit);
		return;
	}
	snprintf(out, size, "%llus", s);
}

void sea_field_cell(const struct sea_field *field, const struct sea_value *value, char *out,
		    size_t size)
{
	char time[SEA_TIME_LEN];

	if (!value->known) {
		snprintf(out, size, "-");
	} else if (field->cell == SEA_CELL_LATENCY) {
		put_latency(value->number, out, size);
	} else if (field->cell == SEA_CELL_AGE) {
		put_age(value->number, out, size);
	} else if (field->kind == SEA_TEXT) {
		if (!sea_printable(value->text, strlen(value->text), out, size))
			snprintf(out, size, "-");
	} else if (field->kind == SEA_REAL) {
		/* 0 is no small fraction. */
		snprintf(out, size, value->real > 0 && value->real < 9.95 ? "%.1f" : "%.0f",
			 value->real);
	} else if (field->kind == SEA_FLAG) {
		snprintf(out, size, "%s", value->number ? "yes" : "no");
	} else if (field->kind == SEA_TIME) {
		sea_text_utc(&value->time, time, sizeof(time));
		snprintf(out, size, "%s", time);
	} else {
		snprintf(out, size, "%llu", (unsigned long long)value->number);
	}
}
