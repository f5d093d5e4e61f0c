// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any counters must give a table that keeps to its width and JSON that can be
 * read back. The first byte is the width, the rest are rows.
 */
#include "fuzz.h"

#include <string.h>

#include <json-c/json.h>

#include "show/json.h"
#include "show/table.h"

#define MAX_VMS 16

static void check_json(const struct sea_view *view)
{
	struct json_tokener *tokener = json_tokener_new();
	struct sea_text text = {0};
	struct sea_error err;
	json_object *object;

	CHECK(tokener && !sea_json_render(view, "h", "k", &text, &err));
	CHECK(strchr(text.text, '\n') == text.text + text.len - 1);
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	object = json_tokener_parse_ex(tokener, text.text, (int)text.len - 1);
	CHECK(object);
	json_object_put(object);
	json_tokener_free(tokener);
	sea_text_free(&text);
}

static void check_table(const struct sea_view *view, size_t width)
{
	const struct sea_table_options options = {.width = width, .host = "h", .kernel = "k"};
	struct sea_text text = {0};
	struct sea_error err;
	const char *line;

	CHECK(!sea_table_render(view, &options, &text, &err));
	/* Below this the numbers alone can be too wide. */
	for (line = text.text; width >= 140 && *line; line += strcspn(line, "\n") + 1)
		CHECK(strcspn(line, "\n") <= width);
	for (line = text.text; *line; line++)
		CHECK(*line == '\n' || (*line >= ' ' && *line < 0x7f));
	sea_text_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sea_snapshot now = {.source = "fuzz", .time_ns = 1, .wall = {1, 0}};
	struct sea_snapshot before = {0};
	struct sea_vm vms[MAX_VMS];
	struct sea_vm_names *names;
	struct sea_view view = {0};
	struct sea_error err;
	size_t i, width;

	if (!size)
		return 0;
	width = data[0];
	data++;
	size--;
	memset(vms, 0, sizeof(vms));
	memcpy(vms, data, size < sizeof(vms) ? size : sizeof(vms));
	now.vms = vms;
	now.nr_vms = (size + sizeof(*vms) - 1) / sizeof(*vms);
	if (now.nr_vms > MAX_VMS)
		now.nr_vms = MAX_VMS;
	for (i = 0; i < now.nr_vms; i++) {
		vms[i].id = i + 1;
		vms[i].start_ns = 0; /* no look at the machine's own processes */
		/* Sums of honest counters do not overflow. */
		for (int d = 0; d < SEA_DISPOSITIONS; d++)
			vms[i].disposition[d] >>= 16;
	}
	if (now.nr_vms)
		now.other = vms[now.nr_vms - 1];

	CHECK(!sea_vm_names_open("/", &names, &err));
	before.vms = vms;
	before.nr_vms = now.nr_vms / 2;
	CHECK(!sea_view_make(&view, &now, &before, names, NULL, NULL, &err));
	check_json(&view);
	check_table(&view, width);
	sea_view_free(&view);
	sea_vm_names_close(names);
	return 0;
}
