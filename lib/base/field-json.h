/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * field-json.h - fields of an object as JSON.
 */
#ifndef SEA_FIELD_JSON_H
#define SEA_FIELD_JSON_H

#include <json-c/json.h>

#include "base/fields.h"

/*
 * Adds all fields that have a path and are for `where` (0: all of them). A path as
 * "last.time" makes an object "last" at its first field; one of which nothing is known
 * becomes null in the end, see sea_json_close_groups().
 */
void sea_json_add_fields(json_object *object, const struct sea_fields *fields, __u32 where,
			 const void *from, bool *failed);

/* Makes each object below this one null if it has nothing but nulls. */
void sea_json_close_groups(json_object *object);

#endif /* SEA_FIELD_JSON_H */
