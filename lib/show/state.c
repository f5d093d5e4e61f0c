// SPDX-License-Identifier: GPL-2.0-only
#include "show/state.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "model/row-fields.h"

void sea_list_fit(struct sea_list *list, size_t nr, size_t height)
{
	list->nr = nr;
	list->height = height;
	if (list->cursor >= nr)
		list->cursor = nr ? nr - 1 : 0;
	if (list->cursor < list->top)
		list->top = list->cursor;
	if (height && list->cursor >= list->top + height)
		list->top = list->cursor - height + 1;
	/* No empty lines at the end where there is something above. */
	if (list->top + height > nr)
		list->top = nr > height ? nr - height : 0;
}

/* A page of text has no cursor: its first line is what moves, and goes by it. */
static size_t last_place(const struct sea_list *list, bool has_cursor)
{
	if (has_cursor)
		return list->nr ? list->nr - 1 : 0;
	return list->nr > list->height ? list->nr - list->height : 0;
}

bool sea_list_move(struct sea_list *list, enum sea_action action, bool has_cursor)
{
	size_t *place = has_cursor ? &list->cursor : &list->top;
	size_t page = list->height > 1 ? list->height - 1 : 1;
	size_t last = last_place(list, has_cursor), before = *place;

	switch (action) {
	case SEA_DO_UP:
		*place -= *place > 0;
		break;
	case SEA_DO_DOWN:
		*place += 1;
		break;
	case SEA_DO_PAGE_UP:
		*place -= *place < page ? *place : page;
		break;
	case SEA_DO_PAGE_DOWN:
		*place += page;
		break;
	case SEA_DO_FIRST:
		*place = 0;
		break;
	default:
		*place = last;
	}
	if (*place > last)
		*place = last;
	if (!has_cursor)
		list->cursor = list->top;
	return *place != before;
}

void sea_state_begin(struct sea_state *state)
{
	memset(state, 0, sizeof(*state));
	state->sort = sea_row_field("TOTAL");
	state->urgent_first = true;
}

void sea_state_open(struct sea_state *state, enum sea_screen_page page)
{
	if (state->page == page)
		return;
	/* Round and round between two pages is not deeper and deeper. */
	if (state->depth == SEA_PAGES_DEEP) {
		memmove(state->below + 1, state->below + 2,
			(SEA_PAGES_DEEP - 2) * sizeof(state->below[0]));
		state->depth--;
	}
	state->below[state->depth++] = state->page;
	state->page = page;
	if (page != SEA_PAGE_TABLE)
		state->lists[page] = (struct sea_list){0};
	if (page == SEA_PAGE_EVENTS)
		state->event_follows = false;
}

bool sea_state_back(struct sea_state *state)
{
	if (!state->depth)
		return false;
	state->page = state->below[--state->depth];
	return true;
}

void sea_state_say(struct sea_state *state, bool is_bad, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(state->message, sizeof(state->message), format, args);
	va_end(args);
	state->message_is_bad = is_bad;
}

void sea_state_prompt(struct sea_state *state, enum sea_prompt prompt, const char *text)
{
	state->prompt = prompt;
	snprintf(state->input, sizeof(state->input), "%s", text);
	snprintf(state->before, sizeof(state->before), "%s", state->filter);
}

/* Off the end, all bytes of a character */
static void drop_character(char *text)
{
	size_t len = strlen(text);

	while (len && ((unsigned char)text[len - 1] & 0xc0) == 0x80)
		len--;
	text[len ? len - 1 : 0] = '\0';
}

/* Up to the blank before */
static void drop_word(char *text)
{
	size_t len = strlen(text);

	while (len && text[len - 1] == ' ')
		len--;
	while (len && text[len - 1] != ' ')
		len--;
	text[len] = '\0';
}

