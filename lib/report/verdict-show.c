// SPDX-License-Identifier: GPL-2.0-only
#include "report/verdict.h"

#include <math.h>
#include <string.h>

#include "base/json-object.h"
#include "base/words.h"
#include "model/clock.h"

/* The bound of a rule, in words */
struct bound_text {
	char text[96];
};

static const char *bound_of(const struct sea_rule *rule, struct bound_text *out)
{
	const struct sea_rule_word *word = sea_rule_word(rule->kind);

	if (rule->kind == SEA_RULE_ANSWERS)
		snprintf(out->text, sizeof(out->text), "%.6g%% within %.6g ms", rule->percentile,
			 (double)rule->within_ns / 1e6);
	else if (word->at)
		snprintf(out->text, sizeof(out->text), "%s %s",
			 !strcmp(word->at, "at_least") ? "at least" : "at most", rule->bound.text);
	else
		snprintf(out->text, sizeof(out->text), "enough");
	return out->text;
}

static void time_text(__s64 ns, char *out, size_t size)
{
	const struct timespec time = sea_time_from_ns(ns - ns % 1000000000);

	sea_text_utc(&time, out, size);
	/* To the second */
	if (strlen(out) > 20)
		strcpy(out + 19, "Z");
}

static void add_unrecorded_text(const struct sea_exposure *e, struct sea_text *out)
{
	const struct sea_hits *any = &e->any_unrecorded;
	const char *sep = " (";
	unsigned int i;

	if (any->seas + any->seas_unknown == 0)
		return;
	sea_text_add(out, "%llu more SEAs came while no session recorded",
		     (unsigned long long)any->seas);
	for (i = 0; any->seas && i < SEA_STATISTICS; i++) {
		if (!e->unrecorded[i].seas)
			continue;
		sea_text_add(out, "%s%llu %s", sep, (unsigned long long)e->unrecorded[i].seas,
			     sea_disposition_name(i));
		sep = ", ";
	}
	if (any->seas)
		sea_text_add(out, ")");
	if (any->seas_unknown)
		sea_text_add(out, "; %llu more, then or before",
			     (unsigned long long)any->seas_unknown);
	sea_text_add(out, "\n");
}

void sea_exposure_text(const struct sea_exposure *e, struct sea_text *out)
{
	char first[SEA_TIME_LEN] = "-", last[SEA_TIME_LEN] = "-";

	if (e->last_ns) {
		time_text(e->first_ns, first, sizeof(first));
		time_text(e->last_ns, last, sizeof(last));
	}
	sea_text_add(
		out,
		"%llu recordings, %llu hosts, %.4g VM-hours, %llu SEAs of %llu VMs, %s to %s\n",
		(unsigned long long)e->stores, (unsigned long long)e->hosts, sea_hours(e->vm_ns),
		(unsigned long long)e->any.seas, (unsigned long long)e->any.vms, first, last);
	add_unrecorded_text(e, out);
	if (e->unread)
		sea_text_add(out, "%llu recordings could not be read\n",
			     (unsigned long long)e->unread);
	if (e->repeated)
		sea_text_add(out,
			     "%llu sessions are in more than one recording: each counts once\n",
			     (unsigned long long)e->repeated);
}

void sea_verdict_text(const struct sea_verdicts *verdicts, const struct sea_exposure *exposure,
		      struct sea_text *out)
{
	size_t rule_width = strlen("RULE"), bound_width = strlen("BOUND"), i;
	struct bound_text bound;

	for (i = 0; i < verdicts->nr; i++) {
		const struct sea_rule *rule = verdicts->list[i].rule;
		size_t rule_len = strlen(rule->name), bound_len = strlen(bound_of(rule, &bound));

		rule_width = rule_len > rule_width ? rule_len : rule_width;
		bound_width = bound_len > bound_width ? bound_len : bound_width;
	}
	sea_exposure_text(exposure, out);
	sea_text_add(out, "%-11s %-*s %-*s %s\n", "VERDICT", (int)rule_width, "RULE",
		     (int)bound_width, "BOUND", "FOUND");
	for (i = 0; i < verdicts->nr; i++) {
		const struct sea_verdict *v = &verdicts->list[i];

		sea_text_add(out, "%-11s %-*s %-*s %s\n", sea_verdict_name(v->is), (int)rule_width,
			     v->rule->name, (int)bound_width, bound_of(v->rule, &bound), v->found);
		if (v->why[0])
			sea_text_add(out, "%-11s %s\n", "", v->why);
	}
	sea_text_add(out, "%s\n", sea_verdict_name(verdicts->worst));
}

/* JSON has no infinity, and what is not known is null. */
static void add_real(json_object *object, const char *key, double value, bool *failed)
{
	if (isfinite(value))
		sea_json_add(object, key, json_object_new_double(value), failed);
	else
		sea_json_add_null(object, key, failed);
}

static void add_time(json_object *object, const char *key, __s64 ns, bool *failed)
{
	const struct timespec time = sea_time_from_ns(ns);
	char text[SEA_TIME_LEN];

	sea_text_utc(&time, text, sizeof(text));
	if (ns)
		sea_json_add_string(object, key, text, failed);
	else
		sea_json_add_null(object, key, failed);
}

