// SPDX-License-Identifier: GPL-2.0-only
/*
 * The statistics of rare events, against numbers that are published or that can be
 * worked out by hand. test-rare.py holds them against another implementation.
 */
#include "report/rare.h"

#include <math.h>
#include <stdio.h>

#include "fixtures.h"

static void assert_near(double found, double expected, double part)
{
	if (!(fabs(found - expected) <= fabs(expected) * part))
		fail_msg("%.9g, expected %.9g", found, expected);
}

/*
 * Exact limits of a Poisson mean: the table of Garwood (1936), two-sided 95 %, as it is
 * in textbooks: 0: 3.689, 1: 0.0253 to 5.572, 5: 1.623 to 11.668, 10: 4.795 to 18.390.
 */
static void test_means(void **state)
{
	static const struct {
		__u64 events;
		double lower, upper;
	} table[] = {
		{0, 0, 3.6889}, {1, 0.025318, 5.5716}, {5, 1.6235, 11.668}, {10, 4.7954, 18.390}};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		assert_near(sea_rare_mean_lower(table[i].events, 0.975), table[i].lower, 1e-4);
		assert_near(sea_rare_mean_upper(table[i].events, 0.975), table[i].upper, 1e-4);
	}
	/* The rule of three: nothing in n hours, 95 %: less than 3 in n. -ln(0.05) */
	assert_near(sea_rare_mean_upper(0, 0.95), -log(0.05), 1e-9);
	assert_near(sea_rare_mean_tail(1, 0.5), 1 - exp(-0.5), 1e-9);
	assert_near(sea_rare_mean_tail(0, 0.5), 1, 0);
	assert_near(sea_rare_mean_tail(2, 1), 1 - 2 * exp(-1.), 1e-9);
}

/* Clopper and Pearson: 0 of 10 is 0 to 0.3085, 1 of 10 is 0.0025 to 0.4450, two-sided 95 %. */
static void test_shares(void **state)
{
	(void)state;
	assert_near(sea_rare_share_upper(0, 10, 0.975), 0.3085, 1e-3);
	assert_near(sea_rare_share_lower(1, 10, 0.975), 0.002529, 1e-3);
	assert_near(sea_rare_share_upper(1, 10, 0.975), 0.4450, 1e-3);
	assert_near(sea_rare_share_lower(0, 10, 0.975), 0, 0);
	assert_near(sea_rare_share_upper(10, 10, 0.975), 1, 0);
	assert_near(sea_rare_share_lower(10, 10, 0.975), 1 - 0.3085, 1e-3);
	/* 59 without one are the fewest that show 5 % at 95 %. */
	assert_true(sea_rare_share_upper(0, 59, 0.95) <= 0.05);
	assert_true(sea_rare_share_upper(0, 58, 0.95) > 0.05);
	/* One of three at 1/2: 7/8 */
	assert_near(sea_rare_share_tail(1, 3, 0.5), 0.875, 1e-9);
}

/*
 * Two examples of textbooks. Breast cancer and X-rays: 41 cases in 28,010 person-years and
 * 15 in 19,017; exact 95 %: 1.01 to 3.61. And R's manual of poisson.test(): 11 in 800, 21
 * in 3,011: ratio 1.971488, 0.8584264 to 4.2772659.
 */
static void test_rates(void **state)
{
	struct sea_rare_pair pair = {.events = {15, 41}, .exposure = {19.017, 28.010}};
	struct sea_rare_result result;

	(void)state;
	sea_rare_rates(&pair, 0.95, &result);
	assert_near(result.ratio, 1.855759, 1e-5);
	assert_near(result.lower, 1.0057, 1e-4);
	assert_near(result.upper, 3.6093, 1e-4);
	/* Twice the upper tail, which is 0.0238 */
	assert_near(result.p, 0.04766, 1e-3);
	pair = (struct sea_rare_pair){.events = {21, 11}, .exposure = {3011, 800}};
	sea_rare_rates(&pair, 0.95, &result);
	assert_near(result.ratio, 1.971488, 1e-6);
	assert_near(result.lower, 0.8584264, 1e-6);
	assert_near(result.upper, 4.2772659, 1e-6);
}

/* 5 and none at the same exposure: 2 * (1/2)^5, and nothing above infinity */
static void test_none_in_one(void **state)
{
	struct sea_rare_pair pair = {.events = {0, 5}, .exposure = {1, 1}};
	struct sea_rare_result result;

	(void)state;
	sea_rare_rates(&pair, 0.95, &result);
	assert_near(result.p, 2. / 32, 1e-9);
	assert_true(isinf(result.ratio) && isinf(result.upper));
	/* 5 of 5: p >= 0.025^(1/5) */
	assert_near(result.lower, pow(0.025, 0.2) / (1 - pow(0.025, 0.2)), 1e-6);
	pair = (struct sea_rare_pair){.events = {0, 0}, .exposure = {1, 1}};
	sea_rare_rates(&pair, 0.95, &result);
	assert_true(result.p == 1 && isnan(result.ratio) && result.lower == 0 &&
		    isinf(result.upper));
	/* The other way around is the inverse. */
	pair = (struct sea_rare_pair){.events = {5, 0}, .exposure = {1, 1}};
	sea_rare_rates(&pair, 0.95, &result);
	assert_true(result.ratio == 0 && result.lower == 0);
	assert_near(result.upper, (1 - pow(0.025, 0.2)) / pow(0.025, 0.2), 1e-6);
}

