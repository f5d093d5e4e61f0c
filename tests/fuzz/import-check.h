/* SPDX-License-Identifier: GPL-2.0-only */
/* import-check.h - what must hold of all that an importer yields, whatever it read. */
#ifndef SEA_IMPORT_CHECK_H
#define SEA_IMPORT_CHECK_H

#include <string.h>

#include "base/printable.h"
#include "fuzz.h"
#include "import/import.h"
#include "model/snapshot.h"

struct import_check {
	struct sea_import_sum sum;
	__u64 host_events, seas, answers, sessions;
	bool is_open;
};

/* Safe to show, so that another cleaning changes nothing */
static inline void check_text(const char *text, size_t size)
{
	char again[1024];

	CHECK(strnlen(text, size) < size);
	sea_printable(text, strlen(text), again, sizeof(again));
	CHECK(!strcmp(text, again));
}

static inline int check_record(void *context, const struct sea_record *record,
			       struct sea_error *err)
{
	struct import_check *c = context;
	const struct sea_session *s = record->session;

	(void)err;
	check_text(s->host, sizeof(s->host));
	check_text(s->kernel, sizeof(s->kernel));
	CHECK(!s->boot_id[0] || strlen(s->boot_id) == SEA_UUID_LEN - 1);
	if (record->type == SEA_RECORD_SESSION) {
		CHECK(c->is_open == (s->end != SEA_SESSION_RUNS));
		c->is_open = !c->is_open;
		c->sessions += c->is_open;
		return 0;
	}
	CHECK(c->is_open);
	if (record->vm)
		check_text(record->vm->name.text, sizeof(record->vm->name.text));
	if (record->host) {
		c->host_events++;
		CHECK(record->host->kind < SEA_HOST_KINDS);
		check_text(record->host->text, sizeof(record->host->text));
	}
	if (record->event) {
		CHECK(record->event->disposition < SEA_DISPOSITIONS);
		CHECK(record->event->reason < SEA_REASONS);
		CHECK(record->event->response < SEA_RESPONSES);
		c->seas += record->type == SEA_RECORD_SEA;
		c->answers += record->type == SEA_RECORD_ANSWER;
	}
	return 0;
}

static inline void check_begin(struct import_check *c, struct sea_import_options *options)
{
	*c = (struct import_check){0};
	*options = (struct sea_import_options){
		.name = "input", .now = {.tv_sec = 1796018500}, .take = check_record, .context = c};
}

/* What was told is what was given. */
static inline void check_end(const struct import_check *c)
{
	CHECK(!c->is_open);
	CHECK(c->sum.host_events == c->host_events && c->sum.sessions == c->sessions);
	CHECK(c->sum.seas == c->seas && c->sum.answers == c->answers);
	CHECK(!c->sum.unclear == !c->sum.first_unclear);
	check_text(c->sum.example, sizeof(c->sum.example));
}

#endif /* SEA_IMPORT_CHECK_H */
