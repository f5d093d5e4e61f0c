// SPDX-License-Identifier: GPL-2.0-only
#include "show/vm-list.h"

#include <poll.h>
#include <stdio.h>

#include "base/json-object.h"
#include "model/clock.h"
#include "model/row-fields.h"
#include "show/summary.h"
#include "show/table.h"
#include "trace/live.h"
#include "base/words.h"

/* Rows for a list that is read once; more VMs than any host runs. */
#define LIST_MAX_VMS 8192

/* The first tick of a feed: all VMs that run */
static int first_tick(struct sea_feed *feed, struct sea_view *view, const struct sea_filter *filter,
		      const struct sea_order *order, struct sea_error *err)
{
	struct sea_record record;

	for (;;) {
		struct pollfd fd = {.fd = sea_feed_fd(feed), .events = POLLIN};

		switch (sea_feed_next(feed, &record, err)) {
		case SEA_FEED_RECORD:
			if (record.type == SEA_RECORD_TICK)
				return sea_view_make(view, NULL, record.tick, NULL, filter, order,
						     err);
			if (record.type == SEA_RECORD_GAP)
				return sea_error_set(err, "%s", record.gap->why);
			break;
		case SEA_FEED_WAIT:
			poll(&fd, 1, -1);
			break;
		default:
			return -1;
		}
	}
}

int sea_vm_list_make(struct sea_view *view, struct sea_vm_names *names,
		     const struct sea_filter *filter, const struct sea_order *order,
		     struct sea_kvm_facts *kvm, struct sea_error *err)
{
	const struct sea_live_options options = {
		.program = "seastat",
		.list = true,
		.max_vms = LIST_MAX_VMS,
		.interval_ns = SEA_NSEC_PER_SEC,
		.names = names,
	};
	struct sea_feed *feed;
	int rc;

	if (sea_live_open(&options, &feed, err))
		return -1;
	rc = first_tick(feed, view, filter, order, err);
	if (!rc && kvm)
		sea_trace_kvm_facts(sea_live_trace(feed), kvm);
	sea_feed_close(feed);
	return rc;
}

static size_t rows_shown(const struct sea_view *view, size_t max_rows)
{
	return max_rows && view->nr_rows > max_rows ? max_rows : view->nr_rows;
}

int sea_vm_list_text(const struct sea_view *view, size_t max_rows,
		     const struct sea_columns *columns, struct sea_text *out, struct sea_error *err)
{
	static const char *const who[] = {"PID", "VCPUS", "OPT", "ORIGIN", "VM"};
	struct sea_columns all = {0};
	size_t shown = rows_shown(view, max_rows), i;

	for (i = 0; (columns->defaults || !columns->nr) && i < sizeof(who) / sizeof(who[0]); i++)
		if (!sea_columns_has(columns, sea_row_field(who[i])))
			all.chosen[all.nr++] = sea_row_field(who[i]);
	for (i = 0; i < columns->nr && all.nr < SEA_COLUMNS_MAX; i++)
		all.chosen[all.nr++] = columns->chosen[i];
	if (shown && sea_table_rows(view, shown, &all, out, err))
		return -1;
	sea_summary_more(view, shown, 0, out);
	if (view->filtered && view->nr_rows)
		sea_text_add(out, "shown: %zu of %llu VMs\n", view->nr_rows,
			     (unsigned long long)view->nr_vms);
	if (!view->nr_rows)
		sea_text_add(out, "%s\n",
			     view->nr_vms ? "none of the VMs is one of those asked for" :
					    "no VM runs");
	if (view->unlisted)
		sea_text_add(out, "(and %llu more)\n", (unsigned long long)view->unlisted);
	if (view->pid_namespace)
		sea_text_add(out, "(and those outside of this pid namespace, which cannot be "
				  "listed from here; run in the host's)\n");
	return 0;
}

void sea_vm_list_add(json_object *object, const struct sea_row *row, bool *failed)
{
	sea_json_add_string(object, "name", sea_row_name(row), failed);
	sea_json_add_string(object, "name_origin", sea_vm_origin_name(sea_row_origin(row)), failed);
	sea_json_add_number_or_null(object, "pid", row->vm.tgid, failed);
	sea_json_add_number_or_null(object, "start_ns", row->vm.start_ns, failed);
	if (row->listed.id)
		sea_json_add_number(object, "vcpus", row->listed.vcpus, failed);
	else
		sea_json_add_null(object, "vcpus", failed);
	sea_json_add_string(object, "opt_in", sea_opt_in_name(row->listed.opt_in), failed);
}

int sea_vm_list_json(const struct sea_view *view, size_t max_rows, const char *host,
		     const char *kernel, struct sea_text *out, struct sea_error *err)
{
	json_object *object = json_object_new_object(), *vms = NULL;
	bool failed = !object;
	size_t shown = rows_shown(view, max_rows), i;
	char time[SEA_TIME_LEN];

	if (object) {
		sea_text_utc(&view->wall, time, sizeof(time));
		sea_json_add_string(object, "schema", SEA_VM_LIST_SCHEMA, &failed);
		sea_json_add_string(object, "time", time, &failed);
		sea_json_add_string(object, "host", host, &failed);
		sea_json_add_string(object, "kernel", kernel, &failed);
		if (view->pid_namespace)
			sea_json_add_null(object, "unlisted", &failed);
		else
			sea_json_add_number(object, "unlisted", view->unlisted, &failed);
		sea_json_add_number(object, "listed", view->nr_vms, &failed);
		sea_json_add_number(object, "asked_for", view->nr_rows, &failed);
		vms = sea_json_add_array(object, "vms", &failed);
	}
	for (i = 0; vms && i < shown; i++) {
		json_object *vm = sea_json_append_object(vms, &failed);

		if (!vm)
			break;
		sea_vm_list_add(vm, &view->rows[i], &failed);
	}
	return sea_json_write(object, failed, out, err);
}
