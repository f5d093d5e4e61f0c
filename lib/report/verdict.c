// SPDX-License-Identifier: GPL-2.0-only
#include "report/verdict.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/measure.h"
#include "report/rare.h"

const char *sea_verdict_name(enum sea_verdict_is is)
{
	static const char *const names[] = {
		[SEA_PASS] = "pass", [SEA_FAIL] = "fail", [SEA_CANNOT_TELL] = "cannot tell"};

	return names[is];
}

enum sea_status sea_verdict_status(enum sea_verdict_is worst)
{
	static const enum sea_status statuses[] = {[SEA_PASS] = SEA_STATUS_OK,
						   [SEA_FAIL] = SEA_STATUS_FOUND,
						   [SEA_CANNOT_TELL] = SEA_STATUS_INCOMPLETE};

	return statuses[worst];
}

#define SAY(field, ...) snprintf(field, sizeof(field), __VA_ARGS__)

static void set(struct sea_verdict *v, enum sea_verdict_is is, const char *why)
{
	v->is = is;
	SAY(v->why, "%s", why);
}

static void fail(struct sea_verdict *v)
{
	set(v, SEA_FAIL, sea_rule_word(v->rule->kind)->advice);
}

/* A part of time, of which the policy allows so much */
static void judge_time(struct sea_verdict *v, double part, double of, const char *more)
{
	double share = of > 0 ? part / of : 1;

	v->events = v->events_most = part / 1e9;
	v->of = of / 1e9;
	SAY(v->found, "%.4g h of %.4g h (%.4g%%)%s", sea_hours(part), sea_hours(of), share * 100,
	    more);
	if (of <= 0)
		set(v, SEA_CANNOT_TELL,
		    "no host was watched in this time: see the window, and "
		    "whether recorders run");
	else if (share > v->rule->bound.value)
		set(v, SEA_CANNOT_TELL, sea_rule_word(v->rule->kind)->advice);
}

static void judge_gaps(struct sea_verdict *v, const struct sea_exposure *e)
{
	char more[SEA_HOST_LEN + 48] = "";

	if (e->gap_ns > 0 && e->gap_host[0])
		SAY(more, ", %.4g h of it on %s", sea_hours(e->gap_host_ns), e->gap_host);
	judge_time(v, e->gap_ns + e->blind_ns, e->gap_ns + e->host_ns, more);
}

static void judge_losses(struct sea_verdict *v, const struct sea_exposure *e)
{
	__u64 lost = 0;
	size_t len = 0;
	int i;

	v->found[0] = '\0';
	for (i = 0; i < SEA_LOSS_CAUSES; i++) {
		const struct sea_loss_word *word = sea_loss_word((enum sea_loss_cause)i);

		if (word->of != SEA_LOSS_OF_COUNTS || !e->loss[i])
			continue;
		lost += e->loss[i];
		len += (size_t)snprintf(v->found + len, sizeof(v->found) - len, "%s%s %llu",
					len ? ", " : "", word->name,
					(unsigned long long)e->loss[i]);
		if (len >= sizeof(v->found))
			len = sizeof(v->found) - 1;
	}
	if (!lost)
		SAY(v->found, "none");
	v->events = v->events_most = (double)lost;
	if ((double)lost > v->rule->bound.value)
		set(v, SEA_CANNOT_TELL, sea_rule_word(v->rule->kind)->advice);
}

/* The least exposure of a rule; true: there was enough. */
static bool judge_least(struct sea_verdict *v, const struct sea_exposure *e)
{
	const struct sea_rule *rule = v->rule;
	double hours = sea_hours(e->vm_ns);

	v->is = SEA_CANNOT_TELL;
	if (e->hosts < rule->least_hosts)
		SAY(v->why,
		    "too little to judge by: %llu hosts of the %llu that it takes; see "
		    "which recordings are missing",
		    (unsigned long long)e->hosts, (unsigned long long)rule->least_hosts);
	else if (hours < rule->least_vm_hours)
		SAY(v->why,
		    "too little to judge by: %.4g VM-hours of the %.4g that it takes; "
		    "record for longer, or on more hosts",
		    hours, rule->least_vm_hours);
	else if (e->any.seas < rule->least_seas)
		SAY(v->why,
		    "too little to judge by: %llu SEAs of the %llu that it takes; record "
		    "for longer, or inject errors",
		    (unsigned long long)e->any.seas, (unsigned long long)rule->least_seas);
	else
		v->is = SEA_PASS;
	return v->is == SEA_PASS;
}

