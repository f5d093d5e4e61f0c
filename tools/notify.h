/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * notify.h - what a service tells its manager, if there is one.
 */
#ifndef SEASTAT_NOTIFY_H
#define SEASTAT_NOTIFY_H

#include <linux/types.h>

#include "base/error.h"

/* "READY=1", "STOPPING=1", "STATUS=..."; nothing happens without a manager. */
void notify(const char *state);

/* What is told is read again: until "READY=1". */
void notify_reloading(void);

/* An entry of the journal, of lines NAME=VALUE; nothing happens without a journal. */
void notify_journal(const char *fields);
/* Is there a way to it in this program? */
int notify_journal_open(struct sea_error *err);

/* The manager wants to hear of us that often, in nanoseconds; 0: never. */
__u64 notify_watchdog_ns(void);

#endif /* SEASTAT_NOTIFY_H */
