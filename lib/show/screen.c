// SPDX-License-Identifier: GPL-2.0-only
#include "show/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "show/screen-internal.h"
#include "show/write.h"
#include "store/replay.h"

/* Lines that a page never has more of around its list, for who writes all of it */
#define LINES_AROUND 16

int sea_screen_open(const struct sea_screen_options *options, struct sea_feed *feed,
		    struct sea_screen **screen, struct sea_error *err)
{
	struct sea_screen *s = calloc(1, sizeof(*s));

	if (!s)
		return sea_error_set(err, "cannot show a screen: out of memory");
	if (sea_moments_open(&s->live, feed, options, options->is_recording, err) ||
	    (options->store && sea_past_open(&s->past, options->store, err))) {
		sea_screen_close(s);
		return -1;
	}
	s->live.travel.has_store = options->store;
	s->options = *options;
	if (options->keys)
		s->keys = *options->keys;
	else
		sea_keymap_default(&s->keys);
	sea_state_begin(&s->state);
	if (options->sort) {
		s->state.sort = options->sort;
		s->state.urgent_first = false;
	}
	s->state.reverse = options->reverse;
	s->state.hide_idle = options->filter.active;
	s->state.hide_ended = options->filter.not_ended;
	if (options->filter.text)
		snprintf(s->state.filter, sizeof(s->state.filter), "%s", options->filter.text);
	s->state.show_addresses = options->show_addresses;
	if (options->message)
		sea_state_say(&s->state, true, "%s", options->message);
	s->is_stale = true;
	*screen = s;
	return 0;
}

void sea_screen_close(struct sea_screen *screen)
{
	if (!screen)
		return;
	sea_view_free(&screen->view);
	sea_snapshot_free(&screen->now);
	sea_snapshot_free(&screen->before);
	sea_snapshot_free(&screen->mark);
	sea_history_close(screen->live.history);
	sea_history_close(screen->stored.history);
	sea_feed_close(screen->stored.feed);
	sea_past_close(screen->past);
	free(screen);
}

int sea_screen_take(struct sea_screen *screen, const struct sea_record *record,
		    struct sea_error *err)
{
	return sea_screen_take_into(screen, &screen->live, record, err);
}

void sea_screen_over(struct sea_screen *screen)
{
	screen->live.travel.is_over = true;
	screen->is_stale = true;
}

bool sea_screen_is_over(const struct sea_screen *screen)
{
	return screen->live.travel.is_over && !screen->live.travel.is_looking;
}

static int set_mark(struct sea_screen *screen, struct sea_error *err)
{
	if (!screen->has_view)
		return 0;
	if (sea_snapshot_copy(&screen->mark, &screen->now, err))
		return -1;
	memcpy(screen->mark_run, screen->session ? screen->session->run : "",
	       screen->session ? sizeof(screen->mark_run) : 1);
	screen->state.has_mark = true;
	screen->state.mark = screen->now.wall;
	screen->state.counts = SEA_COUNTS_MARK;
	sea_state_say(&screen->state, false,
		      "counts are since this moment; c for those since the start");
	return 0;
}

/* The column to the left or the right of that which the table is sorted by */
static void sort_beside(struct sea_screen *screen, bool right)
{
	const struct sea_layout *layout = &screen->layout;
	struct sea_state *state = &screen->state;
	size_t i;

	for (i = 0; i < layout->nr; i++)
		if (layout->columns[i] == state->sort)
			break;
	if (i == layout->nr)
		i = 0;
	else if (right && i + 1 < layout->nr)
		i++;
	else if (!right && i)
		i--;
	if (!layout->nr)
		return;
	state->sort = layout->columns[i];
	state->urgent_first = false;
	sea_state_say(state, false, "sorted by %s: %s", state->sort->column, state->sort->help);
}

static void sort_by_cursor(struct sea_screen *screen)
{
	const struct sea_field *columns[SEA_COLUMNS_MAX];
	size_t nr = sea_scene_columns(columns, SEA_COLUMNS_MAX);
	size_t cursor = screen->state.lists[SEA_PAGE_COLUMNS].cursor;

	if (cursor < nr) {
		screen->state.sort = columns[cursor];
		screen->state.urgent_first = false;
	}
	sea_state_back(&screen->state);
}

