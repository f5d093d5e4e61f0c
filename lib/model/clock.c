// SPDX-License-Identifier: GPL-2.0-only
#include "model/clock.h"

#include <stdint.h>

#define NSEC 1000000000LL

static __u64 to_ns(const struct timespec *time)
{
	return (__u64)time->tv_sec * SEA_NSEC_PER_SEC + (__u64)time->tv_nsec;
}

void sea_clock_read(struct sea_clock *clock)
{
	struct timespec before, after;

	/* The wall time is taken to be that of the middle of two looks at the other. */
	clock_gettime(CLOCK_BOOTTIME, &before);
	clock_gettime(CLOCK_REALTIME, &clock->wall);
	clock_gettime(CLOCK_BOOTTIME, &after);
	clock->boot_ns = to_ns(&before) + (to_ns(&after) - to_ns(&before)) / 2;
}

struct timespec sea_clock_wall(const struct sea_clock *clock, __u64 boot_ns)
{
	__s64 difference = (__s64)(boot_ns - clock->boot_ns);
	struct timespec time = clock->wall;

	time.tv_sec += difference / NSEC;
	time.tv_nsec += difference % NSEC;
	if (time.tv_nsec < 0) {
		time.tv_nsec += NSEC;
		time.tv_sec--;
	} else if (time.tv_nsec >= NSEC) {
		time.tv_nsec -= NSEC;
		time.tv_sec++;
	}
	return time;
}

__s64 sea_time_to_ns(const struct timespec *time)
{
	__s64 ns;

	if (time->tv_sec < 0)
		return 0;
	if (__builtin_mul_overflow((__s64)time->tv_sec, NSEC, &ns) ||
	    __builtin_add_overflow(ns, (__s64)time->tv_nsec, &ns))
		return INT64_MAX;
	return ns;
}

struct timespec sea_time_from_ns(__s64 ns)
{
	if (ns < 0)
		ns = 0;
	return (struct timespec){.tv_sec = ns / NSEC, .tv_nsec = ns % NSEC};
}
