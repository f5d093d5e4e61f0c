/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reserve.h - room on the disk that a store gives back when the disk is full, so that
 * what is old can be deleted: SQLite writes what is to be deleted into its log first.
 */
#ifndef SEA_RESERVE_H
#define SEA_RESERVE_H

#include <stdbool.h>

/* Bytes: more than the log has, and the file grows by when the log is written into it. */
#define SEA_RESERVE_BYTES (4 << 20)

/* Takes the room, as the file "PATH-reserve". False: there is none now. */
bool sea_reserve_take(const char *path);
/* Gives it back. False: so it is now. */
bool sea_reserve_give(const char *path);

#endif /* SEA_RESERVE_H */
