/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kallsyms.h - addresses of a few kernel symbols.
 *
 * An address is a key to the kernel's text and per-CPU data. It is never shown.
 */
#ifndef SEA_KALLSYMS_H
#define SEA_KALLSYMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define SEA_SYMBOL_LEN 96
#define SEA_SYMBOLS_MAX 64

/* A function's text is never taken to be longer. */
#define SEA_SYMBOL_MAX_SIZE 65536

struct sea_symbol {
	char name[SEA_SYMBOL_LEN];
	uint64_t address;
	uint64_t size; /* bytes to the next symbol, if that is less than the limit */
};

struct sea_symbols {
	bool hidden; /* there are symbols, but no addresses: kptr_restrict, CAP_SYSLOG */
	bool read;   /* the file could be read */
	size_t nr;
	struct sea_symbol symbols[SEA_SYMBOLS_MAX];
};

/*
 * Reads lines as /proc/kallsyms has them, in the order of the addresses, and
 * keeps the symbols called one of names (which ends in NULL) or such a name
 * with what compilers append to a copy of a function: ".cold",
 * ".constprop.0", ".isra.0", ".part.0", ".llvm.123".
 */
void sea_symbols_read(struct sea_symbols *symbols, FILE *file, const char *const *names);

/* The symbol of exactly this name, or NULL. */
const struct sea_symbol *sea_symbols_find(const struct sea_symbols *symbols, const char *name);

/*
 * The first symbol whose name is name and something that a compiler appended,
 * or NULL: under it a renamed function is found.
 */
const struct sea_symbol *sea_symbols_renamed(const struct sea_symbols *symbols, const char *name);

/* The symbol is called name, or is a compiler's copy or part of that function. */
bool sea_symbol_is(const struct sea_symbol *symbol, const char *name);

#endif /* SEA_KALLSYMS_H */
