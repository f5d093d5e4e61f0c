// SPDX-License-Identifier: GPL-2.0-only
/* The encodings are what GNU as makes of the instructions beside them. */
#include "fixtures.h"

#include "arm/a64.h"

#define PC 0xffff800080010000ULL

static void branches(void **state)
{
	uint64_t target;

	(void)state;
	assert_true(sea_a64_branch(0x94000004, PC, &target)); /* bl .+16 */
	assert_true(target == PC + 16);
	assert_true(sea_a64_branch(0x17fffffc, PC, &target)); /* b .-16 */
	assert_true(target == PC - 16);
	assert_true(sea_a64_branch(0x97ffffff, PC, &target)); /* bl .-4 */
	assert_true(target == PC - 4);
	assert_true(sea_a64_branch(0x14000000, PC, &target)); /* b . */
	assert_true(target == PC);
	/* The farthest in both directions: 128 MiB */
	assert_true(sea_a64_branch(0x95ffffff, PC, &target));
	assert_true(target == PC + 0x7fffffc);
	assert_true(sea_a64_branch(0x96000000, PC, &target));
	assert_true(target == PC - 0x8000000);
}

static void all_else(void **state)
{
	static const uint32_t others[] = {
		0x54000040, /* b.eq .+8 */
		0xb4000040, /* cbz x0, .+8 */
		0x36000040, /* tbz w0, #0, .+8 */
		0xd63f0000, /* blr x0 */
		0xd65f03c0, /* ret */
		0xd503201f, /* nop */
		0x00000000, /* udf #0 */
		0xffffffff,
	};
	uint64_t target = 1;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(others); i++)
		assert_false(sea_a64_branch(others[i], PC, &target));
	assert_true(target == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(branches),
		cmocka_unit_test(all_else),
	};

	return cmocka_run_group_tests_name("a64", tests, NULL, NULL);
}
