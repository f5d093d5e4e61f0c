// SPDX-License-Identifier: GPL-2.0-only
#include "report/rare.h"

#include <math.h>
#include <stdlib.h>

/* Rmath.h: its functions without R around them. */
#define MATHLIB_STANDALONE 1
#include <Rmath.h>

/* Arguments of R's functions: lower tail, upper tail; no logarithms */
#define LOWER 1, 0
#define UPPER 0, 0

/* No exposure is multiplied by more in the search for one that is enough. */
#define FACTOR_MAX 1e6
/* Factors are found to this many parts of themselves. */
#define FACTOR_PRECISION 1e-2
/* Odds ratios are looked for in e^-50 to e^50, which is more than any data tells apart. */
#define LOG_ODDS_MAX 50.0
#define LOG_ODDS_STEPS 60
/* What a term may be below the largest one and still count: e^-45 is 3e-20. */
#define LOG_NEGLIGIBLE 45.0

double sea_rare_mean_upper(__u64 events, double confidence)
{
	return qgamma(confidence, (double)events + 1, 1, LOWER);
}

double sea_rare_mean_lower(__u64 events, double confidence)
{
	return events ? qgamma(1 - confidence, (double)events, 1, LOWER) : 0;
}

double sea_rare_mean_tail(__u64 events, double mean)
{
	return events ? ppois((double)events - 1, mean, UPPER) : 1;
}

double sea_rare_share_upper(__u64 events, __u64 of, double confidence)
{
	if (events >= of)
		return 1;
	return qbeta(confidence, (double)events + 1, (double)(of - events), LOWER);
}

double sea_rare_share_lower(__u64 events, __u64 of, double confidence)
{
	if (!events)
		return 0;
	return qbeta(1 - confidence, (double)events, (double)(of - events) + 1, LOWER);
}

double sea_rare_share_tail(__u64 events, __u64 of, double share)
{
	return events ? pbinom((double)events - 1, (double)of, share, UPPER) : 1;
}

static double twice(double low, double high)
{
	return fmin(1, 2 * fmin(low, high));
}

static double ratio_of(double new, double base)
{
	if (new == 0 && base == 0)
		return NAN;
	return base == 0 ? INFINITY : new / base;
}

/* p / (1 - p), scaled: the ratio of rates whose new part of all events is p */
static double rate_ratio(double p, double scale)
{
	return p >= 1 ? INFINITY : p / (1 - p) * scale;
}

void sea_rare_rates(const struct sea_rare_pair *pair, double confidence,
		    struct sea_rare_result *result)
{
	__u64 x = pair->events[1], n = x + pair->events[0];
	double scale = pair->exposure[0] / pair->exposure[1];
	double share = pair->exposure[1] / (pair->exposure[0] + pair->exposure[1]);
	double one_sided = 1 - (1 - confidence) / 2;

	result->ratio = ratio_of((double)x / pair->exposure[1],
				 (double)pair->events[0] / pair->exposure[0]);
	if (!n) {
		*result = (struct sea_rare_result){1, NAN, 0, INFINITY};
		return;
	}
	result->p =
		twice(pbinom((double)x, (double)n, share, LOWER), sea_rare_share_tail(x, n, share));
	result->lower = rate_ratio(sea_rare_share_lower(x, n, one_sided), scale);
	result->upper = rate_ratio(sea_rare_share_upper(x, n, one_sided), scale);
}

/* A table of two by two, given its margins: x of the new group's events can be low..high. */
struct margins {
	double of_new, of_base, events, low, high;
};

static double log_choose(double n, double k)
{
	return lgammafn(n + 1) - lgammafn(k + 1) - lgammafn(n - k + 1);
}

/* The logarithm of how likely k is, but for a constant, at these odds (a logarithm) */
static double log_weight(const struct margins *m, double k, double odds)
{
	return log_choose(m->of_new, k) + log_choose(m->of_base, m->events - k) + k * odds;
}

/* The most likely k: where the weights, which rise and then fall, are highest. */
static double mode(const struct margins *m, double odds)
{
	double low = m->low, high = m->high;

	while (low < high) {
		double k = floor((low + high) / 2);

		if (log_weight(m, k + 1, odds) > log_weight(m, k, odds))
			low = k + 1;
		else
			high = k;
	}
	return low;
}

/* The chance of x or more at these odds; of x or fewer if `fewer`. */
static double odds_tail(const struct margins *m, double x, double odds, int fewer)
{
	double top = mode(m, odds), peak = log_weight(m, top, odds), all = 0, tail = 0, k, w;

	for (k = top; k <= m->high; k++) {
		w = log_weight(m, k, odds) - peak;
		if (w < -LOG_NEGLIGIBLE)
			break;
		all += exp(w);
		tail += (fewer ? k <= x : k >= x) ? exp(w) : 0;
	}
	for (k = top - 1; k >= m->low; k--) {
		w = log_weight(m, k, odds) - peak;
		if (w < -LOG_NEGLIGIBLE)
			break;
		all += exp(w);
		tail += (fewer ? k <= x : k >= x) ? exp(w) : 0;
	}
	return tail / all;
}

