// SPDX-License-Identifier: GPL-2.0-only
/*
 * frame.c - what is around all pages: the header, whether the numbers can be trusted,
 * and the keys that matter most.
 */
#include "show/page.h"

#include <stdio.h>
#include <string.h>

#include "model/clock.h"

#define LLU(number) ((unsigned long long)(number))

#define HOST_WIDTH 24

/* So small a terminal has the page and one line more; and a little larger, two. */
#define LINES_FOR_HEADER 3
#define LINES_FOR_BAR 4
#define LINES_FOR_TRUST 6

static void time_text(const struct timespec *time, const char *format, char *out, size_t size)
{
	struct tm tm;

	if (!localtime_r(&time->tv_sec, &tm) || !strftime(out, size, format, &tm))
		snprintf(out, size, "?");
}

/* How time goes: what cannot be overlooked, as all numbers are of another time. */
static void pace_text(const struct sea_scene *scene, char *out, size_t size)
{
	const char *what = scene->is_stored ? "STORE" : "RECORDING";
	bool is_now = !scene->back && !scene->is_stored;
	char at[32];

	if (scene->is_looking) {
		snprintf(out, size, " LOOKING IN %s ", what);
	} else if (scene->is_paused && scene->view) {
		time_text(&scene->view->wall, "%H:%M:%S", at, sizeof(at));
		snprintf(out, size, " %s %s%s ", scene->is_stored ? what : "PAUSED", at,
			 is_now ? "" : ", n: now");
	} else if (scene->is_over) {
		snprintf(out, size, " END OF %s%s ", what, is_now ? "" : ", n: now");
	} else if (scene->is_recording) {
		snprintf(out, size, " %s x%g%s ", what, scene->speed,
			 scene->is_stored ? ", n: now" : "");
	} else {
		*out = '\0';
	}
}

/* What else is known of the counts: whole parts, as many as have room before column end */
static void draw_origin(const struct sea_scene *scene, size_t x, size_t end,
			struct sea_canvas *canvas)
{
	const char *source = scene->view->source ?: "unknown";
	char parts[3][SEA_HOST_LEN + 16];
	size_t i;

	snprintf(parts[0], sizeof(parts[0]), ", source %s", source);
	snprintf(parts[1], sizeof(parts[1]), ", every %.3gs",
		 (double)scene->interval_ns / (double)SEA_NSEC_PER_SEC);
	snprintf(parts[2], sizeof(parts[2]), ", Linux %s",
		 scene->session ? scene->session->kernel : "?");
	for (i = 0; i < 3 && x + sea_text_width(parts[i]) <= end; i++)
		x = sea_canvas_put(canvas, 0, x, SEA_LOOK_PLAIN, parts[i]);
}

static void draw_header(const struct sea_scene *scene, struct sea_canvas *canvas)
{
	const struct sea_view *view = scene->view;
	const struct sea_session *session = scene->session;
	char time[40], host[128], ended[40] = "", pace[64];
	size_t x, width, end;

	pace_text(scene, pace, sizeof(pace));
	width = sea_text_width(pace);
	/* A blank is ahead of it. */
	end = width && width < canvas->columns ? canvas->columns - width - 1 : canvas->columns;
	sea_text_cut(session ? session->host : "?", HOST_WIDTH, host, sizeof(host));
	if (view) {
		time_text(&view->wall, scene->is_recording ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S", time,
			  sizeof(time));
		if (view->nr_ended)
			snprintf(ended, sizeof(ended), " (%llu ended)", LLU(view->nr_ended));
		x = sea_canvas_print(canvas, 0, 0, SEA_LOOK_TITLE, "%s %s: %llu VM%s%s", time, host,
				     LLU(view->nr_vms), view->nr_vms == 1 ? "" : "s", ended);
		draw_origin(scene, x, end, canvas);
	} else {
		sea_canvas_print(canvas, 0, 0, SEA_LOOK_TITLE, "seatop %s: nothing was read yet",
				 host);
	}
	if (end < canvas->columns) {
		sea_canvas_put(canvas, 0, end, SEA_LOOK_PLAIN, " ");
		sea_canvas_put(canvas, 0, end + 1, SEA_LOOK_CURSOR, pace);
	}
}

static const enum sea_look trust_looks[SEA_TRUST_LEVELS] = {
	[SEA_TRUST_WELL] = SEA_LOOK_GOOD,
	[SEA_TRUST_NOTE] = SEA_LOOK_DOUBT,
	[SEA_TRUST_DOUBT] = SEA_LOOK_DOUBT,
	[SEA_TRUST_BAD] = SEA_LOOK_ALARM,
};

/* The line of trust; where all is well there is room for what is counted, and how. */
static void draw_trust(const struct sea_scene *scene, size_t y, struct sea_canvas *canvas)
{
	const struct sea_state *state = scene->state;
	char text[SEA_TRUST_TEXT_LEN + 32], counts[64];
	enum sea_trust_level level = sea_trust_short(scene->trust, text, sizeof(text));
	size_t x = sea_canvas_cut(canvas, y, 0, canvas->columns, trust_looks[level], text);

	/* All of the line: it is to be seen from afar. */
	if (level == SEA_TRUST_BAD)
		sea_canvas_look(canvas, y, 0, canvas->columns, SEA_LOOK_ALARM);
	if (state->page != SEA_PAGE_TABLE && state->page != SEA_PAGE_VM)
		return;
	sea_state_counts_text(state, counts, sizeof(counts));
	snprintf(text, sizeof(text), "counts %s; by %s%s%s", counts,
		 state->sort ? state->sort->column : "number", state->reverse ? " upside down" : "",
		 state->urgent_first ? ", hit ones first" : "");
	if (x + 2 + sea_text_width(text) <= canvas->columns)
		sea_canvas_put(canvas, y, canvas->columns - sea_text_width(text),
			       level == SEA_TRUST_BAD ? SEA_LOOK_ALARM : SEA_LOOK_QUIET, text);
}

