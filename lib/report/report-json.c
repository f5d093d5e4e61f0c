// SPDX-License-Identifier: GPL-2.0-only
#include "report/report-json.h"

#include "base/field-json.h"
#include "base/json-object.h"
#include "report/report-fields.h"

static void add_lines(json_object *object, const char *name, const struct sea_report_lines *lines,
		      bool *failed)
{
	json_object *array = sea_json_add_array(object, name, failed);
	size_t i;

	for (i = 0; array && i < lines->nr; i++)
		if (json_object_array_add(array, json_object_new_string(lines->line[i])))
			*failed = true;
}

static bool add_element(json_object *array, const struct sea_report_list *list,
			const struct sea_report_item *item, bool *failed)
{
	json_object *element = sea_json_append_object(array, failed);

	if (!element)
		return false;
	sea_json_add_fields(element, list->fields(), 0, item, failed);
	sea_json_close_groups(element);
	return true;
}

static void add_list(json_object *object, const struct sea_report_list *list,
		     const struct sea_report *report, bool *failed)
{
	json_object *array = sea_json_add_array(object, list->name, failed);
	bool is_table = list == sea_report_table(report);
	size_t nr = is_table ? report->table.nr : sea_report_list_length(list, report), i;

	for (i = 0; array && i < nr; i++) {
		struct sea_report_item item = {report, is_table ? report->table.place[i] : i};

		if (!add_element(array, list, &item, failed))
			return;
	}
}

int sea_report_json(const struct sea_report *report, struct sea_text *out, struct sea_error *err)
{
	const struct sea_report_item item = {.report = report};
	json_object *object = json_object_new_object(), *answers;
	bool failed = !object;
	const struct sea_report_list *list;
	size_t i;
	unsigned int question;

	if (!object)
		return sea_json_write(object, failed, out, err);
	sea_json_add_string(object, "schema", SEA_REPORT_SCHEMA, &failed);
	sea_json_add_fields(object, sea_report_fields(), 0, &item, &failed);
	answers = sea_json_add_object(object, "answers", &failed);
	for (question = 0; answers && question < SEA_QUESTIONS; question++)
		add_lines(answers, sea_report_question_name(question), &report->answers[question],
			  &failed);
	add_lines(object, "to_act_on", &report->acts, &failed);
	for (i = 0; (list = sea_report_list(i)); i++)
		add_list(object, list, report, &failed);
	return sea_json_write(object, failed, out, err);
}
