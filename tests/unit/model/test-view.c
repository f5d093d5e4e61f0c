// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/row-fields.h"
#include "model/view.h"
#include "model/vm-counters.h"

/* Takes the last VM out of the snapshot. */
static void forget_last(struct sea_snapshot *snapshot)
{
	sea_vm_info_put(snapshot->vms[--snapshot->nr_vms].info);
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
	assert_string_equal(sea_row_name(&view.rows[0]), "db01-1001");
	assert_true(view.rows[1].lost == 12900);
	assert_true(view.rows[2].ended);
	assert_true(view.all.total == 13014);
	assert_true(view.loss.count[SEA_LOSS_RATELIMIT] == 12900);
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
	before.vms[1].vm.disposition[SEA_HOST_OWNED] = 12000;
	forget_last(&before); /* the third VM is new */
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
	sea_vm_add(&now.gone, &now.vms[2].vm);
	now.gone_listed = (struct sea_listed){.has_before = true, .before = {[SEA_CLAIMED] = 3}};
	now.nr_gone = 1;
	forget_last(&now);
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

/* The view with a filter, in the order of a column; NULL: by id. */
static void make(struct sea_view *view, const struct sea_snapshot *now,
		 const struct sea_filter *filter, const char *column, bool reverse)
{
	const struct sea_order order = {column ? sea_row_field(column) : NULL, reverse, false};
	struct sea_error err;

	assert_int_equal(sea_view_make(view, NULL, now, NULL, filter, &order, &err), 0);
}

/* The ids of the rows, in order, as "213" */
static void check_order(const struct sea_view *view, const char *ids)
{
	char got[16] = "";
	size_t i;

	for (i = 0; i < view->nr_rows; i++)
		snprintf(got + i, sizeof(got) - i, "%llu", (unsigned long long)view->rows[i].vm.id);
	assert_string_equal(got, ids);
}

static void order(void **state)
{
	struct sea_snapshot now;
	struct sea_view view = {.tick = 7};

	(void)state;
	make_snapshot(&now);
	make(&view, &now, NULL, "TOTAL", false);
	assert_true(view.tick == 7);
	check_order(&view, "213");
	make(&view, &now, NULL, "TOTAL", true);
	check_order(&view, "312");
	make(&view, &now, NULL, "vm", false);
	check_order(&view, "312");
	/* All claimed 0 but one: the rest by id, also upside down. */
	make(&view, &now, NULL, "CLAIM", false);
	check_order(&view, "123");
	make(&view, &now, NULL, "CLAIM", true);
	check_order(&view, "231");
	make(&view, &now, NULL, NULL, false);
	check_order(&view, "123");
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

static void filter(void **state)
{
	struct sea_filter only = {.glob = "*b*"};
	struct sea_snapshot now;
	struct sea_view view = {0};

	(void)state;
	make_snapshot(&now);
	make(&view, &now, &only, NULL, false);
	check_order(&view, "123");
	assert_false(view.filtered);
	only.glob = "web-*";
	make(&view, &now, &only, NULL, false);
	check_order(&view, "2");
	assert_true(view.filtered);
	/* What is not shown still counts. */
	assert_true(view.all.total == 13014);
	assert_int_equal(view.nr_vms, 3);
	assert_int_equal(view.nr_ended, 1);

	only = (struct sea_filter){.pid = 1003};
	make(&view, &now, &only, NULL, false);
	check_order(&view, "3");
	/* It is in no list; the VMs before it are, and were left out. */
	assert_true(view.rows[0].listed.id == 0);
	assert_true(view.rows[0].listed.vcpus == 0);
	assert_int_equal(view.rows[0].listed.opt_in, SEA_OPT_IN_UNKNOWN);
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

/* A VM may have opted in since the list was made. */
static void forwarded_is_opted_in(void **state)
{
	const struct sea_listed no = {.id = 1, .opt_in = SEA_OPT_IN_NO}, unknown = {0};
	struct sea_vm vm = {.disposition = {[SEA_CLAIMED] = 1, [SEA_NOT_OPTED_IN] = 1}};

	(void)state;
	assert_int_equal(sea_opt_in_of(&no, &vm), SEA_OPT_IN_NO);
	assert_int_equal(sea_opt_in_of(&unknown, &vm), SEA_OPT_IN_UNKNOWN);
	vm.disposition[SEA_FORWARDED] = 1;
	assert_int_equal(sea_opt_in_of(&no, &vm), SEA_OPT_IN_YES);
	assert_int_equal(sea_opt_in_of(&unknown, &vm), SEA_OPT_IN_YES);
}

/* SEAs, responses to SEAs from before, or SEAs from before: each makes a VM active. */
static void active(void **state)
{
	const struct sea_filter only = {.active = true};
	struct sea_snapshot now;
	struct sea_view view = {0};
	size_t i;

	(void)state;
	make_snapshot(&now);
	for (i = 0; i < 3; i++) {
		memset(now.vms[i].vm.disposition, 0, sizeof(now.vms[i].vm.disposition));
		memset(now.vms[i].vm.response, 0, sizeof(now.vms[i].vm.response));
	}
	make(&view, &now, &only, NULL, false);
	check_order(&view, "");
	now.vms[0].vm.disposition[SEA_UNKNOWN] = 1;
	make(&view, &now, &only, NULL, false);
	check_order(&view, "1");
	now.vms[2].vm.response[SEA_ABANDONED] = 1;
	make(&view, &now, &only, NULL, false);
	check_order(&view, "13");
	now.vms[1].listed.has_before = true;
	now.vms[1].listed.before[SEA_CLAIMED] = 1;
	make(&view, &now, &only, NULL, false);
	check_order(&view, "123");
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

/* A row keeps its VM's name when the snapshot that it is from is gone. */
static void view_outlives_its_snapshot(void **state)
{
	struct sea_snapshot now;
	struct sea_view view;

	(void)state;
	make_snapshot(&now);
	make_view(&view, &now, NULL);
	sea_snapshot_free(&now);
	assert_string_equal(sea_row_name(&view.rows[2]), "batch-7-1003");
	assert_string_equal(sea_row_name(&view.other), "other");
	assert_string_equal(sea_row_name(&view.gone), "gone");
	assert_string_equal(sea_row_name(&view.all), "all");
	assert_int_equal(sea_row_origin(&view.rows[0]), SEA_VM_FROM_COMM);
	assert_int_equal(sea_row_origin(&view.all), SEA_VM_FROM_NOTHING);
	sea_view_free(&view);
}

static void last_of_all_is_the_latest(void **state)
{
	struct sea_snapshot now;
	struct sea_view view;

	(void)state;
	make_snapshot(&now);
	make_view(&view, &now, NULL);
	assert_true(view.all.vm.last == now.vms[1].vm.last);
	assert_int_equal(view.all.last_wall.tv_sec, FIXTURE_TIME);
	assert_true(view.rows[0].last_age_ns == now.time_ns - SEA_LAST_NS(now.vms[0].vm.last));
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

static void copy_is_deep(void **state)
{
	struct sea_snapshot now, copy = {0};
	struct sea_error err;

	(void)state;
	make_snapshot(&now);
	assert_int_equal(sea_snapshot_copy(&copy, &now, &err), 0);
	assert_int_equal(sea_snapshot_copy(&copy, &now, &err), 0);
	now.vms[0].vm.id = 99;
	assert_true(copy.vms[0].vm.id == 1);
	assert_int_equal(copy.nr_vms, 3);
	sea_snapshot_free(&now);
	assert_int_equal(sea_snapshot_copy(&copy, &now, &err), 0);
	assert_int_equal(copy.nr_vms, 0);
	sea_snapshot_free(&copy);
}

/* Counts since a mark; the rate and what is pending are as of now. */
static void since_a_mark(void **state)
{
	struct sea_snapshot now, before, mark;
	struct sea_view view = {0};
	struct sea_error err;

	(void)state;
	make_snapshot(&now);
	make_snapshot(&before);
	make_snapshot(&mark);
	before.time_ns -= 2 * SEC;
	before.vms[1].vm.disposition[SEA_HOST_OWNED] = 12000;
	mark.vms[1].vm.disposition[SEA_HOST_OWNED] = 9000;
	mark.vms[0].vm.disposition[SEA_FORWARDED] = 1;
	mark.vms[0].vm.response[SEA_INJECTED] = 1;
	assert_int_equal(sea_view_make_since(&view, NULL, &now, &before, &mark, NULL, NULL, &err),
			 0);
	assert_true(view.rows[0].total == 7 && view.rows[0].pending == 2);
	assert_true(view.rows[0].vm.response[SEA_INJECTED] == 4);
	assert_true(view.rows[1].total == 4000 && view.rows[1].new_total == 1000);
	assert_true(view.rows[1].rate == 500);
	assert_true(view.rows[2].total == 0);
	assert_true(view.all.total == 4007 && view.shown.total == 4007);
	sea_view_free(&view);
	sea_snapshot_free(&now);
	sea_snapshot_free(&before);
	sea_snapshot_free(&mark);
}

static void what_is_typed(void **state)
{
	struct sea_snapshot now;
	struct sea_view view = {0};
	static const struct {
		const char *text, *ids;
	} cases[] = {
		{"", "123"},	    {"WEB", "2"}, {"b", "123"},	 {"web|db", "12"},
		{"web|", "2"},	    {"|", "123"}, {"1003", "3"}, {"100", "123"},
		{"d?01-1001", "1"}, {"d*", "1"},  {"*0", ""},	 {"nobody", ""},
	};
	size_t i;

	(void)state;
	make_snapshot(&now);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct sea_filter filter = {.text = cases[i].text};

		make(&view, &now, &filter, NULL, false);
		check_order(&view, cases[i].ids);
	}
	make(&view, &now, &(struct sea_filter){.not_ended = true}, NULL, false);
	check_order(&view, "12");
	assert_true(view.shown.total == 13010 && view.shown.nr_vms == 2);
	assert_true(view.all.total == 13014);
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

/* Who is hit comes first, then who was, then who has ended, then the others. */
static void urgent_first(void **state)
{
	const struct sea_order order = {sea_row_field("TOTAL"), false, true};
	struct sea_snapshot now;
	struct sea_view view = {0};
	struct sea_error err;

	(void)state;
	make_snapshot(&now);
	assert_int_equal(sea_snapshot_reserve(&now, 5, &err), 0);
	now.nr_vms = 5;
	now.vms[3] = state_with(4, "idle", 0, 0, 0, 0);
	now.vms[4] = state_with(5, "old", 0, 50000, 0, 0);
	now.vms[4].vm.last = SEA_LAST(20 * SEC, SEA_HOST_OWNED, SEA_S2_WALK);
	now.vms[2].vm.disposition[SEA_CLAIMED] = 100000;
	assert_int_equal(sea_view_make(&view, NULL, &now, &now, NULL, &order, &err), 0);
	check_order(&view, "21534");
	sea_view_free(&view);
	sea_snapshot_free(&now);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_view),
		cmocka_unit_test(rates),
		cmocka_unit_test(gone_vms_stay_in_the_sums),
		cmocka_unit_test(order),
		cmocka_unit_test(filter),
		cmocka_unit_test(forwarded_is_opted_in),
		cmocka_unit_test(active),
		cmocka_unit_test(view_outlives_its_snapshot),
		cmocka_unit_test(last_of_all_is_the_latest),
		cmocka_unit_test(copy_is_deep),
		cmocka_unit_test(since_a_mark),
		cmocka_unit_test(what_is_typed),
		cmocka_unit_test(urgent_first),
	};

	return cmocka_run_group_tests_name("view", tests, NULL, NULL);
}