static void judge_exposure(struct sea_verdict *v, const struct sea_exposure *e)
{
	SAY(v->found, "%llu hosts, %.4g VM-hours, %llu SEAs", (unsigned long long)e->hosts,
	    sea_hours(e->vm_ns), (unsigned long long)e->any.seas);
	v->events = v->events_most = (double)e->any.seas;
	v->of = sea_hours(e->vm_ns);
	judge_least(v, e);
}

static void judge_opted_in(struct sea_verdict *v, const struct sea_exposure *e)
{
	__u64 yes = e->opt_in[SEA_OPT_IN_YES];
	__u64 unknown = e->opt_in[SEA_OPT_IN_UNKNOWN] + e->unlisted;
	__u64 all = yes + unknown + e->opt_in[SEA_OPT_IN_NO];
	double bound = v->rule->bound.value * (double)all;

	v->events = (double)yes;
	v->events_most = (double)(yes + unknown);
	v->of = (double)all;
	SAY(v->found, "%llu of %llu running VMs (%.4g%%), %llu unknown, %llu protected",
	    (unsigned long long)yes, (unsigned long long)all,
	    all ? 100 * (double)yes / (double)all : 0, (unsigned long long)unknown,
	    (unsigned long long)e->opt_in[SEA_OPT_IN_PROTECTED]);
	if (all && v->events_most < bound)
		fail(v);
	else if (e->no_list)
		SAY(v->why, "%llu hosts cannot list their VMs: run seastat doctor there",
		    (unsigned long long)e->no_list);
	else if (!all)
		SAY(v->why, "no VM ran that could opt in: see which recordings are missing");
	else if (v->events < bound)
		SAY(v->why,
		    "of %llu VMs it is not known whether they opted in: run seastat "
		    "doctor on the hosts",
		    (unsigned long long)unknown);
	else
		judge_least(v, e);
	if (v->why[0] && v->is == SEA_PASS)
		v->is = SEA_CANNOT_TELL;
}

/* Answers in time: for certain, and as far as the histogram's slots allow */
static void count_in_time(const struct sea_exposure *e, __u64 within_ns, __u64 *certain,
			  __u64 *possible, __u64 *all)
{
	int i;

	*certain = *possible = *all = 0;
	for (i = 0; i < SEA_LATENCY_SLOTS; i++) {
		__u64 begin = i ? 1000ULL << i : 0, end = 1000ULL << (i + 1);

		*all += e->latency[i];
		if (end <= within_ns && i < SEA_LATENCY_SLOTS - 1)
			*certain += e->latency[i];
		if (begin < within_ns)
			*possible += e->latency[i];
	}
}

/*
 * Forwarded SEAs without an answer in the window, answers that were lost, and those of SEAs
 * that nobody recorded
 */
static __u64 unanswered(const struct sea_exposure *e)
{
	const struct sea_hits *unrecorded = &e->unrecorded[SEA_FORWARDED];
	__u64 answers = 0, forwarded = e->disposition[SEA_FORWARDED].seas;
	int i;

	for (i = 0; i < SEA_RESPONSES; i++)
		answers += e->response[i].seas;
	return (forwarded > answers ? forwarded - answers : 0) + unrecorded->seas +
	       unrecorded->seas_unknown;
}

/* The bounds next to this one at which slots begin: powers of two, in us */
static void advise_slot(struct sea_verdict *v, __u64 within_ns)
{
	__u64 slot = 1000;

	while (slot * 2 <= within_ns && slot < 1ULL << 50)
		slot *= 2;
	SAY(v->why,
	    "answers are counted in slots of 2^n us, and it depends on where in its slot "
	    "each was: use a bound of %llu us or %llu us",
	    (unsigned long long)(slot / 1000), (unsigned long long)(slot / 500));
}

