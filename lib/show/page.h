/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page.h - the pages of the screen. Each draws what there is into the lines of the canvas
 * that the frame leaves, and tells the state how much of its list is seen.
 */
#ifndef SEA_PAGE_H
#define SEA_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/view.h"
#include "show/canvas.h"
#include "base/columns.h"
#include "show/history.h"
#include "show/layout.h"
#include "show/state.h"
#include "show/trust.h"

/* All that a page may show. What it points to is the screen's. */
struct sea_scene {
	struct sea_state *state;
	const struct sea_view *view;	/* NULL: there was no tick yet */
	const struct sea_snapshot *now; /* of the view */
	const struct sea_session *session;
	const struct sea_history *history;
	size_t back; /* ticks between what is shown and the newest one */
	const struct sea_trust *trust;
	const struct sea_columns *columns;
	struct sea_layout *layout;
	const struct sea_keymap *keys;
	bool is_stored; /* what is shown is out of the recorder's store, and counting goes on */
	bool is_recording, is_paused, is_over; /* is_over: the recording's end was reached */
	bool is_looking;		       /* for another moment, by a thread */
	double speed;			       /* of a recording */
	__u64 interval_ns;		       /* that was asked for */
};

/* Lines y from `first` to before `end` are the page's. */
struct sea_frame {
	size_t first, end;
};

/* Draws what is around all pages: the header, trust, and the bottom line. */
struct sea_frame sea_frame_draw(const struct sea_scene *scene, struct sea_canvas *canvas);

void sea_page_table(const struct sea_scene *scene, struct sea_frame frame,
		    struct sea_canvas *canvas);
void sea_page_columns(const struct sea_scene *scene, struct sea_frame frame,
		      struct sea_canvas *canvas);
void sea_page_help(const struct sea_scene *scene, struct sea_frame frame,
		   struct sea_canvas *canvas);
void sea_page_trust(const struct sea_scene *scene, struct sea_frame frame,
		    struct sea_canvas *canvas);
void sea_page_vm(const struct sea_scene *scene, struct sea_frame frame, struct sea_canvas *canvas);
void sea_page_events(const struct sea_scene *scene, struct sea_frame frame,
		     struct sea_canvas *canvas);
void sea_page_event(const struct sea_scene *scene, struct sea_frame frame,
		    struct sea_canvas *canvas);

/* The row of the VM in the view, or NULL. */
const struct sea_row *sea_scene_row(const struct sea_scene *scene, __u64 id);

/* The columns that can be chosen to sort by, in order. */
size_t sea_scene_columns(const struct sea_field **fields, size_t max);

#endif /* SEA_PAGE_H */
