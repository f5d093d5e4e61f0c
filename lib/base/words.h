/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * words.h - the names of dispositions, reasons and responses.
 *
 * Kernel, BPF, JSON and documents use these names and no others; this is the
 * one place that has them.
 */
#ifndef SEA_WORDS_H
#define SEA_WORDS_H

#include "sea_abi.h"
#include "sea_list.h"

/*
 * The name that goes with a number, as JSON has it: "host_owned", "s2_walk",
 * "injected". Never NULL: a number without a name gives "invalid". Static.
 */
const char *sea_disposition_name(unsigned int disposition);
const char *sea_reason_name(unsigned int reason);
const char *sea_response_name(unsigned int response);

/* "yes", "no", "unknown", "protected". */
const char *sea_opt_in_name(unsigned int opt_in);

/* The name of a reason in running text: as above, but "ambiguous walk". */
const char *sea_reason_text(unsigned int reason);

/* The number that goes with a name, or -1. NULL is no name. */
int sea_disposition_number(const char *name);
int sea_reason_number(const char *name);
int sea_response_number(const char *name);

#endif /* SEA_WORDS_H */
