// SPDX-License-Identifier: GPL-2.0-only
#include "fuzz.h"

#include <stdio.h>
#include <string.h>

#include "trace/kallsyms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = {"apei_claim_sea", "a", "kvm_handle_guest_abort", NULL};
	struct sea_symbols symbols;
	FILE *file;
	size_t i;

	if (!size)
		return 0;
	file = fmemopen((void *)(uintptr_t)data, size, "r");
	CHECK(file);
	sea_symbols_read(&symbols, file, names);
	fclose(file);
	CHECK(symbols.nr <= SEA_SYMBOLS_MAX);
	CHECK(!symbols.nr || (symbols.read && !symbols.hidden));
	for (i = 0; i < symbols.nr; i++) {
		const struct sea_symbol *s = &symbols.symbols[i];

		CHECK(strnlen(s->name, sizeof(s->name)) < sizeof(s->name));
		CHECK(s->address);
		CHECK(s->size && s->size <= SEA_SYMBOL_MAX_SIZE);
		CHECK(sea_symbols_find(&symbols, s->name));
	}
	return 0;
}
