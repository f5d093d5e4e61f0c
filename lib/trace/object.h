/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * object.h - the BPF object as the files of this room share it: the struct, and what
 * is done to any map, program or iterator. Nothing outside this room knows libbpf.
 */
#ifndef SEA_TRACE_OBJECT_H
#define SEA_TRACE_OBJECT_H

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "model/listing.h"
#include "trace/armed.h"
#include "trace/callers.h"
#include "trace/crosscheck.h"
#include "trace/kallsyms.h"
#include "trace/scratch.h"
#include "trace/sources.h"
#include "trace/switches.h"
#include "trace/trace.h"

#include "sea_trace.skel.h"

struct sea_host;

/* A program that is attached */
struct sea_hook {
	const struct sea_program *program;
	struct bpf_program *bpf;
	struct bpf_link *link;
	enum sea_called called; /* if only SEAs call its function: does the kernel? */
	const char *unread;	/* why that is not known */
};

struct sea_trace {
	struct sea_trace_bpf *skel;
	struct ring_buffer *seen;   /* struct sea_vm_event */
	struct ring_buffer *events; /* struct sea_event */
	struct sea_host *host;	    /* hooks on the host's own doings; NULL: not wanted */
	const struct sea_source *source;
	struct sea_trace_options options;
	struct btf *btf; /* the kernel's; NULL: not needed yet */

	bool has_exit;	 /* the kernel has KVM_EXIT_ARM_SEA */
	bool exit_known; /* has_exit was found out from KVM, and is no guess */
	bool sees_exit;	 /* the handle_programs are attached */
	__u64 hcr;	 /* HCR_EL2 of a vCPU; 0: not known */
	__u64 exit_flag; /* its bit in kvm_arch::flags; 0: not known */

	struct sea_hook hooks[SEA_HOOKS_MAX];
	size_t nr_hooks;
	const char *check_name; /* "trampoline", "kprobe"; NULL: no check */
	struct sea_crosscheck check;

	struct sea_switches switches;
	struct bpf_link *trials[SEA_MECHANISMS]; /* NULL: it is not tried */
	enum sea_trial trial[SEA_MECHANISMS];	 /* at the last look */
	unsigned int tried, fired;		 /* enum sea_fired */
	struct sea_watch watch;			 /* of the source's mechanism */

	struct bpf_link *sweep; /* NULL: the source sees answers by itself */

	struct bpf_link *list; /* NULL: there is none; no_list says why */
	struct bpf_link *list_gone;
	const char *no_list; /* static; NULL: there is one */
	bool pid_namespace;  /* the list has only VMs of our own one, which is not the host's */
	int reader;	     /* a map by which others' lists know us; -1: none */
	__u64 last_pass_ns;  /* CLOCK_BOOTTIME at which the last pass began */
	__u64 list_due_ns;   /* CLOCK_MONOTONIC of the next pass */
	struct sea_listing listing;

	struct sea_symbols symbols;
	bool symbols_read;

	struct sea_vm *rows; /* as the kernel has them, while they are read */
	size_t rows_room;
	__u64 shown_ns; /* CLOCK_BOOTTIME at which the last snapshot began to be read */

	struct sea_vm gone;
	struct sea_listed gone_listed;
	__u64 nr_gone;
};

/* An object that is not loaded yet; NULL: out of memory. To be freed by sea_trace_close(). */
struct sea_trace *sea_object_new(const struct sea_trace_options *options, struct sea_error *err);

/* libbpf's messages go to sea_log(); before anything of libbpf's is called. */
void sea_object_log_libbpf(void);

/* Every SEA gets a disposition: none is `unknown` for want of what this kernel can tell. */
bool sea_object_tells_all(const struct sea_trace *t);

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

/* The program of the object that is loaded. */
struct bpf_program *sea_object_program(const struct sea_trace *t,
				       const struct sea_program *program);
/* What a program hooks: "apei_claim_sea" of "fexit/apei_claim_sea". */
const char *sea_program_target(const struct bpf_program *program);
/* Reads an iterator to its end, for what its program does; the error says what for. */
int sea_object_iterate(const struct bpf_link *link, const char *what, struct sea_error *err);

#endif /* SEA_TRACE_OBJECT_H */
