/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rare.h - what a few events say about a rate: exact tests and limits.
 *
 * Events are taken to be independent of each other. One bad page may give thousands of
 * SEAs, which are not: so callers count the VMs that were hit, and not their SEAs.
 * All tests are exact (no normal approximation), and two-sided ones double the smaller
 * tail, so that a test and its interval never contradict each other.
 */
#ifndef SEA_RARE_H
#define SEA_RARE_H

#include <stddef.h>

#include <linux/types.h>

/*
 * One-sided limits of the mean that a Poisson number of events has, by the gamma
 * distribution. confidence is in (0, 1): 0.95. The lower limit of 0 events is 0.
 * Example: 0 events, 0.95: at most 2.996.
 */
double sea_rare_mean_upper(__u64 events, double confidence);
double sea_rare_mean_lower(__u64 events, double confidence);
/* The chance of so many events or more if the mean is `mean`. */
double sea_rare_mean_tail(__u64 events, double mean);

/*
 * The same of a share: events are some of `of`, which is not 0 (Clopper and Pearson).
 * Example: 0 of 59, 0.95: at most 0.0495.
 */
double sea_rare_share_upper(__u64 events, __u64 of, double confidence);
double sea_rare_share_lower(__u64 events, __u64 of, double confidence);
double sea_rare_share_tail(__u64 events, __u64 of, double share);

/* Two groups: [0] is the base, [1] is new. */
struct sea_rare_pair {
	__u64 events[2];
	double exposure[2]; /* of rates: hours, or what else they are by; more than 0 */
	__u64 of[2];	    /* of shares: how many could have been events */
};

struct sea_rare_result {
	double p;	     /* two-sided; 1 if there is no event in either */
	double ratio;	     /* new to base; NAN: no event in either; INFINITY: none in base */
	double lower, upper; /* its interval, two-sided: 0 to INFINITY if nothing is known */
};

/*
 * Rates: given the sum of events, those of the new group are binomial. ratio is that of
 * the rates. confidence: 0.95 gives an interval of 95 %.
 */
void sea_rare_rates(const struct sea_rare_pair *pair, double confidence,
		    struct sea_rare_result *result);

/* Shares: Fisher's exact test. ratio is that of the odds, as the sample has it. */
void sea_rare_shares(const struct sea_rare_pair *pair, double confidence,
		     struct sea_rare_result *result);

/*
 * Makes nr p-values such that it is alpha, at most, how often any of them is alpha or
 * less where there is nothing to find (Holm). In place; NAN is no test and stays.
 */
void sea_rare_holm(double *p, size_t nr);

/*
 * How often sea_rare_rates() gives a p of alpha or less, if the base group sees
 * mean[0] events on average and the new one mean[1]. null_share: the part of events
 * that the new group would have if the rates were the same: its part of the exposure.
 */
double sea_rare_power(const double mean[2], double null_share, double alpha);

/*
 * By how much both exposures have to be multiplied until the power is `power`: 1 is now.
 * INFINITY: no factor up to a million is enough.
 */
double sea_rare_factor(const double mean[2], double null_share, double alpha, double power);

#endif /* SEA_RARE_H */
