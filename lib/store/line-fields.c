// SPDX-License-Identifier: GPL-2.0-only
#include "store/line-fields.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json-object.h"
#include "base/printable.h"
#include "base/when.h"

static const void *member(const struct sea_line_field *field, const void *object)
{
	return (const char *)object + field->offset;
}

static __u64 load(const struct sea_line_field *field, const void *object)
{
	const void *at = member(field, object);

	switch (field->size) {
	case 1:
		return *(const __u8 *)at;
	case 2:
		return *(const __u16 *)at;
	case 4:
		return field->kind == SEA_LINE_SIGNED ? (__u64)(__s64) * (const __s32 *)at :
							*(const __u32 *)at;
	default:
		return *(const __u64 *)at;
	}
}

static void keep(const struct sea_line_field *field, void *object, __u64 number)
{
	void *at = (char *)object + field->offset;

	switch (field->size) {
	case 1:
		*(__u8 *)at = (__u8)number;
		break;
	case 2:
		*(__u16 *)at = (__u16)number;
		break;
	case 4:
		*(__u32 *)at = (__u32)number;
		break;
	default:
		*(__u64 *)at = number;
		break;
	}
}

static const __u32 *known_bits(const struct sea_line_field *field, const void *object)
{
	return (const __u32 *)(const void *)((const char *)object + field->known_offset);
}

static void put_number(json_object *object, const struct sea_line_field *field, const void *from,
		       bool *failed)
{
	__u64 number = load(field, from);

	if (!number && !field->known && !field->is_always)
		return;
	if (field->kind == SEA_LINE_SIGNED)
		sea_json_add(object, field->name, json_object_new_int64((__s64)number), failed);
	else
		sea_json_add_number(object, field->name, number, failed);
}

static void put_hex(json_object *object, const struct sea_line_field *field, const void *from,
		    bool *failed)
{
	__u64 number = load(field, from);
	char text[24];

	if (!number && !field->known && !field->is_always)
		return;
	snprintf(text, sizeof(text), "0x%" PRIx64, (uint64_t)number);
	sea_json_add_string(object, field->name, text, failed);
}

static void put_time(json_object *object, const struct sea_line_field *field, const void *from,
		     bool *failed)
{
	const struct timespec *time = member(field, from);
	char text[SEA_TIME_LEN];

	if (!time->tv_sec && !time->tv_nsec)
		return;
	sea_text_utc(time, text, sizeof(text));
	sea_json_add_string(object, field->name, text, failed);
}

static void put_text(json_object *object, const struct sea_line_field *field, const char *text,
		     bool *failed)
{
	if (text && (*text || field->is_always))
		sea_json_add_string(object, field->name, text, failed);
}

static void put_field(json_object *object, const struct sea_line_field *field, const void *from,
		      bool *failed)
{
	switch (field->kind) {
	case SEA_LINE_NUMBER:
	case SEA_LINE_SIGNED:
		put_number(object, field, from, failed);
		break;
	case SEA_LINE_HEX:
		put_hex(object, field, from, failed);
		break;
	case SEA_LINE_FLAG:
		if (*(const bool *)member(field, from) || field->is_always)
			sea_json_add_bool(object, field->name, *(const bool *)member(field, from),
					  failed);
		break;
	case SEA_LINE_TEXT:
		put_text(object, field, member(field, from), failed);
		break;
	case SEA_LINE_STATIC:
		put_text(object, field, *(const char *const *)member(field, from), failed);
		break;
	case SEA_LINE_TIME:
		put_time(object, field, from, failed);
		break;
	case SEA_LINE_NAME:
		if (load(field, from) || field->is_always)
			put_text(object, field, field->name_of((unsigned int)load(field, from)),
				 failed);
		break;
	}
}

void sea_line_put(json_object *object, const struct sea_line_field *fields, size_t nr,
		  const void *from, bool redact, bool *failed)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		if (fields[i].known && !(*known_bits(&fields[i], from) & fields[i].known))
			continue;
		if (redact && fields[i].is_guests)
			continue;
		put_field(object, &fields[i], from, failed);
	}
}

static int wrong(const struct sea_line_field *field, const char *what, struct sea_error *err)
{
	return sea_error_set(err, "%s is %s", field->name, what);
}

static int get_number(json_object *value, const struct sea_line_field *field, void *to,
		      struct sea_error *err)
{
	__u64 number;
	__s64 negative;

