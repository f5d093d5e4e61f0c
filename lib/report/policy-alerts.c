// SPDX-License-Identifier: GPL-2.0-only
#include "report/policy-alerts.h"

#include <string.h>

#include "base/text.h"
#include "model/loss.h"

#define LAST "sea_last_tick_timestamp_seconds"
/* Counters are of the store, and go on over restarts: so their growth in a day is exact. */
#define GROWN(series) "((sum(" series ") or vector(0)) - (sum(" series " offset 1d) or vector(0)))"
#define GROWN_VMS(series) \
	"(count((" series " - (" series " offset 1d or " series " * 0)) > 0) or vector(0))"
#define RESUMED "sea_vm_responses{kind=\"vm\",response=\"resumed\"}"
#define PAGES_NOT_HELD "(sum(sea_pages{held=\"no\"}) or vector(0))"
#define VM_HOURS "(24 * sum(avg_over_time(sea_vms_running[1d])))"

/* What is counted of a kind of rule: its SEAs, its VMs, and of how many VMs they are */
static const struct {
	const char *seas, *vms, *of;
} series[SEA_RULE_KINDS] = {
	[SEA_RULE_NOT_OPTED_IN] =
		{GROWN("sea_taken_total{disposition=\"not_opted_in\"}"),
		 GROWN_VMS("sea_vm_taken{kind=\"vm\",disposition=\"not_opted_in\"}"),
		 GROWN_VMS("(sum by (instance, vm, uuid) (sea_vm_taken{kind=\"vm\"}))")},
	[SEA_RULE_HOST_OWNED] =
		{GROWN("sea_taken_total{disposition=\"host_owned\"}"),
		 GROWN_VMS("sea_vm_taken{kind=\"vm\",disposition=\"host_owned\"}"),
		 GROWN_VMS("(sum by (instance, vm, uuid) (sea_vm_taken{kind=\"vm\"}))")},
	[SEA_RULE_ABANDONED] = {GROWN("sea_responses_total{response=\"abandoned\"}"),
				GROWN_VMS("sea_vm_responses{kind=\"vm\",response=\"abandoned\"}"),
				GROWN_VMS("sea_vm_taken{kind=\"vm\",disposition=\"forwarded\"}")},
	[SEA_RULE_SIGBUS] = {GROWN("sea_vms_ended_by_sigbus_total"),
			     GROWN("sea_vms_ended_by_sigbus_total"), GROWN("sea_vms_ended_total")},
};

/* A name as an alert has it: "answers p50" becomes SeaAnswersP50. */
static void add_name(const char *name, struct sea_text *out)
{
	bool is_first = true;

	sea_text_add(out, "Sea");
	for (; *name; name++) {
		bool is_letter = (*name >= 'a' && *name <= 'z') || (*name >= 'A' && *name <= 'Z');
		bool is_digit = *name >= '0' && *name <= '9';

		if (is_letter || is_digit)
			sea_text_add(out, "%c",
				     is_first && *name >= 'a' ? *name - 'a' + 'A' : *name);
		is_first = !is_letter && !is_digit;
	}
}

static void add_bound(const struct sea_rule *rule, struct sea_text *out)
{
	sea_text_add(out, " > %.10g\n", rule->bound.value);
}

static void add_least(const struct sea_rule *rule, struct sea_text *out)
{
	const char * or = "";

	sea_text_add(out, "      (");
	if (rule->least_hosts) {
		sea_text_add(out, "count(" LAST ") < %llu", (unsigned long long)rule->least_hosts);
		or = ") or (";
	}
	if (rule->least_vm_hours > 0) {
		sea_text_add(out, "%s" VM_HOURS " < %.10g", or, rule->least_vm_hours);
		or = ") or (";
	}
	if (rule->least_seas)
		sea_text_add(out, "%s" GROWN("sea_taken_total") " < %llu", or,
			     (unsigned long long)rule->least_seas);
	sea_text_add(out, ")\n");
}

/* A state, not a growth: a page that is free again matters as long as it is. */
static void add_pages(const struct sea_rule *rule, struct sea_text *out)
{
	sea_text_add(out, "      " PAGES_NOT_HELD);
	if (rule->bound.form == SEA_BOUND_SHARE)
		sea_text_add(out, " /\n      sum(sea_pages)");
	add_bound(rule, out);
}

/* The latest bound of the histogram that is not later than `within`: 2^i us */
static void add_answers(const struct sea_rule *rule, struct sea_text *out)
{
	__u64 us = 1;

	while (us * 2000 <= rule->within_ns && us < 1ULL << 40)
		us *= 2;
	/* Compared by number: how the bounds are written is the exposition's. */
	sea_text_add(out,
		     "      histogram_quantile(%.10g, sum by (le)\n"
		     "        (sea_latency_seconds_bucket -\n"
		     "         (sea_latency_seconds_bucket offset 1d or\n"
		     "          sea_latency_seconds_bucket * 0))) > %.10g\n",
		     rule->percentile / 100, (double)us / 1e6);
}

