/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * seatop-screen.h - seatop on a terminal: the loop between the feed, the keys and what is
 * painted.
 */
#ifndef SEATOP_SCREEN_H
#define SEATOP_SCREEN_H

#include "model/feed.h"
#include "seatop-options.h"

/*
 * Takes over the terminal and gives each record of the feed to tell() before it shows it.
 * Returns 0 when it was told to stop, or the feed has ended; 1 if this terminal cannot be
 * painted on, and nothing was done yet; -1 with the error.
 */
int seatop_screen(const struct seatop_options *options, struct sea_feed *feed,
		  void (*tell)(void *context, const struct sea_record *record), void *context,
		  struct sea_error *err);

#endif /* SEATOP_SCREEN_H */
