/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sums.h - details of SEAs and answers summed up while they are written, so that whoever
 * asks about ten million of them does not have to read each.
 *
 * A stretch is a run of records of one session, from its first detail to a tick. While
 * one is written, how often each VM, page and way was hit is counted in memory; at a tick
 * behind so many details the counts become rows of the tables detail_sum, sea_sum,
 * answer_sum and slow_answer. A detail that is in no stretch is read by itself: the
 * youngest ones, those of a recorder that was killed, and those of storms in which
 * hardly two SEAs are alike.
 */
#ifndef SEA_SUMS_H
#define SEA_SUMS_H

#include "model/record.h"
#include "store/db.h"

/* So many details make a stretch, */
#define SEA_SUMS_DETAILS 65536
/* and so many if the session ends. */
#define SEA_SUMS_DETAILS_AT_END 4096
/* So many different ones at most: with more there is no stretch. */
#define SEA_SUMS_ROWS_MAX 16384
/* So many of the slowest answers of a stretch are kept one by one. */
#define SEA_SUMS_SLOW 16

struct sea_sums;

/* NULL: out of memory. */
struct sea_sums *sea_sums_new(void);
void sea_sums_free(struct sea_sums *sums);

/*
 * Counts a record that was written with this number; of all but SEAs and answers there
 * is nothing to count. vm: of the table vm; 0: none.
 */
void sea_sums_add(struct sea_sums *sums, __s64 seq, __s64 vm, const struct sea_record *record);

/* Enough details are counted for a stretch. is_end: the session ends. */
bool sea_sums_are_due(const struct sea_sums *sums, bool is_end);

/*
 * Writes what was counted as a stretch up to record number seq, if that is worth it, and
 * forgets it. Returns -1 if SQLite failed.
 */
int sea_sums_write(struct sea_sums *sums, const struct sea_db *db, __s64 session, __s64 seq);

/* Another session goes on, or what was counted is not in the store after all. */
void sea_sums_forget(struct sea_sums *sums);

/* The statements that sea_sums_write() prepared are given back. */
void sea_sums_release(struct sea_sums *sums);

#endif /* SEA_SUMS_H */
