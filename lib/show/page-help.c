// SPDX-License-Identifier: GPL-2.0-only
/*
 * page-help.c - all keys, and what the columns and words mean.
 */
#include <string.h>

#include "model/row-fields.h"
#include "show/lines.h"

#define KEYS_WIDTH 17

static void put_column(struct sea_page_text *text, const struct sea_field *field)
{
	sea_page_put(text, SEA_LOOK_KEY, "%s", field->column);
	sea_page_wrap(text, KEYS_WIDTH, SEA_LOOK_PLAIN, field->help);
}

/* The column that the table is sorted by, as that is the one that was looked at. */
static void put_this_column(struct sea_page_text *text, const struct sea_scene *scene)
{
	if (!scene->state->sort)
		return;
	sea_page_heading(text, "The column that the table is sorted by");
	put_column(text, scene->state->sort);
}

static void put_keys(struct sea_page_text *text)
{
	size_t nr, i;
	const struct sea_key_help *help = sea_keys_help(&nr);

	sea_page_heading(text, "Keys");
	for (i = 0; i < nr; i++) {
		sea_page_put(text, SEA_LOOK_KEY, "%s", help[i].keys);
		sea_page_wrap(text, KEYS_WIDTH, SEA_LOOK_PLAIN, help[i].help);
	}
	sea_page_wrap(
		text, 0, SEA_LOOK_PLAIN,
		"The mouse chooses a line, a column to sort by, or a key of the bottom line.");
}

static void put_columns(struct sea_page_text *text)
{
	const struct sea_fields *fields = sea_row_fields();
	size_t i;

	sea_page_heading(text, "Columns");
	for (i = 0; i < fields->nr; i++)
		if (fields->list[i].column)
			put_column(text, &fields->list[i]);
}

static void put_words(struct sea_page_text *text)
{
	static const char *const words[][2] = {
		{"SEA", "synchronous external abort: a guest used memory that has gone bad"},
		{"name?", "sources disagree on the VM's name; Enter shows both"},
		{"claimed", "firmware reported it, and the host's RAS code took care of it"},
		{"host_owned", "the memory is the host's own; the guest got an SError"},
		{"not_opted_in",
		 "the guest's own access, but its VMM did not ask for SEAs: it got an SError"},
		{"forwarded", "the VMM was asked what to do: it injects, resumes or abandons"},
		{"injected", "the VMM told the guest of the bad memory"},
		{"resumed", "the VMM did nothing: the guest will hit the bad memory again"},
		{"abandoned", "the VM went away before it was answered"},
		{"pending", "there is no answer yet"},
		{"ambiguous walk",
		 "the CPU met the bad memory on a walk of page tables, and nobody "
		 "knows whether they are the guest's or the host's"},
	};
	size_t i;

	sea_page_heading(text, "Words");
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		sea_page_put(text, SEA_LOOK_KEY, "%s", words[i][0]);
		sea_page_wrap(text, KEYS_WIDTH, SEA_LOOK_PLAIN, words[i][1]);
	}
}

void sea_page_help(const struct sea_scene *scene, struct sea_frame frame, struct sea_canvas *canvas)
{
	struct sea_page_text text;

	sea_page_begin(&text, scene, frame, canvas);
	put_keys(&text);
	put_this_column(&text, scene);
	put_columns(&text);
	put_words(&text);
	sea_page_end(&text, scene);
}
