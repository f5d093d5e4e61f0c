/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ras-poison, the emulated machine's device that makes memory go bad, and
 * that knows of every access that met it. All addresses are physical ones of
 * the emulated host. A region is a page, or a line of 64 bytes.
 *
 * What fails here is the environment's fault and ends the program, but never
 * before all that was poisoned by it is healed: poison stays when its page is
 * freed, and would hit whoever gets the page next.
 */
#ifndef RAS_H
#define RAS_H

#include <stdbool.h>
#include <stdint.h>

#define RAS_PAGE_SIZE 4096UL
#define RAS_LINE_SIZE 64UL

struct ras_counts {
	uint64_t hits;	  /* accesses that met poison */
	uint64_t records; /* CPER records delivered for them */
};

/*
 * Call it before any fork(): a parent and its children share the list of what
 * is poisoned, so that any of them can heal what a killed one left.
 */
void ras_open(void);

/*
 * The address to name a region by. Counts are asked for by address, and a line
 * that was ever poisoned hides its page's: pages go by their last line, where
 * nothing that guests of ours access is.
 */
static inline uint64_t ras_region(uint64_t pa, bool line)
{
	if (line)
		return pa & ~(RAS_LINE_SIZE - 1);
	return (pa & ~(RAS_PAGE_SIZE - 1)) + RAS_PAGE_SIZE - RAS_LINE_SIZE;
}

void ras_poison(uint64_t region, bool line, bool firmware_first);

/*
 * The next three may be called in a signal handler. What other threads poison while
 * all is healed may stay bad: whoever is about to end calls ras_close() instead,
 * after which ras_poison() does nothing any more, in no thread of this process.
 */
void ras_heal(uint64_t region);
void ras_heal_all(void);
void ras_close(void);

/* Since power-on. A line has none of its own before it is first poisoned. */
struct ras_counts ras_counts(uint64_t region);

/* The 8 bytes at @pa: never a hit, poisoned or not */
uint64_t ras_peek(uint64_t pa);

/* An address as a process of the host has: what FAR_EL2 may hold from before */
#define RAS_STALE_FAR 0xaaaadf254828UL

/* 0: off; otherwise what FAR says when SEAs come with FnV=1. Reset at exit. */
void ras_set_fnv(uint64_t far);

/* The physical address of @hva, which must be mapped and stay so (mlock) */
uint64_t ras_pa(const void *hva);

/* Likewise of an address in the process whose pagemap this is; 0: nothing is there */
uint64_t ras_pa_in(int pagemap, uint64_t address);

#endif
