/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * screen.h - the screen of seatop without the terminal: records of a feed and keys go in,
 * a canvas comes out.
 */
#ifndef SEA_SCREEN_H
#define SEA_SCREEN_H

#include <stdbool.h>

#include "base/error.h"
#include "model/feed.h"
#include "model/view.h"
#include "show/canvas.h"
#include "base/columns.h"
#include "show/keys.h"

struct sea_screen;

struct sea_screen_options {
	struct sea_filter filter;     /* of the command line: holds whatever is typed */
	const struct sea_field *sort; /* NULL: by TOTAL, VMs that are being hit first */
	bool reverse;
	struct sea_columns columns;
	__u64 max_rows;		       /* 0: all */
	__u64 interval_ns;	       /* that the feed was opened with */
	bool show_addresses;	       /* from the start */
	bool is_recording;	       /* the feed is one of store/replay.h */
	double speed;		       /* of a recording */
	const char *store;	       /* live: what memory does not have; NULL: there is none */
	const struct sea_keymap *keys; /* NULL: the default ones */
	const char *message;	       /* to begin with: what is wrong with the settings; or NULL */
};

/* The feed is the caller's, and has to stay; the screen asks it to go to other times. */
int sea_screen_open(const struct sea_screen_options *options, struct sea_feed *feed,
		    struct sea_screen **screen, struct sea_error *err);
/* Takes NULL too. */
void sea_screen_close(struct sea_screen *screen);

/* A record of the feed. */
int sea_screen_take(struct sea_screen *screen, const struct sea_record *record,
		    struct sea_error *err);
/* The feed has no more records, unless the screen goes back in a recording. */
void sea_screen_over(struct sea_screen *screen);
/* Nothing is to be asked of the feed until a key takes it elsewhere. */
bool sea_screen_is_over(const struct sea_screen *screen);

/*
 * Where a time out of the store is shown, or looked for: descriptors that become readable
 * when there is more of it. Returns how many; at most SEA_SCREEN_STORE_FDS.
 */
#define SEA_SCREEN_STORE_FDS 2
size_t sea_screen_store_fds(const struct sea_screen *screen, int fds[SEA_SCREEN_STORE_FDS]);
/* Takes some of it. Never waits. Returns 1 if there is more at once. */
int sea_screen_serve_store(struct sea_screen *screen, struct sea_error *err);

/* What is left to do for who has the terminal. */
enum sea_wish {
	SEA_WISH_NOTHING,
	SEA_WISH_QUIT,
	SEA_WISH_REPAINT,
	SEA_WISH_SUSPEND,
};

/* A key; y and x are the place of SEA_KEY_CLICK. Fails if the feed cannot go on. */
int sea_screen_key(struct sea_screen *screen, int key, size_t y, size_t x, enum sea_wish *wish,
		   struct sea_error *err);

/* A message in the bottom line, until the next key. */
void sea_screen_say(struct sea_screen *screen, bool is_bad, const char *text);

/* Something changed since the last drawing. */
bool sea_screen_is_stale(const struct sea_screen *screen);
/* Draws all of it into a canvas of the size that it has. */
int sea_screen_draw(struct sea_screen *screen, size_t lines, size_t columns,
		    struct sea_canvas *canvas, struct sea_error *err);

#endif /* SEA_SCREEN_H */
