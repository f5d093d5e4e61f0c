/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * screen-internal.h - the screen as screen.c and screen-store.c share it.
 */
#ifndef SEA_SCREEN_INTERNAL_H
#define SEA_SCREEN_INTERNAL_H

#include "show/page.h"
#include "show/past.h"
#include "show/screen.h"
#include "show/travel.h"

/* Where moments come from: the feed, or the recorder's store beside it. */
struct moments {
	struct sea_feed *feed;
	struct sea_travel travel;
	struct sea_history *history;
};

struct sea_screen {
	struct sea_screen_options options;
	struct sea_keymap keys;
	struct sea_state state;
	struct moments live;		 /* or of the recording */
	struct moments stored;		 /* its feed is NULL while nothing of the store is shown */
	struct sea_past *past;		 /* NULL: there is no store */
	struct sea_vm_key key;		 /* of the VM whose page it is, when moments changed */
	bool is_changed;		 /* ids of VMs are of another session now */
	struct sea_snapshot now, before; /* that are shown */
	/* Whose newest tick `now` is, and how many ticks that had; NULL: it is another one */
	const struct sea_history *newest_of;
	__u64 newest_ticks;
	struct sea_snapshot mark;
	char mark_run[SEA_UUID_LEN]; /* the session of the mark */
	const struct sea_session *session;
	struct sea_view view;
	struct sea_layout layout;
	struct sea_trust trust;
	bool has_view;
	bool is_moved;	       /* another tick is to be shown */
	bool is_asked;	       /* something else of the same tick is */
	size_t lines, columns; /* of the last drawing */
	bool is_stale;
};

/* What is shown: of the store if there is something of it, else live. */
struct moments *sea_screen_shown(struct sea_screen *screen);
int sea_moments_open(struct moments *moments, struct sea_feed *feed,
		     const struct sea_screen_options *options, bool is_recording,
		     struct sea_error *err);
int sea_screen_take_into(struct sea_screen *screen, struct moments *moments,
			 const struct sea_record *record, struct sea_error *err);

/* The travel may wish for what the store has: asks for it. */
void sea_screen_ask_store(struct sea_screen *screen);
/* Back to live, if something of the store is shown. */
void sea_screen_leave_store(struct sea_screen *screen);
/* After a change of moments: the page's VM, by its key. */
void sea_screen_find_vm(struct sea_screen *screen);

#endif /* SEA_SCREEN_INTERNAL_H */
