/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * load.h - the text form into a store.
 */
#ifndef SEA_LOAD_H
#define SEA_LOAD_H

#include "store/line.h"
#include "store/writer.h"

/*
 * Reads all there is, all of it or, after an error, what came in whole transactions
 * before it. *entries: how many are in the store.
 */
int sea_load(struct sea_line_reader *from, struct sea_writer *to, __u64 *entries,
	     struct sea_error *err);

#endif /* SEA_LOAD_H */
