/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * seatop-names.h - the file of --names, which is read again on SIGHUP.
 */
#ifndef SEATOP_NAMES_H
#define SEATOP_NAMES_H

#include <stdbool.h>

#include "base/error.h"
#include "names/names.h"

/*
 * SIGHUP asks for the file to be read again from now on, and stops nothing. Both
 * arguments have to stay; file NULL: nothing changes.
 */
void seatop_names_watch(struct sea_vm_names *names, const char *file);

/* SIGHUP came. */
bool seatop_names_is_due(void);

/*
 * Reads the file if that is due. Returns 1 if it was read; on failure the names are as
 * before.
 */
int seatop_names_reload(struct sea_error *err);

#endif /* SEATOP_NAMES_H */
