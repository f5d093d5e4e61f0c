// SPDX-License-Identifier: GPL-2.0-only
/* A made-up kernel of a few functions, with and without the calls. */
#include "fixtures.h"

#include <stdio.h>
#include <string.h>

#include "trace/callers.h"

#define BASE 0xffff800080000000ULL
#define SIZE 0x2000
#define NOP 0xd503201fU

static uint32_t text[SIZE / 4];
static struct sea_symbols symbols;

static const char *const via[] = {"abort", "handle", NULL};

static int read_text(void *context, uint64_t address, void *out, size_t size)
{
	(void)context;
	if (address < BASE || address + size > BASE + SIZE)
		return -1;
	memcpy(out, (char *)text + (address - BASE), size);
	return 0;
}

static void make_kernel(void)
{
	size_t i;

	memset(&symbols, 0, sizeof(symbols));
	symbols.read = true;
	for (i = 0; i < SIZE / 4; i++)
		text[i] = NOP;
}

static void function(const char *name, uint64_t offset, uint64_t size)
{
	struct sea_symbol *s = &symbols.symbols[symbols.nr++];

	snprintf(s->name, sizeof(s->name), "%s", name);
	s->address = BASE + offset;
	s->size = size;
}

static void call(uint64_t from, uint64_t to)
{
	text[from / 4] = 0x94000000U | (((uint32_t)(to - from) / 4) & 0x3ffffffU);
}

static enum sea_called find(const char **caller)
{
	const struct sea_symbol *symbol = NULL;
	enum sea_called called =
		sea_callers_find(&symbols, "abort", via, "claim", read_text, NULL, &symbol);

	*caller = symbol ? symbol->name : NULL;
	return called;
}

static void direct(void **state)
{
	const char *caller;

	(void)state;
	make_kernel();
	function("claim", 0x100, 0x40);
	function("abort", 0x200, 0x1000);
	/* Not in the first piece that is read */
	call(0x200 + 0xff8, 0x100);
	assert_int_equal(find(&caller), SEA_CALLED);
	assert_string_equal(caller, "abort");
}

static void by_way_of_another(void **state)
{
	const char *caller;

	(void)state;
	make_kernel();
	function("claim", 0x100, 0x40);
	function("handle", 0x140, 0x40);
	function("abort", 0x200, 0x100);
	call(0x144, 0x100);
	call(0x210, 0x140);
	/* Round and round is not for ever. */
	call(0x148, 0x140);
	call(0x14c, 0x200);
	assert_int_equal(find(&caller), SEA_CALLED);
	assert_string_equal(caller, "handle");
}

static void in_a_part_that_was_split_off(void **state)
{
	const char *caller;

	(void)state;
	make_kernel();
	function("claim", 0x100, 0x40);
	function("abort", 0x200, 0x100);
	function("abort.cold", 0x400, 0x10);
	call(0x404, 0x100);
	assert_int_equal(find(&caller), SEA_CALLED);
	assert_string_equal(caller, "abort.cold");
}

static void inlined(void **state)
{
	const char *caller;

	(void)state;
	make_kernel();
	function("claim", 0x100, 0x40);
	function("handle", 0x140, 0x40);
	function("abort", 0x200, 0x100);
	/* handle calls it, but nobody calls handle: it was inlined without the call. */
	call(0x144, 0x100);
	assert_int_equal(find(&caller), SEA_NOT_CALLED);
	/* A call from a function that SEAs do not come through is none. */
	function("stranger", 0x300, 0x40);
	call(0x300, 0x100);
	call(0x210, 0x300);
	assert_int_equal(find(&caller), SEA_NOT_CALLED);
	/* Into the middle of it is not into it. */
	call(0x214, 0x104);
	assert_int_equal(find(&caller), SEA_NOT_CALLED);
}

static void cannot_tell(void **state)
{
	const char *caller;

	(void)state;
	make_kernel();
	assert_int_equal(find(&caller), SEA_NOT_PROVEN);
	function("claim", 0x100, 0x40);
	assert_int_equal(find(&caller), SEA_NOT_PROVEN);
	/* Text that cannot be read */
	function("abort", SIZE - 0x20, 0x40);
	assert_int_equal(find(&caller), SEA_NOT_PROVEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(direct),
		cmocka_unit_test(by_way_of_another),
		cmocka_unit_test(in_a_part_that_was_split_off),
		cmocka_unit_test(inlined),
		cmocka_unit_test(cannot_tell),
	};

	return cmocka_run_group_tests_name("callers", tests, NULL, NULL);
}
