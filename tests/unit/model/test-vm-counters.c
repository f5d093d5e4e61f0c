// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <string.h>

#include "model/vm-counters.h"

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

/* A VM whose counters are 1, 2, 3, ... */
static void count_up(size_t offset, void *context)
{
	struct {
		struct sea_vm vm;
		__u64 next;
	} *numbered = context;

	*(__u64 *)(void *)((char *)&numbered->vm + offset) = ++numbered->next;
}

static void every_counter_is_added(void **state)
{
	struct {
		struct sea_vm vm;
		__u64 next;
	} one = {.vm = {.id = 7, .last = 0x500}};
	struct sea_vm sum = {.id = 9, .last = 0x300};
	int i;

	(void)state;
	sea_vm_each_counter(count_up, &one);
	assert_true(one.next ==
		    SEA_DISPOSITIONS + SEA_REASONS + SEA_RESPONSES + SEA_LATENCY_SLOTS + 4);
	sea_vm_add(&sum, &one.vm);
	sea_vm_add(&sum, &one.vm);
	assert_true(sum.id == 9);
	assert_true(sum.last == 0x500);
	for (i = 0; i < SEA_DISPOSITIONS; i++)
		assert_true(sum.disposition[i] == 2 * one.vm.disposition[i]);
	for (i = 0; i < SEA_REASONS; i++)
		assert_true(sum.reason[i] == 2 * one.vm.reason[i]);
	for (i = 0; i < SEA_RESPONSES; i++)
		assert_true(sum.response[i] == 2 * one.vm.response[i]);
	for (i = 0; i < SEA_LATENCY_SLOTS; i++)
		assert_true(sum.latency[i] == 2 * one.vm.latency[i]);
	assert_true(sum.latency_ns == 2 * one.vm.latency_ns);
	assert_true(sum.lost_ratelimit == 2 * one.vm.lost_ratelimit);
	assert_true(sum.lost_ring_full == 2 * one.vm.lost_ring_full);
	assert_true(sum.lost_name == 2 * one.vm.lost_name);

	sea_vm_subtract(&sum, &one.vm);
	assert_memory_equal(sum.disposition, one.vm.disposition, sizeof(sum.disposition));
	assert_memory_equal(sum.latency, one.vm.latency, sizeof(sum.latency));
	assert_true(sum.lost_name == one.vm.lost_name);
	assert_true(sum.id == 9);
}

static void sums(void **state)
{
	struct sea_vm vm = vm_with(1, "x", 1, 20, 300, 4000);

	(void)state;
	vm.disposition[SEA_UNKNOWN] = 50000;
	assert_true(sea_vm_total(&vm) == 54321);
	vm.response[SEA_INJECTED] = 1;
	vm.response[SEA_RESUMED] = 20;
	vm.response[SEA_ABANDONED] = 300;
	assert_true(sea_vm_responses(&vm) == 321);
	vm.lost_ratelimit = 3;
	vm.lost_ring_full = 40;
	vm.lost_name = 1;
	assert_true(sea_vm_lost(&vm) == 43);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(differences),	  cmocka_unit_test(pending_is_never_negative),
		cmocka_unit_test(latency_bounds), cmocka_unit_test(every_counter_is_added),
		cmocka_unit_test(sums),
	};

	return cmocka_run_group_tests_name("vm-counters", tests, NULL, NULL);
}
