// SPDX-License-Identifier: GPL-2.0-only
#include "base/json-object.h"

#include <string.h>

#include "base/printable.h"

#define STRING_LEN 1024

void sea_json_add(json_object *object, const char *key, json_object *value, bool *failed)
{
	if (!value || json_object_object_add(object, key, value)) {
		json_object_put(value);
		*failed = true;
	}
}

void sea_json_add_number(json_object *object, const char *key, __u64 number, bool *failed)
{
	sea_json_add(object, key, json_object_new_uint64(number), failed);
}

void sea_json_add_bool(json_object *object, const char *key, bool value, bool *failed)
{
	sea_json_add(object, key, json_object_new_boolean(value), failed);
}

void sea_json_add_string(json_object *object, const char *key, const char *string, bool *failed)
{
	char clean[STRING_LEN];

	/* JSON is UTF-8, whatever the host calls itself. */
	sea_printable(string, strlen(string), clean, sizeof(clean));
	sea_json_add(object, key, json_object_new_string(clean), failed);
}

/* null is a value that json-c writes for a NULL pointer. */
void sea_json_add_null(json_object *object, const char *key, bool *failed)
{
	if (json_object_object_add(object, key, NULL))
		*failed = true;
}

void sea_json_add_number_or_null(json_object *object, const char *key, __u64 number, bool *failed)
{
	if (number)
		sea_json_add_number(object, key, number, failed);
	else
		sea_json_add_null(object, key, failed);
}

json_object *sea_json_add_object(json_object *object, const char *key, bool *failed)
{
	json_object *child = json_object_new_object();

	if (!child || json_object_object_add(object, key, child)) {
		json_object_put(child);
		*failed = true;
		return NULL;
	}
	return child;
}

json_object *sea_json_add_array(json_object *object, const char *key, bool *failed)
{
	json_object *child = json_object_new_array();

	if (!child || json_object_object_add(object, key, child)) {
		json_object_put(child);
		*failed = true;
		return NULL;
	}
	return child;
}

json_object *sea_json_append_object(json_object *array, bool *failed)
{
	json_object *child = json_object_new_object();

	if (!child || json_object_array_add(array, child)) {
		json_object_put(child);
		*failed = true;
		return NULL;
	}
	return child;
}

/* Appends the object's text, and gives the object back. */
static int append(json_object *object, bool failed, struct sea_text *out, struct sea_error *err)
{
	const char *text = NULL;

	if (object && !failed)
		text = json_object_to_json_string_ext(
			object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	if (text)
		sea_text_add(out, "%s", text);
	json_object_put(object);
	return !text || out->failed ? sea_error_set(err, "cannot write JSON: out of memory") : 0;
}

int sea_json_write(json_object *object, bool failed, struct sea_text *out, struct sea_error *err)
{
	if (append(object, failed, out, err))
		return -1;
	sea_text_add(out, "\n");
	return out->failed ? sea_error_set(err, "cannot write JSON: out of memory") : 0;
}

int sea_json_open_array(json_object *object, bool failed, const char *key, struct sea_text *out,
			struct sea_error *err)
{
	bool is_empty = object && !json_object_object_length(object);

	if (append(object, failed, out, err))
		return -1;
	/* The object's closing brace comes after the array. */
	out->len--;
	sea_text_add(out, "%s\"%s\":[", is_empty ? "" : ",", key);
	return out->failed ? sea_error_set(err, "cannot write JSON: out of memory") : 0;
}

int sea_json_write_element(json_object *element, bool failed, bool is_first, struct sea_text *out,
			   struct sea_error *err)
{
	if (!is_first)
		sea_text_add(out, ",");
	return append(element, failed, out, err);
}

int sea_json_close_array(struct sea_text *out, struct sea_error *err)
{
	sea_text_add(out, "]}\n");
	return out->failed ? sea_error_set(err, "cannot write JSON: out of memory") : 0;
}