/* The odds at which a tail is just alpha: tails of `more` rise with them, of `fewer` fall. */
static double find_odds(const struct margins *m, double x, double alpha, int fewer)
{
	double low = -LOG_ODDS_MAX, high = LOG_ODDS_MAX;
	int i;

	for (i = 0; i < LOG_ODDS_STEPS; i++) {
		double middle = (low + high) / 2;

		if ((odds_tail(m, x, middle, fewer) < alpha) != !!fewer)
			low = middle;
		else
			high = middle;
	}
	return exp((low + high) / 2);
}

void sea_rare_shares(const struct sea_rare_pair *pair, double confidence,
		     struct sea_rare_result *result)
{
	const double x = (double)pair->events[1], base = (double)pair->events[0];
	const struct margins m = {
		.of_new = (double)pair->of[1],
		.of_base = (double)pair->of[0],
		.events = x + base,
		.low = fmax(0, x + base - (double)pair->of[0]),
		.high = fmin(x + base, (double)pair->of[1]),
	};
	double alpha = (1 - confidence) / 2;

	*result = (struct sea_rare_result){1, NAN, 0, INFINITY};
	/* No event, or nothing but events: nothing could be otherwise. */
	if (m.low == m.high)
		return;
	result->p = twice(phyper(x, m.of_new, m.of_base, m.events, LOWER),
			  phyper(x - 1, m.of_new, m.of_base, m.events, UPPER));
	result->ratio = ratio_of(x * (m.of_base - base), base * (m.of_new - x));
	if (x > m.low)
		result->lower = find_odds(&m, x, alpha, 0);
	if (x < m.high)
		result->upper = find_odds(&m, x, alpha, 1);
}

static int compare_pointers(const void *a, const void *b)
{
	double x = **(double *const *)a, y = **(double *const *)b;

	return x < y ? -1 : x > y;
}

void sea_rare_holm(double *p, size_t nr)
{
	double **order = calloc(nr ?: 1, sizeof(*order)), largest = 0;
	size_t i, tests = 0;

	for (i = 0; order && i < nr; i++)
		if (!isnan(p[i]))
			order[tests++] = &p[i];
	if (order)
		qsort(order, tests, sizeof(*order), compare_pointers);
	for (i = 0; i < tests; i++) {
		largest = fmax(largest, fmin(1, *order[i] * (double)(tests - i)));
		*order[i] = largest;
	}
	/* Without memory for the order: Bonferroni's, which is never smaller. */
	for (i = 0; !order && i < nr; i++)
		p[i] = isnan(p[i]) ? p[i] : fmin(1, p[i] * (double)nr);
	free(order);
}

/* The chance that n events in all are called a difference, if `share` of them are new ones */
static double power_of_sum(double n, double share, double null_share, double alpha)
{
	/* The largest x below which the lower tail is small enough, and the upper one */
	double low = qbinom(alpha / 2, n, null_share, LOWER);
	double high = qbinom(alpha / 2, n, null_share, UPPER);

	while (low >= 0 && pbinom(low, n, null_share, LOWER) > alpha / 2)
		low--;
	while (high <= n && pbinom(high - 1, n, null_share, UPPER) > alpha / 2)
		high++;
	return (low >= 0 ? pbinom(low, n, share, LOWER) : 0) +
	       (high <= n ? pbinom(high - 1, n, share, UPPER) : 0);
}

double sea_rare_power(const double mean[2], double null_share, double alpha)
{
	double sum = mean[0] + mean[1], share = mean[1] / sum, power = 0, n;
	double first = qpois(1e-9, sum, LOWER), last = qpois(1e-9, sum, UPPER);
	/* A sum of thousands is as good as its neighbours. */
	double step = fmax(1, floor((last - first) / 100));

	if (sum <= 0)
		return 0;
	for (n = first; n <= last; n += step) {
		double middle = fmin(last, n + floor(step / 2));
		double chance = ppois(n + step - 1, sum, LOWER) - ppois(n - 1, sum, LOWER);

		power += chance * power_of_sum(middle, share, null_share, alpha);
	}
	return power;
}

static double power_at(const double mean[2], double factor, double null_share, double alpha)
{
	const double more[2] = {mean[0] * factor, mean[1] * factor};

	return sea_rare_power(more, null_share, alpha);
}

double sea_rare_factor(const double mean[2], double null_share, double alpha, double power)
{
	double low = 0, high = 1;

	if (mean[0] + mean[1] <= 0)
		return INFINITY;
	while (power_at(mean, high, null_share, alpha) < power) {
		low = high;
		high *= 2;
		if (high > FACTOR_MAX)
			return INFINITY;
	}
	while (high - low > FACTOR_PRECISION * high) {
		double middle = (low + high) / 2;

		if (power_at(mean, middle, null_share, alpha) < power)
			low = middle;
		else
			high = middle;
	}
	return high;
}