static void add_hits(json_object *object, const char *key, const struct sea_hits *hits,
		     bool *failed)
{
	json_object *o = sea_json_add_object(object, key, failed);

	sea_json_add_number(o, "seas", hits->seas, failed);
	sea_json_add_number(o, "vms", hits->vms, failed);
}

/* As hits, and as many more SEAs as may have been before */
static void add_unrecorded(json_object *object, const char *key, const struct sea_hits *hits,
			   bool *failed)
{
	json_object *o = sea_json_add_object(object, key, failed);

	sea_json_add_number(o, "seas", hits->seas, failed);
	sea_json_add_number(o, "seas_then_or_before", hits->seas_unknown, failed);
}

void sea_exposure_json(const struct sea_exposure *e, json_object *object, bool *failed)
{
	json_object *o;
	unsigned int i;

	sea_json_add_number(object, "recordings", e->stores, failed);
	sea_json_add_number(object, "unread", e->unread, failed);
	sea_json_add_number(object, "repeated_sessions", e->repeated, failed);
	sea_json_add_number(object, "hosts", e->hosts, failed);
	add_time(object, "since", e->first_ns, failed);
	add_time(object, "until", e->last_ns, failed);
	add_real(object, "host_hours", sea_hours(e->host_ns), failed);
	add_real(object, "vm_hours", sea_hours(e->vm_ns), failed);
	add_real(object, "gap_hours", sea_hours(e->gap_ns), failed);
	add_real(object, "blind_hours", sea_hours(e->blind_ns), failed);
	add_real(object, "unproven_hours", sea_hours(e->unproven_ns), failed);
	add_hits(object, "all", &e->any, failed);
	o = sea_json_add_object(object, "dispositions", failed);
	for (i = 0; i < SEA_DISPOSITIONS; i++)
		add_hits(o, sea_disposition_name(i), &e->disposition[i], failed);
	o = sea_json_add_object(object, "unrecorded", failed);
	add_unrecorded(o, "all", &e->any_unrecorded, failed);
	for (i = 0; i < SEA_STATISTICS; i++)
		add_unrecorded(o, sea_disposition_name(i), &e->unrecorded[i], failed);
	o = sea_json_add_object(object, "responses", failed);
	for (i = 0; i < SEA_RESPONSES; i++)
		add_hits(o, sea_response_name(i), &e->response[i], failed);
	o = sea_json_add_object(object, "opt_in", failed);
	for (i = 0; i < SEA_OPT_IN_STATES; i++)
		sea_json_add_number(o, sea_opt_in_name(i), e->opt_in[i], failed);
	o = sea_json_add_object(object, "lost", failed);
	for (i = 0; i < SEA_LOSS_CAUSES; i++)
		sea_json_add_number(o, sea_loss_word((enum sea_loss_cause)i)->name, e->loss[i],
				    failed);
}

static const char *json_name(enum sea_verdict_is is)
{
	return is == SEA_CANNOT_TELL ? "cannot_tell" : sea_verdict_name(is);
}

int sea_verdict_json(const struct sea_verdicts *verdicts, const struct sea_exposure *exposure,
		     struct sea_text *out, struct sea_error *err)
{
	json_object *object = json_object_new_object(), *rules;
	bool failed = !object;
	struct bound_text bound;
	size_t i;

	sea_json_add_number(object, "version", 1, &failed);
	sea_json_add_string(object, "verdict", json_name(verdicts->worst), &failed);
	if (verdicts->incomplete[0])
		sea_json_add_string(object, "incomplete", verdicts->incomplete, &failed);
	else
		sea_json_add_null(object, "incomplete", &failed);
	add_real(object, "alpha", verdicts->alpha, &failed);
	sea_exposure_json(exposure, sea_json_add_object(object, "exposure", &failed), &failed);
	rules = sea_json_add_array(object, "rules", &failed);
	for (i = 0; i < verdicts->nr; i++) {
		const struct sea_verdict *v = &verdicts->list[i];
		json_object *rule = sea_json_append_object(rules, &failed);

		sea_json_add_string(rule, "name", v->rule->name, &failed);
		sea_json_add_string(rule, "kind", sea_rule_word(v->rule->kind)->name, &failed);
		sea_json_add_string(rule, "verdict", json_name(v->is), &failed);
		sea_json_add_string(rule, "bound", bound_of(v->rule, &bound), &failed);
		sea_json_add_string(rule, "found", v->found, &failed);
		add_real(rule, "events", v->events, &failed);
		add_real(rule, "events_most", v->events_most, &failed);
		add_real(rule, "of", v->of, &failed);
		add_real(rule, "lower", v->lower, &failed);
		add_real(rule, "upper", v->upper, &failed);
		if (v->why[0])
			sea_json_add_string(rule, "why", v->why, &failed);
		else
			sea_json_add_null(rule, "why", &failed);
	}
	return sea_json_write(object, failed, out, err);
}
