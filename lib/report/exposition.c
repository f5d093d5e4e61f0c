// SPDX-License-Identifier: GPL-2.0-only
#include "report/exposition.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/clock.h"
#include "model/row-fields.h"
#include "model/view-fields.h"
#include "report/metric-fields.h"

#define TOTAL "_total"
#define PREFIX "sea_"

/* Metrics of a VM: sea_taken_total becomes sea_vm_taken, which is a gauge. */
#define VM_PREFIX "sea_vm_"
#define VM_LABELS "kind,vm,uuid"

/* A metric: all fields of a list that have its name. */
struct family {
	const struct sea_fields *fields;
	const struct sea_field *first;
	bool by_vm;
};

static const char *const names[SEA_EXPOSITIONS] = {
	[SEA_EXPOSITION_BOTH] = "both",
	[SEA_EXPOSITION_PROMETHEUS] = "prometheus",
	[SEA_EXPOSITION_OPENMETRICS] = "openmetrics",
};

const char *sea_exposition_name(unsigned int exposition)
{
	return exposition < SEA_EXPOSITIONS ? names[exposition] : "invalid";
}

int sea_exposition_number(const char *name)
{
	int i;

	for (i = 0; i < SEA_EXPOSITIONS; i++)
		if (!strcmp(name, names[i]))
			return i;
	return -1;
}

static bool is_counter(const struct family *f)
{
	return f->first->kind == SEA_COUNTER && !f->by_vm;
}

static const char *type_of(const struct family *f)
{
	if (f->first->kind == SEA_HISTOGRAM)
		return "histogram";
	return is_counter(f) ? "counter" : "gauge";
}

static void name_of(const struct family *f, char *name, size_t size)
{
	const char *metric = f->first->metric;
	size_t len = strlen(metric);

	if (!f->by_vm) {
		snprintf(name, size, "%s", metric);
		return;
	}
	if (f->first->kind == SEA_COUNTER)
		len -= strlen(TOTAL);
	snprintf(name, size, VM_PREFIX "%.*s", (int)(len - strlen(PREFIX)),
		 metric + strlen(PREFIX));
}

static void help_of(const struct family *f, char *help, size_t size)
{
	const char *text = f->first->family ?: f->first->help;

	snprintf(help, size, "%s%s", text, f->by_vm ? ", of one VM (see kind)" : "");
}

/* Calls visit for each metric of the list. */
static void each_of(const struct sea_fields *fields, bool by_vm,
		    void (*visit)(const struct family *family, void *context), void *context)
{
	struct family f = {.fields = fields, .by_vm = by_vm};
	size_t i, j;

	for (i = 0; i < fields->nr; i++) {
		f.first = &fields->list[i];
		/* The buckets of every VM would be too many. */
		if (!f.first->metric || (by_vm && f.first->kind == SEA_HISTOGRAM))
			continue;
		for (j = 0; j < i; j++)
			if (fields->list[j].metric &&
			    !strcmp(fields->list[j].metric, f.first->metric))
				break;
		if (j == i)
			visit(&f, context);
	}
}

static void each_family(void (*visit)(const struct family *family, void *context), void *context)
{
	each_of(sea_metric_fields(), false, visit, context);
	each_of(sea_view_fields(), false, visit, context);
	each_of(sea_row_fields(), false, visit, context);
	each_of(sea_row_fields(), true, visit, context);
}

static bool is_of(const struct family *f, const struct sea_field *field)
{
	return field->metric && !strcmp(field->metric, f->first->metric);
}

struct output {
	const struct sea_metrics_view *view;
	enum sea_exposition exposition;
	struct sea_text *text;
};

/* A value of a label: what has a meaning between quotes gets a backslash. */
static void add_escaped(struct sea_text *text, const char *value)
{
	for (; *value; value++) {
		if (*value == '\n')
			sea_text_add(text, "\\n");
		else if (*value == '"' || *value == '\\')
			sea_text_add(text, "\\%c", *value);
		else
			sea_text_add(text, "%c", *value);
	}
}

