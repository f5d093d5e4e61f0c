// SPDX-License-Identifier: GPL-2.0-only
#include "show/past.h"

#include <stdlib.h>
#include <string.h>

#include "model/clock.h"
#include "names/errand.h"
#include "store/replay.h"

struct sea_past {
	struct sea_errands *errands;
	char *path;
	const struct question *asked; /* the one whose answer is wanted; NULL: none is */
};

struct question {
	struct sea_errand errand;
	char *path;
	struct timespec at;
	bool sea;
	struct sea_feed *feed; /* NULL: the error says why */
	struct sea_error err;
};

static struct question *question_of(struct sea_errand *errand)
{
	return (struct question *)(void *)errand;
}

/* There is nothing that could be said at once. */
static bool begin(struct sea_errand *errand)
{
	(void)errand;
	return true;
}

/* Without one there is no feed. */
static void find_sea(struct question *question)
{
	int rc = sea_replay_last_sea(question->feed, &question->at, &question->err);

	if (rc > 0)
		sea_error_set(&question->err, "and no SEA before that is stored");
	if (rc) {
		sea_feed_close(question->feed);
		question->feed = NULL;
	}
}

static void find(struct sea_errand *errand)
{
	struct question *question = question_of(errand);
	const struct sea_replay_options options = {.at = question->at, .speed = 1};

	struct timespec first, last;

	if (sea_replay_open(question->path, &options, &question->feed, &question->err)) {
		question->feed = NULL;
		return;
	}
	sea_replay_pause(question->feed, true);
	if (question->sea) {
		find_sea(question);
		return;
	}
	/* Ahead of the first tick there is none to show: that one is stepped to. */
	sea_replay_span(question->feed, &first, &last);
	if (sea_time_to_ns(&question->at) <= sea_time_to_ns(&first))
		sea_replay_step(question->feed);
}

static void free_question(struct sea_errand *errand)
{
	struct question *question = question_of(errand);

	sea_feed_close(question->feed);
	free(question->path);
	free(question);
}

int sea_past_open(struct sea_past **past, const char *path, struct sea_error *err)
{
	struct sea_past *p = calloc(1, sizeof(*p));

	if (p)
		p->path = strdup(path);
	if (!p || !p->path) {
		sea_past_close(p);
		return sea_error_set(err, "cannot look into %s: out of memory", path);
	}
	if (sea_errands_open(&p->errands, err)) {
		sea_past_close(p);
		return -1;
	}
	*past = p;
	return 0;
}

void sea_past_close(struct sea_past *past)
{
	if (!past)
		return;
	sea_errands_close(past->errands);
	free(past->path);
	free(past);
}

void sea_past_ask(struct sea_past *past, const struct timespec *at, bool sea)
{
	struct question *question = calloc(1, sizeof(*question));

	past->asked = NULL;
	if (question)
		question->path = strdup(past->path);
	if (!question || !question->path) {
		free(question);
		return;
	}
	question->errand.quick = begin;
	question->errand.slow = find;
	question->errand.free = free_question;
	question->at = *at;
	question->sea = sea;
	past->asked = question;
	sea_errands_send(past->errands, &question->errand);
}

int sea_past_fd(const struct sea_past *past)
{
	return sea_errands_fd(past->errands);
}

enum sea_past_answer sea_past_answer(struct sea_past *past, struct sea_feed **feed,
				     struct sea_error *err)
{
	enum sea_past_answer answer = SEA_PAST_NONE;
	struct sea_errand *errand;
	bool done;

	while ((errand = sea_errands_news(past->errands, &done))) {
		struct question *question = question_of(errand);

		if (!done)
			continue;
		if (question == past->asked) {
			past->asked = NULL;
			answer = question->feed ? SEA_PAST_FEED : SEA_PAST_FAILED;
			*feed = question->feed;
			*err = question->err;
			question->feed = NULL;
		}
		free_question(errand);
	}
	return answer;
}
