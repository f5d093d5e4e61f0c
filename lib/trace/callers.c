// SPDX-License-Identifier: GPL-2.0-only
#include "trace/callers.h"

#include <stdbool.h>
#include <string.h>

#include "arm/a64.h"

#define CHUNK 256 /* instructions read at once */

struct search {
	const struct sea_symbols *symbols;
	const char *const *via;
	uint64_t target;
	sea_text_reader reader;
	void *context;
	bool reached[SEA_SYMBOLS_MAX]; /* a way leads to this symbol */
	bool searched[SEA_SYMBOLS_MAX];
};

static bool is_on_the_way(const struct search *search, const struct sea_symbol *symbol)
{
	size_t i;

	for (i = 0; search->via[i]; i++)
		if (sea_symbol_is(symbol, search->via[i]))
			return true;
	return false;
}

static void reach(struct search *search, uint64_t address)
{
	size_t i;

	for (i = 0; i < search->symbols->nr; i++)
		if (search->symbols->symbols[i].address == address &&
		    is_on_the_way(search, &search->symbols->symbols[i]))
			search->reached[i] = true;
}

/* Searches one function, and notes where else it leads to. */
static enum sea_called search_symbol(struct search *search, const struct sea_symbol *symbol)
{
	uint32_t text[CHUNK];
	uint64_t done, to;
	size_t size, i;

	for (done = 0; done < symbol->size; done += size) {
		uint64_t pc = symbol->address + done;

		size = symbol->size - done < sizeof(text) ? symbol->size - done : sizeof(text);
		if (search->reader(search->context, pc, text, size))
			return SEA_NOT_PROVEN;
		for (i = 0; i < size / sizeof(text[0]); i++) {
			if (!sea_a64_branch(text[i], pc + 4 * i, &to))
				continue;
			if (to == search->target)
				return SEA_CALLED;
			reach(search, to);
		}
	}
	return SEA_NOT_CALLED;
}

enum sea_called sea_callers_find(const struct sea_symbols *symbols, const char *root,
				 const char *const *via, const char *function,
				 sea_text_reader reader, void *context,
				 const struct sea_symbol **caller)
{
	const struct sea_symbol *target = sea_symbols_find(symbols, function);
	struct search search = {
		.symbols = symbols,
		.via = via,
		.reader = reader,
		.context = context,
	};
	bool found_root = false, again = true;
	size_t i;

	if (!target)
		return SEA_NOT_PROVEN;
	search.target = target->address;
	for (i = 0; i < symbols->nr; i++)
		if (sea_symbol_is(&symbols->symbols[i], root))
			found_root = search.reached[i] = true;
	if (!found_root)
		return SEA_NOT_PROVEN;

	while (again) {
		again = false;
		for (i = 0; i < symbols->nr; i++) {
			enum sea_called called;

			if (!search.reached[i] || search.searched[i])
				continue;
			search.searched[i] = again = true;
			called = search_symbol(&search, &symbols->symbols[i]);
			if (called == SEA_CALLED)
				*caller = &symbols->symbols[i];
			if (called != SEA_NOT_CALLED)
				return called;
		}
	}
	return SEA_NOT_CALLED;
}
