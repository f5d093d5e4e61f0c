/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * armed.h - whether a hook that is attached gets called: from what was tried and
 * read to a verdict, and what becomes of it while the program runs.
 *
 * Nothing here asks the kernel. trial.c and proof.c do.
 */
#ifndef SEA_ARMED_H
#define SEA_ARMED_H

#include <stdbool.h>

#include "model/hooks.h"
#include "trace/callers.h"

/* Of a mechanism: was its hook called, when its function was? */
enum sea_trial {
	SEA_TRIAL_NONE,	  /* it could not be tried */
	SEA_TRIAL_FIRED,  /* yes */
	SEA_TRIAL_SILENT, /* no, though tried several times */
};

/* What is known of one hook. */
struct sea_hook_facts {
	enum sea_mechanism mechanism;
	enum sea_trial trial;	/* of its mechanism */
	const char *off;	/* the mechanism's switch that is off; NULL: none is known to be */
	bool can_be_tried;	/* something else than an SEA calls its function */
	bool tried;		/* that was done */
	bool fired;		/* and the hook was called */
	enum sea_called called; /* of one that cannot be tried: does the kernel call it? */
	const char *unread;	/* why that is not known; of SEA_NOT_PROVEN */
};

/* *by: what shows it, or why nothing does; static, or one of the facts' texts. */
enum sea_proof sea_armed_judge(const struct sea_hook_facts *facts, const char **by);

/*
 * What was seen of one mechanism, look after look. Start from zeros, then look once
 * while it works.
 */
struct sea_watch {
	__u64 good_ns;	 /* CLOCK_BOOTTIME of the last look that found it working */
	__u64 since_ns;	 /* of the one before it was found switched off; 0: it works */
	__u64 times;	 /* it was found switched off */
	__u64 blind_ns;	 /* how long it was, at most, what lasts included */
	__u64 closed_ns; /* of which is over */
	const char *why; /* NULL: it works */
};

/* why: the switch that is off, or that the trial was silent; static; NULL: it works. */
void sea_watch_look(struct sea_watch *watch, __u64 now_ns, const char *why);

#endif /* SEA_ARMED_H */
