// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <stdio.h>
#include <string.h>

#include "arm/esr.h"

/* Values that the emulated host's CPU really reported, but for the last four. */
static void known_values(void **state)
{
	static const struct {
		uint64_t esr;
		const char *text;
	} values[] = {
		{0x92000210, "Data Abort from a lower Exception level, read, "
			     "Synchronous External abort, EA"},
		{0x92000610, "Data Abort from a lower Exception level, read, "
			     "Synchronous External abort, FnV, EA"},
		{0x82000210, "Instruction Abort from a lower Exception level, "
			     "Synchronous External abort, EA"},
		{0x82000297, "Instruction Abort from a lower Exception level, "
			     "Synchronous External abort on translation table walk, level 3, "
			     "S1PTW, EA"},
		{0x96002010, "Data Abort without a change in Exception level, read, "
			     "Synchronous External abort, VNCR"},
		{0x96000010, "Data Abort without a change in Exception level, read, "
			     "Synchronous External abort"},
		{0xbf000000, "SError exception (EC 0x2f)"},
		{0x92001050, "Data Abort from a lower Exception level, write, "
			     "Synchronous External abort, SET=UC"},
		{0x92000113, "Data Abort from a lower Exception level, cache maintenance, "
			     "Synchronous External abort on translation table walk, level -1"},
		{0x9200001b, "Data Abort from a lower Exception level, read, "
			     "Synchronous parity or ECC error on translation table walk, "
			     "level -1"},
		{0x92000007, "Data Abort from a lower Exception level, read, "
			     "Translation fault, level 3"},
	};
	char text[SEA_ESR_TEXT_LEN];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(values); i++) {
		assert_int_equal(sea_esr_format(values[i].esr, text, sizeof(text)),
				 strlen(values[i].text));
		assert_string_equal(text, values[i].text);
	}
}

static void fields(void **state)
{
	struct sea_esr e;

	(void)state;
	sea_esr_decode(0x93801850, &e);
	assert_int_equal(e.ec, 0x24);
	assert_true(e.is_abort && e.is_sea && e.il && e.isv && e.wnr);
	assert_false(e.is_walk || e.is_instruction || e.fnv || e.s1ptw || e.cm || e.vncr || e.ea);
	assert_int_equal(e.set, 3);
	assert_string_equal(e.set_name, "UEO");
	assert_int_equal(e.level, SEA_ESR_NO_LEVEL);
	assert_true(e.far_valid);
}

/* FnV has a meaning with FSC 0x10 only: RES0 with all others. */
static void fnv_counts_with_fsc_0x10_only(void **state)
{
	struct sea_esr e;

	(void)state;
	sea_esr_decode(0x92000610, &e);
	assert_true(e.fnv);
	assert_false(e.far_valid);
	sea_esr_decode(0x92000614, &e);
	assert_false(e.fnv);
	assert_true(e.far_valid);
}

/* Bits of a Data Abort mean nothing in an Instruction Abort. */
static void instruction_abort_has_no_data_bits(void **state)
{
	struct sea_esr e;

	(void)state;
	sea_esr_decode(0x83002150, &e);
	assert_true(e.is_instruction && e.is_sea);
	assert_false(e.wnr || e.cm || e.vncr || e.isv);
}

/* Walks: 0x12 to 0x17 and 0x1b to 0x1f, with levels -2 to 3. */
static void every_fault_status_code(void **state)
{
	unsigned int fsc;

	(void)state;
	for (fsc = 0; fsc < 64; fsc++) {
		bool walk = (fsc >= 0x12 && fsc <= 0x17) || (fsc >= 0x1b && fsc <= 0x1f);
		bool sea = walk || fsc == 0x10 || fsc == 0x18;
		struct sea_esr e;

		sea_esr_decode(0x92000000 | fsc, &e);
		assert_non_null(e.fsc_name);
		assert_int_equal(e.is_sea, sea);
		if (sea)
			assert_int_equal(e.is_walk, walk);
		if (walk)
			assert_int_equal(e.level, (int)(fsc & 7) - 4);
		if (e.level != SEA_ESR_NO_LEVEL)
			assert_in_range(e.level + 2, 0, 5);
	}
}

static void short_buffers(void **state)
{
	char text[SEA_ESR_TEXT_LEN], guard[SEA_ESR_TEXT_LEN];
	size_t size, len = sea_esr_format(0x92000610, text, sizeof(text));

	(void)state;
	assert_true(len < sizeof(text));
	for (size = 0; size <= len + 1; size++) {
		memset(guard, '#', sizeof(guard));
		assert_int_equal(sea_esr_format(0x92000610, guard, size), len);
		assert_int_equal(guard[size], '#');
		if (size) {
			assert_int_equal(strlen(guard), size - 1);
			assert_memory_equal(guard, text, size - 1);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_values),
		cmocka_unit_test(fields),
		cmocka_unit_test(fnv_counts_with_fsc_0x10_only),
		cmocka_unit_test(instruction_abort_has_no_data_bits),
		cmocka_unit_test(every_fault_status_code),
		cmocka_unit_test(short_buffers),
	};

	return cmocka_run_group_tests_name("esr", tests, NULL, NULL);
}
