// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <stdlib.h>
#include <string.h>

#include "model/counters.h"
#include "show/table.h"

static void differences(void **state)
{
	(void)state;
	assert_true(sea_difference(10, 4) == 6);
	assert_true(sea_difference(4, 4) == 0);
	/* started anew */
	assert_true(sea_difference(4, 10) == 4);
	/* wrapped */
	assert_true(sea_difference(2, UINT64_MAX - 3) == 6);
	assert_true(sea_difference(UINT64_MAX, 0) == UINT64_MAX);
}

static void first_view(void **state)
{
	struct sea_snapshot now;
	struct sea_view view;

	(void)state;
	make_snapshot(&now);
	make_view(&view, &now, NULL);
	assert_int_equal(view.nr_rows, 3);
	assert_int_equal(view.nr_ended, 1);
	assert_true(view.interval_ns == 0);
	assert_true(view.rows[0].total == 10);
	assert_true(view.rows[0].pending == 2);
	assert_true(view.rows[0].rate == 0);
	assert_string_equal(view.rows[0].name.text, "db01-1001");
	assert_true(view.rows[1].lost == 12900);
	assert_true(view.rows[2].ended);
	assert_true(view.all.total == 13014);
	assert_true(view.loss.ratelimit == 12900);
	assert_true(sea_loss_total(&view.loss) == 12900);
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

static void rates(void **state)
{
	struct sea_snapshot now, before;
	struct sea_view view;

	(void)state;
	make_snapshot(&now);
	make_snapshot(&before);
	before.time_ns -= 2 * SEC;
	before.vms[1].disposition[SEA_HOST_OWNED] = 12000;
	before.nr_vms = 2; /* the third VM is new */
	make_view(&view, &now, &before);
	assert_true(view.interval_ns == 2 * SEC);
	assert_true(view.rows[0].new_total == 0 && view.rows[0].rate == 0);
	assert_true(view.rows[1].new_total == 1000 && view.rows[1].rate == 500);
	assert_true(view.rows[2].new_total == 4 && view.rows[2].rate == 2);
	assert_true(view.all.new_total == 1004 && view.all.rate == 502);
	sea_view_free(&view);
	sea_snapshot_free(&now);
	sea_snapshot_free(&before);
}

/* A VM whose row made room must not take its counts out of the sums. */
static void gone_vms_stay_in_the_sums(void **state)
{
	struct sea_snapshot now, before;
	struct sea_view view;

	(void)state;
	make_snapshot(&before);
	make_snapshot(&now);
	now.time_ns += SEC;
	sea_vm_add(&now.gone, &now.vms[2]);
	now.gone_listed = (struct sea_listed){.has_before = true, .before = {[SEA_CLAIMED] = 3}};
	now.nr_gone = 1;
	now.nr_vms = 2;
	make_view(&view, &now, &before);
	assert_int_equal(view.nr_rows, 2);
	assert_true(view.all.total == 13014);
	assert_true(view.all.new_total == 0);
	assert_true(view.gone.total == 4);
	assert_true(view.gone.new_total == 0);
	assert_true(view.gone.before == 3);
	assert_true(view.all.before == 3);
	assert_true(view.all.listed.has_before && view.all.listed.before[SEA_CLAIMED] == 3);
	sea_view_free(&view);
	sea_snapshot_free(&now);
	sea_snapshot_free(&before);
}

static void pending_is_never_negative(void **state)
{
	struct sea_vm vm = vm_with(1, "x", 0, 0, 0, 3);

	(void)state;
	vm.response[SEA_INJECTED] = 2;
	assert_true(sea_vm_pending(&vm) == 1);
	vm.response[SEA_ABANDONED] = 2;
	assert_true(sea_vm_pending(&vm) == 0);
	assert_true(sea_vm_responses(&vm) == 4);
}

static void latency_bounds(void **state)
{
	struct sea_vm vm = vm_with(1, "x", 0, 0, 0, 0);

	(void)state;
	assert_true(sea_vm_latency_us(&vm, 99) == 0);
	vm.latency[0] = 98;
	vm.latency[10] = 1;
	vm.latency[12] = 1;
	assert_true(sea_vm_latency_us(&vm, 50) == 2);
	assert_true(sea_vm_latency_us(&vm, 98) == 2);
	assert_true(sea_vm_latency_us(&vm, 99) == 2048);
	assert_true(sea_vm_latency_us(&vm, 100) == 8192);
	/* The last slot has no upper bound. */
	vm.latency[SEA_LATENCY_SLOTS - 1] = 1000;
	assert_true(sea_vm_latency_us(&vm, 99) == 0);
}

static void order_and_filter(void **state)
{
	struct sea_vm_names *names = names_without_proc();
	struct sea_filter filter = {0};
	struct sea_snapshot now;
	struct sea_view view = {.tick = 7};
	struct sea_error err;

	(void)state;
	make_snapshot(&now);
	assert_int_equal(sea_view_make(&view, &now, NULL, names, &filter,
				       sea_column_compare(sea_column_find("TOTAL")), &err),
			 0);
	assert_true(view.tick == 7);
	assert_true(view.rows[0].vm.id == 2 && view.rows[1].vm.id == 1 && view.rows[2].vm.id == 3);

	assert_int_equal(sea_view_make(&view, &now, NULL, names, &filter,
				       sea_column_compare(sea_column_find("vm")), &err),
			 0);
	assert_string_equal(view.rows[0].name.text, "batch-7-1003");

	/* All claimed 0 but one: the rest by id. */
	assert_int_equal(sea_view_make(&view, &now, NULL, names, &filter,
				       sea_column_compare(sea_column_find("CLAIM")), &err),
			 0);
	assert_true(view.rows[0].vm.id == 1 && view.rows[1].vm.id == 2 && view.rows[2].vm.id == 3);

	filter.glob = "*b*";
	assert_int_equal(sea_view_make(&view, &now, NULL, names, &filter, NULL, &err), 0);
	assert_int_equal(view.nr_rows, 3);
	filter.glob = "web-*";
	assert_int_equal(sea_view_make(&view, &now, NULL, names, &filter, NULL, &err), 0);
	assert_int_equal(view.nr_rows, 1);
	assert_true(view.rows[0].vm.id == 2);
	/* What is not shown still counts. */
	assert_true(view.all.total == 13014);
	assert_int_equal(view.nr_vms, 3);

	filter.glob = NULL;
	filter.pid = 1003;
	assert_int_equal(sea_view_make(&view, &now, NULL, names, &filter, NULL, &err), 0);
	assert_int_equal(view.nr_rows, 1);
	assert_true(view.rows[0].vm.id == 3);
	/* It is in no list; the VMs before it are, and were left out. */
	assert_true(view.rows[0].listed.id == 0);
	assert_true(view.rows[0].listed.vcpus == 0);
	assert_int_equal(view.rows[0].listed.opt_in, SEA_OPT_IN_UNKNOWN);

	sea_view_free(&view);
	sea_snapshot_free(&now);
	sea_vm_names_close(names);
}

static void copy_is_deep(void **state)
{
	struct sea_snapshot now, copy = {0};
	struct sea_error err;

	(void)state;
	make_snapshot(&now);
	assert_int_equal(sea_snapshot_copy(&copy, &now, &err), 0);
	assert_int_equal(sea_snapshot_copy(&copy, &now, &err), 0);
	now.vms[0].id = 99;
	assert_true(copy.vms[0].id == 1);
	assert_int_equal(copy.nr_vms, 3);
	sea_snapshot_free(&now);
	assert_int_equal(sea_snapshot_copy(&copy, &now, &err), 0);
	assert_int_equal(copy.nr_vms, 0);
	sea_snapshot_free(&copy);
}

static void every_cause_of_loss_counts(void **state)
{
	const struct sea_loss loss = {1, 10, 100, 1000, 10000, 100000, 1000000};

	(void)state;
	assert_true(sea_loss_total(&loss) == 1111111);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(differences),
		cmocka_unit_test(first_view),
		cmocka_unit_test(rates),
		cmocka_unit_test(gone_vms_stay_in_the_sums),
		cmocka_unit_test(pending_is_never_negative),
		cmocka_unit_test(latency_bounds),
		cmocka_unit_test(order_and_filter),
		cmocka_unit_test(copy_is_deep),
		cmocka_unit_test(every_cause_of_loss_counts),
	};

	return cmocka_run_group_tests_name("counters", tests, NULL, NULL);
}
