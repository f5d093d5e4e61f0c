/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare.h - is a fleet worse than another, or than it was before?
 *
 * Rates by VM-hours are compared by the exact conditional test of two Poisson rates,
 * shares by Fisher's exact test; p-values are adjusted for being many (Holm). Events are
 * VMs that were hit, and not their SEAs: those of one bad page are one misfortune.
 */
#ifndef SEA_COMPARE_H
#define SEA_COMPARE_H

#include "report/rare.h"
#include "report/verdict.h"

struct sea_compare_options {
	double confidence; /* of all differences together: 0.95; 0.5 to below 1 */
	double ratio;	   /* a rate that is so many times as large would matter: 2; above 1 */
	double power; /* and should be seen so often: 0.8; 0.5 to below 1; 0: factor is not asked
			 for */
};

enum sea_compared {
	SEA_COMPARE_SEAS,	  /* VMs that took an SEA, by VM-hours */
	SEA_COMPARE_HOST_OWNED,	  /* of the host's own memory */
	SEA_COMPARE_NOT_OPTED_IN, /* whose VMM had not opted in */
	SEA_COMPARE_SIGBUS,	  /* VMs that SIGBUS ended, by VM-hours */
	SEA_COMPARE_RESUMED,	  /* of VMs that an SEA was forwarded to, a share */
	SEA_COMPARE_ABANDONED,
	SEA_COMPARE_WITHOUT, /* of running VMs: the share that did not opt in */
	SEA_COMPARED,
};

/* "seas", "host_owned", ...; and what it is, for people. Static. */
const char *sea_compared_name(enum sea_compared what);
const char *sea_compared_help(enum sea_compared what);
/* By VM-hours; the others are shares. */
bool sea_compared_is_rate(enum sea_compared what);

struct sea_comparison {
	enum sea_verdict_is is;
	__u64 events[2], events_most[2]; /* base, new: seen, and with what could not be seen */
	double of[2];			 /* VM-hours, or VMs that could have been events */
	struct sea_rare_result result;	 /* of what was seen; shares: ratio is that of the odds */
	double p;			 /* adjusted; NAN: there is nothing to compare */
	/*
	 * So many times the exposure of both would show a ratio that matters as often as the
	 * options say. INFINITY: not known, or the verdict is another than `cannot tell`.
	 */
	double factor;
	bool at_least; /* factor: or more, as no event was seen that would tell the rate */
	char why[SEA_VERDICT_TEXT_LEN]; /* what follows; "" if it passes */
};

struct sea_comparisons {
	struct sea_comparison list[SEA_COMPARED];
	enum sea_verdict_is worst;
	char incomplete[SEA_VERDICT_TEXT_LEN]; /* why no difference is told; "" */
};

/*
 * incomplete: why the data of either is; "": it is complete. Fails where new is worse,
 * passes where it is better, or shown to be less than `ratio` times as bad.
 */
void sea_compare(const struct sea_exposure *base, const struct sea_exposure *new,
		 const struct sea_compare_options *options, const char *incomplete,
		 struct sea_comparisons *out);

void sea_compare_text(const struct sea_comparisons *comparisons, const struct sea_exposure *base,
		      const struct sea_exposure *new, const struct sea_compare_options *options,
		      struct sea_text *out);
/* One line of JSON: docs/seatop-compare-1.schema.json */
int sea_compare_json(const struct sea_comparisons *comparisons, const struct sea_exposure *base,
		     const struct sea_exposure *new, const struct sea_compare_options *options,
		     struct sea_text *out, struct sea_error *err);

#endif /* SEA_COMPARE_H */
