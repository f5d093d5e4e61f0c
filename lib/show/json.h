/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * json.h - a view as JSON, schema "seatop/2".
 *
 * The fields are those of lib/model/row-fields.c and view-fields.c. Fields may be
 * added to them; none of them changes or goes without a new number.
 */
#ifndef SEA_JSON_H
#define SEA_JSON_H

#include "base/error.h"
#include "base/text.h"
#include "model/view.h"

#define SEA_JSON_SCHEMA "seatop/2"

/* A line that is longer is split by journald and others: 48 KiB. */
#define SEA_JSON_LINE_MAX (48 * 1024)

/* Appends the view as one JSON object and a newline, with all VMs in it. */
int sea_json_render(const struct sea_view *view, struct sea_text *out, struct sea_error *err);

/*
 * Appends the view as an object a line, none longer than SEA_JSON_LINE_MAX: one of
 * type "tick" with all but the VMs, then one of type "vm" for each VM.
 */
int sea_json_render_lines(const struct sea_view *view, struct sea_text *out, struct sea_error *err);

#endif /* SEA_JSON_H */
