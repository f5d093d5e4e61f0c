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

	CHECK(tokener && !sea_json_render(view, &text, &err));
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
	const struct sea_table_options options = {.width = width};
	struct sea_text text = {0};
	struct sea_error err;
	const char *line;

	CHECK(!sea_table_render(view, &options, NULL, &text, &err));
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
	struct sea_vm_state vms[MAX_VMS];
	struct sea_session session = {.host = "h", .kernel = "k"};
	struct sea_view view = {0};
	struct sea_error err;
	size_t i, width;

	if (!size)
		return 0;
	width = data[0];
	data++;
	size--;
	memset(vms, 0, sizeof(vms));
	for (i = 0; i < MAX_VMS && size; i++) {
		size_t part = size < sizeof(vms[i].vm) ? size : sizeof(vms[i].vm);

		memcpy(&vms[i].vm, data, part);
		data += part;
		size -= part;
		vms[i].vm.id = i + 1;
		/* Sums of honest counters do not overflow. */
		for (int d = 0; d < SEA_DISPOSITIONS; d++)
			vms[i].vm.disposition[d] >>= 16;
	}
	now.vms = vms;
	now.nr_vms = i;
	if (now.nr_vms)
		now.other = vms[now.nr_vms - 1].vm;

	before.vms = vms;
	before.nr_vms = now.nr_vms / 2;
	CHECK(!sea_view_make(&view, &session, &now, &before, NULL, NULL, &err));
	check_json(&view);
	check_table(&view, width);
	sea_view_free(&view);
	return 0;
}
