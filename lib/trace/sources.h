/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sources.h - the ways to see SEAs, and which programs each of them needs.
 */
#ifndef SEA_SOURCES_H
#define SEA_SOURCES_H

#include <stddef.h>

#define SEA_SOURCE_PROGRAMS 8

/*
 * A way to see SEAs. All sources feed the same maps; the best that attaches is
 * taken.
 */
struct sea_source {
	const char *name;
	const char *needs; /* a tracepoint that the kernel must have, or NULL */
	const char *lacks; /* said when `needs` is not there */
	/* All of these must attach. */
	const char *programs[SEA_SOURCE_PROGRAMS];
	/* These too, where the kernel has KVM_EXIT_ARM_SEA: they see the VMM's side. */
	const char *exit_programs[SEA_SOURCE_PROGRAMS];
	/*
	 * These see which SEAs leave for the VMM, where the kernel has the exit.
	 * Without them the VM's opt-in says it, if that can be read.
	 */
	const char *handle_programs[SEA_SOURCE_PROGRAMS];
	/* These may be missing: counts are whole then, but endings of VMs go unseen. */
	const char *extra_programs[SEA_SOURCE_PROGRAMS];
	/* The first that attaches checks the counts; of another mechanism first. */
	const char *check_programs[SEA_SOURCE_PROGRAMS];
};

/* Best first; NULL past the last. */
const struct sea_source *sea_source_at(size_t i);
/* The source of this name, or NULL. */
const struct sea_source *sea_source_find(const char *name);

#endif /* SEA_SOURCES_H */