static void add_character(char *text, size_t size, int key)
{
	size_t at = strlen(text);
	char utf8[5] = "";

	if (key < 0x80)
		snprintf(utf8, sizeof(utf8), "%c", key);
	else if (key < 0x800)
		snprintf(utf8, sizeof(utf8), "%c%c", 0xc0 | key >> 6, 0x80 | (key & 0x3f));
	else if (key < 0x10000)
		snprintf(utf8, sizeof(utf8), "%c%c%c", 0xe0 | key >> 12, 0x80 | (key >> 6 & 0x3f),
			 0x80 | (key & 0x3f));
	else
		snprintf(utf8, sizeof(utf8), "%c%c%c%c", 0xf0 | key >> 18,
			 0x80 | (key >> 12 & 0x3f), 0x80 | (key >> 6 & 0x3f), 0x80 | (key & 0x3f));
	if (at + strlen(utf8) < size)
		snprintf(text + at, size - at, "%s", utf8);
}

static void edit(struct sea_state *state, int key)
{
	switch (key) {
	case SEA_KEY_BACKSPACE:
		drop_character(state->input);
		break;
	case 'W' - 'A' + 1:
		drop_word(state->input);
		break;
	case 'U' - 'A' + 1:
		state->input[0] = '\0';
		break;
	default:
		/* Control characters, and keys that are no characters, are none. */
		if (key >= ' ' && key != 0x7f && key < SEA_KEY_UP)
			add_character(state->input, sizeof(state->input), key);
	}
}

enum sea_typed sea_state_type(struct sea_state *state, int key)
{
	bool is_filter = state->prompt == SEA_PROMPT_FILTER;

	if (key == SEA_KEY_ESC || (key == SEA_KEY_BACKSPACE && !state->input[0])) {
		if (is_filter)
			snprintf(state->filter, sizeof(state->filter), "%s",
				 key == SEA_KEY_ESC ? state->before : "");
		state->prompt = SEA_PROMPT_NONE;
		return SEA_TYPED_DROPPED;
	}
	if (key == SEA_KEY_ENTER) {
		state->prompt = SEA_PROMPT_NONE;
		return SEA_TYPED_DONE;
	}
	edit(state, key);
	if (is_filter) {
		snprintf(state->filter, sizeof(state->filter), "%s", state->input);
		state->lists[state->page].cursor = state->lists[state->page].top = 0;
		state->follows = false;
	}
	return SEA_TYPED_MORE;
}

static void next_counts(struct sea_state *state)
{
	static const char *const said[SEA_COUNTS_KINDS] = {
		[SEA_COUNTS_TOTAL] = "counts are since counting began",
		[SEA_COUNTS_MARK] = "counts are since the mark",
		[SEA_COUNTS_INTERVAL] = "counts are of the last interval",
	};

	state->counts = (state->counts + 1) % SEA_COUNTS_KINDS;
	if (state->counts == SEA_COUNTS_MARK && !state->has_mark)
		state->counts++;
	sea_state_say(state, false, "%s%s", said[state->counts],
		      state->has_mark ? "" : "; m sets a mark to count from");
}

static void toggle(struct sea_state *state, bool *what, const char *on, const char *off)
{
	*what = !*what;
	sea_state_say(state, false, "%s", *what ? on : off);
}

static void go_back(struct sea_state *state)
{
	if (sea_state_back(state))
		return;
	if (!state->filter[0])
		return;
	state->filter[0] = '\0';
	sea_state_say(state, false, "the filter is gone: all VMs are shown");
}

static void move(struct sea_state *state, enum sea_action action)
{
	static const bool has_cursor[SEA_PAGES] = {
		[SEA_PAGE_TABLE] = true,
		[SEA_PAGE_EVENTS] = true,
		[SEA_PAGE_COLUMNS] = true,
	};
	struct sea_list *list = &state->lists[state->page];

	sea_list_move(list, action, has_cursor[state->page]);
	/* At the top one looks at whatever is there. */
	if (state->page == SEA_PAGE_TABLE) {
		state->follows = list->cursor;
		state->vm = 0;
	}
	if (state->page == SEA_PAGE_EVENTS) {
		state->event_follows = list->cursor;
		state->event = 0;
	}
}

