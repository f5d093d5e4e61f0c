/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace-object.h - what the parts of the tracer share: trace.c (open, read),
 * trace-load.c (the sources and their hooks), trace-list.c (all VMs) and
 * trace-proof.c (whether a hook can fire). None of the rest knows libbpf.
 */
#ifndef SEA_TRACE_OBJECT_H
#define SEA_TRACE_OBJECT_H

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "callers.h"
#include "check.h"
#include "listing.h"
#include "kallsyms.h"
#include "scratch.h"
#include "trace.h"

#include "sea_trace.skel.h"

#define SEA_SOURCE_PROGRAMS 8
#define SEA_TRACE_HOOKS 24

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

/* A program that is attached, or was to be. */
struct sea_hook {
	struct bpf_program *program;
	struct bpf_link *link; /* NULL: not attached */
};

struct sea_trace {
	struct sea_trace_bpf *skel;
	struct ring_buffer *ring;
	const struct sea_source *source;
	struct sea_trace_options options;
	struct btf *btf; /* the kernel's; NULL: not needed yet */

	bool has_exit;	 /* the kernel has KVM_EXIT_ARM_SEA */
	bool exit_known; /* has_exit was found out from KVM, and is no guess */
	bool sees_exit;	 /* the handle_programs are attached */
	__u64 hcr;	 /* HCR_EL2 of a vCPU; 0: not known */
	__u64 exit_flag; /* its bit in kvm_arch::flags; 0: not known */

	struct sea_hook hooks[SEA_TRACE_HOOKS];
	size_t nr_hooks;
	const char *check_name; /* "trampoline", "kprobe"; NULL: no check */
	enum sea_called proven; /* of the hooks that nothing but an SEA can fire */
	struct sea_check check;

	struct bpf_link *sweep; /* NULL: the source sees answers by itself */

	struct bpf_link *list;
	__u64 list_due_ns; /* CLOCK_MONOTONIC of the next pass */
	struct sea_listing listing;

	struct sea_symbols symbols;
	bool symbols_read;

	struct sea_vm gone;
	struct sea_listed gone_listed;
	__u64 nr_gone;
};

/* The kernel's own ENOTSUPP has no name elsewhere. error is positive. */
const char *sea_trace_reason(int error);
__u64 sea_trace_clock(clockid_t clock, struct timespec *out);
/*
 * Copies all of a hash map, bucket by bucket, so that rows that come and go
 * meanwhile cannot make it start over, as the next-key walk does. *nr is the
 * room in keys and values, then the number of rows.
 */
int sea_trace_read_map(const struct bpf_map *map, __u64 *keys, void *values, size_t value_size,
		       size_t *nr, struct sea_error *err);
/* -v is on: notes of what was tried go to standard error. */
bool sea_trace_verbose(void);

/* trace-load.c */

/*
 * Opens and loads the object with what the source needs (NULL: maps alone) and
 * the list of VMs, and attaches it. After -1 nothing is left open.
 */
int sea_trace_load(struct sea_trace *t, const struct sea_source *source, struct sea_error *err);
void sea_trace_unload(struct sea_trace *t);
/* Has the programs look which vCPUs ran again since they left with an SEA. */
int sea_trace_sweep(const struct sea_trace *t, struct sea_error *err);
/* What a program hooks: "apei_claim_sea" of "fexit/apei_claim_sea". */
const char *sea_program_target(const struct bpf_program *program);

/* trace-list.c */

int sea_list_attach(struct sea_trace *t, struct sea_error *err);
/* Finds out exit_flag by the scratch VM, and HCR_EL2 of its vCPU. */
int sea_list_calibrate(struct sea_trace *t, const struct sea_scratch *scratch, __u64 *hcr,
		       struct sea_error *err);
/* Reads an iterator to its end, for what its program does; the error says what for. */
int sea_list_run(const struct bpf_link *link, const char *what, struct sea_error *err);
/* Goes over all VMs, if the last time was long enough ago for what it costs. */
int sea_list_pass(struct sea_trace *t, struct sea_error *err);
void sea_list_forget(const struct sea_trace *t, __u64 id);
/* sea_text_reader of the kernel's text; context is the trace. */
int sea_list_read_text(void *context, uint64_t address, void *text, size_t size);

/* trace-proof.c */

/* Reads /proc/kallsyms once, for all that need it. */
const struct sea_symbols *sea_trace_symbols(struct sea_trace *t);
/* Whether the kernel still calls the function from where guests' SEAs come. */
enum sea_called sea_proof_of(struct sea_trace *t, const char *function, char *why, size_t size);
/* Times that the kernel skipped a hook, to keep it from recursing; *unknown: at least. */
__u64 sea_proof_missed(const struct sea_trace *t, bool *unknown);
/* Tries and proves every hook that is attached. */
void sea_proof_examine(struct sea_trace *t, struct sea_source_report *report);

#endif /* SEA_TRACE_OBJECT_H */
