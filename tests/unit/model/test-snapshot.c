// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include "model/snapshot.h"

static void found_by_id(void **state)
{
	struct sea_snapshot now;
	__u64 id;

	(void)state;
	make_snapshot(&now);
	for (id = 1; id <= 3; id++)
		assert_ptr_equal(sea_snapshot_find(&now, id), &now.vms[id - 1]);
	assert_null(sea_snapshot_find(&now, 4));
	assert_null(sea_snapshot_find(NULL, 1));
	sea_snapshot_clear(&now);
	assert_null(sea_snapshot_find(&now, 1));
	sea_snapshot_free(&now);
}

static void sorted_by_id(void **state)
{
	struct sea_snapshot now;
	struct sea_vm_state first;

	(void)state;
	make_snapshot(&now);
	first = now.vms[0];
	now.vms[0] = now.vms[2];
	now.vms[2] = first;
	sea_snapshot_sort(&now);
	assert_true(now.vms[0].vm.id == 1 && now.vms[1].vm.id == 2 && now.vms[2].vm.id == 3);
	sea_snapshot_free(&now);
	sea_snapshot_sort(&now);
}

static void sum_has_all_rows(void **state)
{
	struct sea_snapshot now;
	struct sea_vm sum;

	(void)state;
	make_snapshot(&now);
	now.other.disposition[SEA_CLAIMED] = 100;
	now.gone.disposition[SEA_CLAIMED] = 1000;
	sea_snapshot_sum(&sum, &now);
	assert_true(sum.disposition[SEA_CLAIMED] == 1102);
	assert_true(sum.disposition[SEA_HOST_OWNED] == 13000);
	sea_snapshot_free(&now);
}

/* What is new in the room is zero, what was there stays. */
static void room(void **state)
{
	struct sea_snapshot now;
	struct sea_error err;

	(void)state;
	make_snapshot(&now);
	assert_int_equal(sea_snapshot_reserve(&now, 2, &err), 0);
	assert_int_equal(now.room, 3);
	assert_int_equal(sea_snapshot_reserve(&now, 10, &err), 0);
	assert_int_equal(now.room, 10);
	assert_true(now.vms[2].vm.id == 3);
	assert_true(now.vms[9].vm.id == 0 && !now.vms[9].info);
	sea_snapshot_free(&now);
	assert_null(now.vms);
	assert_int_equal(now.room, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found_by_id),
		cmocka_unit_test(sorted_by_id),
		cmocka_unit_test(sum_has_all_rows),
		cmocka_unit_test(room),
	};

	return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
