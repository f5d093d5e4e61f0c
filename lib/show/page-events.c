// SPDX-License-Identifier: GPL-2.0-only
/*
 * page-events.c - the log, newest first, of the VMs that pass the filter.
 */
#include "show/events.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/clock.h"
#include "show/describe.h"

#define NAME_MIN 12
#define TIME_WIDTH 13	   /* of "06:50:44.123 " */
#define TIME_WIDTH_SHORT 9 /* of "06:50:44 " */
/* So narrow a line has no room for milliseconds. */
#define NARROW 60
#define LLU(number) ((unsigned long long)(number))

static bool is_of_vm(const struct sea_logged *entry, __u64 id)
{
	return entry->vm && entry->vm->id == id;
}

/* The log that was opened from the page of a VM is that VM's. */
static __u64 vm_of_log(const struct sea_state *state)
{
	size_t i;

	for (i = state->depth; i; i--)
		if (state->below[i - 1] == SEA_PAGE_VM)
			return state->opened_vm;
	return state->page == SEA_PAGE_VM ? state->opened_vm : 0;
}

static bool passes(const struct sea_scene *scene, const struct sea_logged *entry, __u64 vm,
		   __s64 until_ns)
{
	const struct sea_row row = {
		.kind = SEA_ROW_VM,
		.info = entry->vm,
		.vm.tgid = entry->vm ? entry->vm->key.tgid : 0,
	};

	if (sea_time_to_ns(&entry->wall) > until_ns)
		return false;
	if (vm)
		return is_of_vm(entry, vm);
	if (!scene->state->filter[0])
		return true;
	return entry->vm && sea_row_matches(&row, scene->state->filter);
}

size_t sea_events_collect(const struct sea_scene *scene, const struct sea_logged **entries,
			  size_t max)
{
	const struct sea_log *log = sea_history_log(scene->history);
	__s64 until_ns =
		scene->view && scene->back ? sea_time_to_ns(&scene->view->wall) : INT64_MAX;
	__u64 vm = vm_of_log(scene->state);
	const struct sea_logged *entry;
	size_t nr = 0;

	for (entry = sea_log_newest(log); entry && nr < max; entry = sea_log_before(log, entry))
		if (passes(scene, entry, vm, until_ns))
			entries[nr++] = entry;
	return nr;
}

