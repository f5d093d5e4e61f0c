/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * encode.h - records of a feed as entries: ticks become what changed in them.
 */
#ifndef SEA_ENCODE_H
#define SEA_ENCODE_H

#include "store/entry.h"

/* Start from zeros; sea_encoder_free() releases it. */
struct sea_encoder {
	struct sea_snapshot before; /* of the last tick of the session */
	struct sea_change change;
	char run[SEA_UUID_LEN]; /* of that session */
	bool was_idle;		/* the last record was a tick in which nothing changed */
};

/* The entry is good until the next call, and as long as the record is. */
int sea_encode(struct sea_encoder *encoder, const struct sea_record *record,
	       struct sea_entry *entry, struct sea_error *err);
void sea_encoder_free(struct sea_encoder *encoder);

#endif /* SEA_ENCODE_H */
