/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * line-lists.h - what each line of the text form has.
 */
#ifndef SEA_LINE_LISTS_H
#define SEA_LINE_LISTS_H

#include "store/entry.h"
#include "store/line-fields.h"

struct sea_line_list {
	const struct sea_line_field *fields;
	size_t nr;
};

extern const struct sea_line_list sea_line_head;    /* of struct sea_record */
extern const struct sea_line_list sea_line_session; /* of struct sea_session */
extern const struct sea_line_list sea_line_vm;	    /* of struct sea_vm_info */
extern const struct sea_line_list sea_line_event;   /* of struct sea_event */
extern const struct sea_line_list sea_line_answer;  /* of it, in an answer */
extern const struct sea_line_list sea_line_page;
extern const struct sea_line_list sea_line_end;
extern const struct sea_line_list sea_line_gap;
extern const struct sea_line_list sea_line_host;
extern const struct sea_line_list sea_line_tick;   /* of struct sea_change */
extern const struct sea_line_list sea_line_state;  /* of struct sea_tick_state */
extern const struct sea_line_list sea_line_hook;   /* of struct sea_hook_state */
extern const struct sea_line_list sea_line_row;	   /* of struct sea_vm_change */
extern const struct sea_line_list sea_line_listed; /* of struct sea_listed */
extern const struct sea_line_list sea_line_pruned; /* of struct sea_pruned */

#endif /* SEA_LINE_LISTS_H */
