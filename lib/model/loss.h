/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * loss.h - what can be lost, by cause.
 *
 * A cause is one line of SEA_LOSSES(): its name is in JSON, tables, metrics and
 * recordings, and the sentence in the manual. What counts it fills in
 * sea_loss::count.
 */
#ifndef SEA_LOSS_H
#define SEA_LOSS_H

#include <stdbool.h>
#include <time.h>

#include <linux/types.h>

/* What is not right any more where something was lost. */
enum sea_loss_of {
	SEA_LOSS_OF_DETAILS, /* single SEAs are not told; counts are exact */
	SEA_LOSS_OF_NAMES,   /* a VM's name is not known; counts are exact */
	SEA_LOSS_OF_OWNERS,  /* counts are in `other`; their sums are exact */
	SEA_LOSS_OF_ANSWERS, /* responses are too low, and pending is too high */
	SEA_LOSS_OF_COUNTS,  /* SEAs may be counted nowhere */
	SEA_LOSS_OF_TIME,    /* when something happened is known less exactly */
	SEA_LOSS_OF_CHECK,   /* counts are right as far as is known, but unchecked */
	SEA_LOSS_OF_HOST,    /* what the host did is not all told; counts are exact */
};

/* X(CONSTANT, name, what it is of, what it is, what to do about it) */
#define SEA_LOSSES(X)                                                                           \
	X(RATELIMIT, "ratelimit", DETAILS, "detail records over their VM's rate",               \
	  "single SEAs of a storm are not told, counts are exact")                              \
	X(RING_FULL, "ring_full", DETAILS, "detail records that found the ring buffer full",    \
	  "single SEAs are not told, counts are exact")                                         \
	X(NAME, "name", NAMES, "VMs whose identity found its ring buffer full",                 \
	  "names of VMs may be missing, counts are exact")                                      \
	X(TABLE_FULL, "table_full", OWNERS, "SEAs and responses counted under `other`",         \
	  "more VMs than rows, see `other`; raise --max-vms")                                   \
	X(NO_VCPU, "no_vcpu", COUNTS, "hooks that found no vCPU, or no room to remember one",   \
	  "SEAs without a vCPU are in no row: counts are too low")                              \
	X(ANSWERS, "answers", ANSWERS, "forwarded SEAs whose answer will not be seen",          \
	  "too many forwarded SEAs at once: PEND is too high")                                  \
	X(MISSED, "missed", COUNTS, "times that the kernel skipped a hook that counts",         \
	  "the kernel skipped hooks: counts may be too low")                                    \
	X(UNSEEN, "unseen", COUNTS, "SEAs that the check saw and the source did not",           \
	  "SEAs passed the source by: COUNTS ARE TOO LOW; run seastat doctor")                  \
	X(DISARMED, "disarmed", COUNTS, "times that the source was found switched off",         \
	  "the source was switched off for a while: COUNTS MAY BE TOO LOW; run seastat doctor") \
	X(OVERSEEN, "overseen", CHECK, "SEAs that were counted and that the check did not see", \
	  "the check does not see all SEAs: nothing would tell if the source did not")          \
	X(TICK, "tick", TIME, "ticks that could not be read",                                   \
	  "counters could not be read for a while: rates are over a longer time")               \
	X(STORE, "store", DETAILS, "detail records that could not be stored",                   \
	  "the recorder could not write: single SEAs are not told, counts are exact")           \
	X(TRACE, "trace", COUNTS, "events that an imported trace has lost",                     \
	  "the trace's buffer was too small: counts may be too low")                            \
	X(UNCLEAR, "unclear", COUNTS, "lines of an imported trace that were not understood",    \
	  "lines of an import were not understood: counts may be too low")                      \
	X(HOST_EVENTS, "host_events", HOST,                                                     \
	  "records of what the host did that found their ring buffer full",                     \
	  "the host did more about bad memory than is told, counts are exact")

#define SEA_LOSS_CONSTANT(constant, name, of, help, hint) SEA_LOSS_##constant,
enum sea_loss_cause { SEA_LOSSES(SEA_LOSS_CONSTANT) SEA_LOSS_CAUSES };
#undef SEA_LOSS_CONSTANT

struct sea_loss_word {
	const char *name; /* "ratelimit" */
	const char *help; /* a sentence without a full stop */
	const char *hint; /* what it means for the reader; what to do */
	enum sea_loss_of of;
};

/* Static; cause is below SEA_LOSS_CAUSES. */
const struct sea_loss_word *sea_loss_word(enum sea_loss_cause cause);
/* The cause of this name, or -1; NULL is no name. */
int sea_loss_number(const char *name);

/* Since counting began. Start from zeros. */
struct sea_loss {
	__u64 count[SEA_LOSS_CAUSES];
	/* Bit by cause: more of it may have been lost than is counted. */
	__u32 at_least;
	/* CLOCK_REALTIME when the count was last seen to grow; zeros: it never did. */
	struct timespec last[SEA_LOSS_CAUSES];
};

/* The sum over all causes. */
__u64 sea_loss_total(const struct sea_loss *loss);
/* The sum over the causes of one kind. */
__u64 sea_loss_total_of(const struct sea_loss *loss, enum sea_loss_of of);
/*
 * Carries the times of losses on: what has grown since before was lost at wall, what
 * has not keeps its time.
 */
void sea_loss_date(struct sea_loss *loss, const struct sea_loss *before,
		   const struct timespec *wall);

#endif /* SEA_LOSS_H */
