// SPDX-License-Identifier: GPL-2.0-only
#include "model/filter.h"

#include <stdio.h>
#include <string.h>

#include "base/glob.h"
#include "names/name.h"

/* Only ASCII: in Turkish "I" is no large "i". */
static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool begins(const char *text, const char *word)
{
	while (*word && lower(*text) == lower(*word)) {
		text++;
		word++;
	}
	return !*word;
}

static bool contains(const char *text, const char *word)
{
	for (; *text; text++)
		if (begins(text, word))
			return true;
	return !*word;
}

static bool finds_word(const char *word, const struct sea_filter_who *who)
{
	char pid[16];

	if (strpbrk(word, "*?"))
		return sea_glob_match(word, who->name, 0);
	snprintf(pid, sizeof(pid), "%u", who->pid);
	return contains(who->name, word) || !strcmp(pid, word) ||
	       (*word && begins(who->uuid, word));
}

bool sea_filter_finds(const char *text, const struct sea_filter_who *who)
{
	char copy[SEA_VM_NAME_LEN], *next = copy, *word;
	bool is_empty = true;

	snprintf(copy, sizeof(copy), "%s", text);
	while ((word = strsep(&next, "|"))) {
		/* "web|" while "web|db" is being typed is not all VMs. */
		if (!*word)
			continue;
		is_empty = false;
		if (finds_word(word, who))
			return true;
	}
	return is_empty;
}

bool sea_filter_is_of(const struct sea_filter *filter, const struct sea_filter_who *who)
{
	if (filter->pid && filter->pid != who->pid)
		return false;
	if (filter->text && *filter->text && !sea_filter_finds(filter->text, who))
		return false;
	return !filter->glob || sea_glob_match(filter->glob, who->name, 0);
}

bool sea_filter_asks_who(const struct sea_filter *filter)
{
	return filter->pid || filter->glob || (filter->text && *filter->text);
}

bool sea_filter_asks_what(const struct sea_filter *filter)
{
	return filter->active || filter->not_ended;
}

/* What comes between two parts of a sentence, and ahead of the first one */
static void add_sep(struct sea_text *out, bool *is_first)
{
	sea_text_add(out, *is_first ? " " : ", ");
	*is_first = false;
}

void sea_filter_say(const struct sea_filter *filter, struct sea_text *out)
{
	bool is_first = true;

	sea_text_add(out, "VMs");
	if (filter->glob) {
		add_sep(out, &is_first);
		sea_text_add(out, "called %s", filter->glob);
	}
	if (filter->pid) {
		add_sep(out, &is_first);
		sea_text_add(out, "of process %u", filter->pid);
	}
	if (filter->text && *filter->text) {
		add_sep(out, &is_first);
		sea_text_add(out, "like \"%s\"", filter->text);
	}
	if (filter->active) {
		add_sep(out, &is_first);
		sea_text_add(out, "with SEAs");
	}
	if (filter->not_ended) {
		add_sep(out, &is_first);
		sea_text_add(out, "that run");
	}
}
