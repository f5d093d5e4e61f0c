// SPDX-License-Identifier: GPL-2.0-only
#include "report/compare.h"

#include <math.h>
#include <stdio.h>

#include "base/json-object.h"

/* A cell of the table */
struct cell {
	char text[64];
};

/* "3 in 1200 h", "3 of 40" */
static const char *side(const struct sea_comparison *c, enum sea_compared what, int which,
			struct cell *cell)
{
	int len = snprintf(cell->text, sizeof(cell->text), "%llu",
			   (unsigned long long)c->events[which]);

	if (c->events_most[which] > c->events[which])
		len += snprintf(cell->text + len, sizeof(cell->text) - (size_t)len, "-%llu",
				(unsigned long long)c->events_most[which]);
	snprintf(cell->text + len, sizeof(cell->text) - (size_t)len,
		 sea_compared_is_rate(what) ? " in %.4g h" : " of %.7g", c->of[which]);
	return cell->text;
}

/* "1.86 (1.01-3.61)" */
static const char *ratio(const struct sea_rare_result *r, struct cell *cell)
{
	if (isnan(r->ratio))
		snprintf(cell->text, sizeof(cell->text), "-");
	else
		snprintf(cell->text, sizeof(cell->text), "%.3g (%.3g-%.3g)", r->ratio, r->lower,
			 r->upper);
	return cell->text;
}

void sea_compare_text(const struct sea_comparisons *comparisons, const struct sea_exposure *base,
		      const struct sea_exposure *new, const struct sea_compare_options *options,
		      struct sea_text *out)
{
	struct cell cells[4];
	int i;

	sea_text_add(out, "base: ");
	sea_exposure_text(base, out);
	sea_text_add(out, "new:  ");
	sea_exposure_text(new, out);
	sea_text_add(out, "%-11s %-12s %-18s %-18s %-18s %s\n", "VERDICT", "WHAT", "BASE", "NEW",
		     "RATIO", "P");
	for (i = 0; i < SEA_COMPARED; i++) {
		const struct sea_comparison *c = &comparisons->list[i];

		if (isnan(c->p))
			snprintf(cells[3].text, sizeof(cells[3].text), "-");
		else
			snprintf(cells[3].text, sizeof(cells[3].text), "%.2g", c->p);
		sea_text_add(out, "%-11s %-12s %-18s %-18s %-18s %s\n", sea_verdict_name(c->is),
			     sea_compared_name((enum sea_compared)i),
			     side(c, (enum sea_compared)i, 0, &cells[0]),
			     side(c, (enum sea_compared)i, 1, &cells[1]),
			     ratio(&c->result, &cells[2]), cells[3].text);
		if (c->why[0])
			sea_text_add(out, "%-11s %s\n", "", c->why);
	}
	sea_text_add(out, "%s (confidence %.4g%%, ratio %.3g, power %.3g%%)\n",
		     sea_verdict_name(comparisons->worst), options->confidence * 100,
		     options->ratio, options->power * 100);
}

static void add_real(json_object *object, const char *key, double value, bool *failed)
{
	if (isfinite(value))
		sea_json_add(object, key, json_object_new_double(value), failed);
	else
		sea_json_add_null(object, key, failed);
}

static void add_side(json_object *object, const char *key, const struct sea_comparison *c,
		     int which, bool *failed)
{
	json_object *o = sea_json_add_object(object, key, failed);

	sea_json_add_number(o, "events", c->events[which], failed);
	sea_json_add_number(o, "events_most", c->events_most[which], failed);
	add_real(o, "of", c->of[which], failed);
}

static const char *json_name(enum sea_verdict_is is)
{
	return is == SEA_CANNOT_TELL ? "cannot_tell" : sea_verdict_name(is);
}

static void add_comparison(json_object *array, const struct sea_comparison *c,
			   enum sea_compared what, bool *failed)
{
	json_object *o = sea_json_append_object(array, failed);

	sea_json_add_string(o, "name", sea_compared_name(what), failed);
	sea_json_add_string(o, "what", sea_compared_help(what), failed);
	sea_json_add_string(o, "by", sea_compared_is_rate(what) ? "vm_hours" : "vms", failed);
	sea_json_add_string(o, "verdict", json_name(c->is), failed);
	add_side(o, "base", c, 0, failed);
	add_side(o, "new", c, 1, failed);
	add_real(o, "ratio", c->result.ratio, failed);
	add_real(o, "lower", c->result.lower, failed);
	add_real(o, "upper", c->result.upper, failed);
	add_real(o, "p", c->result.p, failed);
	add_real(o, "p_adjusted", c->p, failed);
	add_real(o, "exposure_factor", c->factor, failed);
	sea_json_add_bool(o, "exposure_factor_at_least", c->at_least, failed);
	if (c->why[0])
		sea_json_add_string(o, "why", c->why, failed);
	else
		sea_json_add_null(o, "why", failed);
}

int sea_compare_json(const struct sea_comparisons *comparisons, const struct sea_exposure *base,
		     const struct sea_exposure *new, const struct sea_compare_options *options,
		     struct sea_text *out, struct sea_error *err)
{
	json_object *object = json_object_new_object(), *array;
	bool failed = !object;
	int i;

	sea_json_add_number(object, "version", 1, &failed);
	sea_json_add_string(object, "verdict", json_name(comparisons->worst), &failed);
	if (comparisons->incomplete[0])
		sea_json_add_string(object, "incomplete", comparisons->incomplete, &failed);
	else
		sea_json_add_null(object, "incomplete", &failed);
	add_real(object, "confidence", options->confidence, &failed);
	add_real(object, "ratio", options->ratio, &failed);
	add_real(object, "power", options->power, &failed);
	sea_exposure_json(base, sea_json_add_object(object, "base", &failed), &failed);
	sea_exposure_json(new, sea_json_add_object(object, "new", &failed), &failed);
	array = sea_json_add_array(object, "comparisons", &failed);
	for (i = 0; i < SEA_COMPARED; i++)
		add_comparison(array, &comparisons->list[i], (enum sea_compared)i, &failed);
	return sea_json_write(object, failed, out, err);
}
