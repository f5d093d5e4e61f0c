// SPDX-License-Identifier: GPL-2.0-only
#include "show/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_LEN 16

#define TABLE (1U << SEA_PAGE_TABLE)
#define VM (1U << SEA_PAGE_VM)
#define EVENTS (1U << SEA_PAGE_EVENTS)
#define EVENT (1U << SEA_PAGE_EVENT)
#define TRUST (1U << SEA_PAGE_TRUST)
#define COLUMNS (1U << SEA_PAGE_COLUMNS)
#define HELP (1U << SEA_PAGE_HELP)

/* Pages that show the VMs as they were at one moment */
#define DATA (TABLE | VM | EVENTS | EVENT | TRUST)

static const struct sea_key_help table[] = {
	{SEA_DO_UP, "up", "Up k", "One line up", 0, NULL, NULL},
	{SEA_DO_DOWN, "down", "Down j", "One line down", 0, NULL, NULL},
	{SEA_DO_PAGE_UP, "page-up", "PgUp Ctrl-B", "One page up", 0, NULL, NULL},
	{SEA_DO_PAGE_DOWN, "page-down", "PgDn Ctrl-F", "One page down", 0, NULL, NULL},
	{SEA_DO_FIRST, "first", "g Home", "To the first line", 0, NULL, NULL},
	{SEA_DO_LAST, "last", "G End", "To the last line", 0, NULL, NULL},
	{SEA_DO_OPEN, "open", "Enter", "Open what the cursor is on: a VM, an event, a column",
	 TABLE | VM | EVENTS | COLUMNS, "Enter", "Open"},
	{SEA_DO_BACK, "back", "Esc Backspace",
	 "Back to where you were; in the table: drop the filter", 0, "Esc", "Back"},
	{SEA_DO_HELP, "help", "F1 h ?", "Show the keys, and what the columns mean", 0, "F1",
	 "Help"},
	{SEA_DO_FILTER, "filter", "/",
	 "Only VMs with this in their names, as you type; a|b is either", TABLE | EVENTS, "/",
	 "Filter"},
	{SEA_DO_EVENTS, "events", "l", "Show the log of SEAs, answers and what else happened",
	 TABLE | VM | TRUST, "l", "Log"},
	{SEA_DO_TRUST, "trust", "t", "Show whether the numbers can be trusted, and why",
	 TABLE | VM | EVENTS | EVENT, "t", "Trust"},
	{SEA_DO_COLUMNS, "columns", "s F6", "Choose the column to sort by from a list", TABLE, "s",
	 "Sort"},
	{SEA_DO_SORT_LEFT, "sort-left", "<", "Sort by the column to the left", TABLE, NULL, NULL},
	{SEA_DO_SORT_RIGHT, "sort-right", ">", "Sort by the column to the right", TABLE, NULL,
	 NULL},
	{SEA_DO_REVERSE, "reverse", "R", "Turn the order upside down", TABLE, NULL, NULL},
	{SEA_DO_URGENT, "urgent", "u", "VMs that are being hit first, whatever the column; or not",
	 TABLE, NULL, NULL},
	{SEA_DO_ENDED, "ended", "e", "Hide VMs that have ended, or show them", TABLE, NULL, NULL},
	{SEA_DO_IDLE, "idle", "z", "Hide VMs without SEAs, or show them", TABLE, NULL, NULL},
	{SEA_DO_COUNTS, "counts", "c", "Count since the start, since the mark, or in the interval",
	 TABLE | VM, "c", "Counts"},
	{SEA_DO_MARK, "mark", "m", "Set the mark here, and count from it", TABLE | VM, NULL, NULL},
	{SEA_DO_ADDRESSES, "addresses", "a", "Show the guest's addresses, or hide them",
	 VM | EVENTS | EVENT, "a", "Addresses"},
	{SEA_DO_PAUSE, "pause", "Space p", "Hold the screen still, or let it go on", DATA, "Space",
	 "Pause"},
	{SEA_DO_FASTER, "faster", "+", "Half the interval; of a recording, twice the speed", DATA,
	 NULL, NULL},
	{SEA_DO_SLOWER, "slower", "-", "Twice the interval; of a recording, half the speed", DATA,
	 NULL, NULL},
	{SEA_DO_STEP_BACK, "step-back", "[", "One interval back in time", DATA, "[ ]", "Step"},
	{SEA_DO_STEP_ON, "step-on", "]", "One interval on", DATA, NULL, NULL},
	{SEA_DO_SEA_BEFORE, "sea-before", "{", "Back to when an SEA came", DATA, NULL, NULL},
	{SEA_DO_SEA_NEXT, "sea-next", "}", "On to when the next SEA came", DATA, NULL, NULL},
	{SEA_DO_HOUR_BACK, "hour-back", "b", "An hour back", DATA, NULL, NULL},
	{SEA_DO_GO_TO_TIME, "go-to-time", "T", "To a time: 14:00, -2h, yesterday 14:00", DATA, NULL,
	 NULL},
	{SEA_DO_NOW, "now", "n", "To the newest there is, and go on", DATA, NULL, NULL},
	{SEA_DO_WRITE, "write", "w", "Write what is on the screen to a file", 0, NULL, NULL},
	{SEA_DO_REPAINT, "repaint", "Ctrl-L", "Paint all of the screen again", 0, NULL, NULL},
	{SEA_DO_SUSPEND, "suspend", "Ctrl-Z", "Back to the shell; fg comes back here", 0, NULL,
	 NULL},
	{SEA_DO_QUIT, "quit", "q F10 Ctrl-C", "End seatop", 0, "q", "Quit"},
};

