// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <string.h>

#include "trace/proof.h"

static void only_seas(void **state)
{
	(void)state;
	assert_true(sea_proof_only_seas_call("apei_claim_sea"));
	assert_true(sea_proof_only_seas_call("kvm_handle_guest_sea"));
	assert_false(sea_proof_only_seas_call("kvm_arch_destroy_vm"));
	assert_false(sea_proof_only_seas_call("kvm_inject_sea"));
}

static void where_aborts_come_in(void **state)
{
	const enum sea_called called[] = {SEA_CALLED, SEA_CALLED};
	const enum sea_called inlined[] = {SEA_NOT_CALLED, SEA_CALLED};
	/* kvm_handle_vncr_abort() of early 6.16 knows no SEAs: nothing was inlined there. */
	const enum sea_called early[] = {SEA_CALLED, SEA_NOT_CALLED};
	const enum sea_called unread[] = {SEA_CALLED, SEA_NOT_PROVEN};
	const enum sea_called first_unread[] = {SEA_NOT_PROVEN, SEA_CALLED};

	(void)state;
	assert_int_equal(sea_proof_roots(called, 1), SEA_CALLED);
	assert_int_equal(sea_proof_roots(called, 2), SEA_CALLED);
	assert_int_equal(sea_proof_roots(inlined, 1), SEA_NOT_CALLED);
	assert_int_equal(sea_proof_roots(inlined, 2), SEA_NOT_CALLED);
	assert_int_equal(sea_proof_roots(early, 2), SEA_CALLED);
	assert_int_equal(sea_proof_roots(unread, 2), SEA_NOT_PROVEN);
	assert_int_equal(sea_proof_roots(first_unread, 2), SEA_NOT_PROVEN);
	/* Nothing was looked at. */
	assert_int_equal(sea_proof_roots(called, 0), SEA_NOT_CALLED);
}

static void the_dead_one(void **state)
{
	const struct sea_hooks hooks = {
		.hooks = {{.part = SEA_PART_SOURCE, .proof = SEA_PROVEN},
			  {.part = SEA_PART_CHECK, .proof = SEA_DISPROVEN},
			  {.part = SEA_PART_END, .proof = SEA_PROOF_NONE}},
		.nr = 3,
	};

	(void)state;
	assert_null(sea_proof_dead(&hooks, SEA_PART_SOURCE));
	assert_ptr_equal(sea_proof_dead(&hooks, SEA_PART_CHECK), &hooks.hooks[1]);
	assert_null(sea_proof_dead(&hooks, SEA_PART_END));
	assert_null(sea_proof_dead(&hooks, SEA_PART_ANSWERS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_seas),
		cmocka_unit_test(where_aborts_come_in),
		cmocka_unit_test(the_dead_one),
	};

	return cmocka_run_group_tests_name("proof", tests, NULL, NULL);
}
