/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * callers.h - proof that the kernel still calls a function that we hook.
 *
 * A compiler may inline a function into its callers and keep the function all
 * the same. A hook on it attaches then, and never fires. Whether that is so is
 * in the callers' text: one of them has to branch to the function.
 */
#ifndef SEA_CALLERS_H
#define SEA_CALLERS_H

#include <stddef.h>
#include <stdint.h>

#include "trace/kallsyms.h"

/* Copies size bytes of the kernel's text at address; 0, or -1 if it cannot. */
typedef int (*sea_text_reader)(void *context, uint64_t address, void *text, size_t size);

enum sea_called {
	SEA_CALLED,	/* there is a way from the root to the function */
	SEA_NOT_CALLED, /* there is none: the function was inlined on the way */
	SEA_NOT_PROVEN, /* symbols or text cannot be read */
};

/*
 * Looks for a way from root to function that branches from one to the next of
 * the functions via (which ends in NULL), or at once. What compilers split off
 * or cloned from root and via counts as them. On SEA_CALLED caller is the one
 * that branches to function, and static to symbols.
 */
enum sea_called sea_callers_find(const struct sea_symbols *symbols, const char *root,
				 const char *const *via, const char *function,
				 sea_text_reader reader, void *context,
				 const struct sea_symbol **caller);

#endif /* SEA_CALLERS_H */
