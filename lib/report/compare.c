// SPDX-License-Identifier: GPL-2.0-only
#include "report/compare.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SAY(field, ...) snprintf(field, sizeof(field), __VA_ARGS__)

static const struct {
	const char *name, *help;
	bool is_rate;
} words[SEA_COMPARED] = {
	[SEA_COMPARE_SEAS] = {"seas", "VMs that took an SEA", true},
	[SEA_COMPARE_HOST_OWNED] = {"host_owned", "VMs hit by memory of the host's own", true},
	[SEA_COMPARE_NOT_OPTED_IN] = {"not_opted_in", "VMs hit whose VMM had not opted in", true},
	[SEA_COMPARE_SIGBUS] = {"sigbus", "VMs that SIGBUS ended", true},
	[SEA_COMPARE_RESUMED] = {"resumed", "VMs that were resumed, of those forwarded to", false},
	[SEA_COMPARE_ABANDONED] = {"abandoned", "VMs that went away, of those forwarded to", false},
	[SEA_COMPARE_WITHOUT] = {"without", "running VMs that did not opt in", false},
};

const char *sea_compared_name(enum sea_compared what)
{
	return words[what].name;
}

const char *sea_compared_help(enum sea_compared what)
{
	return words[what].help;
}

bool sea_compared_is_rate(enum sea_compared what)
{
	return words[what].is_rate;
}

static void count_hits(struct sea_comparison *c, int side, const struct sea_hits *hits,
		       const struct sea_hits *unknown)
{
	c->events[side] = hits->vms;
	c->events_most[side] = hits->vms + hits->vms_unknown;
	c->events_most[side] += unknown ? unknown->vms + unknown->vms_unknown : 0;
}

static void count_answers(struct sea_comparison *c, int side, const struct sea_exposure *e,
			  int response)
{
	c->of[side] = (double)e->disposition[SEA_FORWARDED].vms;
	count_hits(c, side, &e->response[response], NULL);
	c->events_most[side] += e->loss[SEA_LOSS_ANSWERS];
	/* No more than there are. */
	if ((double)c->events_most[side] > c->of[side])
		c->events_most[side] = (__u64)c->of[side];
}

static void count(struct sea_comparison *c, enum sea_compared what, int side,
		  const struct sea_exposure *e)
{
	const struct sea_hits *unknown = &e->disposition[SEA_UNKNOWN];

	c->of[side] = sea_hours(e->vm_ns);
	switch (what) {
	case SEA_COMPARE_SEAS:
		count_hits(c, side, &e->any, NULL);
		break;
	case SEA_COMPARE_HOST_OWNED:
		count_hits(c, side, &e->disposition[SEA_HOST_OWNED], unknown);
		break;
	case SEA_COMPARE_NOT_OPTED_IN:
		count_hits(c, side, &e->disposition[SEA_NOT_OPTED_IN], unknown);
		break;
	case SEA_COMPARE_SIGBUS:
		c->events[side] = e->ended_by_sigbus;
		c->events_most[side] = e->ended_by_sigbus + e->ended_unknown;
		break;
	case SEA_COMPARE_RESUMED:
		count_answers(c, side, e, SEA_RESUMED);
		break;
	case SEA_COMPARE_ABANDONED:
		count_answers(c, side, e, SEA_ABANDONED);
		break;
	default:
		c->events[side] = e->opt_in[SEA_OPT_IN_NO];
		c->events_most[side] =
			e->opt_in[SEA_OPT_IN_NO] + e->opt_in[SEA_OPT_IN_UNKNOWN] + e->unlisted;
		c->of[side] = (double)(c->events_most[side] + e->opt_in[SEA_OPT_IN_YES]);
	}
}

static void test(const struct sea_comparison *c, bool is_rate, __u64 base, __u64 new,
		 double confidence, struct sea_rare_result *result)
{
	const struct sea_rare_pair pair = {
		.events = {base, new},
		.exposure = {c->of[0], c->of[1]},
		.of = {(__u64)c->of[0], (__u64)c->of[1]},
	};

	if (is_rate)
		sea_rare_rates(&pair, confidence, result);
	else
		sea_rare_shares(&pair, confidence, result);
}

/*
 * The p-value of a difference that is there whatever the events were that could not be
 * seen: those of the smaller side count, those of the larger one do not.
 */
static double p_of(const struct sea_comparison *c, bool is_rate, double confidence, bool *is_worse)
{
	struct sea_rare_result worse, better;

	test(c, is_rate, c->events_most[0], c->events[1], confidence, &worse);
	test(c, is_rate, c->events[0], c->events_most[1], confidence, &better);
	*is_worse = worse.ratio > 1;
	if (*is_worse)
		return worse.p;
	return better.ratio < 1 ? better.p : 1;
}

