// SPDX-License-Identifier: GPL-2.0-only
/*
 * reference - what the registry of fields says, in the forms that documents have it:
 * the tables of seatop(8), seastat-report(8) and seastat-metrics(8), and the JSON Schemas.
 *
 * Usage: reference columns|fields|losses|keys|metrics|incomplete|schema|report-columns|
 *                  report-fields|report-schema
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <json-c/json.h>

#include "model/hook-fields.h"
#include "model/loss.h"
#include "model/row-fields.h"
#include "model/view-fields.h"
#include "model/view.h"
#include "report/exposition.h"
#include "report/report-fields.h"
#include "report/report-json.h"
#include "show/json.h"
#include "show/keys.h"

/* scdoc takes a backslash ahead of what is markup elsewhere. */
static void print_escaped(const char *text)
{
	for (; *text; text++) {
		if (strchr("_*\\", *text))
			putchar('\\');
		putchar(*text);
	}
}

static void print_cell(const char *head, const char *body)
{
	/* The alignment is said in each row: scdoc 1.11 can forget what the row before had. */
	printf("|< ");
	print_escaped(head);
	printf("\n:< ");
	print_escaped(body);
	printf("\n");
}

static void print_columns(void)
{
	const struct sea_fields *fields = sea_row_fields();
	char head[32];
	size_t i;

	printf("|[ *Column*\n:< *Meaning*\n");
	for (i = 0; i < fields->nr; i++) {
		const struct sea_field *field = &fields->list[i];

		if (!field->column)
			continue;
		snprintf(head, sizeof(head), "%s%s", field->column, field->rank ? " +" : "");
		print_cell(head, field->help);
	}
}

static void print_field(const char *ahead, const struct sea_field *field)
{
	const char *unit = sea_unit_name(field->unit);
	char path[128], help[256];

	snprintf(path, sizeof(path), "%s%s", ahead, field->path);
	snprintf(help, sizeof(help), "%s%s%s%s", field->help, *unit ? " (" : "", unit,
		 *unit ? ")" : "");
	print_cell(path, help);
}

static void print_fields(void)
{
	const struct sea_fields *view = sea_view_fields(), *row = sea_row_fields();
	const struct sea_fields *hook = sea_hook_fields();
	size_t i;

	printf("|[ *Field*\n:< *Meaning*\n");
	print_cell("schema", "\"" SEA_JSON_SCHEMA "\"");
	for (i = 0; i < view->nr; i++)
		if (view->list[i].path)
			print_field("", &view->list[i]);
	for (i = 0; i < hook->nr; i++)
		print_field("hooks[].", &hook->list[i]);
	for (i = 0; i < row->nr; i++)
		if (row->list[i].path)
			print_field("vms[].", &row->list[i]);
}

static void print_losses(void)
{
	int i;

	printf("|[ *Cause*\n:< *Meaning*\n");
	for (i = 0; i < SEA_LOSS_CAUSES; i++) {
		const struct sea_loss_word *word = sea_loss_word(i);
		char text[512];

		snprintf(text, sizeof(text), "%s: %s", word->help, word->hint);
		print_cell(word->name, text);
	}
}

static void print_metric(const struct sea_exposition_family *family, void *context)
{
	char head[192], text[320];

	(void)context;
	snprintf(head, sizeof(head), *family->labels ? "%s{%s}" : "%s", family->name,
		 family->labels);
	snprintf(text, sizeof(text), "%s: %s", family->type, family->help);
	print_cell(head, text);
}

static void print_metrics(void)
{
	printf("|[ *Metric*\n:< *Type and meaning*\n");
	sea_exposition_each(print_metric, NULL);
}

static void print_incomplete(void)
{
#define PRINT_REASON(constant, name, what) print_cell(name, what);
	printf("|[ *Reason*\n:< *Meaning*\n");
	SEA_INCOMPLETES(PRINT_REASON)
}

static void print_keys(void)
{
	size_t nr, i;
	const struct sea_key_help *help = sea_keys_help(&nr);

	printf("|[ *Key*\n:< *Name*\n:< *What it does*\n");
	for (i = 0; i < nr; i++) {
		/* A sign alone would be markup. */
		printf("|< %s", strlen(help[i].keys) == 1 && !isalnum(help[i].keys[0]) ? "\\" : "");
		print_escaped(help[i].keys);
		printf("\n:< %s\n:< ", help[i].name);
		print_escaped(help[i].help);
		printf("\n");
	}
}

