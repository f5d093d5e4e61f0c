/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ghes.h - does this kernel claim an SEA again and again?
 *
 * GHES keeps the records that it handled in the last seconds, and drops one that comes
 * again. Kernels differ in what they tell KVM then. If the SEA counts as claimed, KVM
 * lets the guest go on, which takes the same SEA again, and so on: until the record is
 * forgotten, after ten seconds, nobody gets to know. Others return -ECANCELED, and KVM
 * goes on to the next branch.
 */
#ifndef SEA_GHES_H
#define SEA_GHES_H

#include <stdint.h>

#include "trace/callers.h"
#include "trace/kallsyms.h"

enum sea_repeats {
	SEA_REPEATS_UNKNOWN,
	SEA_REPEATS_UNCLAIMED, /* a record that comes again is not claimed */
	SEA_REPEATS_CLAIMED,
};

/* "unknown", "unclaimed", "claimed"; static. */
const char *sea_repeats_name(enum sea_repeats repeats);

/* The functions that may have the decision in them, for sea_symbols_read(). */
extern const char *const sea_ghes_functions[];

/*
 * By the kernel's text: one that does not claim them has -ECANCELED in GHES's handler of
 * SEAs. symbols are of sea_ghes_functions. Unknown if any of their text cannot be read.
 */
enum sea_repeats sea_ghes_by_text(const struct sea_symbols *symbols, sea_text_reader reader,
				  void *context);

/*
 * By a release as of uname -r: "6.12.95+deb12-arm64". Only of releases that say which
 * stable update they are of, and of series of which it is known.
 */
enum sea_repeats sea_ghes_by_release(const char *release);

#endif /* SEA_GHES_H */