static void judge_answers(struct sea_verdict *v, const struct sea_exposure *e)
{
	__u64 certain, possible, answers, open = unanswered(e), all;
	double share = v->rule->percentile / 100, least = ceil(1 / (1 - share) - 1e-9);

	count_in_time(e, v->rule->within_ns, &certain, &possible, &answers);
	all = answers + open;
	possible += open;
	v->events = (double)certain;
	v->events_most = (double)possible;
	v->of = (double)all;
	if (certain == possible)
		SAY(v->found, "%llu of %llu answers in time", (unsigned long long)certain,
		    (unsigned long long)all);
	else
		SAY(v->found, "%llu to %llu of %llu answers in time, %llu not seen",
		    (unsigned long long)certain, (unsigned long long)possible,
		    (unsigned long long)all, (unsigned long long)open);
	v->is = SEA_CANNOT_TELL;
	if (!all)
		SAY(v->why, "no forwarded SEA was seen: nothing shows how VMMs answer; wait, or "
			    "inject errors");
	else if ((double)possible < share * (double)all - 1e-6)
		fail(v);
	else if ((double)answers < least)
		SAY(v->why, "%llu answers are too few for a percentile of %.6g, which takes %.0f",
		    (unsigned long long)answers, v->rule->percentile, least);
	else if ((double)certain >= share * (double)all - 1e-6)
		judge_least(v, e);
	else if ((double)(certain + open) >= share * (double)all - 1e-6)
		SAY(v->why,
		    "the answers of %llu forwarded SEAs were not seen: look again later, "
		    "or see the losses",
		    (unsigned long long)open);
	else
		advise_slot(v, v->rule->within_ns);
}

/* So many VMs, none of them hit beyond `high`, show that the share is below the bound. */
static double enough_for_share(const struct sea_measure *m, double bound, double confidence)
{
	__u64 low = m->high, high = m->high + 1;

	while (high < 1ULL << 40 && sea_rare_share_upper(m->high, high, confidence) > bound) {
		low = high;
		high *= 2;
	}
	while (high - low > 1) {
		__u64 middle = (low + high) / 2;

		if (sea_rare_share_upper(m->high, middle, confidence) > bound)
			low = middle;
		else
			high = middle;
	}
	return (double)high;
}

/* Rates and shares: what was seen is a sample. */
static void judge_sample(struct sea_verdict *v, const struct sea_measure *m, double alpha,
			 double confidence)
{
	const struct sea_bound *bound = &v->rule->bound;
	bool is_rate = bound->form == SEA_BOUND_RATE;
	__u64 of = (__u64)m->of;
	double tail;

	if (m->of <= 0) {
		SAY(v->why, "there were no %s: nothing shows it; record for longer", m->of_what);
		v->is = SEA_CANNOT_TELL;
		return;
	}
	if (is_rate) {
		tail = sea_rare_mean_tail(m->low, bound->value * m->of);
		v->lower = sea_rare_mean_lower(m->low, confidence) / m->of;
		v->upper = sea_rare_mean_upper(m->high, confidence) / m->of;
	} else {
		tail = sea_rare_share_tail(m->low, of, bound->value);
		v->lower = sea_rare_share_lower(m->low, of, confidence);
		v->upper = sea_rare_share_upper(m->high, of, confidence);
	}
	if (tail <= alpha && (double)m->low > bound->value * m->of) {
		fail(v);
		return;
	}
	if (v->upper <= bound->value)
		return;
	v->is = SEA_CANNOT_TELL;
	SAY(v->why,
	    "%llu in %.4g %s may be chance: without another one it takes %.4g to tell; "
	    "record for longer",
	    (unsigned long long)m->high, m->of, m->of_what,
	    is_rate ? sea_rare_mean_upper(m->high, confidence) / bound->value :
		      enough_for_share(m, bound->value, confidence));
}

static void judge_count(struct sea_verdict *v, const struct sea_measure *m)
{
	double bound = v->rule->bound.value;

	if ((double)m->low > bound)
		fail(v);
	else if ((double)m->high > bound)
		v->is = SEA_CANNOT_TELL;
}