void sea_events_time(const struct timespec *time, bool date, char *out, size_t size)
{
	char text[48] = "?";
	struct tm tm;

	if (localtime_r(&time->tv_sec, &tm))
		strftime(text, sizeof(text), date ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S", &tm);
	snprintf(out, size, "%s.%03ld", text, time->tv_nsec / 1000000);
}

/* The cursor stays on its entry when others come. */
static void place_cursor(struct sea_state *state, const struct sea_logged *const *entries,
			 size_t nr, size_t height)
{
	struct sea_list *list = &state->lists[SEA_PAGE_EVENTS];
	size_t i;

	if (state->event_follows && state->event)
		for (i = 0; i < nr; i++)
			if (entries[i]->number == state->event) {
				list->cursor = i;
				break;
			}
	sea_list_fit(list, nr, height);
	state->event = nr ? entries[list->cursor]->number : 0;
}

static enum sea_look look_of(const struct sea_logged *entry)
{
	switch (entry->type) {
	case SEA_RECORD_SEA:
		return entry->event.disposition == SEA_HOST_OWNED ? SEA_LOOK_BAD : SEA_LOOK_PLAIN;
	case SEA_RECORD_ANSWER:
		return entry->event.response == SEA_INJECTED ? SEA_LOOK_GOOD : SEA_LOOK_DOUBT;
	case SEA_RECORD_GAP:
		return SEA_LOOK_BAD;
	case SEA_RECORD_END:
		return SEA_LOOK_STRONG;
	default:
		return SEA_LOOK_PLAIN;
	}
}

static void draw_entry(const struct sea_scene *scene, const struct sea_logged *entry, size_t y,
		       size_t name_width, struct sea_canvas *canvas)
{
	char text[SEA_DESCRIBE_LEN], time[64], name[SEA_VM_NAME_LEN];
	size_t x = canvas->columns < NARROW ? TIME_WIDTH_SHORT : TIME_WIDTH;

	sea_events_time(&entry->wall, false, time, sizeof(time));
	time[x - 1] = '\0';
	sea_canvas_put(canvas, y, 0, SEA_LOOK_PLAIN, time);
	if (name_width) {
		sea_text_cut_middle(entry->vm ? entry->vm->name.text : "-", name_width, name,
				    sizeof(name));
		sea_canvas_put(canvas, y, x, SEA_LOOK_PLAIN, name);
		x += name_width + 1;
	}
	sea_describe(entry, scene->state->show_addresses, text, sizeof(text));
	if (x < canvas->columns)
		sea_canvas_cut(canvas, y, x, canvas->columns - x, look_of(entry), text);
}

static void draw_head(const struct sea_scene *scene, size_t y, size_t nr, struct sea_canvas *canvas)
{
	const struct sea_state *state = scene->state;
	__u64 dropped = sea_log_dropped(sea_history_log(scene->history)), vm = vm_of_log(state);
	const struct sea_row *row = vm ? sea_scene_row(scene, vm) : NULL;
	char text[SEA_INPUT_LEN + 512], older[64] = "";

	if (dropped)
		snprintf(older, sizeof(older), "; %llu older ones were dropped", LLU(dropped));
	snprintf(text, sizeof(text), "%zu events%s%s%s%s, newest first%s", nr, vm ? " of " : "",
		 vm ? (row ? sea_row_name(row) : "the VM") : "",
		 !vm && state->filter[0] ? " of VMs with " : "", !vm ? state->filter : "", older);
	sea_canvas_cut(canvas, y, 0, canvas->columns, SEA_LOOK_HEAD, text);
	sea_canvas_look(canvas, y, 0, canvas->columns, SEA_LOOK_HEAD);
}

/* As wide as the names are, but what happened has half of the line. */
static size_t width_of_names(const struct sea_logged *const *entries, size_t nr,
			     const struct sea_canvas *canvas)
{
	size_t i, width = NAME_MIN;

	if (canvas->columns < 2 * TIME_WIDTH + NAME_MIN)
		return 0;
	for (i = 0; i < nr; i++)
		if (entries[i]->vm && sea_text_width(entries[i]->vm->name.text) > width)
			width = sea_text_width(entries[i]->vm->name.text);
	return width > canvas->columns / 4 ? canvas->columns / 4 : width;
}

void sea_page_events(const struct sea_scene *scene, struct sea_frame frame,
		     struct sea_canvas *canvas)
{
	const struct sea_log *log = sea_history_log(scene->history);
	size_t room = sea_log_count(log), nr, i, width, y = frame.first;
	const struct sea_logged **entries = calloc(room ?: 1, sizeof(*entries));
	struct sea_list *list = &scene->state->lists[SEA_PAGE_EVENTS];

	if (!entries)
		return;
	nr = sea_events_collect(scene, entries, room);
	draw_head(scene, y++, nr, canvas);
	place_cursor(scene->state, entries, nr, frame.end - y);
	list->y = y;
	if (!nr && y < frame.end)
		sea_canvas_cut(
			canvas, y, 0, canvas->columns, SEA_LOOK_PLAIN,
			scene->is_recording ?
				"None since the jump to this time; Space plays on, { goes back." :
				"Nothing happened since this screen began to look.");
	width = width_of_names(entries, nr, canvas);
	for (i = list->top; i < nr && y < frame.end; i++, y++) {
		draw_entry(scene, entries[i], y, width, canvas);
		if (i == list->cursor)
			sea_canvas_look(canvas, y, 0, canvas->columns, SEA_LOOK_CURSOR);
	}
	free(entries);
}
