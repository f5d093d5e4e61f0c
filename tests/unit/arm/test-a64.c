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

static void numbers(void **state)
{
	static const struct {
		uint32_t instruction, number;
	} makes[] = {
		{0x12800f93, 0xffffff83}, /* mov w19, #-125 */
		{0x12800f80, 0xffffff83}, /* mov w0, #-125 */
		{0x12196820, 0xffffff83}, /* and w0, w1, #0xffffff83 */
		{0x128001e3, 0xfffffff0}, /* mov w3, #-16 */
		{0x12a00020, 0xfffeffff}, /* mov w0, #-65537 */
		{0x1200f0a5, 0x55555555}, /* and w5, w5, #0x55555555 */
		{0x1202e441, 0xcccccccc}, /* and w1, w2, #0xcccccccc */
		{0x1203c841, 0xe0e0e0e0}, /* and w1, w2, #0xe0e0e0e0 */
		{0x12009ca5, 0x00ff00ff}, /* and w5, w5, #0xff00ff */
		{0x12000041, 0x00000001}, /* and w1, w2, #1 */
		{0x12010041, 0x80000000}, /* and w1, w2, #0x80000000 */
		{0x320107e5, 0x80000001}, /* mov w5, #0x80000001 */
		{0x320078c5, 0x7fffffff}, /* orr w5, w6, #0x7fffffff */
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(makes); i++)
		for (j = 0; j < ARRAY_SIZE(makes); j++)
			assert_int_equal(sea_a64_makes(makes[i].instruction,
						       (int32_t)makes[j].number),
					 makes[i].number == makes[j].number);
}

static void no_such_number(void **state)
{
	static const uint32_t others[] = {
		0x92800f93, /* mov x19, #-125 */
		0x92196820, /* and x0, x1, #0xffffff83ffffff83 */
		0x52196820, /* eor w0, w1, #0xffffff83 */
		0x72196820, /* ands w0, w1, #0xffffff83 */
		0x52800f82, /* mov w2, #124 */
		0x12c00f93, /* movn w19, #124, lsl #32: there is no such halfword */
		0x1200fc41, /* and w1, w2 with elements of one bit: reserved */
		0x12007c41, /* and w1, w2 with all bits: reserved */
		0x12403841, /* and w1, w2 with an element of 64 bits: reserved */
		0xd503201f, /* nop */
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		assert_false(sea_a64_makes(others[i], -125));
		assert_false(sea_a64_makes(others[i], 0));
		assert_false(sea_a64_makes(others[i], -1));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(branches),
		cmocka_unit_test(all_else),
		cmocka_unit_test(numbers),
		cmocka_unit_test(no_such_number),
	};

	return cmocka_run_group_tests_name("a64", tests, NULL, NULL);
}