static void add_label(struct sea_text *text, const char *name, const char *value)
{
	sea_text_add(text, "%s=\"", name);
	add_escaped(text, value);
	sea_text_add(text, "\"");
}

static void add_head(const struct family *f, const char *name, struct output *out)
{
	bool cut = is_counter(f) && out->exposition == SEA_EXPOSITION_OPENMETRICS;
	int len = (int)(strlen(name) - (cut ? strlen(TOTAL) : 0));
	char help[200];

	help_of(f, help, sizeof(help));
	sea_text_add(out->text, "# HELP %.*s %s.\n", len, name, help);
	if (!is_counter(f) || out->exposition != SEA_EXPOSITION_BOTH)
		sea_text_add(out->text, "# TYPE %.*s %s\n", len, name, type_of(f));
}

/* Metrics have seconds, whatever the field has. */
static void add_number(struct sea_text *text, const struct sea_field *field, __u64 number)
{
	unsigned long long n = number;

	if (field->unit == SEA_UNIT_NS)
		sea_text_add(text, "%llu.%09llu", n / SEA_NSEC_PER_SEC, n % SEA_NSEC_PER_SEC);
	else if (field->unit == SEA_UNIT_US)
		sea_text_add(text, "%llu.%06llu", n / 1000000, n % 1000000);
	else
		sea_text_add(text, "%llu", n);
}

static void add_value(struct sea_text *text, const struct sea_field *field,
		      const struct sea_value *value)
{
	if (field->kind == SEA_TIME)
		sea_text_add(text, "%lld.%03ld", (long long)value->time.tv_sec,
			     value->time.tv_nsec / 1000000);
	else if (field->kind == SEA_REAL)
		sea_text_add(text, "%.3f", value->real);
	else
		add_number(text, field, value->number);
}

/* Slot i ends at 2^(i + 1) units; the last one has no end. */
static void add_histogram(const char *name, const struct sea_field *field,
			  const struct sea_value *value, struct sea_text *text)
{
	double unit = field->unit == SEA_UNIT_US ? 1e-6 : field->unit == SEA_UNIT_NS ? 1e-9 : 1;
	unsigned long long sum = 0;
	size_t i;

	for (i = 0; i < value->nr_slots; i++) {
		sum += value->slots[i];
		if (i + 1 < value->nr_slots)
			sea_text_add(text, "%s_bucket{le=\"%.15g\"} %llu\n", name,
				     ldexp(1, (int)i + 1) * unit, sum);
		else
			sea_text_add(text, "%s_bucket{le=\"+Inf\"} %llu\n", name, sum);
	}
	sea_text_add(text, "%s_sum %.9f\n%s_count %llu\n", name, value->real * unit, name, sum);
}

/* All fields of the metric are labels of one sample. */
static void add_info(const struct family *f, const char *name, const void *object,
		     struct sea_text *text)
{
	const char *between = "";
	size_t i;

	sea_text_add(text, "%s{", name);
	for (i = 0; i < f->fields->nr; i++) {
		const struct sea_field *field = &f->fields->list[i];
		struct sea_value value;

		if (!is_of(f, field))
			continue;
		sea_field_get(field, object, &value);
		sea_text_add(text, "%s", between);
		add_label(text, field->labels, value.known && value.text ? value.text : "");
		between = ",";
	}
	sea_text_add(text, "} 1\n");
}

/* Of a VM, or of what is summed up: what tells its samples from those of the others */
static void add_row_labels(const struct sea_row *row, struct sea_text *text)
{
	bool is_vm = row->kind == SEA_ROW_VM;

	add_label(text, "kind", is_vm ? "vm" : sea_row_name(row));
	sea_text_add(text, ",");
	add_label(text, "vm", is_vm ? sea_row_name(row) : "");
	sea_text_add(text, ",");
	add_label(text, "uuid", is_vm && row->info ? row->info->uuid : "");
}

