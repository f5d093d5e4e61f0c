// SPDX-License-Identifier: GPL-2.0-only
#include "show/json.h"

#include "base/field-json.h"
#include "base/json-object.h"
#include "model/hook-fields.h"
#include "model/row-fields.h"
#include "model/view-fields.h"

static void add_row(json_object *object, const struct sea_row *row, bool *failed)
{
	sea_json_add_fields(object, sea_row_fields(), row->kind, row, failed);
}

/* Into an object of that name, which the view's fields may have begun */
static void add_sum(json_object *object, const char *name, const struct sea_row *row, bool *failed)
{
	json_object *sum;

	if (!json_object_object_get_ex(object, name, &sum))
		sum = sea_json_add_object(object, name, failed);
	if (sum)
		add_row(sum, row, failed);
}

static void add_hooks(json_object *object, const struct sea_hooks *hooks, bool *failed)
{
	json_object *array = sea_json_add_array(object, "hooks", failed);
	size_t i;

	for (i = 0; array && i < hooks->nr; i++)
		sea_json_add_fields(sea_json_append_object(array, failed), sea_hook_fields(), 0,
				    &hooks->hooks[i], failed);
}

/* All but the VMs */
static void add_view(json_object *object, const struct sea_view *view, bool *failed)
{
	sea_json_add_fields(object, sea_view_fields(), 0, view, failed);
	add_hooks(object, &view->hooks, failed);
	add_sum(object, "other", &view->other, failed);
	add_sum(object, "gone", &view->gone, failed);
	add_sum(object, "totals", &view->all, failed);
}

int sea_json_render(const struct sea_view *view, struct sea_text *out, struct sea_error *err)
{
	json_object *object = json_object_new_object();
	bool failed = !object;
	size_t i;

	if (object) {
		sea_json_add_string(object, "schema", SEA_JSON_SCHEMA, &failed);
		add_view(object, view, &failed);
		sea_json_close_groups(object);
	}
	if (sea_json_open_array(object, failed, "vms", out, err))
		return -1;
	for (i = 0; i < view->nr_rows; i++) {
		json_object *vm = json_object_new_object();

		failed = !vm;
		if (vm) {
			add_row(vm, &view->rows[i], &failed);
			sea_json_close_groups(vm);
		}
		if (sea_json_write_element(vm, failed, !i, out, err))
			return -1;
	}
	return sea_json_close_array(out, err);
}

/* What each line begins with. NULL: out of memory. */
static json_object *begin_line(const char *type, bool *failed)
{
	json_object *object = json_object_new_object();

	*failed = !object;
	if (!object)
		return NULL;
	sea_json_add_string(object, "schema", SEA_JSON_SCHEMA, failed);
	sea_json_add_string(object, "type", type, failed);
	return object;
}

static int write_tick(const struct sea_view *view, struct sea_text *out, struct sea_error *err)
{
	bool failed;
	json_object *object = begin_line("tick", &failed);

	if (object) {
		add_view(object, view, &failed);
		sea_json_close_groups(object);
	}
	return sea_json_write(object, failed, out, err);
}

/* With what joins it to its tick: the tick's number and the run. */
static int write_vm(const struct sea_view *view, const struct sea_row *row, struct sea_text *out,
		    struct sea_error *err)
{
	bool failed;
	json_object *object = begin_line("vm", &failed);

	if (object) {
		sea_json_add_string(object, "run", view->session ? view->session->run : "",
				    &failed);
		sea_json_add_number(object, "tick", view->tick, &failed);
		add_row(object, row, &failed);
		sea_json_close_groups(object);
	}
	return sea_json_write(object, failed, out, err);
}

int sea_json_render_lines(const struct sea_view *view, struct sea_text *out, struct sea_error *err)
{
	size_t i;

	if (write_tick(view, out, err))
		return -1;
	for (i = 0; i < view->nr_rows; i++)
		if (write_vm(view, &view->rows[i], out, err))
			return -1;
	return 0;
}