static void add_events(const struct sea_rule *rule, struct sea_text *out)
{
	switch (rule->bound.form) {
	case SEA_BOUND_COUNT:
		sea_text_add(out, "      %s", series[rule->kind].seas);
		break;
	case SEA_BOUND_RATE:
		sea_text_add(out, "      %s /\n      " VM_HOURS, series[rule->kind].vms);
		break;
	default:
		sea_text_add(out, "      %s /\n      %s", series[rule->kind].vms,
			     series[rule->kind].of);
	}
	add_bound(rule, out);
}

/* VMs whose VMM resumed so often in a day; those without a series are in no sum of VMs. */
static void add_loops(const struct sea_rule *rule, struct sea_text *out)
{
	sea_text_add(out,
		     "      (count((" RESUMED " - (" RESUMED " offset 1d or\n"
		     "        " RESUMED " * 0)) >= %llu) or vector(0))",
		     (unsigned long long)rule->times);
	if (rule->bound.form == SEA_BOUND_RATE)
		sea_text_add(out, " /\n      " VM_HOURS);
	else if (rule->bound.form == SEA_BOUND_SHARE)
		sea_text_add(out, " /\n      %s", series[SEA_RULE_ABANDONED].of);
	add_bound(rule, out);
}

/* "no_vcpu|missed|...": the causes that make counts too low */
static void add_losses(const struct sea_rule *rule, struct sea_text *out)
{
	const char *bar = "";
	struct sea_text causes = {0};
	int i;

	for (i = 0; i < SEA_LOSS_CAUSES; i++) {
		const struct sea_loss_word *word = sea_loss_word((enum sea_loss_cause)i);

		if (word->of != SEA_LOSS_OF_COUNTS)
			continue;
		sea_text_add(&causes, "%s%s", bar, word->name);
		bar = "|";
	}
	out->failed |= causes.failed;
	sea_text_add(out, "      " GROWN("sea_lost_total{cause=~\"%s\"}"), causes.text,
		     causes.text);
	sea_text_free(&causes);
	add_bound(rule, out);
}

static void add_expression(const struct sea_rule *rule, struct sea_text *out)
{
	switch (rule->kind) {
	case SEA_RULE_GAPS:
		/* A session that is switched off watches, so the two times do not overlap. */
		sea_text_add(out, "      (sum(clamp_min(time() - %s, 0)) +\n", LAST);
		sea_text_add(out, "       %s +\n",
			     GROWN("sea_gap_seconds_total{cause=\"recorder\"}"));
		sea_text_add(out, "       %s) /\n", GROWN("sea_blind_seconds_total"));
		sea_text_add(out, "      (86400 * count(%s))", LAST);
		add_bound(rule, out);
		/* Without any host there is nothing to compare. */
		sea_text_add(out, "      or absent(" LAST ")\n");
		break;
	case SEA_RULE_LOSSES:
		add_losses(rule, out);
		break;
	case SEA_RULE_UNPROVEN:
		sea_text_add(out, "      1 - avg(avg_over_time(sea_source_proven[1d]))");
		add_bound(rule, out);
		break;
	case SEA_RULE_EXPOSURE:
		add_least(rule, out);
		break;
	case SEA_RULE_OPTED_IN:
		sea_text_add(out,
			     "      sum(sea_opt_in_vms{state=\"yes\"}) /\n"
			     "      sum(sea_opt_in_vms{state=~\"yes|no|unknown\"}) < %.10g\n",
			     rule->bound.value);
		break;
	case SEA_RULE_ANSWERS:
		add_answers(rule, out);
		break;
	case SEA_RULE_RESUMED_LOOPS:
		add_loops(rule, out);
		break;
	case SEA_RULE_PAGES_NOT_HELD:
		add_pages(rule, out);
		break;
	default:
		add_events(rule, out);
	}
}

static void add_alert(const struct sea_rule *rule, struct sea_text *out)
{
	const struct sea_rule_word *word = sea_rule_word(rule->kind);

	sea_text_add(out, "  - alert: ");
	add_name(rule->name, out);
	sea_text_add(out, "\n    expr: |\n");
	add_expression(rule, out);
	sea_text_add(out,
		     "    for: 5m\n"
		     "    labels:\n"
		     "      severity: %s\n"
		     "      verdict: %s\n"
		     "    annotations:\n"
		     "      summary: \"Rule %s of the policy: %s\"\n"
		     "      runbook: \"%s: see seatop-policy(5)\"\n",
		     word->is_data ? "warning" : "critical", word->is_data ? "cannot_tell" : "fail",
		     word->name, word->bounds, word->advice);
}

void sea_policy_alerts(const struct sea_policy *policy, struct sea_text *out)
{
	size_t i;

	sea_text_add(out, "# Made by seastat check --as-rules. Each alert is about the last day.\n"
			  "groups:\n"
			  "- name: seatop-policy\n"
			  "  rules:\n");
	for (i = 0; i < policy->nr; i++)
		add_alert(&policy->rules[i], out);
}
