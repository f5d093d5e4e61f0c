/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * clock.h - one moment in two clocks, and other moments from it.
 */
#ifndef SEA_CLOCK_H
#define SEA_CLOCK_H

#include <time.h>

#include <linux/types.h>

#define SEA_NSEC_PER_SEC 1000000000ULL

/* The same moment by CLOCK_BOOTTIME and by CLOCK_REALTIME. */
struct sea_clock {
	__u64 boot_ns;
	struct timespec wall;
};

/* Now. */
void sea_clock_read(struct sea_clock *clock);

/*
 * The wall time of another moment of CLOCK_BOOTTIME, as if the wall clock had not been
 * set since: read at boot 100 s as 12:00:00, the moment 97 s is 11:59:57.
 */
struct timespec sea_clock_wall(const struct sea_clock *clock, __u64 boot_ns);

/* A time as nanoseconds since 1970; times before that or past 2262 are cut there. */
__s64 sea_time_to_ns(const struct timespec *time);
struct timespec sea_time_from_ns(__s64 ns);

#endif /* SEA_CLOCK_H */
