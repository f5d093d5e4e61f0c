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

/*
 * The same line in parts, for an array that has too many elements to be held as objects:
 * those of 2,000 VMs take 20 MiB, and their text 3. The array becomes the last member;
 * key is written as it is. Each element is given back when it is written. The three are
 * called in this order, the second as often as there are elements.
 */
int sea_json_open_array(json_object *object, bool failed, const char *key, struct sea_text *out,
			struct sea_error *err);
int sea_json_write_element(json_object *element, bool failed, bool is_first, struct sea_text *out,
			   struct sea_error *err);
int sea_json_close_array(struct sea_text *out, struct sea_error *err);

#endif /* SEA_JSON_OBJECT_H */
