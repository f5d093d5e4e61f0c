/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * import.h - what all importers have in common: what they are given, and what they tell.
 *
 * An importer reads what another tool wrote, and gives records as a feed yields them: a
 * session for each boot of the host that the input tells of, and what happened in it. It
 * trusts nothing: a line (or row) that is not understood costs that line, and is counted.
 */
#ifndef SEA_IMPORT_H
#define SEA_IMPORT_H

#include <stdbool.h>
#include <time.h>

#include <linux/types.h>

#include "base/error.h"
#include "base/span.h"
#include "model/clock.h"
#include "model/record.h"

/* What the caller knows of the host and of the boot that the input is of. */
struct sea_import_boot {
	char boot_id[SEA_UUID_LEN]; /* "": not known */
	char host[SEA_HOST_LEN];    /* "": as the input says, if it does */
	char kernel[SEA_HOST_LEN];  /* "": as the input says, if it does */
	char machine[SEA_HOST_LEN]; /* "": not known */
	/* A moment of that boot in both clocks; without one, a time since boot has no date. */
	bool has_clock;
	struct sea_clock clock;
};

/*
 * Takes a record, which is good until it returns; the session and the VMs stay until the
 * next session begins. -1 ends the import.
 */
typedef int (*sea_import_take)(void *context, const struct sea_record *record,
			       struct sea_error *err);

struct sea_import_options {
	const char *name; /* of the input, for messages */
	struct sea_import_boot boot;
	/* Of a trace: as in tracefs's file trace_clock; NULL: "local". */
	const char *trace_clock;
	/* Times without a year or a date are the last such times before this one. */
	struct timespec now;
	/* What was up to this moment of the boot is known; 0: nothing is. Of a trace. */
	__u64 after_ns;
	/*
	 * Fills in what is known of the VM whose VMM is the process tgid: key, name, and so
	 * on. False: nothing is. NULL: the pid is all there is.
	 */
	bool (*know)(void *context, __u32 tgid, struct sea_vm_info *info);
	sea_import_take take;
	void *context; /* of both */
};

#define SEA_IMPORT_EXAMPLE_LEN 128

/* What an import came to. Start from zeros. */
struct sea_import_sum {
	__u64 lines;			      /* lines, or rows of tables, that were read */
	__u64 sessions;			      /* boots that they were of */
	__u64 seas, answers, host_events;     /* records that were made */
	__u64 unclear;			      /* lines that were about memory and not understood */
	__u64 first_unclear;		      /* the number of the first of them, from 1 */
	char example[SEA_IMPORT_EXAMPLE_LEN]; /* that line, safe to show, cut */
	__u64 lost;			      /* events that the tool itself says it lost */
	bool lost_unsaid;		      /* it lost more, and does not say how many */
};

/* Counts a line that was not understood. */
void sea_import_unclear(struct sea_import_sum *sum, struct sea_span line);

/* When something happened, as far as the input says. */
struct sea_import_time {
	bool has_boot, has_wall;
	__u64 boot_ns;	      /* CLOCK_BOOTTIME, if has_boot */
	struct timespec wall; /* CLOCK_REALTIME, if has_wall */
};

#endif /* SEA_IMPORT_H */
