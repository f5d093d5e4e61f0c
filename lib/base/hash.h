/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hash.h - uthash as this project uses it.
 */
#ifndef SEA_HASH_H
#define SEA_HASH_H

#include <stdint.h>
#include <string.h>

/*
 * The default one (Jenkins) falls through cases, which -Wimplicit-fallthrough minds. FNV
 * takes a key byte by byte; most of ours are ids of 8 bytes, and one is asked for with
 * each SEA: for them it is one multiplication (by 2^64 over the golden ratio).
 */
static inline unsigned int sea_hash_id(const void *key)
{
	uint64_t id;

	memcpy(&id, key, sizeof(id));
	return (unsigned int)((id * 0x9e3779b97f4a7c15ULL) >> 32);
}

#define HASH_FUNCTION(key, len, hash)                   \
	do {                                            \
		if ((len) == sizeof(uint64_t))          \
			(hash) = sea_hash_id(key);      \
		else                                    \
			HASH_FNV((key), (len), (hash)); \
	} while (0)

/* Out of memory is for the caller to find out, by HASH_FIND(); uthash would exit(). */
#define HASH_NONFATAL_OOM 1

#include <uthash.h>

#endif /* SEA_HASH_H */
