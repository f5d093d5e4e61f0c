// SPDX-License-Identifier: GPL-2.0-only
/*
 * page-trust.c - all that says whether the numbers can be trusted.
 */
#include <stdio.h>
#include <string.h>

#include "model/clock.h"
#include "show/lines.h"

#define LLU(number) ((unsigned long long)(number))
#define NAME_WIDTH 12

static const enum sea_look looks[SEA_TRUST_LEVELS] = {
	[SEA_TRUST_WELL] = SEA_LOOK_GOOD,
	[SEA_TRUST_NOTE] = SEA_LOOK_DOUBT,
	[SEA_TRUST_DOUBT] = SEA_LOOK_DOUBT,
	[SEA_TRUST_BAD] = SEA_LOOK_BAD,
};

static void put_judgement(struct sea_page_text *text, const struct sea_trust *trust)
{
	static const char *const says[SEA_TRUST_LEVELS] = {
		[SEA_TRUST_WELL] = "Yes: the counts are exact, and nothing is missing.",
		[SEA_TRUST_NOTE] =
			"The counts are exact. What is marked note is missing, or unchecked.",
		[SEA_TRUST_DOUBT] = "Perhaps: what is marked doubt may have made counts wrong.",
		[SEA_TRUST_BAD] = "No: counts are too low, by what is marked bad.",
	};
	size_t i;

	sea_page_heading(text, "Can these numbers be trusted?");
	sea_page_wrap(text, 0, looks[trust->level], says[trust->level]);
	for (i = 0; i < trust->nr; i++) {
		const struct sea_trust_line *line = &trust->lines[i];

		sea_page_put(text, looks[line->level], "%s", sea_trust_word(line->level));
		sea_page_wrap(text, NAME_WIDTH, SEA_LOOK_PLAIN, line->text);
	}
}

static void put_hooks(struct sea_page_text *text, const struct sea_hooks *hooks)
{
	static const enum sea_look proofs[SEA_PROOFS] = {
		[SEA_PROOF_NONE] = SEA_LOOK_DOUBT,
		[SEA_PROVEN] = SEA_LOOK_GOOD,
		[SEA_DISPROVEN] = SEA_LOOK_BAD,
	};
	static const char *const words[SEA_PROOFS] = {
		[SEA_PROOF_NONE] = "not proven",
		[SEA_PROVEN] = "proven",
		[SEA_DISPROVEN] = "cannot fire",
	};
	char line[256];
	size_t i;

	if (!hooks->nr)
		return;
	sea_page_heading(text, "Hooks");
	for (i = 0; i < hooks->nr; i++) {
		const struct sea_hook_state *hook = &hooks->hooks[i];

		sea_page_put(text, proofs[hook->proof], "%s", words[hook->proof]);
		snprintf(line, sizeof(line), "%s of %s, by %s%s%s", sea_part_name(hook->part),
			 hook->function ?: "?", sea_mechanism_name(hook->mechanism),
			 hook->by ? ": " : "", hook->by ?: "");
		sea_page_wrap(text, NAME_WIDTH + 2, SEA_LOOK_PLAIN, line);
		if (!hook->missed)
			continue;
		snprintf(line, sizeof(line), "the kernel skipped it %s%llu times",
			 hook->missed_at_least ? "at least " : "", LLU(hook->missed));
		sea_page_wrap(text, NAME_WIDTH + 2, SEA_LOOK_DOUBT, line);
	}
}

static void put_losses(struct sea_page_text *text, const struct sea_loss *loss)
{
	struct sea_text none = {0};
	int i;

	sea_page_heading(text, "Losses since counting began");
	for (i = 0; i < SEA_LOSS_CAUSES; i++) {
		const struct sea_loss_word *word = sea_loss_word(i);

		if (!loss->count[i] && !(loss->at_least & 1U << i)) {
			sea_text_add(&none, "%s%s", none.len ? ", " : "", word->name);
			continue;
		}
		sea_page_put(text, SEA_LOOK_DOUBT, "%s%llu", loss->at_least & 1U << i ? ">=" : "",
			     LLU(loss->count[i]));
		sea_page_tab(text, NAME_WIDTH);
		sea_page_put(text, SEA_LOOK_PLAIN, "%s", word->name);
		sea_page_wrap(text, 2 * NAME_WIDTH + 1, SEA_LOOK_PLAIN, word->help);
	}
	/* What did not happen needs no explanation. */
	if (none.len) {
		sea_page_put(text, SEA_LOOK_QUIET, "none by");
		sea_page_wrap(text, NAME_WIDTH, SEA_LOOK_QUIET, none.text ?: "");
	}
	sea_text_free(&none);
}

static void put_session(struct sea_page_text *text, const struct sea_scene *scene)
{
	const struct sea_session *session = scene->session;
	char since[64] = "?";
	struct tm tm;

	if (!session)
		return;
	if (localtime_r(&session->started.tv_sec, &tm))
		strftime(since, sizeof(since), "%Y-%m-%d %H:%M:%S %z", &tm);
	sea_page_heading(text, "Session");
	sea_page_put(text, SEA_LOOK_PLAIN, "Counted on %s since %s", session->host, since);
	sea_page_line(text);
	sea_page_put(text, SEA_LOOK_PLAIN, "by %s %s, source %s, on Linux %s", session->program,
		     session->version, scene->view->source ?: "unknown", session->kernel);
	sea_page_line(text);
	if (!session->replayed)
		return;
	sea_page_put(text, SEA_LOOK_PLAIN, "This is a recording; its session %s",
		     session->end == SEA_SESSION_RUNS	 ? "had not ended" :
		     session->end == SEA_SESSION_STOPPED ? "was stopped in order" :
							   "ended badly");
	sea_page_line(text);
}

void sea_page_trust(const struct sea_scene *scene, struct sea_frame frame,
		    struct sea_canvas *canvas)
{
	struct sea_page_text text;

	if (!scene->view)
		return;
	sea_page_begin(&text, scene, frame, canvas);
	put_judgement(&text, scene->trust);
	put_hooks(&text, &scene->now->hooks);
	put_losses(&text, &scene->now->loss);
	put_session(&text, scene);
	sea_page_end(&text, scene);
}