	if (!json_object_is_type(value, json_type_int))
		return wrong(field, "no whole number", err);
	errno = 0;
	number = json_object_get_uint64(value);
	negative = json_object_get_int64(value);
	if (field->kind == SEA_LINE_SIGNED && negative < 0)
		number = (__u64)negative;
	else if (negative < 0)
		return wrong(field, "below 0", err);
	keep(field, to, number);
	if (load(field, to) != number)
		return wrong(field, "too large", err);
	return 0;
}

static int get_hex(json_object *value, const struct sea_line_field *field, void *to,
		   struct sea_error *err)
{
	const char *text = json_object_get_string(value);
	char *end;
	__u64 number;

	if (!json_object_is_type(value, json_type_string) || strncmp(text, "0x", 2) || !text[2] ||
	    strlen(text) > 18)
		return wrong(field, "no number as \"0x92000010\"", err);
	number = strtoull(text + 2, &end, 16);
	if (*end || text[2] == '-' || text[2] == '+' || text[2] == ' ')
		return wrong(field, "no number as \"0x92000010\"", err);
	keep(field, to, number);
	return 0;
}

static int get_time(json_object *value, const struct sea_line_field *field, void *to,
		    struct sea_error *err)
{
	struct timespec *time = (struct timespec *)(void *)((char *)to + field->offset);

	if (!json_object_is_type(value, json_type_string) ||
	    !sea_when_rfc3339(json_object_get_string(value), time))
		return wrong(field, "no time as \"2026-11-29T14:00:00Z\"", err);
	return 0;
}

static int get_text(json_object *value, const struct sea_line_field *field, void *to,
		    struct sea_intern **texts, struct sea_error *err)
{
	void *at = (char *)to + field->offset;
	const char *text;

	if (!json_object_is_type(value, json_type_string))
		return wrong(field, "no text", err);
	text = json_object_get_string(value);
	if (field->kind == SEA_LINE_STATIC)
		*(const char **)at = sea_intern(texts, text);
	else
		sea_printable(text, (size_t)json_object_get_string_len(value), at, field->size);
	return 0;
}

static int get_name(json_object *value, const struct sea_line_field *field, void *to, bool *unknown,
		    struct sea_error *err)
{
	const char *name;
	unsigned int i;

	if (!json_object_is_type(value, json_type_string))
		return wrong(field, "no name", err);
	name = json_object_get_string(value);
	for (i = 0; i < field->nr; i++)
		if (!strcmp(name, field->name_of(i)))
			break;
	*unknown |= i == field->nr;
	keep(field, to, i < field->nr ? i : field->otherwise);
	return 0;
}

static int get_field(json_object *value, const struct sea_line_field *field, void *to,
		     struct sea_intern **texts, bool *unknown, struct sea_error *err)
{
	switch (field->kind) {
	case SEA_LINE_NUMBER:
	case SEA_LINE_SIGNED:
		return get_number(value, field, to, err);
	case SEA_LINE_HEX:
		return get_hex(value, field, to, err);
	case SEA_LINE_FLAG:
		if (!json_object_is_type(value, json_type_boolean))
			return wrong(field, "neither true nor false", err);
		*(bool *)((char *)to + field->offset) = json_object_get_boolean(value);
		return 0;
	case SEA_LINE_TEXT:
	case SEA_LINE_STATIC:
		return get_text(value, field, to, texts, err);
	case SEA_LINE_TIME:
		return get_time(value, field, to, err);
	default:
		return get_name(value, field, to, unknown, err);
	}
}

int sea_line_get(json_object *object, const struct sea_line_field *fields, size_t nr, void *to,
		 struct sea_intern **texts, bool *unknown, struct sea_error *err)
{
	json_object *value;
	size_t i;

	for (i = 0; i < nr; i++) {
		if (!json_object_object_get_ex(object, fields[i].name, &value) || !value)
			continue;
		if (get_field(value, &fields[i], to, texts, unknown, err))
			return -1;
		if (fields[i].known)
			*(__u32 *)(void *)((char *)to + fields[i].known_offset) |= fields[i].known;
	}
	return 0;
}

int sea_line_number(json_object *object, const char *name, __u64 otherwise, __u64 *number,
		    struct sea_error *err)
{
	const struct sea_line_field field = {
		.name = name, .kind = SEA_LINE_NUMBER, .size = sizeof(*number)};
	json_object *value;

	*number = otherwise;
	if (!json_object_object_get_ex(object, name, &value) || !value)
		return 0;
	return get_number(value, &field, number, err);
}
