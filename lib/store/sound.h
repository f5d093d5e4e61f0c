/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sound.h - whether a store can be recorded into, and what becomes of one that cannot.
 */
#ifndef SEA_SOUND_H
#define SEA_SOUND_H

#include "store/db.h"

/*
 * Looks at the whole file if nobody closed it, or if its end is not one: what is torn is
 * better found before more is written into it.
 */
bool sea_store_is_sound(const struct sea_db *db);

/*
 * "sea.db" becomes "sea.db.damaged-20261130T030000Z", with its log. say is told, unless it
 * is NULL.
 */
int sea_store_move_away(const char *path, void (*say)(const char *line, void *context),
			void *context, struct sea_error *err);

#endif /* SEA_SOUND_H */
