/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * last-boot.h - what the last boot of the host left in the trace buffer that outlives it
 * (trace/instance.h), into a store, as the end of that boot.
 *
 * The store has a boot up to the last tick that its recorder could write. What the trace
 * has of later becomes a session of that boot, so that no SEA is counted twice.
 */
#ifndef SEA_LAST_BOOT_H
#define SEA_LAST_BOOT_H

#include "import/import.h"
#include "model/session.h"

enum sea_last_boot_result {
	SEA_LAST_BOOT_NO_BUFFER,  /* this host has no such buffer */
	SEA_LAST_BOOT_UNREADABLE, /* it may have one, and this user cannot see it */
	SEA_LAST_BOOT_OURS,	  /* it has what happened since this boot: it stays as it is */
	SEA_LAST_BOOT_EMPTY,	  /* the last boot left nothing */
	SEA_LAST_BOOT_OTHER,	  /* another kernel's trace, which this one cannot read */
	SEA_LAST_BOOT_IMPORTED,
};

struct sea_last_boot {
	enum sea_last_boot_result result;
	char kernel[SEA_HOST_LEN]; /* of OTHER: that kernel's release */
	struct sea_import_sum sum; /* of IMPORTED */
	unsigned int nr_events;	   /* that are enabled now; 0: it was not armed */
};

/*
 * Adds what the last boot left to the store, which is made if it is not there, empties the
 * buffer and has it trace this boot. now: the session to come; its boot and kernel are
 * those of the host. root: as in instance.h. On an error the buffer is as it was: the next
 * call tries again.
 */
int sea_last_boot_import(const char *root, const struct sea_session *now, const char *store,
			 struct sea_last_boot *last, struct sea_error *err);

#endif /* SEA_LAST_BOOT_H */