static void add_sample(const struct family *f, const char *name, const struct sea_field *field,
		       const void *object, struct sea_text *text)
{
	struct sea_value value;

	sea_field_get(field, object, &value);
	/* A counter is there from the start, as what appears later is no growth. */
	if (!value.known && field->kind != SEA_COUNTER)
		return;
	if (field->kind == SEA_HISTOGRAM) {
		add_histogram(name, field, &value, text);
		return;
	}
	sea_text_add(text, "%s", name);
	if (f->by_vm || field->labels)
		sea_text_add(text, "{");
	if (f->by_vm)
		add_row_labels(object, text);
	if (field->labels)
		sea_text_add(text, "%s%s", f->by_vm ? "," : "", field->labels);
	if (f->by_vm || field->labels)
		sea_text_add(text, "}");
	sea_text_add(text, " ");
	add_value(text, field, &value);
	sea_text_add(text, "\n");
}

static void add_object(const struct family *f, const char *name, const void *object,
		       struct sea_text *text)
{
	size_t i;

	if (f->first->kind == SEA_TEXT) {
		add_info(f, name, object, text);
		return;
	}
	for (i = 0; i < f->fields->nr; i++)
		if (is_of(f, &f->fields->list[i]))
			add_sample(f, name, &f->fields->list[i], object, text);
}

static void add_family(const struct family *f, void *context)
{
	struct output *out = context;
	const struct sea_view *view = &out->view->view;
	char name[80];
	size_t i;

	name_of(f, name, sizeof(name));
	add_head(f, name, out);
	if (f->fields == sea_metric_fields()) {
		add_object(f, name, out->view, out->text);
	} else if (f->fields == sea_view_fields()) {
		add_object(f, name, view, out->text);
	} else if (!f->by_vm) {
		add_object(f, name, &view->all, out->text);
	} else {
		for (i = 0; i < view->nr_rows; i++)
			add_object(f, name, &view->rows[i], out->text);
		add_object(f, name, &view->other, out->text);
		add_object(f, name, &view->gone, out->text);
	}
}

void sea_exposition_add(const struct sea_metrics_view *view, enum sea_exposition exposition,
			struct sea_text *text)
{
	struct output out = {view, exposition, text};

	each_family(add_family, &out);
	if (exposition != SEA_EXPOSITION_PROMETHEUS)
		sea_text_add(text, "# EOF\n");
}

struct visitor {
	void (*visit)(const struct sea_exposition_family *family, void *context);
	void *context;
};

/* The names of the labels: of "part=\"end\",proof=\"no\"" they are "part,proof". */
static void add_label_names(const struct sea_field *field, struct sea_exposition_family *family)
{
	size_t len = strlen(family->labels), room = sizeof(family->labels) - 1;
	bool is_value = false;
	const char *c;

	if (len)
		family->labels[len++] = ',';
	for (c = field->labels; *c && len < room; c++) {
		if (*c == '=' || *c == ',')
			is_value = *c == '=';
		if (!is_value)
			family->labels[len++] = *c;
	}
	family->labels[len] = '\0';
}

static void describe(const struct family *f, void *context)
{
	const struct visitor *visitor = context;
	struct sea_exposition_family family = {.type = type_of(f)};
	size_t i;

	name_of(f, family.name, sizeof(family.name));
	help_of(f, family.help, sizeof(family.help));
	if (f->by_vm)
		strcpy(family.labels, VM_LABELS);
	if (f->first->kind == SEA_HISTOGRAM)
		strcpy(family.labels, "le");
	for (i = 0; i < f->fields->nr; i++) {
		const struct sea_field *field = &f->fields->list[i];

		if (!is_of(f, field) || !field->labels)
			continue;
		add_label_names(field, &family);
		if (f->first->kind != SEA_TEXT)
			break;
	}
	visitor->visit(&family, visitor->context);
}

void sea_exposition_each(void (*visit)(const struct sea_exposition_family *family, void *context),
			 void *context)
{
	struct visitor visitor = {visit, context};

	each_family(describe, &visitor);
}