static void judge_events(struct sea_verdict *v, const struct sea_exposure *e, double alpha,
			 double confidence)
{
	const struct sea_rule_word *word = sea_rule_word(v->rule->kind);
	struct sea_measure m;
	size_t len;

	sea_measure(&m, v->rule, e);
	v->events = (double)m.low;
	v->events_most = (double)m.high;
	v->of = m.of;
	SAY(v->found, "%llu %s", (unsigned long long)m.low, m.event);
	len = strlen(v->found);
	if (v->rule->bound.form == SEA_BOUND_COUNT)
		judge_count(v, &m);
	else
		snprintf(v->found + len, sizeof(v->found) - len, " in %.4g %s", m.of, m.of_what);
	len = strlen(v->found);
	if (m.unrecorded)
		snprintf(v->found + len, sizeof(v->found) - len,
			 ", %llu of them while nobody recorded", (unsigned long long)m.unrecorded);
	if (v->rule->bound.form != SEA_BOUND_COUNT)
		judge_sample(v, &m, alpha, confidence);
	if (v->is == SEA_FAIL)
		return;
	if (word->needs_seas && !m.chances) {
		v->is = SEA_CANNOT_TELL;
		SAY(v->why,
		    "no %s was seen: nothing shows what would happen; wait, or inject "
		    "errors",
		    m.chance);
	} else if (v->is == SEA_CANNOT_TELL && !v->why[0]) {
		SAY(v->why, "there are %llu %s", (unsigned long long)(m.high - m.low), m.unseen);
	} else if (v->is == SEA_PASS && e->vm_ns <= 0) {
		v->is = SEA_CANNOT_TELL;
		SAY(v->why, "no VM was watched: see which recordings are missing");
	} else if (v->is == SEA_PASS) {
		judge_least(v, e);
	}
}

static void judge(struct sea_verdict *v, const struct sea_exposure *e, double alpha,
		  double confidence)
{
	switch (v->rule->kind) {
	case SEA_RULE_GAPS:
		judge_gaps(v, e);
		break;
	case SEA_RULE_LOSSES:
		judge_losses(v, e);
		break;
	case SEA_RULE_UNPROVEN:
		judge_time(v, e->unproven_ns, e->host_ns, "");
		break;
	case SEA_RULE_EXPOSURE:
		judge_exposure(v, e);
		break;
	case SEA_RULE_OPTED_IN:
		judge_opted_in(v, e);
		break;
	case SEA_RULE_ANSWERS:
		judge_answers(v, e);
		break;
	default:
		judge_events(v, e, alpha, confidence);
	}
}

/* Chance can fail the rule: it is about a rate, or a share of what is a sample. */
static bool is_statistical(const struct sea_rule *rule)
{
	if (sea_rule_word(rule->kind)->is_data || rule->kind == SEA_RULE_OPTED_IN)
		return false;
	return rule->bound.form == SEA_BOUND_RATE || rule->bound.form == SEA_BOUND_SHARE;
}

static void find_incomplete(struct sea_verdicts *out, const struct sea_exposure *e)
{
	size_t i;

	if (e->unread) {
		SAY(out->incomplete, "%llu recordings could not be read",
		    (unsigned long long)e->unread);
		return;
	}
	if (e->partial) {
		SAY(out->incomplete, "%llu recordings have what only a newer seatop knows",
		    (unsigned long long)e->partial);
		return;
	}
	for (i = 0; i < out->nr; i++) {
		const struct sea_verdict *v = &out->list[i];

		if (!sea_rule_word(v->rule->kind)->is_data || v->is == SEA_PASS ||
		    v->rule->kind == SEA_RULE_EXPOSURE)
			continue;
		SAY(out->incomplete, "see rule %s", v->rule->name);
		return;
	}
}

void sea_verdict_make(const struct sea_policy *policy, const struct sea_exposure *exposure,
		      struct sea_verdicts *out)
{
	size_t i, tests = 0;

	memset(out, 0, sizeof(*out));
	out->nr = policy->nr;
	for (i = 0; i < policy->nr; i++)
		tests += is_statistical(&policy->rules[i]);
	/* Bonferroni: all of them together fail by chance no more often than one should. */
	out->alpha = (1 - policy->confidence) / (double)(tests ?: 1);
	for (i = 0; i < out->nr; i++) {
		out->list[i] = (struct sea_verdict){
			.rule = &policy->rules[i], .of = NAN, .lower = NAN, .upper = NAN};
		judge(&out->list[i], exposure, out->alpha, policy->confidence);
	}
	find_incomplete(out, exposure);
	for (i = 0; i < out->nr; i++) {
		struct sea_verdict *v = &out->list[i];

		if (v->is == SEA_PASS && out->incomplete[0] &&
		    !sea_rule_word(v->rule->kind)->is_data) {
			v->is = SEA_CANNOT_TELL;
			SAY(v->why, "it would pass, but the data is incomplete: %.200s",
			    out->incomplete);
		}
		if (v->is == SEA_FAIL || (v->is == SEA_CANNOT_TELL && out->worst == SEA_PASS))
			out->worst = v->is;
	}
	if (out->incomplete[0] && out->worst == SEA_PASS)
		out->worst = SEA_CANNOT_TELL;
}