static bool has_lines(const struct sea_state *state)
{
	return state->page == SEA_PAGE_TABLE || state->page == SEA_PAGE_EVENTS ||
	       state->page == SEA_PAGE_COLUMNS;
}

enum sea_action sea_state_click(struct sea_state *state, size_t y, size_t x)
{
	struct sea_list *list = &state->lists[state->page];
	size_t i, line;

	for (i = 0; y == state->bar.y && i < state->bar.nr; i++)
		if (x >= state->bar.keys[i].from && x < state->bar.keys[i].to)
			return state->bar.keys[i].action;
	if (!has_lines(state) || y < list->y || y - list->y >= list->height)
		return SEA_DO_NOTHING;
	line = list->top + y - list->y;
	if (line >= list->nr)
		return SEA_DO_NOTHING;
	if (line == list->cursor)
		return SEA_DO_OPEN;
	list->cursor = line;
	/* As a key that moves there. */
	if (state->page == SEA_PAGE_TABLE) {
		state->follows = true;
		state->vm = 0;
	} else if (state->page == SEA_PAGE_EVENTS) {
		state->event_follows = true;
		state->event = 0;
	}
	return SEA_DO_NOTHING;
}

bool sea_state_act(struct sea_state *state, enum sea_action action)
{
	switch (action) {
	case SEA_DO_NOTHING:
		return true;
	case SEA_DO_UP:
	case SEA_DO_DOWN:
	case SEA_DO_PAGE_UP:
	case SEA_DO_PAGE_DOWN:
	case SEA_DO_FIRST:
	case SEA_DO_LAST:
		move(state, action);
		return true;
	case SEA_DO_BACK:
		go_back(state);
		return true;
	case SEA_DO_FILTER:
		sea_state_prompt(state, SEA_PROMPT_FILTER, state->filter);
		return true;
	case SEA_DO_GO_TO_TIME:
		sea_state_prompt(state, SEA_PROMPT_TIME, "");
		return true;
	case SEA_DO_COLUMNS:
		sea_state_open(state, SEA_PAGE_COLUMNS);
		return true;
	case SEA_DO_EVENTS:
		sea_state_open(state, SEA_PAGE_EVENTS);
		return true;
	case SEA_DO_TRUST:
		sea_state_open(state, SEA_PAGE_TRUST);
		return true;
	case SEA_DO_HELP:
		sea_state_open(state, SEA_PAGE_HELP);
		return true;
	case SEA_DO_REVERSE:
		state->reverse = !state->reverse;
		return true;
	case SEA_DO_URGENT:
		toggle(state, &state->urgent_first, "VMs that are being hit come first",
		       "sorted by the column alone");
		return true;
	case SEA_DO_ENDED:
		toggle(state, &state->hide_ended, "VMs that have ended are hidden",
		       "VMs that have ended are shown");
		return true;
	case SEA_DO_IDLE:
		toggle(state, &state->hide_idle, "VMs without SEAs are hidden",
		       "VMs without SEAs are shown");
		return true;
	case SEA_DO_ADDRESSES:
		toggle(state, &state->show_addresses,
		       "the guest's addresses are shown: they are the customer's data",
		       "the guest's addresses are hidden");
		return true;
	case SEA_DO_COUNTS:
		next_counts(state);
		return true;
	default:
		return false;
	}
}

void sea_state_counts_text(const struct sea_state *state, char *out, size_t size)
{
	char mark[32] = "the mark";
	struct tm tm;

	if (localtime_r(&state->mark.tv_sec, &tm))
		strftime(mark, sizeof(mark), "%H:%M:%S", &tm);
	switch (state->counts) {
	case SEA_COUNTS_MARK:
		snprintf(out, size, "since %s", mark);
		break;
	case SEA_COUNTS_INTERVAL:
		snprintf(out, size, "in the interval");
		break;
	default:
		snprintf(out, size, "since the start");
	}
}