static void open_what_is_there(struct sea_screen *screen)
{
	struct sea_state *state = &screen->state;

	switch (state->page) {
	case SEA_PAGE_COLUMNS:
		sort_by_cursor(screen);
		break;
	case SEA_PAGE_TABLE:
		if (!state->vm) {
			sea_state_say(state, false, "there is no VM in this line to open");
			break;
		}
		state->opened_vm = state->vm;
		sea_state_open(state, SEA_PAGE_VM);
		break;
	case SEA_PAGE_VM:
		sea_state_open(state, SEA_PAGE_EVENTS);
		break;
	case SEA_PAGE_EVENTS:
		if (!state->event)
			break;
		state->opened_event = state->event;
		sea_state_open(state, SEA_PAGE_EVENT);
		break;
	default:
		break;
	}
}

/* A name for the file that nothing has yet: "seatop-20261123-065046.txt" */
static void propose_file(struct sea_screen *screen)
{
	char name[64] = "seatop.txt";
	struct tm tm;

	if (screen->has_view && localtime_r(&screen->now.wall.tv_sec, &tm))
		strftime(name, sizeof(name), "seatop-%Y%m%d-%H%M%S.txt", &tm);
	sea_state_prompt(&screen->state, SEA_PROMPT_FILE, name);
}

/* On the head of a column it sorts by it, and a second time turns the order around. */
static enum sea_action click(struct sea_screen *screen, size_t y, size_t x)
{
	struct sea_state *state = &screen->state;
	const struct sea_layout *layout = &screen->layout;
	size_t i, from = 0;

	if (state->page != SEA_PAGE_TABLE || y + 1 != state->lists[SEA_PAGE_TABLE].y)
		return sea_state_click(state, y, x);
	for (i = 0; i < layout->nr; from += layout->widths[i++] + 1) {
		if (x < from || x > from + layout->widths[i])
			continue;
		if (state->sort == layout->columns[i])
			return SEA_DO_REVERSE;
		state->sort = layout->columns[i];
		state->urgent_first = false;
		break;
	}
	return SEA_DO_NOTHING;
}

/*
 * Keys may come faster than they are painted: what a line of a list is, and which moment
 * is shown, is known when it is drawn.
 */
static int draw_unseen(struct sea_screen *screen, enum sea_action action, struct sea_error *err)
{
	const struct sea_state *state = &screen->state;
	struct sea_canvas canvas = {0};
	int rc;

	/* A page that was opened just now does not know its lines either. */
	if (action != SEA_DO_OPEN && action != SEA_DO_MARK && state->lists[state->page].height)
		return 0;
	if (!screen->is_stale || !screen->lines)
		return 0;
	rc = sea_screen_draw(screen, screen->lines, screen->columns, &canvas, err);
	sea_canvas_free(&canvas);
	screen->is_stale = true;
	return rc;
}

static int act(struct sea_screen *screen, enum sea_action action, enum sea_wish *wish,
	       struct sea_error *err)
{
	if (draw_unseen(screen, action, err))
		return -1;
	if (sea_state_act(&screen->state, action))
		return 0;
	switch (action) {
	case SEA_DO_QUIT:
		*wish = SEA_WISH_QUIT;
		return 0;
	case SEA_DO_REPAINT:
		*wish = SEA_WISH_REPAINT;
		return 0;
	case SEA_DO_SUSPEND:
		*wish = SEA_WISH_SUSPEND;
		return 0;
	case SEA_DO_OPEN:
		open_what_is_there(screen);
		return 0;
	case SEA_DO_SORT_LEFT:
	case SEA_DO_SORT_RIGHT:
		sort_beside(screen, action == SEA_DO_SORT_RIGHT);
		return 0;
	case SEA_DO_WRITE:
		propose_file(screen);
		return 0;
	case SEA_DO_MARK:
		return set_mark(screen, err);
	default:
		screen->is_moved = true;
		if (action == SEA_DO_NOW)
			sea_screen_leave_store(screen);
		if (sea_travel_act(&sea_screen_shown(screen)->travel, &screen->state, action, err))
			return -1;
		sea_screen_ask_store(screen);
		return 0;
	}
}

