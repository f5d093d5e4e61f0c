// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <stdio.h>
#include <string.h>

#include "trace/kallsyms.h"

static const char *const names[] = {"apei_claim_sea", "kvm_handle_guest_abort", NULL};

static void read_text(struct sea_symbols *symbols, const char *text)
{
	FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");

	assert_non_null(file);
	sea_symbols_read(symbols, file, names);
	fclose(file);
}

static void finds_what_was_asked_for(void **state)
{
	const struct sea_symbol *s;
	struct sea_symbols symbols;

	(void)state;
	read_text(&symbols, "ffff800080000000 T _text\n"
			    "ffff800080010000 T apei_claim_sea\n"
			    "ffff800080010080 t apei_claim_seal\n"
			    "ffff800080020000 T kvm_handle_guest_abort\n"
			    "ffff800080020000 T an_alias\n"
			    "ffff800080020400 t after\n"
			    "ffff80007a000000 t module_function\t[kvm]\n");
	assert_true(symbols.read);
	assert_false(symbols.hidden);
	assert_int_equal(symbols.nr, 2);
	s = sea_symbols_find(&symbols, "apei_claim_sea");
	assert_non_null(s);
	assert_true(s->address == 0xffff800080010000);
	assert_int_equal(s->size, 0x80);
	s = sea_symbols_find(&symbols, "kvm_handle_guest_abort");
	assert_non_null(s);
	/* One with the same address does not end it. */
	assert_int_equal(s->size, 0x400);
	assert_null(sea_symbols_find(&symbols, "_text"));
}

static void knows_what_compilers_append(void **state)
{
	struct sea_symbols symbols;

	(void)state;
	read_text(&symbols, "ffff800080010000 t apei_claim_sea.constprop.0\n"
			    "ffff800080020000 t kvm_handle_guest_abort.cold\n"
			    "ffff800080030000 T kvm_handle_guest_abort\n");
	assert_null(sea_symbols_find(&symbols, "apei_claim_sea"));
	assert_string_equal(sea_symbols_renamed(&symbols, "apei_claim_sea")->name,
			    "apei_claim_sea.constprop.0");
	assert_string_equal(sea_symbols_renamed(&symbols, "kvm_handle_guest_abort")->name,
			    "kvm_handle_guest_abort.cold");
	assert_true(sea_symbol_is(&symbols.symbols[1], "kvm_handle_guest_abort"));
	assert_false(sea_symbol_is(&symbols.symbols[1], "kvm_handle_guest"));
	/* The last symbol has no end. */
	assert_int_equal(sea_symbols_find(&symbols, "kvm_handle_guest_abort")->size,
			 SEA_SYMBOL_MAX_SIZE);
}

static void hidden_addresses(void **state)
{
	struct sea_symbols symbols;

	(void)state;
	read_text(&symbols, "0000000000000000 T _text\n0000000000000000 T apei_claim_sea\n");
	assert_true(symbols.read);
	assert_true(symbols.hidden);
	assert_int_equal(symbols.nr, 0);
}

static void nonsense(void **state)
{
	static char text[200 * 1024];
	struct sea_symbols symbols;
	size_t len = 0;
	int i;

	(void)state;
	read_text(&symbols, "\n \nffff\nffff800080010000\nffff800080010000 T\n"
			    "ffff800080010000 T \nzzzz T apei_claim_sea\n"
			    "ffff800080010000 TT apei_claim_sea\n");
	assert_false(symbols.hidden && symbols.nr);
	assert_int_equal(symbols.nr, 0);

	/* More than there is room for, and a name that is longer than that. */
	for (i = 0; i < 1000; i++)
		len += (size_t)sprintf(text + len, "%x T apei_claim_sea.part.%d\n", 4096 + i, i);
	len += (size_t)sprintf(text + len, "20000 T apei_claim_sea.");
	memset(text + len, 'x', 300);
	read_text(&symbols, text);
	assert_int_equal(symbols.nr, SEA_SYMBOLS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_was_asked_for),
		cmocka_unit_test(knows_what_compilers_append),
		cmocka_unit_test(hidden_addresses),
		cmocka_unit_test(nonsense),
	};

	return cmocka_run_group_tests_name("kallsyms", tests, NULL, NULL);
}
