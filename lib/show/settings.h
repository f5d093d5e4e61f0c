/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * settings.h - the configuration file of the screen: columns, colours and keys as
 * somebody likes them.
 */
#ifndef SEA_SETTINGS_H
#define SEA_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "show/colours.h"
#include "base/columns.h"
#include "show/keys.h"

/* Larger files are not read: nobody's settings are so long. */
#define SEA_SETTINGS_MAX 65536

/* Longer lines are wrong, and cost nothing but themselves. */
#define SEA_SETTINGS_LINE 256

struct sea_settings {
	struct sea_colours colours;
	struct sea_columns columns;
	bool has_columns;
	struct sea_keymap keys;
	size_t wrong;		/* lines that mean nothing, or are wrong */
	size_t first_wrong;	/* number of the first of them; 0: none */
	struct sea_error first; /* what is wrong with it */
};

/* As they are without a file. */
void sea_settings_default(struct sea_settings *settings);

/*
 * Takes the text of a file: lines "columns = VM,FWD", "colour LOOK = red bold" and
 * "key KEY = ACTION"; those that are empty or begin with "#" are comments. A line that is
 * wrong is left out and counted.
 */
void sea_settings_parse(struct sea_settings *settings, const char *text, size_t len);

/*
 * Reads $XDG_CONFIG_HOME/seatop/seatoprc, or ~/.config/seatop/seatoprc. No such file is no
 * error. Only regular files are read, and of no larger size than SEA_SETTINGS_MAX. Fails
 * too if a line is wrong: all others hold then.
 */
int sea_settings_read(struct sea_settings *settings, struct sea_error *err);

#endif /* SEA_SETTINGS_H */
