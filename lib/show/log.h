/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * log.h - what happened: SEAs, answers, ends of VMs, gaps and what the host did, the
 * newest entries of each VM and of all.
 */
#ifndef SEA_SHOW_LOG_H
#define SEA_SHOW_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "model/record.h"

/* An entry of the log: a record that is no tick and names no VM anew. */
struct sea_logged {
	struct sea_logged *prev, *next; /* of all; the oldest one is first */
	__u64 number;			/* 1, 2, ... in the order of arrival */
	enum sea_record_type type;	/* SEA, ANSWER, END, GAP or HOST */
	__u64 time_ns;			/* CLOCK_BOOTTIME */
	struct timespec wall;
	const struct sea_vm_info *vm; /* a reference; NULL: no VM's */
	struct sea_event event;	      /* SEA, ANSWER */
	bool has_page;
	struct sea_page page;	     /* SEA, if has_page */
	struct sea_end end;	     /* END */
	struct sea_gap *gap;	     /* GAP */
	struct sea_host_event *host; /* HOST */
};

struct sea_log;

/* Keeps so many entries, and of one VM so many. NULL: out of memory. */
struct sea_log *sea_log_open(size_t entries, size_t of_vm);
/* Takes NULL too. */
void sea_log_close(struct sea_log *log);
void sea_log_clear(struct sea_log *log);

/* Adds a copy of the record; one that there is no memory for counts as dropped. */
void sea_log_put(struct sea_log *log, const struct sea_record *record);

/* The newest entry; go on with sea_log_before(). NULL: it is empty. */
const struct sea_logged *sea_log_newest(const struct sea_log *log);
/* The one before it, or NULL. */
const struct sea_logged *sea_log_before(const struct sea_log *log, const struct sea_logged *entry);
const struct sea_logged *sea_log_entry(const struct sea_log *log, __u64 number);
/* The answer to this SEA, or the SEA of this answer; NULL: it is not there. */
const struct sea_logged *sea_log_partner(const struct sea_log *log, const struct sea_logged *entry);
size_t sea_log_count(const struct sea_log *log);
/* Entries that made room for newer ones. */
__u64 sea_log_dropped(const struct sea_log *log);

#endif /* SEA_SHOW_LOG_H */
