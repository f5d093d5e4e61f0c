// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <string.h>

#include <json-c/json.h>

#include "model/row-fields.h"
#include "show/vm-list.h"

static void as_text(void **state)
{
	struct sea_columns columns = {0};
	struct sea_text text = {0};
	struct sea_error err;
	struct sea_snapshot now;
	struct sea_view view;

	(void)state;
	make_snapshot(&now);
	now.unlisted = 2;
	make_view(&view, &now, NULL);
	assert_int_equal(sea_vm_list_text(&view, 0, &columns, &text, &err), 0);
	assert_string_equal(text.text, " PID VCPUS OPT   ORIGIN VM\n"
				       "1001     4 yes   comm   db01-1001\n"
				       "1002     2 no    comm   web-1002\n"
				       "1003     - ended comm   batch-7-1003\n"
				       "(and 2 more)\n");
	sea_text_free(&text);
	assert_int_equal(sea_columns_parse(&columns, sea_row_fields(), "+UUID", &err), 0);
	assert_int_equal(sea_vm_list_text(&view, 0, &columns, &text, &err), 0);
	assert_non_null(strstr(text.text, " PID VCPUS OPT   ORIGIN VM           UUID\n"));
	sea_text_free(&text);
	assert_int_equal(sea_columns_parse(&columns, sea_row_fields(), "VM", &err), 0);
	assert_int_equal(sea_vm_list_text(&view, 0, &columns, &text, &err), 0);
	assert_string_equal(text.text, "VM\ndb01-1001\nweb-1002\nbatch-7-1003\n(and 2 more)\n");
	sea_text_free(&text);
	sea_view_free(&view);
	assert_int_equal(sea_view_make(&view, NULL, &now, NULL, &(struct sea_filter){.pid = 7},
				       NULL, &err),
			 0);
	assert_int_equal(sea_vm_list_text(&view, 0, &columns, &text, &err), 0);
	assert_string_equal(text.text, "none of the VMs is one of those asked for\n"
				       "(and 2 more)\n");
	sea_text_free(&text);
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

/* How many the filter leaves out, and --rows, is said. */
static void some_of_them(void **state)
{
	const struct sea_filter filter = {.text = "WEB|100"};
	struct sea_columns columns = {0};
	struct sea_text text = {0};
	struct sea_snapshot now;
	struct sea_view view = {0};
	struct sea_error err;

	(void)state;
	make_snapshot(&now);
	assert_int_equal(sea_columns_parse(&columns, sea_row_fields(), "VM", &err), 0);
	assert_int_equal(sea_view_make(&view, NULL, &now, NULL,
				       &(struct sea_filter){.text = "WEB|batch"}, NULL, &err),
			 0);
	assert_int_equal(sea_vm_list_text(&view, 1, &columns, &text, &err), 0);
	assert_string_equal(text.text, "VM\nweb-1002\n(1 VM more)\nshown: 2 of 3 VMs\n");
	sea_text_free(&text);
	assert_int_equal(sea_vm_list_json(&view, 1, "hv01", "6.12", &text, &err), 0);
	assert_non_null(strstr(text.text, "\"listed\":3,\"asked_for\":2,\"vms\":[{\"name\":\"web"));
	assert_null(strstr(text.text, "batch"));
	sea_text_free(&text);
	sea_view_free(&view);
	assert_int_equal(sea_view_make(&view, NULL, &now, NULL, &filter, NULL, &err), 0);
	assert_int_equal(view.nr_rows, 3);
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

static void as_json(void **state)
{
	struct sea_text text = {0};
	struct sea_snapshot now;
	struct sea_view view;
	struct sea_error err;

	(void)state;
	make_snapshot(&now);
	sea_vm_info_put(now.vms[1].info);
	sea_vm_info_put(now.vms[2].info);
	now.nr_vms = 1;
	make_view(&view, &now, NULL);
	assert_int_equal(sea_vm_list_json(&view, 0, "hv01", "6.12", &text, &err), 0);
	assert_string_equal(
		text.text,
		"{\"schema\":\"seastat-names/1\","
		"\"time\":\"2026-11-23T06:50:44.000000000Z\",\"host\":\"hv01\","
		"\"kernel\":\"6.12\",\"unlisted\":0,\"listed\":1,\"asked_for\":1,\"vms\":[{\"name\":\"db01-1001\","
		"\"name_origin\":\"comm\",\"pid\":1001,\"start_ns\":5000000000,"
		"\"vcpus\":4,\"opt_in\":\"yes\"}]}\n");
	sea_text_free(&text);
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

/* VMs outside of a pid namespace cannot be counted from inside: that is said. */
static void in_a_pid_namespace(void **state)
{
	struct sea_text text = {0};
	struct sea_snapshot now;
	struct sea_view view;
	struct sea_error err;

	(void)state;
	make_snapshot(&now);
	now.pid_namespace = true;
	make_view(&view, &now, NULL);
	assert_int_equal(sea_vm_list_text(&view, 0, &(struct sea_columns){0}, &text, &err), 0);
	assert_non_null(strstr(text.text,
			       "batch-7-1003\n(and those outside of this pid namespace, "
			       "which cannot be listed from here; run in the host's)\n"));
	sea_text_free(&text);
	memset(&text, 0, sizeof(text));
	assert_int_equal(sea_vm_list_json(&view, 0, "hv01", "6.12", &text, &err), 0);
	assert_non_null(strstr(text.text, ",\"unlisted\":null,\"listed\":3,"));
	sea_text_free(&text);
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

/* As in seatop(8): what is not known is null. */
static void unknown_is_null(void **state)
{
	struct sea_text text = {0};
	struct sea_snapshot now;
	struct sea_view view;
	struct sea_error err;

	(void)state;
	make_snapshot(&now);
	now.vms[2].vm.tgid = 0;
	now.vms[2].vm.start_ns = 0;
	make_view(&view, &now, NULL);
	assert_int_equal(sea_vm_list_json(&view, 0, "hv01", "6.12", &text, &err), 0);
	assert_non_null(
		strstr(text.text, "\"pid\":null,\"start_ns\":null,\"vcpus\":null,\"opt_in\""));
	sea_text_free(&text);
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_text),	   cmocka_unit_test(some_of_them),
		cmocka_unit_test(as_json),	   cmocka_unit_test(in_a_pid_namespace),
		cmocka_unit_test(unknown_is_null),
	};

	return cmocka_run_group_tests_name("vm-list", tests, NULL, NULL);
}
