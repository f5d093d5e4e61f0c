/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * keys.h - which key does what on the screen: the one table that the screen, its help
 * and the manual have.
 */
#ifndef SEA_KEYS_H
#define SEA_KEYS_H

#include <stdbool.h>
#include <stddef.h>

/* A key is the code point of its character, or one of these. */
enum sea_key {
	SEA_KEY_NONE = 0,
	SEA_KEY_ESC = 0x1b,
	SEA_KEY_UP = 0x110000, /* past the last code point */
	SEA_KEY_DOWN,
	SEA_KEY_LEFT,
	SEA_KEY_RIGHT,
	SEA_KEY_PAGE_UP,
	SEA_KEY_PAGE_DOWN,
	SEA_KEY_HOME,
	SEA_KEY_END,
	SEA_KEY_ENTER,
	SEA_KEY_BACKSPACE,
	SEA_KEY_DELETE,
	SEA_KEY_F1, /* F2 and so on follow */
	SEA_KEY_F10 = SEA_KEY_F1 + 9,
	SEA_KEY_RESIZE, /* not a key: the terminal has a new size */
	SEA_KEY_CLICK,	/* with a place on the screen */
	SEA_KEY_WHEEL_UP,
	SEA_KEY_WHEEL_DOWN,
	SEA_KEY_OTHER, /* one that has no name here */
};

/* What is on the screen. */
enum sea_screen_page {
	SEA_PAGE_TABLE,
	SEA_PAGE_VM,
	SEA_PAGE_EVENTS,
	SEA_PAGE_EVENT,
	SEA_PAGE_TRUST,
	SEA_PAGE_COLUMNS, /* the list to choose one from */
	SEA_PAGE_HELP,
	SEA_PAGES,
};

/* "table", "VM", "events", ...: what help and the manual call it; static. */
const char *sea_page_name(enum sea_screen_page page);

enum sea_action {
	SEA_DO_NOTHING,
	SEA_DO_UP,
	SEA_DO_DOWN,
	SEA_DO_PAGE_UP,
	SEA_DO_PAGE_DOWN,
	SEA_DO_FIRST,
	SEA_DO_LAST,
	SEA_DO_OPEN,
	SEA_DO_BACK,
	SEA_DO_FILTER,
	SEA_DO_COLUMNS,
	SEA_DO_SORT_LEFT,
	SEA_DO_SORT_RIGHT,
	SEA_DO_REVERSE,
	SEA_DO_URGENT,
	SEA_DO_ENDED,
	SEA_DO_IDLE,
	SEA_DO_COUNTS,
	SEA_DO_MARK,
	SEA_DO_EVENTS,
	SEA_DO_TRUST,
	SEA_DO_ADDRESSES,
	SEA_DO_PAUSE,
	SEA_DO_FASTER,
	SEA_DO_SLOWER,
	SEA_DO_STEP_BACK,
	SEA_DO_STEP_ON,
	SEA_DO_SEA_BEFORE,
	SEA_DO_SEA_NEXT,
	SEA_DO_HOUR_BACK,
	SEA_DO_GO_TO_TIME,
	SEA_DO_NOW,
	SEA_DO_WRITE,
	SEA_DO_HELP,
	SEA_DO_REPAINT,
	SEA_DO_SUSPEND,
	SEA_DO_QUIT,
	SEA_ACTIONS,
};

struct sea_key_help {
	enum sea_action action;
	const char *name;    /* in the configuration file: "sort-left" */
	const char *keys;    /* as people call them: "PgUp Ctrl-B" */
	const char *help;    /* a sentence without a full stop */
	unsigned int pages;  /* bits by enum sea_screen_page where it does something; 0: all */
	const char *bar_key; /* in the bottom line, with the word; NULL: not there */
	const char *bar;
};

/* All actions but SEA_DO_NOTHING, in the order in which help has them. Static. */
const struct sea_key_help *sea_keys_help(size_t *nr);

/* Which keys mean what. Start with sea_keymap_default(). */
#define SEA_KEYMAP_MAX 128

struct sea_keymap {
	struct {
		int key;
		enum sea_action action;
	} keys[SEA_KEYMAP_MAX];
	size_t nr;
};

void sea_keymap_default(struct sea_keymap *map);
/* Gives the key, by name, another meaning. False: there is no such key, or no room. */
bool sea_keymap_set(struct sea_keymap *map, const char *key, enum sea_action action);
/* What the key does on this page; SEA_DO_NOTHING where it does nothing there. */
enum sea_action sea_keymap_action(const struct sea_keymap *map, enum sea_screen_page page, int key);
/* The action of this name; SEA_DO_NOTHING: there is none. */
enum sea_action sea_action_by_name(const char *name);

/* The key of a name as in sea_key_help::keys: "PgUp", "Ctrl-L", "F1", "/"; or -1. */
int sea_key_by_name(const char *name);

#endif /* SEA_KEYS_H */
