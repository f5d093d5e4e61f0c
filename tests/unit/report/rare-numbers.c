// SPDX-License-Identifier: GPL-2.0-only
/*
 * rare-numbers: what lib/report/rare.c says of many pairs, a line each, for
 * test-rare.py: KIND and the numbers that went in, then those that came out.
 */
#include <stdio.h>

#include "report/rare.h"

static const __u64 counts[] = {0, 1, 2, 5, 17, 60};
static const double exposures[][2] = {{1, 1}, {19.017, 28.01}, {1000, 10}};
static const __u64 sizes[][2] = {{60, 60}, {100, 1000}, {2500, 70}};

#define NR(a) (sizeof(a) / sizeof((a)[0]))

static void rates(__u64 base, __u64 new)
{
	struct sea_rare_result r;
	size_t i;

	for (i = 0; i < NR(exposures); i++) {
		const struct sea_rare_pair pair = {.events = {base, new},
						   .exposure = {exposures[i][0], exposures[i][1]}};

		sea_rare_rates(&pair, 0.95, &r);
		printf("rates %llu %llu %.17g %.17g %.17g %.17g %.17g\n", (unsigned long long)base,
		       (unsigned long long)new, exposures[i][0], exposures[i][1], r.p, r.lower,
		       r.upper);
	}
}

static void shares(__u64 base, __u64 new)
{
	struct sea_rare_result r;
	size_t i;

	for (i = 0; i < NR(sizes); i++) {
		const struct sea_rare_pair pair = {.events = {base, new},
						   .of = {sizes[i][0], sizes[i][1]}};

		sea_rare_shares(&pair, 0.95, &r);
		printf("shares %llu %llu %llu %llu %.17g %.17g %.17g\n", (unsigned long long)base,
		       (unsigned long long)new, (unsigned long long)sizes[i][0],
		       (unsigned long long)sizes[i][1], r.p, r.lower, r.upper);
	}
}

static void limits(__u64 events)
{
	printf("mean %llu %.17g %.17g %.17g\n", (unsigned long long)events,
	       sea_rare_mean_lower(events, 0.95), sea_rare_mean_upper(events, 0.95),
	       sea_rare_mean_tail(events, 7.5));
	printf("share %llu %.17g %.17g %.17g\n", (unsigned long long)events,
	       sea_rare_share_lower(events, 61, 0.95), sea_rare_share_upper(events, 61, 0.95),
	       sea_rare_share_tail(events, 61, 0.2));
}

int main(void)
{
	size_t i, j;

	for (i = 0; i < NR(counts); i++) {
		limits(counts[i]);
		for (j = 0; j < NR(counts); j++) {
			rates(counts[i], counts[j]);
			shares(counts[i], counts[j]);
		}
	}
	return 0;
}