/* How much more exposure would show a ratio that matters */
static void find_factor(struct sea_comparison *c, const struct sea_compare_options *options,
			double alpha)
{
	double all = (double)(c->events[0] + c->events[1]), rate, mean[2];

	/* The base's own rate, else that of both, else the largest that both allow. */
	c->at_least = all == 0;
	if (c->events[0])
		rate = (double)c->events[0] / c->of[0];
	else
		rate = (all > 0 ? all : sea_rare_mean_upper(0, options->confidence)) /
		       (c->of[0] + c->of[1]);
	mean[0] = rate * c->of[0];
	mean[1] = rate * c->of[1] * options->ratio;
	c->factor = sea_rare_factor(mean, c->of[1] / (c->of[0] + c->of[1]), alpha, options->power);
}

static void tell_nothing(struct sea_comparison *c, bool is_rate,
			 const struct sea_compare_options *options)
{
	char more[96] = "";

	c->is = SEA_CANNOT_TELL;
	if (isfinite(c->factor))
		SAY(more, "%s%.3g times as %s", c->at_least ? "at least " : "about ", c->factor,
		    is_rate ? "many VM-hours" : "many VMs");
	else
		SAY(more, "more exposure than can be said");
	SAY(c->why,
	    "the numbers allow for both: to see a ratio of %.3g in %.0f of 100 cases, it "
	    "takes %s on both sides",
	    options->ratio, options->power * 100, more);
}

static void judge(struct sea_comparison *c, enum sea_compared what, bool is_worse, size_t tests,
		  const struct sea_compare_options *options)
{
	double alpha = 1 - options->confidence;
	bool is_rate = words[what].is_rate;
	struct sea_rare_result most;

	if (isnan(c->p)) {
		c->is = SEA_CANNOT_TELL;
		SAY(c->why, "there is nothing to compare: no %s on %s side",
		    is_rate ? "VM-hours" : "such VMs",
		    c->of[0] <= 0 && c->of[1] <= 0 ? "either" :
		    c->of[0] <= 0		   ? "the base's" :
						     "the new");
		return;
	}
	if (c->p <= alpha && is_worse) {
		c->is = SEA_FAIL;
		SAY(c->why, "new is worse; chance alone does this in %.2g of 100 comparisons",
		    c->p * 100);
		return;
	}
	/* One-sided, so that it is alpha how often a fleet that is as bad passes. */
	test(c, is_rate, c->events[0], c->events_most[1], 1 - 2 * alpha, &most);
	if ((c->p <= alpha && !is_worse) || most.upper <= options->ratio) {
		c->is = SEA_PASS;
		return;
	}
	if (options->power > 0)
		find_factor(c, options, alpha / (double)tests);
	tell_nothing(c, is_rate, options);
}

static void spoil(struct sea_comparisons *out)
{
	size_t i;

	for (i = 0; i < SEA_COMPARED; i++) {
		out->list[i].is = SEA_CANNOT_TELL;
		SAY(out->list[i].why, "no difference is told, as the data is incomplete: %.180s",
		    out->incomplete);
	}
}

void sea_compare(const struct sea_exposure *base, const struct sea_exposure *new,
		 const struct sea_compare_options *options, const char *incomplete,
		 struct sea_comparisons *out)
{
	double p[SEA_COMPARED];
	bool is_worse[SEA_COMPARED] = {0};
	size_t i, tests = 0;

	memset(out, 0, sizeof(*out));
	SAY(out->incomplete, "%s", incomplete);
	for (i = 0; i < SEA_COMPARED; i++) {
		struct sea_comparison *c = &out->list[i];

		count(c, (enum sea_compared)i, 0, base);
		count(c, (enum sea_compared)i, 1, new);
		c->result = (struct sea_rare_result){NAN, NAN, 0, INFINITY};
		c->factor = INFINITY;
		p[i] = NAN;
		if (c->of[0] <= 0 || c->of[1] <= 0)
			continue;
		tests++;
		test(c, words[i].is_rate, c->events[0], c->events[1], options->confidence,
		     &c->result);
		p[i] = p_of(c, words[i].is_rate, options->confidence, &is_worse[i]);
	}
	sea_rare_holm(p, SEA_COMPARED);
	for (i = 0; i < SEA_COMPARED; i++) {
		struct sea_comparison *c = &out->list[i];

		c->p = p[i];
		judge(c, (enum sea_compared)i, is_worse[i], tests, options);
	}
	if (out->incomplete[0])
		spoil(out);
	for (i = 0; i < SEA_COMPARED; i++)
		if (out->list[i].is == SEA_FAIL ||
		    (out->list[i].is == SEA_CANNOT_TELL && out->worst == SEA_PASS))
			out->worst = out->list[i].is;
}