/* All lines of the page that is seen, not just those that have room. */
static int write_page(struct sea_screen *screen, struct sea_error *err)
{
	const struct sea_state state = screen->state;
	const struct sea_layout layout = screen->layout;
	size_t lines = screen->lines;
	struct sea_canvas canvas = {0};
	struct sea_text text = {0};
	struct sea_error wrong;
	int rc;

	rc = sea_screen_draw(screen, state.lists[state.page].nr + LINES_AROUND, screen->columns,
			     &canvas, err);
	screen->state = state;
	screen->layout = layout;
	screen->lines = lines;
	screen->is_stale = true;
	if (rc)
		return -1;
	sea_canvas_text(&canvas, &text);
	sea_canvas_free(&canvas);
	if (text.failed)
		sea_state_say(&screen->state, true, "cannot write: out of memory");
	else if (sea_write_new(state.input, text.text ?: "", text.len, &wrong))
		sea_state_say(&screen->state, true, "%s", wrong.text);
	else
		sea_state_say(&screen->state, false, "written to %s", state.input);
	sea_text_free(&text);
	return 0;
}

/* What was typed has an end. */
static int take_input(struct sea_screen *screen, enum sea_prompt prompt, struct sea_error *err)
{
	if (prompt == SEA_PROMPT_FILE && screen->state.input[0])
		return write_page(screen, err);
	if (prompt != SEA_PROMPT_TIME)
		return 0;
	screen->is_moved = true;
	if (sea_travel_go_to(&sea_screen_shown(screen)->travel, &screen->state, screen->state.input,
			     err))
		return -1;
	sea_screen_ask_store(screen);
	return 0;
}

int sea_screen_key(struct sea_screen *screen, int key, size_t y, size_t x, enum sea_wish *wish,
		   struct sea_error *err)
{
	struct sea_state *state = &screen->state;
	enum sea_prompt prompt = state->prompt;

	*wish = SEA_WISH_NOTHING;
	if (key == SEA_KEY_NONE)
		return 0;
	screen->is_stale = true;
	if (key == SEA_KEY_RESIZE)
		return 0;
	screen->is_asked = true;
	state->message[0] = '\0';
	if (prompt)
		return sea_state_type(state, key) == SEA_TYPED_DONE ?
			       take_input(screen, prompt, err) :
			       0;
	if (key == SEA_KEY_CLICK)
		return act(screen, click(screen, y, x), wish, err);
	return act(screen, sea_keymap_action(&screen->keys, state->page, key), wish, err);
}

void sea_screen_say(struct sea_screen *screen, bool is_bad, const char *text)
{
	sea_state_say(&screen->state, is_bad, "%s", text);
	screen->is_stale = true;
}

bool sea_screen_is_stale(const struct sea_screen *screen)
{
	return screen->is_stale;
}

/*
 * Live, what was shown is the tick before the one that came, unless that took its place.
 * False: it is not.
 */
static bool is_next(const struct sea_screen *screen, const struct moments *moments)
{
	const struct sea_history *history = moments->history;
	const struct sea_session *session;

	return !moments->travel.back && screen->has_view && screen->newest_of == history &&
	       sea_history_ticks(history) == screen->newest_ticks + 1 &&
	       sea_history_has_grown(history) && sea_history_newest(history, &session) &&
	       session == screen->session;
}

/* That is far less to copy than two ticks out of the history. */
static int read_next(struct sea_screen *screen, const struct sea_history *history,
		     struct sea_error *err)
{
	const struct sea_snapshot last = screen->before;

	screen->before = screen->now;
	screen->now = last;
	return sea_history_get(history, 0, &screen->now, &screen->session, err) ? -1 : 0;
}

/* Reads the snapshots that are to be shown. *has_before: there are two of one session. */
static int read_snapshots(struct sea_screen *screen, bool *has_before, struct sea_error *err)
{
	const struct sea_session *before = NULL;
	const struct moments *moments = sea_screen_shown(screen);
	size_t back = moments->travel.back;
	bool next = is_next(screen, moments);
	int rc;

	screen->newest_of = back ? NULL : moments->history;
	screen->newest_ticks = sea_history_ticks(moments->history);
	if (next) {
		*has_before = true;
		return read_next(screen, moments->history, err);
	}
	rc = sea_history_get(moments->history, back, &screen->now, &screen->session, err);
	if (rc) {
		/* Its history may have forgotten it. */
		screen->session = NULL;
		screen->has_view = false;
		return rc < 0 ? -1 : 0;
	}
	screen->has_view = true;
	rc = sea_history_get(moments->history, back + 1, &screen->before, &before, err);
	*has_before = !rc && before == screen->session;
	return rc < 0 ? -1 : 0;
}