#define NR (sizeof(table) / sizeof(table[0]))

static const struct {
	const char *name;
	int key;
} names[] = {
	{"Up", SEA_KEY_UP},
	{"Down", SEA_KEY_DOWN},
	{"Left", SEA_KEY_LEFT},
	{"Right", SEA_KEY_RIGHT},
	{"PgUp", SEA_KEY_PAGE_UP},
	{"PgDn", SEA_KEY_PAGE_DOWN},
	{"Home", SEA_KEY_HOME},
	{"End", SEA_KEY_END},
	{"Enter", SEA_KEY_ENTER},
	{"Esc", SEA_KEY_ESC},
	{"Backspace", SEA_KEY_BACKSPACE},
	{"Delete", SEA_KEY_DELETE},
	{"Space", ' '},
};

const char *sea_page_name(enum sea_screen_page page)
{
	static const char *const pages[SEA_PAGES] = {
		[SEA_PAGE_TABLE] = "table", [SEA_PAGE_VM] = "VM",
		[SEA_PAGE_EVENTS] = "log",  [SEA_PAGE_EVENT] = "event",
		[SEA_PAGE_TRUST] = "trust", [SEA_PAGE_COLUMNS] = "columns",
		[SEA_PAGE_HELP] = "help",
	};

	return page < SEA_PAGES ? pages[page] : "invalid";
}

const struct sea_key_help *sea_keys_help(size_t *nr)
{
	*nr = NR;
	return table;
}

int sea_key_by_name(const char *name)
{
	size_t i;

	if (*name > ' ' && *name < 0x7f && !name[1])
		return *name;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(name, names[i].name))
			return names[i].key;
	if (!strncmp(name, "Ctrl-", 5) && name[5] >= 'A' && name[5] <= 'Z' && !name[6])
		return name[5] - 'A' + 1;
	if (*name == 'F' && name[1] >= '1' && name[1] <= '9') {
		int number = atoi(name + 1);

		return number <= 12 ? SEA_KEY_F1 + number - 1 : -1;
	}
	return -1;
}

static bool set(struct sea_keymap *map, int key, enum sea_action action)
{
	size_t i;

	for (i = 0; i < map->nr; i++)
		if (map->keys[i].key == key)
			break;
	if (i == SEA_KEYMAP_MAX)
		return false;
	map->nr += i == map->nr;
	map->keys[i].key = key;
	map->keys[i].action = action;
	return true;
}

bool sea_keymap_set(struct sea_keymap *map, const char *key, enum sea_action action)
{
	int number = sea_key_by_name(key);

	return number > 0 && set(map, number, action);
}

void sea_keymap_default(struct sea_keymap *map)
{
	size_t i;

	memset(map, 0, sizeof(*map));
	for (i = 0; i < NR; i++) {
		const char *keys = table[i].keys;

		while (*keys) {
			size_t len = strcspn(keys, " ");
			char key[KEY_LEN];

			snprintf(key, sizeof(key), "%.*s", (int)len, keys);
			sea_keymap_set(map, key, table[i].action);
			keys += len + (keys[len] == ' ');
		}
	}
	set(map, SEA_KEY_WHEEL_UP, SEA_DO_UP);
	set(map, SEA_KEY_WHEEL_DOWN, SEA_DO_DOWN);
}

static const struct sea_key_help *help_of(enum sea_action action)
{
	size_t i;

	for (i = 0; i < NR; i++)
		if (table[i].action == action)
			return &table[i];
	return NULL;
}

enum sea_action sea_keymap_action(const struct sea_keymap *map, enum sea_screen_page page, int key)
{
	size_t i;

	for (i = 0; i < map->nr; i++) {
		const struct sea_key_help *help;

		if (map->keys[i].key != key)
			continue;
		help = help_of(map->keys[i].action);
		if (!help || (help->pages && !(help->pages & 1U << page)))
			return SEA_DO_NOTHING;
		return help->action;
	}
	return SEA_DO_NOTHING;
}

enum sea_action sea_action_by_name(const char *name)
{
	size_t i;

	for (i = 0; i < NR; i++)
		if (!strcmp(table[i].name, name))
			return table[i].action;
	return SEA_DO_NOTHING;
}
