/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sources.h - the ways to see SEAs, and the programs of the BPF object: for what each
 * is, and with which sources it goes.
 */
#ifndef SEA_SOURCES_H
#define SEA_SOURCES_H

#include <stdbool.h>
#include <stddef.h>

#include "model/hooks.h"
#include "sea_trial.h"

enum sea_source_id { SEA_TRACEPOINT, SEA_TRAMPOLINE, SEA_KPROBE, SEA_SOURCES };

/* A way to see SEAs. All feed the same maps. */
struct sea_source {
	enum sea_source_id id;
	const char *name;
	enum sea_mechanism mechanism;
	const char *needs; /* a tracepoint that the kernel must have, or NULL */
	const char *lacks; /* said when `needs` is not there */
};

/* Best first; NULL past the last. */
const struct sea_source *sea_source_at(size_t i);
/* The source of this name, or NULL. */
const struct sea_source *sea_source_find(const char *name);

/* When a program is attached, and what it means if it cannot be. */
enum sea_when {
	SEA_ALWAYS,	/* the source does not work without it */
	SEA_WITH_EXIT,	/* the same, where the kernel has KVM_EXIT_ARM_SEA */
	SEA_SEES_EXIT,	/* the same, if the source is to see which SEAs leave for the VMM */
	SEA_IF_THERE,	/* where the kernel has the exit, and the function */
	SEA_INSTEAD,	/* where the kernel has the exit, and no SEA_FIRED_ABORT attached */
	SEA_FIRST_THAT, /* of those of one part, the first that works; none is no failure */
};

/* A program that is a hook. Those that userspace runs or reads itself are in load.c. */
struct sea_program {
	const char *name;
	size_t place; /* of its pointer in struct sea_trace_bpf */
	unsigned int sources;
	enum sea_part part;
	enum sea_when when;
	enum sea_mechanism mechanism;
	enum sea_fired fired; /* that its call in a trial sets */
};

/* In the order in which they are to be attached; NULL past the last. */
const struct sea_program *sea_program_at(size_t i);
bool sea_program_goes_with(const struct sea_program *program, const struct sea_source *source);
/* The source does not count right without it on this kernel. */
bool sea_program_needed(const struct sea_program *program, bool has_exit, bool sees_exit);
/* It is to be loaded, if the kernel has its function. */
bool sea_program_wanted(const struct sea_program *program, bool has_exit, bool sees_exit);

#endif /* SEA_SOURCES_H */
