// SPDX-License-Identifier: GPL-2.0-only
#include "trace/kallsyms.h"

#include <stdlib.h>
#include <string.h>

/* name is base, or base and a suffix that starts with a dot. */
static bool is_copy(const char *name, const char *base)
{
	size_t len = strlen(base);

	return !strncmp(name, base, len) && (!name[len] || name[len] == '.');
}

/* "ADDRESS TYPE NAME[\t[MODULE]]"; false for anything else. */
static bool parse_line(char *line, uint64_t *address, char **name)
{
	char *end;

	*address = strtoull(line, &end, 16);
	if (end == line || end[0] != ' ' || !end[1] || end[2] != ' ')
		return false;
	*name = end + 3;
	end = *name + strcspn(*name, " \t\r\n");
	*end = '\0';
	return **name;
}

/* Whatever comes next in the text ends the symbols before it. */
static void end_symbols(struct sea_symbols *symbols, uint64_t address)
{
	size_t i;

	for (i = 0; i < symbols->nr; i++) {
		struct sea_symbol *s = &symbols->symbols[i];

		if (address > s->address && address - s->address < s->size)
			s->size = address - s->address;
	}
}

static void keep(struct sea_symbols *symbols, const char *name, uint64_t address)
{
	struct sea_symbol *s = &symbols->symbols[symbols->nr];
	size_t len = strlen(name);

	if (symbols->nr == SEA_SYMBOLS_MAX || len >= sizeof(s->name))
		return;
	memcpy(s->name, name, len + 1);
	s->address = address;
	s->size = SEA_SYMBOL_MAX_SIZE;
	symbols->nr++;
}

void sea_symbols_read(struct sea_symbols *symbols, FILE *file, const char *const *names)
{
	uint64_t address, seen = 0;
	char *line = NULL, *name;
	size_t room = 0, i;

	memset(symbols, 0, sizeof(*symbols));
	while (getline(&line, &room, file) > 0) {
		if (!parse_line(line, &address, &name))
			continue;
		symbols->read = true;
		seen |= address;
		end_symbols(symbols, address);
		for (i = 0; address && names[i]; i++) {
			if (!is_copy(name, names[i]))
				continue;
			keep(symbols, name, address);
			break;
		}
	}
	free(line);
	symbols->hidden = symbols->read && !seen;
}

const struct sea_symbol *sea_symbols_find(const struct sea_symbols *symbols, const char *name)
{
	size_t i;

	for (i = 0; i < symbols->nr; i++)
		if (!strcmp(symbols->symbols[i].name, name))
			return &symbols->symbols[i];
	return NULL;
}

const struct sea_symbol *sea_symbols_renamed(const struct sea_symbols *symbols, const char *name)
{
	size_t i;

	for (i = 0; i < symbols->nr; i++)
		if (is_copy(symbols->symbols[i].name, name) &&
		    strcmp(symbols->symbols[i].name, name))
			return &symbols->symbols[i];
	return NULL;
}

bool sea_symbol_is(const struct sea_symbol *symbol, const char *name)
{
	return is_copy(symbol->name, name);
}
