// SPDX-License-Identifier: GPL-2.0-only
#include "base/field-json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json-object.h"
#include "base/text.h"

#define PATH_PART_LEN 64

/* The object that the last part of the path is a member of; *part becomes that part. */
static json_object *parent_of(json_object *object, const char **part, bool *failed)
{
	const char *dot;

	while (object && (dot = strchr(*part, '.'))) {
		json_object *child;
		char name[PATH_PART_LEN];

		snprintf(name, sizeof(name), "%.*s", (int)(dot - *part), *part);
		if (!json_object_object_get_ex(object, name, &child))
			child = sea_json_add_object(object, name, failed);
		object = child;
		*part = dot + 1;
	}
	return object;
}

static void add_slots(json_object *object, const char *name, const struct sea_value *value,
		      bool *failed)
{
	json_object *slots = sea_json_add_array(object, name, failed);
	size_t i;

	for (i = 0; slots && i < value->nr_slots; i++)
		if (json_object_array_add(slots, json_object_new_uint64(value->slots[i])))
			*failed = true;
}

static void add_value(json_object *object, const char *name, const struct sea_field *field,
		      const struct sea_value *value, bool *failed)
{
	char text[SEA_TIME_LEN];

	if (!value->known) {
		sea_json_add_null(object, name, failed);
		return;
	}
	switch (field->kind) {
	case SEA_FLAG:
		sea_json_add_bool(object, name, value->number, failed);
		break;
	case SEA_TEXT:
		sea_json_add_string(object, name, value->text, failed);
		break;
	case SEA_TIME:
		sea_text_utc(&value->time, text, sizeof(text));
		sea_json_add_string(object, name, text, failed);
		break;
	case SEA_REAL:
		/* json-c's own 17 digits are more than the clock is worth. */
		snprintf(text, sizeof(text), "%.3f", value->real);
		sea_json_add(object, name, json_object_new_double_s(value->real, text), failed);
		break;
	case SEA_HISTOGRAM:
		add_slots(object, name, value, failed);
		break;
	default:
		sea_json_add_number(object, name, value->number, failed);
	}
}

void sea_json_add_fields(json_object *object, const struct sea_fields *fields, __u32 where,
			 const void *from, bool *failed)
{
	struct sea_value value;
	size_t i;

	for (i = 0; object && i < fields->nr; i++) {
		const struct sea_field *field = &fields->list[i];
		const char *name = field->path;
		json_object *parent;

		if (!name || (where && field->where && !(field->where & where)))
			continue;
		parent = parent_of(object, &name, failed);
		if (!parent)
			return;
		sea_field_get(field, from, &value);
		add_value(parent, name, field, &value, failed);
	}
}

static bool says_nothing(json_object *object)
{
	json_object_object_foreach(object, key, value)
	{
		(void)key;
		if (value)
			return false;
	}
	return true;
}

void sea_json_close_groups(json_object *object)
{
	struct json_object_iter it;

	/* Replacing a value while the list is walked is allowed, as the key stays. */
	json_object_object_foreachC(object, it)
	{
		if (!json_object_is_type(it.val, json_type_object))
			continue;
		sea_json_close_groups(it.val);
		if (says_nothing(it.val))
			json_object_object_add(object, it.key, NULL);
	}
}
