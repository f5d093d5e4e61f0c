/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * boot-mark.h - the line by which a trace says whose it is: the first that the recorder
 * puts into the buffer that outlives the host.
 */
#ifndef SEA_BOOT_MARK_H
#define SEA_BOOT_MARK_H

#include <stdbool.h>

#include "base/span.h"
#include "model/clock.h"
#include "model/session.h"

struct sea_boot_mark {
	char boot_id[SEA_UUID_LEN];
	char kernel[SEA_HOST_LEN]; /* release; printable */
	struct sea_clock clock;	   /* a moment of that boot */
};

#define SEA_BOOT_MARK_LEN 256

/* "seatop: boot 5ee4fa21-..., 81234567890 ns after its start it was 1795... ns UTC, Linux 6.12.95"
 */
void sea_boot_mark_write(const struct sea_boot_mark *mark, char text[SEA_BOOT_MARK_LEN]);

/* Finds it in a line of the trace. False: there is none, or it is not whole. */
bool sea_boot_mark_find(struct sea_span line, struct sea_boot_mark *mark);

#endif /* SEA_BOOT_MARK_H */
