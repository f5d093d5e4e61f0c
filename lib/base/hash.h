/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hash.h - uthash as this project uses it.
 */
#ifndef SEA_HASH_H
#define SEA_HASH_H

/* The default one (Jenkins) falls through cases, which -Wimplicit-fallthrough minds. */
#define HASH_FUNCTION HASH_FNV
/* Out of memory is for the caller to find out, by HASH_FIND(); uthash would exit(). */
#define HASH_NONFATAL_OOM 1

#include <uthash.h>

#endif /* SEA_HASH_H */
