/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * json.h - a view as one line of JSON, schema "seatop/1".
 *
 * seatop(8) describes the schema field by field. Fields may be added to it;
 * none of them changes or goes without a new number.
 */
#ifndef SEA_JSON_H
#define SEA_JSON_H

#include "model/counters.h"
#include "base/error.h"
#include "base/text.h"

#define SEA_JSON_SCHEMA "seatop/1"

/*
 * Appends the view as one JSON object and a newline; host and kernel as in the
 * table's header.
 */
int sea_json_render(const struct sea_view *view, const char *host, const char *kernel,
		    struct sea_text *out, struct sea_error *err);

#endif /* SEA_JSON_H */