/* What counts are taken from; NULL: from the start. */
static const struct sea_snapshot *base_of(const struct sea_screen *screen,
					  const struct sea_snapshot *before)
{
	switch (screen->state.counts) {
	case SEA_COUNTS_MARK:
		/* Counts of another session cannot be compared, nor those of a time before. */
		if (!screen->session || strcmp(screen->session->run, screen->mark_run) ||
		    screen->now.time_ns < screen->mark.time_ns)
			return NULL;
		return &screen->mark;
	case SEA_COUNTS_INTERVAL:
		return before ?: &screen->now;
	default:
		return NULL;
	}
}

static int make_view(struct sea_screen *screen, struct sea_error *err)
{
	const struct sea_state *state = &screen->state;
	const struct sea_order order = {state->sort, state->reverse, state->urgent_first};
	struct sea_filter filter = screen->options.filter;
	const struct sea_snapshot *before;
	struct sea_trust_gaps gaps;
	bool has_before = screen->view.interval_ns;

	if (screen->is_moved) {
		if (read_snapshots(screen, &has_before, err))
			return -1;
		if (screen->is_changed && screen->has_view)
			sea_screen_find_vm(screen);
		gaps.nr = sea_history_gaps(sea_screen_shown(screen)->history, &gaps.last);
		if (screen->has_view)
			sea_trust_judge(&screen->trust, &screen->now, screen->session, &gaps,
					sea_screen_shown(screen)->travel.is_recording ?
						sea_replay_caveat(sea_screen_shown(screen)->feed) :
						NULL);
	}
	if (!screen->has_view)
		return 0;
	before = has_before ? &screen->before : NULL;
	/* A VM that was opened stays there, whatever the table hides. */
	if (state->page == SEA_PAGE_TABLE) {
		filter.text = state->filter;
		filter.not_ended = state->hide_ended;
		filter.active = state->hide_idle;
	} else {
		filter.text = NULL;
		filter.not_ended = filter.active = false;
	}
	return sea_view_make_since(&screen->view, screen->session, &screen->now, before,
				   base_of(screen, before), &filter, &order, err);
}

static void draw_page(const struct sea_scene *scene, struct sea_canvas *canvas)
{
	static void (*const pages[SEA_PAGES])(const struct sea_scene *scene, struct sea_frame frame,
					      struct sea_canvas *canvas) = {
		[SEA_PAGE_TABLE] = sea_page_table,     [SEA_PAGE_VM] = sea_page_vm,
		[SEA_PAGE_EVENTS] = sea_page_events,   [SEA_PAGE_EVENT] = sea_page_event,
		[SEA_PAGE_COLUMNS] = sea_page_columns, [SEA_PAGE_HELP] = sea_page_help,
		[SEA_PAGE_TRUST] = sea_page_trust,
	};
	struct sea_frame frame = sea_frame_draw(scene, canvas);

	if (frame.first < frame.end)
		pages[scene->state->page](scene, frame, canvas);
}

int sea_screen_draw(struct sea_screen *screen, size_t lines, size_t columns,
		    struct sea_canvas *canvas, struct sea_error *err)
{
	const struct moments *moments = sea_screen_shown(screen);
	const struct sea_travel *travel = &moments->travel;
	struct sea_scene scene = {
		.state = &screen->state,
		.now = &screen->now,
		.history = moments->history,
		.trust = &screen->trust,
		.columns = &screen->options.columns,
		.layout = &screen->layout,
		.keys = &screen->keys,
		.is_stored = screen->stored.feed,
		.is_recording = travel->is_recording,
		.is_paused = travel->is_paused,
		.is_over = travel->is_over,
		.is_looking = travel->is_looking,
		.speed = travel->speed,
		.interval_ns = travel->is_recording && screen->view.interval_ns ?
				       screen->view.interval_ns :
				       travel->interval_ns,
		.back = travel->back,
	};
	struct sea_view view;

	if ((screen->is_moved || screen->is_asked) && make_view(screen, err))
		return -1;
	screen->is_moved = screen->is_asked = screen->is_stale = false;
	/* The rows past the most that were asked for stay with their owner. */
	view = screen->view;
	if (screen->options.max_rows && view.nr_rows > screen->options.max_rows)
		view.nr_rows = screen->options.max_rows;
	scene.view = screen->has_view ? &view : NULL;
	scene.session = screen->session;
	screen->lines = lines;
	screen->columns = columns;
	sea_canvas_clear(canvas, lines, columns);
	if (canvas->failed)
		return sea_error_set(err, "cannot show a screen: out of memory");
	draw_page(&scene, canvas);
	return 0;
}
