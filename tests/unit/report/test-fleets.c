// SPDX-License-Identifier: GPL-2.0-only
/*
 * A thousand fleets whose rates are known: how often the gate and the comparison are
 * wrong, and how often they see what is there. The seed is fixed, and so is the result.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "report/compare.h"

#define FLEETS 1000
#define HOUR 3600e9

static __u64 seed;

/* xorshift64*: the same numbers on every machine. 0 to below 1. */
static double random_number(void)
{
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (double)((seed * 0x2545f4914f6cdd1dULL) >> 11) / 9007199254740992.0;
}

/* A Poisson number, by the times between its events */
static __u64 random_events(double mean)
{
	double time = 0;
	__u64 events = 0;

	while ((time -= log(1 - random_number())) < mean)
		events++;
	return events;
}

/* So many VMs, each with a storm of one to ten thousand SEAs */
static struct sea_hits random_hits(double mean)
{
	struct sea_hits hits = {.vms = random_events(mean)};
	__u64 i;

	for (i = 0; i < hits.vms; i++)
		hits.seas += 1 + (__u64)(random_number() * 10000);
	return hits;
}

/* Events by VM-hours of the three that the policy bounds */
struct rates {
	double host_owned, not_opted_in, sigbus;
};

static struct sea_exposure random_fleet(const struct rates *rates, double hours)
{
	struct sea_exposure e = {.stores = 10,
				 .hosts = 10,
				 .first_ns = 1,
				 .last_ns = 2,
				 .host_ns = 1000 * HOUR,
				 .vm_ns = hours * HOUR};
	int i;

	e.disposition[SEA_HOST_OWNED] = random_hits(rates->host_owned * hours);
	e.disposition[SEA_NOT_OPTED_IN] = random_hits(rates->not_opted_in * hours);
	for (i = 0; i < SEA_DISPOSITIONS; i++) {
		e.any.seas += e.disposition[i].seas;
		e.any.vms += e.disposition[i].vms;
	}
	e.ended_by_sigbus = random_events(rates->sigbus * hours);
	e.ended = e.ended_by_sigbus + 100;
	e.opt_in[SEA_OPT_IN_YES] = 100;
	return e;
}

static const char text[] = "[host_owned]\nat_most = 1 per 1000 vm_hours\n"
			   "[not_opted_in]\nat_most = 1 per 1000 vm_hours\n"
			   "[sigbus]\nat_most = 1 per 1000 vm_hours\n";

/* How many of the fleets get each verdict from the gate */
static void gate(const struct rates *rates, double hours, unsigned int *got)
{
	static struct sea_verdicts verdicts;
	struct sea_policy *policy;
	struct sea_error err;
	int i;

	if (sea_policy_parse(text, sizeof(text) - 1, "p", &policy, &err))
		fail_msg("%s", err.text);
	memset(got, 0, 3 * sizeof(*got));
	for (i = 0; i < FLEETS; i++) {
		const struct sea_exposure e = random_fleet(rates, hours);

		sea_verdict_make(policy, &e, &verdicts);
		got[verdicts.worst]++;
	}
	sea_policy_free(policy);
}

static void say(const char *what, const unsigned int *got)
{
	print_message("# %s: of %d fleets %u pass, %u fail, %u cannot be told\n", what, FLEETS,
		      got[SEA_PASS], got[SEA_FAIL], got[SEA_CANNOT_TELL]);
}

/* 5 % are promised; of 1,000 fleets 50 on average, and 72 are three sigma more. */
#define PROMISED 72

static void test_gate(void **state)
{
	static const struct rates good = {0.0002, 0.0002, 0.0002}, just = {0.001, 0.001, 0.001},
				  one_bad = {0.0002, 0.0002, 0.002}, none = {0, 0, 0.0001};
	unsigned int got[3];
	__u64 least = 1;
	double power;

	(void)state;
	seed = 1;
	/* At the bound: false alarms are at most what is promised, over all three rules; and a
	 * fleet that is just too bad passes no more often than that. */
	gate(&just, 20000, got);
	say("at the bound", got);
	assert_in_range(got[SEA_FAIL], 0, PROMISED);
	assert_in_range(got[SEA_PASS], 0, PROMISED);
	gate(&good, 20000, got);
	say("a fifth of the bound", got);
	assert_int_equal(got[SEA_FAIL], 0);
	assert_in_range(got[SEA_PASS], 950, FLEETS);
	/* Too little to judge by: it is not called good. */
	gate(&good, 2900, got);
	say("a fifth of the bound, little exposure", got);
	assert_int_equal(got[SEA_PASS], 0);
	assert_in_range(got[SEA_FAIL], 0, PROMISED);
	gate(&one_bad, 20000, got);
	say("one rate twice the bound", got);
	/* It fails from so many VMs on; 20 are allowed, and 40 are there on average. */
	while (sea_rare_mean_tail(least, 20) > 0.05 / 3)
		least++;
	power = sea_rare_mean_tail(least, 40);
	assert_true(fabs(got[SEA_FAIL] - FLEETS * power) <= 3 * sqrt(FLEETS * power * (1 - power)));
	assert_int_equal(got[SEA_PASS], 0);
	/* Without any SEA the rules about SEAs never pass. */
	gate(&none, 1e6, got);
	say("no SEA in a million hours", got);
	assert_int_equal(got[SEA_CANNOT_TELL], FLEETS);
}

/* How many of the comparisons say that something, and that SIGBUS, got worse */
static void compare(const struct rates *base, const struct rates *new, double hours,
		    const struct sea_compare_options *options, unsigned int *any,
		    unsigned int *sigbus)
{
	static struct sea_comparisons out;
	int i;

	*any = *sigbus = 0;
	for (i = 0; i < FLEETS; i++) {
		const struct sea_exposure a = random_fleet(base, hours);
		const struct sea_exposure b = random_fleet(new, hours);

		sea_compare(&a, &b, options, "", &out);
		*any += out.worst == SEA_FAIL;
		*sigbus += out.list[SEA_COMPARE_SIGBUS].is == SEA_FAIL;
	}
}

static void test_compare(void **state)
{
	static const struct sea_compare_options options = {.confidence = 0.95, .ratio = 3};
	static const struct rates base = {0.001, 0.0005, 0.001}, new = {0.001, 0.0005, 0.003};
	const double mean[2] = {20, 60};
	double factor, power;
	unsigned int any, sigbus;

	(void)state;
	seed = 2;
	compare(&base, &base, 20000, &options, &any, &sigbus);
	print_message("# two alike: %u of %d are called worse\n", any, FLEETS);
	assert_in_range(any, 0, PROMISED);
	/* Five of the seven have something to compare; the power is that at 5 %/5 at least. */
	power = sea_rare_power(mean, 0.5, 0.05 / 5);
	compare(&base, &new, 20000, &options, &any, &sigbus);
	print_message("# three times as bad: %u of %d are called worse; the power is %.3f\n",
		      sigbus, FLEETS, power);
	assert_true(sigbus >= FLEETS * power - 3 * sqrt(FLEETS * power * (1 - power)));
	/* And with the exposure that it says is enough for 80 %: that of 20 events */
	factor = sea_rare_factor(mean, 0.5, 0.05 / 5, 0.8);
	compare(&base, &new, 20000 * factor, &options, &any, &sigbus);
	print_message("# with %.3f of the exposure, as for a power of 0.8: %u of %d\n", factor,
		      sigbus, FLEETS);
	assert_in_range(sigbus, 762, 880);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_gate),
		cmocka_unit_test(test_compare),
	};

	return cmocka_run_group_tests_name("fleets", tests, NULL, NULL);
}
