/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fleet.h - what the verbs that judge fleets have in common: many recordings, and a
 * time to wait for them.
 */
#ifndef SEASTAT_FLEET_H
#define SEASTAT_FLEET_H

#include "report/exposure-fleet.h"

/* Start from zeros; fleet_paths_free() releases it. */
struct fleet_paths {
	char **paths;
	size_t nr;
};

/*
 * Adds a recording, or all of a directory: its files *.db, *.ndjson and *.jsonl, in the
 * order of their names. Ends the program if memory runs out, or if the directory cannot
 * be read.
 */
void fleet_paths_add(struct fleet_paths *paths, const char *path);
void fleet_paths_free(struct fleet_paths *paths);

/*
 * Adds all recordings to the fleet. Those that cannot be read are told on standard
 * error, and how far it is, if that is a terminal. verb: "check".
 */
void fleet_read(struct sea_fleet *fleet, const struct fleet_paths *paths, const char *verb);

/* A time of an option, in ns since 1970; wrong ones end the program. */
__s64 fleet_time(const char *text);

#endif /* SEASTAT_FLEET_H */
