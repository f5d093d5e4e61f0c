/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * totals.h - what a recording says in sum about a time: the counts of each VM, the
 * sessions, what was lost, and when nobody counted.
 *
 * Counts come from ticks, which have every SEA, and not from details, which a storm or
 * the retention may have cost. A tick belongs to the moment at which it was read: one of
 * 14:00:00.5 has the SEAs since the tick before it, of which some may have come before
 * 14:00. SQLite does the sums, so that only the results are in memory.
 */
#ifndef SEA_TOTALS_H
#define SEA_TOTALS_H

#include "model/listing.h"
#include "model/loss.h"
#include "model/session.h"
#include "report/tick-counts.h"
#include "store/reader.h"

/* One session of the recording, as it was known last. All _ns are CLOCK_REALTIME. */
struct sea_totals_session {
	__s64 id; /* of the table session */
	char run[SEA_UUID_LEN], boot_id[SEA_UUID_LEN];
	char host[SEA_HOST_LEN], kernel[SEA_HOST_LEN], machine[SEA_HOST_LEN];
	char program[SEA_PROGRAM_LEN], version[SEA_PROGRAM_LEN], source[SEA_PROGRAM_LEN];
	bool tells_all, redacted;
	__s64 started_ns, ended_ns; /* ended_ns 0: nobody said */
	__s64 last_ns;		    /* of its last tick */
	enum sea_session_end end;
};

struct sea_totals_loss {
	enum sea_loss_cause cause;
	__u64 count;
	__s64 first_ns, last_ns; /* of the ticks that tell of it */
};

struct sea_totals_gap {
	__s64 session;
	enum sea_gap_cause cause;
	__s64 since_ns, until_ns; /* until_ns 0: it was not over */
	char why[SEA_GAP_WHY_LEN];
};

/* Something that makes counts doubtful, and that held for a while. */
enum sea_totals_doubt_kind {
	SEA_DOUBT_UNPROVEN,  /* nothing shows that the source's hooks are called */
	SEA_DOUBT_BLIND,     /* the source was seen to be switched off */
	SEA_DOUBT_UNCHECKED, /* nothing checked the counts */
	SEA_DOUBT_AT_LEAST,  /* more may be lost than is counted */
	SEA_DOUBT_NO_LIST,   /* VMs without an SEA were not known */
	SEA_DOUBT_UNLISTED,  /* some of them were not, for want of room */
	SEA_DOUBT_HIDDEN,    /* some of them were not, as a pid namespace hid them */
	SEA_DOUBT_KINDS,
};

struct sea_totals_doubt {
	__s64 session;
	enum sea_totals_doubt_kind kind;
	__s64 since_ns, until_ns; /* until_ns 0: to the end of the window, or of the session */
	char why[128];		  /* "kernel.ftrace_enabled is 0", "missed, unseen"; or "" */
};

/* Details, ticks or sessions before that moment were deleted as they were old. */
struct sea_totals_pruned {
	char what[32];
	__s64 until_ns;
	__u64 records;
};

/* Start from zeros; sea_totals_free() releases it. */
struct sea_window_totals {
	struct sea_totals_session *sessions; /* by start; also those without a tick here */
	struct sea_totals_vm *vms;	     /* by number; all that ticks of the window name */
	struct sea_totals_loss losses[SEA_LOSS_CAUSES]; /* all causes, in their order */
	struct sea_totals_gap *gaps;			/* that touch the window, by start */
	struct sea_totals_doubt *doubts;		/* that touch it, by session and start */
	struct sea_totals_pruned *pruned;
	size_t nr_sessions, nr_vms, nr_gaps, nr_doubts, nr_pruned;
	__u64 checked, overseen, disarmed, blind_ns, ended_unseen, answered_early, ticks;
	__s64 first_ns, last_ns; /* what of the window the counts cover; 0: nothing */
	bool incomplete;	 /* a newer program wrote it, and some of it cannot be read */
};

/*
 * The sessions of a recording, by start, into *sessions, which the caller frees.
 * incomplete: as in struct sea_window_totals.
 */
int sea_totals_sessions(struct sea_reader *reader, struct sea_totals_session **sessions, size_t *nr,
			struct sea_error *err);

/*
 * The sums of a window. chosen: numbers of the sessions that are to be in them; NULL:
 * all. What the reader gives next is not changed.
 */
int sea_totals_make(struct sea_window_totals *totals, struct sea_reader *reader,
		    const struct sea_window *window, const __s64 *chosen, size_t nr_chosen,
		    struct sea_error *err);
void sea_totals_free(struct sea_window_totals *totals);

/* The VM of this number, or NULL. */
const struct sea_totals_vm *sea_totals_find(const struct sea_window_totals *totals, __s64 vm);

#endif /* SEA_TOTALS_H */