static json_object *type_of(const struct sea_field *field)
{
	static const char *const types[SEA_KINDS] = {
		[SEA_COUNTER] = "integer", [SEA_GAUGE] = "integer", [SEA_REAL] = "number",
		[SEA_FLAG] = "boolean",	   [SEA_TEXT] = "string",   [SEA_TIME] = "string",
		[SEA_HISTOGRAM] = "array",
	};
	json_object *schema = json_object_new_object(), *both = json_object_new_array();

	/* What is not known is null. */
	json_object_array_add(both, json_object_new_string(types[field->kind]));
	json_object_array_add(both, json_object_new_string("null"));
	json_object_object_add(schema, "type",
			       field->get ? both : json_object_new_string(types[field->kind]));
	if (!field->get)
		json_object_put(both);
	if (field->kind == SEA_TIME)
		json_object_object_add(schema, "format", json_object_new_string("date-time"));
	if (field->kind == SEA_COUNTER)
		json_object_object_add(schema, "minimum", json_object_new_int(0));
	json_object_object_add(schema, "description", json_object_new_string(field->help));
	return schema;
}

static json_object *new_object_schema(bool nullable)
{
	json_object *schema = json_object_new_object(), *type = json_object_new_array();

	json_object_array_add(type, json_object_new_string("object"));
	if (nullable)
		json_object_array_add(type, json_object_new_string("null"));
	json_object_object_add(schema, "type", type);
	json_object_object_add(schema, "properties", json_object_new_object());
	json_object_object_add(schema, "required", json_object_new_array());
	return schema;
}

static json_object *property(json_object *schema, const char *name, json_object *value)
{
	json_object *properties, *required;

	json_object_object_get_ex(schema, "properties", &properties);
	json_object_object_get_ex(schema, "required", &required);
	json_object_object_add(properties, name, value);
	json_object_array_add(required, json_object_new_string(name));
	return value;
}

/* The schema of the object that the path leads to, and what is left of the path */
static json_object *group_of(json_object *schema, const char **path)
{
	const char *dot;

	while ((dot = strchr(*path, '.'))) {
		json_object *properties, *child;
		char name[64];

		snprintf(name, sizeof(name), "%.*s", (int)(dot - *path), *path);
		json_object_object_get_ex(schema, "properties", &properties);
		if (!json_object_object_get_ex(properties, name, &child))
			child = property(schema, name, new_object_schema(true));
		schema = child;
		*path = dot + 1;
	}
	return schema;
}

static void add_fields(json_object *schema, const struct sea_fields *fields, __u32 where)
{
	size_t i;

	for (i = 0; i < fields->nr; i++) {
		const struct sea_field *field = &fields->list[i];
		const char *name = field->path;
		json_object *group;

		if (!name || (where && field->where && !(field->where & where)))
			continue;
		group = group_of(schema, &name);
		property(group, name, type_of(field));
	}
}

static void add_rows(json_object *schema, const char *name, enum sea_row_kind kind)
{
	json_object *properties, *rows;

	json_object_object_get_ex(schema, "properties", &properties);
	if (!json_object_object_get_ex(properties, name, &rows))
		rows = property(schema, name, new_object_schema(true));
	add_fields(rows, sea_row_fields(), kind);
}

static void add_array(json_object *schema, const char *name, const struct sea_fields *fields,
		      __u32 where)
{
	json_object *array = json_object_new_object(), *item = new_object_schema(false);

	add_fields(item, fields, where);
	json_object_object_add(array, "type", json_object_new_string("array"));
	json_object_object_add(array, "items", item);
	property(schema, name, array);
}

/* An object that says which schema it follows */
static json_object *begin_schema(const char *title, const char *id)
{
	json_object *schema = new_object_schema(false), *name = json_object_new_object();

	json_object_object_add(
		schema, "$schema",
		json_object_new_string("https://json-schema.org/draft/2020-12/schema"));
	json_object_object_add(schema, "title", json_object_new_string(title));
	json_object_object_add(name, "const", json_object_new_string(id));
	property(schema, "schema", name);
	return schema;
}

