/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * json-object.h - JSON objects put together without an error check at each step:
 * what fails sets *failed, and sea_json_write() is the one place that looks.
 */
#ifndef SEA_JSON_OBJECT_H
#define SEA_JSON_OBJECT_H

#include <stdbool.h>

#include <json-c/json.h>
#include <linux/types.h>

#include "base/error.h"
#include "base/text.h"

/* Adds value, which becomes the object's, under key. */
void sea_json_add(json_object *object, const char *key, json_object *value, bool *failed);
void sea_json_add_number(json_object *object, const char *key, __u64 number, bool *failed);
void sea_json_add_bool(json_object *object, const char *key, bool value, bool *failed);
/* Made valid UTF-8, and cut to 1 KiB. */
void sea_json_add_string(json_object *object, const char *key, const char *string, bool *failed);
void sea_json_add_null(json_object *object, const char *key, bool *failed);
/* 0 becomes null. */
void sea_json_add_number_or_null(json_object *object, const char *key, __u64 number, bool *failed);

/* An empty object under key, to be filled; never NULL unless *failed is set. */
json_object *sea_json_add_object(json_object *object, const char *key, bool *failed);
/* Likewise an array, and an object at its end. */
json_object *sea_json_add_array(json_object *object, const char *key, bool *failed);
json_object *sea_json_append_object(json_object *array, bool *failed);

/* Appends the object as one line and gives it back; NULL is out of memory. */
int sea_json_write(json_object *object, bool failed, struct sea_text *out, struct sea_error *err);

#endif /* SEA_JSON_OBJECT_H */
