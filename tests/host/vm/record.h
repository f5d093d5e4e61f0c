/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What guest and VMM saw, field by field, as lines of JSON: the record of one
 * kernel can be compared with that of another. Nothing is in it that differs
 * from run to run, such as host addresses, times, or how long a storm was.
 */
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct field {
	const char *name;
	uint64_t value;
};

#define FIELDS(...)                            \
	((const struct field[]){__VA_ARGS__}), \
		sizeof((const struct field[]){__VA_ARGS__}) / sizeof(struct field)

/* Where an event belongs: to the VM itself if @vcpu is NO_VCPU */
#define NO_VCPU (~0U)
struct origin {
	unsigned int vm;
	unsigned int vcpu;
	uint64_t step; /* poisons met by the vCPU so far */
};

/* Without it, nothing is recorded. @run says which scenario, answered how. */
void record_open(const char *path, const char *run);
bool record_wanted(void);

/* Appends one line by one write(). */
void record(struct origin origin, const char *event, const struct field *fields, size_t nr);

/* The counters named sea_... of the binary statistics that @fd, a VM's or vCPU's, has */
void record_stats(struct origin origin, int fd);

#endif
