/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hold.h - pages of SEAs, and SEAs that are held back for them: where firmware reported the
 * error, the host takes the page out of use in a moment, and whether it did is to be in
 * the record. What comes behind such an SEA waits with it, so that the order stays.
 */
#ifndef SEA_TRACE_HOLD_H
#define SEA_TRACE_HOLD_H

#include <stdbool.h>

#include "trace/page.h"

/* No SEA is held for longer, in nanoseconds. */
#define SEA_HOLD_NS 100000000ULL

struct sea_hold;

/* root: as of struct sea_page_files. */
int sea_hold_open(const char *root, struct sea_hold **hold, struct sea_error *err);
/* NULL is fine. */
void sea_hold_close(struct sea_hold *hold);

/* For poll(): readable when sea_hold_is_over() may say something else than before. */
int sea_hold_fd(const struct sea_hold *hold);

/*
 * The record of that number is an SEA. Numbers grow from one call to the next. Of an
 * SEA whose page nobody knows nothing is kept. False: out of memory.
 */
bool sea_hold_put(struct sea_hold *hold, __u64 number, const struct sea_event *event);

/* The record of that number, which is the next to be given, need not wait any more. */
bool sea_hold_is_over(struct sea_hold *hold, __u64 number);

/* It is given: its page, good until the next call; NULL: it has none. */
const struct sea_page *sea_hold_take(struct sea_hold *hold, __u64 number);

#endif /* SEA_TRACE_HOLD_H */
