/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * state.h - what somebody who works with the screen has chosen: which page, where the
 * cursor is, what is sorted, filtered and counted. It knows neither the terminal nor
 * where numbers come from.
 */
#ifndef SEA_STATE_H
#define SEA_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/fields.h"
#include "show/keys.h"

/* A list with a cursor, of which a part is on the screen. */
struct sea_list {
	size_t cursor; /* below nr, or 0 */
	size_t top;    /* the first line that is on the screen */
	size_t nr;     /* lines that it has */
	size_t height; /* lines that are on the screen; 0: not known yet */
	size_t y;      /* the line of the screen that top is on; for the mouse */
};

/* So many lines there are, of which height are seen: the cursor and the top are mended. */
void sea_list_fit(struct sea_list *list, size_t nr, size_t height);
/* Moves the cursor; of a page of text the top. Returns false if there is nowhere to go. */
bool sea_list_move(struct sea_list *list, enum sea_action action, bool has_cursor);

enum sea_counts {
	SEA_COUNTS_TOTAL,    /* since counting began */
	SEA_COUNTS_MARK,     /* since the mark */
	SEA_COUNTS_INTERVAL, /* in the last interval */
	SEA_COUNTS_KINDS,
};

/* What is being typed into the bottom line. */
enum sea_prompt {
	SEA_PROMPT_NONE,
	SEA_PROMPT_FILTER,
	SEA_PROMPT_TIME,
	SEA_PROMPT_FILE,
	SEA_PROMPTS,
};

#define SEA_INPUT_LEN 192
#define SEA_MESSAGE_LEN 256
#define SEA_PAGES_DEEP 8
#define SEA_BAR_MAX 24

/* The keys in the bottom line, for the mouse: columns from to before to. */
struct sea_bar {
	size_t y, nr;
	struct {
		size_t from, to;
		enum sea_action action;
	} keys[SEA_BAR_MAX];
};

struct sea_state {
	enum sea_screen_page page;
	enum sea_screen_page below[SEA_PAGES_DEEP]; /* where Esc leads back to */
	size_t depth;
	struct sea_list lists[SEA_PAGES];
	__u64 vm;	    /* sea_vm::id under the table's cursor; 0: none */
	bool follows;	    /* the cursor stays on that VM, wherever its line goes */
	__u64 opened_vm;    /* on the page of one VM; the log is of it if it came from there */
	__u64 event;	    /* sea_logged::number under the log's cursor; 0: none */
	bool event_follows; /* the cursor stays on it */
	__u64 opened_event; /* on the page of one event */
	const struct sea_field *sort;
	bool reverse, urgent_first;
	bool hide_ended, hide_idle;
	char filter[SEA_INPUT_LEN];
	enum sea_counts counts;
	bool has_mark;
	struct timespec mark;
	bool show_addresses;
	enum sea_prompt prompt;
	char input[SEA_INPUT_LEN];
	char before[SEA_INPUT_LEN];    /* the filter ahead of the typing, for Esc */
	char message[SEA_MESSAGE_LEN]; /* one line in place of the keys, until the next key */
	bool message_is_bad;	       /* it says what went wrong */
	struct sea_bar bar;
};

/* The table, by TOTAL, VMs that are being hit first. */
void sea_state_begin(struct sea_state *state);

/*
 * Does what only changes the state. False: the action is for somebody else, who has the
 * feed or the terminal.
 */
bool sea_state_act(struct sea_state *state, enum sea_action action);

void sea_state_open(struct sea_state *state, enum sea_screen_page page);
/*
 * A click: puts the cursor on that line, or tells what else it means. A second click on a
 * line opens it. SEA_DO_NOTHING: it was on nothing, or all is done.
 */
enum sea_action sea_state_click(struct sea_state *state, size_t y, size_t x);
/* Back to the page before; false: this is the first one. */
bool sea_state_back(struct sea_state *state);

void sea_state_say(struct sea_state *state, bool is_bad, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Begins to type, with text there already. */
void sea_state_prompt(struct sea_state *state, enum sea_prompt prompt, const char *text);

enum sea_typed {
	SEA_TYPED_MORE,	  /* it goes on; the filter holds as typed so far */
	SEA_TYPED_DONE,	  /* Enter: the text is in input */
	SEA_TYPED_DROPPED /* Esc: all is as it was before */
};

/* A key while something is being typed. */
enum sea_typed sea_state_type(struct sea_state *state, int key);

/* "since the start", "since 14:00:00", "in the interval". */
void sea_state_counts_text(const struct sea_state *state, char *out, size_t size);

#endif /* SEA_STATE_H */
