/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * seatop-options.h - what seatop is asked to do.
 */
#ifndef SEATOP_OPTIONS_H
#define SEATOP_OPTIONS_H

#include <stdbool.h>

#include "rows.h"
#include "show/table.h"
#include "store/replay.h"
#include "trace/live.h"

#define SEATOP "seatop"

enum seatop_mode {
	SEATOP_SCREEN,
	SEATOP_BATCH,
	SEATOP_JSON,
	SEATOP_JSON_LINES,
};

struct seatop_options {
	enum seatop_mode mode;
	bool once;
	double delay;	   /* seconds */
	__u64 intervals;   /* 0: until stopped */
	const char *names; /* the file, or NULL */
	struct rows_options rows;
	bool show_addresses; /* the guest's, on the screen */
	struct sea_table_options table;
	struct sea_live_options live;
	const char *replay; /* a recording to show in place of the kernel's counts; or NULL */
	struct sea_replay_options recording;
	const char *store; /* the recorder's: what the screen's memory does not have */
	int positional;	   /* arguments seen so far */
};

/* Parses the command line. Wrong usage is one line and exit status 3. */
void seatop_parse(int argc, char **argv, struct seatop_options *options);

#endif /* SEATOP_OPTIONS_H */