static void draw_prompt(const struct sea_state *state, size_t y, struct sea_canvas *canvas)
{
	static const char *const heads[SEA_PROMPTS] = {
		[SEA_PROMPT_FILTER] = "Filter (Enter keeps it, Esc drops it): ",
		[SEA_PROMPT_TIME] = "Go to (14:00, -2h, yesterday 14:00, now): ",
		[SEA_PROMPT_FILE] = "Write to file: ",
	};
	static const char *const short_heads[SEA_PROMPTS] = {
		[SEA_PROMPT_FILTER] = "Filter: ",
		[SEA_PROMPT_TIME] = "Go to: ",
		[SEA_PROMPT_FILE] = "File: ",
	};
	const char *head = heads[state->prompt], *input = state->input;
	size_t x, left, width;

	if (strlen(head) + 16 > canvas->columns)
		head = short_heads[state->prompt];
	x = sea_canvas_put(canvas, y, 0, SEA_LOOK_INPUT, head);
	/* The end of what is typed is seen. */
	left = canvas->columns > x + 1 ? canvas->columns - x - 1 : 0;
	while (*input && sea_text_width(input) > left)
		input += sea_text_next(input, &width);
	x = sea_canvas_put(canvas, y, x, SEA_LOOK_INPUT, input);
	sea_canvas_put(canvas, y, x, SEA_LOOK_INPUT, "_");
	sea_canvas_look(canvas, y, 0, canvas->columns, SEA_LOOK_INPUT);
}

static size_t draw_key(struct sea_canvas *canvas, size_t y, size_t x, const char *key,
		       const char *label)
{
	x = sea_canvas_put(canvas, y, x, SEA_LOOK_KEY, key);
	x = sea_canvas_put(canvas, y, x, SEA_LOOK_LABEL, " ");
	x = sea_canvas_put(canvas, y, x, SEA_LOOK_LABEL, label);
	return sea_canvas_put(canvas, y, x, SEA_LOOK_LABEL, "  ");
}

/* As many keys as have room; how to end is always there. */
static void draw_bar(const struct sea_scene *scene, size_t y, struct sea_canvas *canvas)
{
	size_t nr, i, x = 0, quit = strlen("q Quit");
	const struct sea_key_help *help = sea_keys_help(&nr);
	struct sea_bar *bar = &scene->state->bar;

	bar->y = y;
	for (i = 0; i < nr; i++) {
		size_t width;

		if (!help[i].bar || (help[i].pages && !(help[i].pages & 1U << scene->state->page)))
			continue;
		/* There is nowhere to go back to. */
		if (help[i].action == SEA_DO_BACK && !scene->state->depth &&
		    !scene->state->filter[0])
			continue;
		width = sea_text_width(help[i].bar_key) + 1 + sea_text_width(help[i].bar) + 2;
		if (help[i].action != SEA_DO_QUIT && x + width + quit > canvas->columns)
			continue;
		if (bar->nr < SEA_BAR_MAX) {
			bar->keys[bar->nr].from = x;
			bar->keys[bar->nr].to = x + width;
			bar->keys[bar->nr++].action = help[i].action;
		}
		x = draw_key(canvas, y, x, help[i].bar_key, help[i].bar);
	}
}

static void draw_bottom(const struct sea_scene *scene, size_t y, struct sea_canvas *canvas)
{
	const struct sea_state *state = scene->state;

	if (state->prompt)
		draw_prompt(state, y, canvas);
	else if (state->message[0])
		sea_canvas_cut(canvas, y, 0, canvas->columns,
			       state->message_is_bad ? SEA_LOOK_BAD : SEA_LOOK_STRONG,
			       state->message);
	else
		draw_bar(scene, y, canvas);
}

struct sea_frame sea_frame_draw(const struct sea_scene *scene, struct sea_canvas *canvas)
{
	struct sea_frame frame = {0, canvas->lines};
	bool has_trust = scene->view && scene->trust;
	bool is_asked = scene->state->prompt || scene->state->message[0];

	scene->state->bar.nr = 0;
	if (canvas->lines >= LINES_FOR_BAR || (is_asked && canvas->lines > 1))
		draw_bottom(scene, --frame.end, canvas);
	/* Where there is one line for both, that numbers are wrong is what has to be read. */
	if (canvas->lines >= LINES_FOR_TRUST || !has_trust ||
	    scene->trust->level < SEA_TRUST_DOUBT) {
		if (canvas->lines >= LINES_FOR_HEADER) {
			draw_header(scene, canvas);
			frame.first++;
		}
		if (canvas->lines >= LINES_FOR_TRUST && has_trust)
			draw_trust(scene, frame.first++, canvas);
	} else {
		draw_trust(scene, frame.first++, canvas);
	}
	if (frame.first > frame.end)
		frame.first = frame.end;
	return frame;
}

const struct sea_row *sea_scene_row(const struct sea_scene *scene, __u64 id)
{
	size_t i;

	for (i = 0; scene->view && i < scene->view->nr_rows; i++)
		if (scene->view->rows[i].vm.id == id)
			return &scene->view->rows[i];
	return NULL;
}
