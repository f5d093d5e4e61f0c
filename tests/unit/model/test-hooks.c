// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include "model/hooks.h"

static void words(void **state)
{
	(void)state;
	assert_string_equal(sea_part_name(SEA_PART_SOURCE), "source");
	assert_string_equal(sea_part_name(SEA_PART_CHECK), "check");
	assert_string_equal(sea_part_name(SEA_PART_ANSWERS), "answers");
	assert_string_equal(sea_part_name(SEA_PART_END), "end");
	assert_string_equal(sea_part_name(SEA_PARTS), "unknown");
	assert_string_equal(sea_mechanism_name(SEA_BY_TRACEPOINT), "tracepoint");
	assert_string_equal(sea_mechanism_name(SEA_BY_TRAMPOLINE), "trampoline");
	assert_string_equal(sea_mechanism_name(SEA_BY_KPROBE), "kprobe");
	assert_string_equal(sea_mechanism_name(SEA_MECHANISMS), "unknown");
	assert_string_equal(sea_proof_name(SEA_PROOF_NONE), "unknown");
	assert_string_equal(sea_proof_name(SEA_PROVEN), "yes");
	assert_string_equal(sea_proof_name(SEA_DISPROVEN), "no");
	assert_string_equal(sea_proof_name(SEA_PROOFS), "unknown");
}

/* The weakest hook of a part decides, and no other part's. */
static void proof_of_a_part(void **state)
{
	struct sea_hooks hooks = {
		.hooks = {{.part = SEA_PART_SOURCE, .proof = SEA_PROVEN},
			  {.part = SEA_PART_SOURCE, .proof = SEA_PROVEN},
			  {.part = SEA_PART_CHECK, .proof = SEA_DISPROVEN},
			  {.part = SEA_PART_ANSWERS, .proof = SEA_PROOF_NONE}},
		.nr = 4,
	};

	(void)state;
	assert_int_equal(sea_hooks_proof(&hooks, SEA_PART_SOURCE), SEA_PROVEN);
	assert_int_equal(sea_hooks_proof(&hooks, SEA_PART_CHECK), SEA_DISPROVEN);
	assert_int_equal(sea_hooks_proof(&hooks, SEA_PART_ANSWERS), SEA_PROOF_NONE);
	/* No hook, no proof. */
	assert_int_equal(sea_hooks_proof(&hooks, SEA_PART_END), SEA_PROOF_NONE);
	hooks.hooks[0].proof = SEA_PROOF_NONE;
	assert_int_equal(sea_hooks_proof(&hooks, SEA_PART_SOURCE), SEA_PROOF_NONE);
	hooks.hooks[1].proof = SEA_DISPROVEN;
	assert_int_equal(sea_hooks_proof(&hooks, SEA_PART_SOURCE), SEA_DISPROVEN);
}

static void missed_of_a_part(void **state)
{
	const struct sea_hooks hooks = {
		.hooks = {{.part = SEA_PART_SOURCE, .missed = 2},
			  {.part = SEA_PART_SOURCE, .missed = 3, .missed_at_least = true},
			  {.part = SEA_PART_CHECK, .missed = 10},
			  {.part = SEA_PART_END, .missed = 100}},
		.nr = 4,
	};
	bool at_least;

	(void)state;
	assert_int_equal(sea_hooks_missed(&hooks, SEA_PART_SOURCE, &at_least), 5);
	assert_true(at_least);
	assert_int_equal(sea_hooks_missed(&hooks, SEA_PART_CHECK, &at_least), 10);
	assert_false(at_least);
	assert_int_equal(sea_hooks_missed(&hooks, SEA_PART_ANSWERS, &at_least), 0);
	assert_false(at_least);
	assert_int_equal(sea_hooks_missed(&hooks, SEA_PART_END, &at_least), 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words),
		cmocka_unit_test(proof_of_a_part),
		cmocka_unit_test(missed_of_a_part),
	};

	return cmocka_run_group_tests_name("hooks", tests, NULL, NULL);
}
