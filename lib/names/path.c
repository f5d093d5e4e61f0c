// SPDX-License-Identifier: GPL-2.0-only
#include "names/path.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/printable.h"
#include "names/rules.h"

/* Container engines show so many digits of the 64 that an id has. */
#define ID_DIGITS 64
#define ID_SHOWN 12

static struct sea_span without_suffixes(struct sea_span part)
{
	const char *const *suffix = sea_rules_suffixes;

	while (*suffix)
		suffix = sea_span_drop(&part, *suffix) ? sea_rules_suffixes : suffix + 1;
	return part;
}

/* Temporary files begin with a dot: ".firecracker.sock-35004-81" of firectl. */
static bool says_something(struct sea_span part)
{
	return part.len && part.text[0] != '.' && !sea_rules_common(part);
}

/* What comes behind a manager's directory; false: there is none in the path. */
static bool below_directory(struct sea_span path, struct sea_span *name)
{
	const char *const *directory;
	const char *found;

	for (directory = sea_rules_directories; *directory; directory++) {
		struct sea_span rest = path;

		found = memmem(path.text, path.len, *directory, strlen(*directory));
		if (!found)
			continue;
		rest = sea_span_from(path, (size_t)(found - path.text) + strlen(*directory));
		if (!sea_span_next(&rest, '/', name))
			continue;
		*name = without_suffixes(*name);
		if (says_something(*name))
			return true;
	}
	return false;
}

static bool is_there(const struct sea_span *names, size_t nr, struct sea_span name)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (names[i].len == name.len && !memcmp(names[i].text, name.text, name.len))
			return true;
	return false;
}

size_t sea_vm_path_names(struct sea_span path, struct sea_span names[SEA_VM_PATH_NAMES])
{
	struct sea_span part;
	size_t nr = 0;

	if (below_directory(path, &names[0]))
		nr = 1;
	path = sea_span_from(path, sea_rules_place(path));
	while (nr < SEA_VM_PATH_NAMES && sea_span_last(&path, '/', &part)) {
		part = without_suffixes(part);
		if (says_something(part) && !is_there(names, nr, part))
			names[nr++] = part;
	}
	return nr;
}

/* The length of the id at this place, which is ID_DIGITS, or 0. */
static size_t id_at(struct sea_span text, size_t at)
{
	size_t i;

	if (text.len - at < ID_DIGITS || (at && isalnum((unsigned char)text.text[at - 1])))
		return 0;
	for (i = 0; i < ID_DIGITS; i++)
		if (!isxdigit((unsigned char)text.text[at + i]))
			return 0;
	if (at + i < text.len && isalnum((unsigned char)text.text[at + i]))
		return 0;
	return ID_DIGITS;
}

size_t sea_vm_shorten(struct sea_span text, char *out, size_t size)
{
	char *copy = malloc(text.len + 1);
	size_t i = 0, len = 0, id;

	/* Then it is as long as it is. */
	if (!copy)
		return sea_printable(text.text, text.len, out, size);
	while (i < text.len) {
		id = id_at(text, i);
		if (id) {
			memcpy(copy + len, text.text + i, ID_SHOWN);
			len += ID_SHOWN;
			i += id;
		} else {
			copy[len++] = text.text[i++];
		}
	}
	len = sea_printable(copy, len, out, size);
	free(copy);
	return len;
}
