/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * line-read-internal.h - what the readers of lines share: the reader, how it takes what is
 * in an object, and how it fails.
 */
#ifndef SEA_LINE_READ_INTERNAL_H
#define SEA_LINE_READ_INTERNAL_H

#include "store/line-lists.h"
#include "store/line.h"

struct sea_line_session;
struct sea_line_vm;

struct sea_line_reader {
	FILE *file;
	char *name;
	char *line;
	size_t room;
	__u64 nr; /* of the line that was read last */
	struct json_tokener *tokener;
	json_object *object;
	struct sea_line_session *sessions;
	struct sea_line_vm *vms;
	struct sea_intern *texts;
	__u64 session; /* number of the last entry's */
	bool has_head, is_newer, is_incomplete;
	/* What the entry that came last points to */
	struct sea_change change;
	struct sea_event event;
	struct sea_page page;
	struct sea_end end;
	struct sea_gap gap;
	struct sea_host_event host;
	struct sea_pruned pruned[SEA_PRUNED_KINDS];
};

/* Sets err to "cannot read NAME: line 7: WHY"; why may be err's own text. Returns -1. */
int sea_line_fail(const struct sea_line_reader *r, const char *why, struct sea_error *err);

/* Takes the members of an object that the list names into what `to` points to. */
int sea_line_take(struct sea_line_reader *r, json_object *object, const struct sea_line_list *list,
		  void *to, struct sea_error *err);
/* The text of a member, the object's; "": it has none. */
const char *sea_line_text(json_object *object, const char *name);

/* The rest of a tick's line. */
int sea_line_read_tick(struct sea_line_reader *r, struct sea_entry *entry, struct sea_error *err);

#endif /* SEA_LINE_READ_INTERNAL_H */
