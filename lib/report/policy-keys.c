// SPDX-License-Identifier: GPL-2.0-only
/* policy-keys.c - what the keys of a policy may be, and what they set. */
#include "report/policy-internal.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/printable.h"

/* More are not told apart. */
#define TIMES_MAX 64

int sea_policy_complain(struct sea_policy_parser *p, unsigned int line, const char *format, ...)
{
	char text[SEA_ERROR_LEN];
	va_list args;

	if (p->error_line && p->error_line <= line)
		return 0;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	sea_error_set(p->err, "%s:%u: %s", p->name, line, text);
	p->error_line = line;
	return 0;
}

const char *sea_policy_show(const char *text, struct sea_policy_shown *shown)
{
	sea_printable(text, strlen(text), shown->text, sizeof(shown->text));
	return shown->text;
}

static int set_bound(struct sea_policy_parser *p, const char *key, const char *value)
{
	struct sea_rule *rule = p->rule;
	const struct sea_rule_word *word = sea_rule_word(rule->kind);
	struct sea_bound bound = {0};
	struct sea_policy_shown shown;

	if (!word->at || strcmp(key, word->at))
		return sea_policy_complain(p, p->line,
					   "a rule '%s' has no '%s'; see seatop-policy(5)",
					   word->name, sea_policy_show(key, &shown));
	if (!sea_policy_bound(value, &bound) || !(word->forms & 1U << bound.form))
		return sea_policy_complain(
			p, p->line, "'%s' is no bound of '%s': give %s%s%s",
			sea_policy_show(value, &shown), word->name,
			word->forms & 1U << SEA_BOUND_COUNT ? "a whole number" : "",
			word->forms & 1U << SEA_BOUND_SHARE ?
				(word->forms & 1U << SEA_BOUND_COUNT ? ", or a share as 0.5%" :
								       "a share as 0.5%") :
				"",
			word->forms & 1U << SEA_BOUND_RATE ? ", or a rate as 2 per 1000 vm_hours" :
							     "");
	sea_printable(value, strlen(value), bound.text, sizeof(bound.text));
	rule->bound = bound;
	return 1;
}

static int set_percentile(struct sea_policy_parser *p, const char *value)
{
	struct sea_policy_shown shown;
	const char *end = sea_policy_number(value, &p->rule->percentile);

	if (end && !*end && p->rule->percentile > 0 && p->rule->percentile < 100)
		return 1;
	return sea_policy_complain(p, p->line,
				   "'%s' is no percentile: give a number between 0 and 100, as 99",
				   sea_policy_show(value, &shown));
}

static int set_within(struct sea_policy_parser *p, const char *value)
{
	struct sea_policy_shown shown;

	p->rule->within_ns = sea_policy_duration(value);
	if (p->rule->within_ns)
		return 1;
	return sea_policy_complain(p, p->line,
				   "'%s' is no time: give a number of us, ms or s, as 10ms",
				   sea_policy_show(value, &shown));
}

static int set_times(struct sea_policy_parser *p, const char *value)
{
	struct sea_policy_shown shown;

	if (sea_policy_count(value, &p->rule->times) && p->rule->times >= 1 &&
	    p->rule->times <= TIMES_MAX)
		return 1;
	return sea_policy_complain(p, p->line, "'%s' is no number of times: give 1 to %d",
				   sea_policy_show(value, &shown), TIMES_MAX);
}

/* In a rule, or in [policy] for all rules that do not say it themselves */
static int set_least(struct sea_policy_parser *p, struct sea_rule *rule, const char *key,
		     const char *value)
{
	static const char *const keys[] = {"least_vm_hours", "least_seas", "least_hosts"};
	struct sea_policy_shown shown;
	double number;
	const char *end;
	int which = 0;

	while (strcmp(keys[which], key))
		which++;
	end = sea_policy_number(value, &number);
	if (!end || *end || (which && number != floor(number)))
		return sea_policy_complain(p, p->line, "'%s' is no number for '%s'",
					   sea_policy_show(value, &shown), key);
	if (which == 0)
		rule->least_vm_hours = number;
	else
		*(which == 1 ? &rule->least_seas : &rule->least_hosts) = (__u64)number;
	rule->has_least[which] = true;
	return 1;
}

int sea_policy_set_key(struct sea_policy_parser *p, const char *key, const char *value)
{
	struct sea_rule *rule = p->rule;
	bool is_answers = rule->kind == SEA_RULE_ANSWERS;
	struct sea_policy_shown shown;

	if (!strcmp(key, "at_most") || !strcmp(key, "at_least"))
		return set_bound(p, key, value);
	if (is_answers && !strcmp(key, "percentile"))
		return set_percentile(p, value);
	if (is_answers && !strcmp(key, "within"))
		return set_within(p, value);
	if (rule->kind == SEA_RULE_RESUMED_LOOPS && !strcmp(key, "times"))
		return set_times(p, value);
	if (!strcmp(key, "least_vm_hours") || !strcmp(key, "least_seas") ||
	    !strcmp(key, "least_hosts"))
		return set_least(p, rule, key, value);
	return sea_policy_complain(p, p->line, "a rule '%s' has no '%s'; see seatop-policy(5)",
				   sea_rule_word(rule->kind)->name, sea_policy_show(key, &shown));
}

int sea_policy_set_all(struct sea_policy_parser *p, const char *key, const char *value)
{
	struct sea_policy *policy = p->policy;
	struct sea_policy_shown shown;
	const char *end;

	if (!strncmp(key, "least_", 6))
		return strcmp(key, "least_vm_hours") && strcmp(key, "least_seas") &&
				       strcmp(key, "least_hosts") ?
			       sea_policy_complain(p, p->line,
						   "[policy] has no '%s'; see seatop-policy(5)",
						   sea_policy_show(key, &shown)) :
			       set_least(p, sea_policy_defaults(policy), key, value);
	if (strcmp(key, "confidence"))
		return sea_policy_complain(p, p->line, "[policy] has no '%s'; see seatop-policy(5)",
					   sea_policy_show(key, &shown));
	end = sea_policy_number(value, &policy->confidence);
	policy->confidence /= 100;
	if (!end || strcmp(sea_policy_skip(end), "%") || policy->confidence < 0.5 ||
	    policy->confidence > 0.9999)
		return sea_policy_complain(p, p->line,
					   "'%s' is no confidence: give 50%% to 99.99%%",
					   sea_policy_show(value, &shown));
	return 1;
}

int sea_policy_set_label(struct sea_policy_parser *p, const char *section, const char *key,
			 const char *value)
{
	const char *name = sea_policy_skip(section + strlen("label"));

	if (!*name)
		return sea_policy_complain(p, p->line, "a label has a name: write [label NAME]");
	if (sea_labels_add(&p->policy->labels, name, key, value))
		return sea_policy_complain(p, p->line, "out of memory");
	return 1;
}
