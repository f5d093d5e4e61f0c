// SPDX-License-Identifier: GPL-2.0-only
/* line-read-object.c - what is in an object of a line. */
#include "store/line-read-internal.h"

#include <string.h>

int sea_line_fail(const struct sea_line_reader *r, const char *why, struct sea_error *err)
{
	struct sea_error reason;

	/* err's own text is not to be overwritten while it is read. */
	sea_error_set(&reason, "%s", why);
	return sea_error_set(err, "cannot read %s: line %llu: %s", r->name,
			     (unsigned long long)r->nr, reason.text);
}

int sea_line_take(struct sea_line_reader *r, json_object *object, const struct sea_line_list *list,
		  void *to, struct sea_error *err)
{
	if (sea_line_get(object, list->fields, list->nr, to, &r->texts, &r->is_incomplete, err))
		return sea_line_fail(r, err->text, err);
	return 0;
}

const char *sea_line_text(json_object *object, const char *name)
{
	json_object *value;

	if (!json_object_object_get_ex(object, name, &value) ||
	    !json_object_is_type(value, json_type_string))
		return "";
	return json_object_get_string(value);
}
