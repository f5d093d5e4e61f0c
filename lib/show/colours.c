// SPDX-License-Identifier: GPL-2.0-only
#include "show/colours.h"

#include <stdio.h>
#include <string.h>

#define WORD_LEN 16

static const char *const looks[SEA_LOOKS] = {
	[SEA_LOOK_PLAIN] = "plain",   [SEA_LOOK_TITLE] = "title",   [SEA_LOOK_HEAD] = "head",
	[SEA_LOOK_SORTED] = "sorted", [SEA_LOOK_CURSOR] = "cursor", [SEA_LOOK_QUIET] = "quiet",
	[SEA_LOOK_STRONG] = "strong", [SEA_LOOK_GOOD] = "good",	    [SEA_LOOK_DOUBT] = "doubt",
	[SEA_LOOK_BAD] = "bad",	      [SEA_LOOK_ALARM] = "alarm",   [SEA_LOOK_KEY] = "key",
	[SEA_LOOK_LABEL] = "label",   [SEA_LOOK_INPUT] = "input",
};

static const char *const colour_names[SEA_COLOURS] = {
	"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
};

/*
 * Yellow cannot be read on white, nor blue on black; red, green, magenta and cyan can be
 * on both. Numbers that change with each tick are not bold: a terminal has to be told so
 * again for each of them, in 8 bytes more than a colour takes.
 */
static const struct sea_style defaults[SEA_LOOKS] = {
	[SEA_LOOK_PLAIN] = {SEA_COLOUR_DEFAULT, false, false, false},
	[SEA_LOOK_TITLE] = {SEA_COLOUR_DEFAULT, true, false, false},
	[SEA_LOOK_HEAD] = {SEA_COLOUR_DEFAULT, false, true, false},
	[SEA_LOOK_SORTED] = {SEA_COLOUR_DEFAULT, true, true, true},
	[SEA_LOOK_CURSOR] = {SEA_COLOUR_CYAN, true, true, false},
	[SEA_LOOK_QUIET] = {SEA_COLOUR_CYAN, false, false, false},
	[SEA_LOOK_STRONG] = {SEA_COLOUR_DEFAULT, true, false, false},
	[SEA_LOOK_GOOD] = {SEA_COLOUR_GREEN, false, false, false},
	[SEA_LOOK_DOUBT] = {SEA_COLOUR_MAGENTA, false, false, false},
	[SEA_LOOK_BAD] = {SEA_COLOUR_RED, false, false, false},
	[SEA_LOOK_ALARM] = {SEA_COLOUR_RED, true, true, false},
	[SEA_LOOK_KEY] = {SEA_COLOUR_CYAN, true, false, false},
	[SEA_LOOK_LABEL] = {SEA_COLOUR_DEFAULT, false, false, false},
	[SEA_LOOK_INPUT] = {SEA_COLOUR_DEFAULT, false, true, false},
};

void sea_colours_default(struct sea_colours *colours)
{
	memcpy(colours->styles, defaults, sizeof(defaults));
}

void sea_colours_none(struct sea_colours *colours)
{
	static const enum sea_look warnings[] = {SEA_LOOK_DOUBT, SEA_LOOK_BAD};
	size_t i;

	/* What only a colour made seen. */
	for (i = 0; i < sizeof(warnings) / sizeof(warnings[0]); i++) {
		struct sea_style *style = &colours->styles[warnings[i]];

		if (style->colour != SEA_COLOUR_DEFAULT && !style->reverse && !style->underline)
			style->bold = true;
	}
	for (i = 0; i < SEA_LOOKS; i++)
		colours->styles[i].colour = SEA_COLOUR_DEFAULT;
}

const char *sea_look_name(enum sea_look look)
{
	return look < SEA_LOOKS ? looks[look] : "invalid";
}

static bool set_word(struct sea_style *style, const char *word)
{
	int i;

	for (i = 0; i < SEA_COLOURS; i++)
		if (!strcmp(word, colour_names[i])) {
			style->colour = i;
			return true;
		}
	if (!strcmp(word, "bold"))
		style->bold = true;
	else if (!strcmp(word, "reverse"))
		style->reverse = true;
	else if (!strcmp(word, "underline"))
		style->underline = true;
	else
		return !strcmp(word, "default");
	return true;
}

bool sea_colours_set(struct sea_colours *colours, const char *look, const char *style)
{
	struct sea_style made = {.colour = SEA_COLOUR_DEFAULT};
	size_t i;

	for (i = 0; i < SEA_LOOKS; i++)
		if (!strcmp(look, looks[i]))
			break;
	if (i == SEA_LOOKS)
		return false;
	while (*style) {
		size_t len = strcspn(style, " ");
		char word[WORD_LEN];

		if (len >= WORD_LEN)
			return false;
		snprintf(word, sizeof(word), "%.*s", (int)len, style);
		if (len && !set_word(&made, word))
			return false;
		style += len + (style[len] == ' ');
	}
	colours->styles[i] = made;
	return true;
}