/*
 * Fisher's tea: 3 of 4 and 1 of 4 cups. One tail is 17/70; odds ratio of the sample 9.
 * The interval is that of scipy's odds_ratio(): 0.2117356 to 626.24353. (R's fisher.test()
 * says 621.93, as it stops the search early.)
 */
static void test_tea(void **state)
{
	struct sea_rare_pair pair = {.events = {1, 3}, .of = {4, 4}};
	struct sea_rare_result result;

	(void)state;
	sea_rare_shares(&pair, 0.95, &result);
	assert_near(result.p, 34. / 70, 1e-9);
	assert_near(result.ratio, 9, 1e-9);
	assert_near(result.lower, 0.2117356, 1e-6);
	assert_near(result.upper, 626.24353, 1e-6);
	/* Nothing could be otherwise. */
	pair = (struct sea_rare_pair){.events = {4, 4}, .of = {4, 4}};
	sea_rare_shares(&pair, 0.95, &result);
	assert_true(result.p == 1 && isnan(result.ratio) && isinf(result.upper));
	pair = (struct sea_rare_pair){.events = {0, 0}, .of = {4, 4}};
	sea_rare_shares(&pair, 0.95, &result);
	assert_true(result.p == 1 && result.lower == 0);
	pair = (struct sea_rare_pair){.events = {0, 1}, .of = {0, 4}};
	sea_rare_shares(&pair, 0.95, &result);
	assert_true(result.p == 1);
}

/* A million VMs of which hardly any are events: it is the rates' test, and takes no time. */
static void test_large(void **state)
{
	const struct sea_rare_pair pair = {
		.events = {10, 30}, .of = {1000000, 1000000}, .exposure = {1000000, 1000000}};
	struct sea_rare_result shares, rates;

	(void)state;
	sea_rare_shares(&pair, 0.95, &shares);
	sea_rare_rates(&pair, 0.95, &rates);
	assert_near(shares.p, rates.p, 1e-3);
	assert_near(shares.lower, rates.lower, 1e-3);
	assert_near(shares.upper, rates.upper, 1e-3);
}

/* Holm's own steps: 0.01 * 4, 0.02 * 3, then as large as the one before at least */
static void test_holm(void **state)
{
	double p[] = {0.04, 0.01, NAN, 0.03, 0.02};

	(void)state;
	sea_rare_holm(p, ARRAY_SIZE(p));
	assert_near(p[1], 0.04, 1e-9);
	assert_near(p[4], 0.06, 1e-9);
	assert_near(p[3], 0.06, 1e-9);
	assert_near(p[0], 0.06, 1e-9);
	assert_true(isnan(p[2]));
	sea_rare_holm(NULL, 0);
}

/* By adding up over all tables */
static double slow_power(const double mean[2], double share, double alpha)
{
	double power = 0;
	int x, y;

	for (x = 0; x < 60; x++)
		for (y = 0; y < 60; y++) {
			const struct sea_rare_pair pair = {.events = {(__u64)x, (__u64)y},
							   .exposure = {1 - share, share}};
			struct sea_rare_result result;

			sea_rare_rates(&pair, 0.95, &result);
			if (result.p <= alpha)
				power += exp(x * log(mean[0]) - mean[0] - lgamma(x + 1.) +
					     y * log(mean[1]) - mean[1] - lgamma(y + 1.));
		}
	return power;
}

static void test_power(void **state)
{
	static const double means[][2] = {{2, 8}, {5, 5}, {10, 20}, {1, 12}};
	double factor;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(means); i++) {
		assert_near(sea_rare_power(means[i], 0.5, 0.05), slow_power(means[i], 0.5, 0.05),
			    1e-5);
		assert_near(sea_rare_power(means[i], 0.3, 0.01), slow_power(means[i], 0.3, 0.01),
			    1e-5);
	}
	factor = sea_rare_factor(means[0], 0.5, 0.05, 0.8);
	assert_true(factor > 1);
	assert_true(sea_rare_power((double[]){2 * factor, 8 * factor}, 0.5, 0.05) >= 0.8);
	assert_true(sea_rare_power((double[]){2 * factor * 0.8, 8 * factor * 0.8}, 0.5, 0.05) <
		    0.8);
	assert_true(isinf(sea_rare_factor((double[]){0, 0}, 0.5, 0.05, 0.8)));
	/* The same rate is never told apart. */
	assert_true(isinf(sea_rare_factor((double[]){3, 3}, 0.5, 0.05, 0.8)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_means), cmocka_unit_test(test_shares),
		cmocka_unit_test(test_rates), cmocka_unit_test(test_none_in_one),
		cmocka_unit_test(test_tea),   cmocka_unit_test(test_large),
		cmocka_unit_test(test_holm),  cmocka_unit_test(test_power),
	};

	return cmocka_run_group_tests_name("rare", tests, NULL, NULL);
}
