/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * decode.h - entries as the records that they were made of: what changed in ticks is
 * added up again.
 */
#ifndef SEA_DECODE_H
#define SEA_DECODE_H

#include "store/entry.h"

struct sea_decoded_vm;

/* Start from zeros; sea_decoder_free() releases it. */
struct sea_decoder {
	struct sea_session session;   /* as of the last entry; all records point to it */
	struct sea_snapshot snapshot; /* as of the last tick */
	struct sea_decoded_vm *vms;   /* of the session, by id */
};

/* The record is good until the next call, and as long as the entry is. */
int sea_decode(struct sea_decoder *decoder, const struct sea_entry *entry,
	       struct sea_record *record, struct sea_error *err);
/* How a VM ended, which the record behind its last tick tells: the snapshot has it from now on. */
void sea_decode_end(struct sea_decoder *decoder, __u64 id, int wait_status);
/*
 * Takes the sum of all ticks of the session so far in place of the ticks, of which none
 * may have come; lost_at: when each cause was last seen to lose.
 */
int sea_decode_sum(struct sea_decoder *decoder, const struct sea_change *sum,
		   const struct timespec lost_at[SEA_LOSS_CAUSES], struct sea_error *err);
/* As it was before the first entry. */
void sea_decoder_free(struct sea_decoder *decoder);

#endif /* SEA_DECODE_H */