static void print_json(json_object *schema)
{
	printf("%s\n", json_object_to_json_string_ext(
			       schema, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED |
					       JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(schema);
}

static void print_schema(void)
{
	json_object *schema =
		begin_schema("a line of seatop --json, " SEA_JSON_SCHEMA, SEA_JSON_SCHEMA);

	add_fields(schema, sea_view_fields(), 0);
	add_rows(schema, "other", SEA_ROW_OTHER);
	add_rows(schema, "gone", SEA_ROW_GONE);
	add_rows(schema, "totals", SEA_ROW_ALL);
	add_array(schema, "hooks", sea_hook_fields(), 0);
	add_array(schema, "vms", sea_row_fields(), SEA_ROW_VM);
	print_json(schema);
}

static json_object *array_of(json_object *items, const char *help)
{
	json_object *array = json_object_new_object();

	json_object_object_add(array, "type", json_object_new_string("array"));
	json_object_object_add(array, "items", items);
	json_object_object_add(array, "description", json_object_new_string(help));
	return array;
}

static json_object *sentences(const char *help)
{
	json_object *sentence = json_object_new_object();

	json_object_object_add(sentence, "type", json_object_new_string("string"));
	return array_of(sentence, help);
}

static void print_report_schema(void)
{
	json_object *schema =
		begin_schema("seastat report --json, " SEA_REPORT_SCHEMA, SEA_REPORT_SCHEMA);
	json_object *answers = new_object_schema(false);
	const struct sea_report_list *list;
	unsigned int question;
	size_t i;

	add_fields(schema, sea_report_fields(), 0);
	for (question = 0; question < SEA_QUESTIONS; question++)
		property(answers, sea_report_question_name(question),
			 sentences(sea_report_question(question)));
	property(schema, "answers", answers);
	property(schema, "to_act_on", sentences("what to do, in sentences"));
	for (i = 0; (list = sea_report_list(i)); i++) {
		json_object *element = new_object_schema(false);

		add_fields(element, list->fields(), 0);
		property(schema, list->name, array_of(element, list->help));
	}
	print_json(schema);
}

static void print_report_columns(void)
{
	const struct sea_fields *lists[] = {sea_report_vm_fields(), sea_report_page_fields(),
					    sea_report_group_fields()};
	const char *const names[] = {"VMs", "pages", "other"};
	char head[32];
	size_t i, j;

	printf("|[ *Table*\n:[ *Column*\n:< *Meaning*\n");
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (j = 0; j < lists[i]->nr; j++) {
			const struct sea_field *field = &lists[i]->list[j];

			if (!field->column)
				continue;
			snprintf(head, sizeof(head), "%s%s", field->column,
				 field->rank ? " +" : "");
			printf("|< %s\n:< %s\n:< ", names[i], head);
			print_escaped(field->help);
			printf("\n");
		}
}

static void print_report_fields(void)
{
	const struct sea_fields *whole = sea_report_fields();
	const struct sea_report_list *list;
	char ahead[64];
	size_t i, j;

	printf("|[ *Field*\n:< *Meaning*\n");
	print_cell("schema", "\"" SEA_REPORT_SCHEMA "\"");
	for (i = 0; i < whole->nr; i++)
		print_field("", &whole->list[i]);
	print_cell("answers.who, .way, .answer, .page, .trust", "the five answers, in sentences");
	print_cell("to_act_on", "what to do, in sentences");
	for (i = 0; (list = sea_report_list(i)); i++) {
		snprintf(ahead, sizeof(ahead), "%s[].", list->name);
		for (j = 0; j < list->fields()->nr; j++)
			if (list->fields()->list[j].path)
				print_field(ahead, &list->fields()->list[j]);
	}
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*print)(void);
	} parts[] = {{"columns", print_columns},
		     {"fields", print_fields},
		     {"losses", print_losses},
		     {"keys", print_keys},
		     {"metrics", print_metrics},
		     {"incomplete", print_incomplete},
		     {"schema", print_schema},
		     {"report-columns", print_report_columns},
		     {"report-fields", print_report_fields},
		     {"report-schema", print_report_schema}};
	size_t i;

	for (i = 0; argc == 2 && i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strcmp(argv[1], parts[i].name))
			continue;
		parts[i].print();
		return 0;
	}
	return 3;
}
