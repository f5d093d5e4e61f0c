/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fake-bpf.h - a kernel that has BPF, as libbpf would tell of it. The program that links
 * this has libbpf's functions that ask the kernel from here, and all others from libbpf:
 * the object is opened, its programs chosen and its maps sized as ever.
 */
#ifndef SEA_TEST_FAKE_BPF_H
#define SEA_TEST_FAKE_BPF_H

#include <stdbool.h>
#include <stddef.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "model/hooks.h"
#include "sea_trace.skel.h"

#define FAKE_LOADS 4
#define FAKE_PROGRAMS 64
#define FAKE_BATCHES 8

/* What a ring buffer's descriptor looks like; it is not open. */
#define FAKE_RING_FD 100001

/* A part of a map, as one call of bpf_map_lookup_batch() gives it. */
struct fake_batch {
	int error; /* errno; ENOENT: it is the last part */
	unsigned int rows;
};

struct fake_bpf {
	/* How the kernel answers: errnos, 0 is success. */
	int load[FAKE_LOADS];	/* the first, second, ... load; the last but none goes on */
	const char *refused;	/* no load succeeds that has a program whose name begins so, */
	int refuse;		/* for this reason */
	const char *unattached; /* programs whose name begins so do not attach, */
	int attach;		/* for this reason */
	int ring;		/* no ring buffer can be mapped */
	int run;		/* programs cannot be run */
	const char *guess;	/* what else the kernel's BTF has, besides fake_set_btf() */
	int consume[3]; /* ring buffers cannot be read, in the order in which they were mapped */
	int iterate;	/* iterators cannot be made; 0: reading one gives the errors below */
	int lookup;	/* single elements of maps */
	int btf;	/* the kernel's BTF cannot be read */
	bool calls_none[SEA_MECHANISMS]; /* hooks of the kind are not called */
	struct fake_batch batches[FAKE_BATCHES];
	/* What read() of an iterator gives, one after the other, then 0: errnos, or bytes < 0 */
	int reads[4];

	/* What it was asked for */
	unsigned int loads;
	const char *loaded[FAKE_PROGRAMS]; /* names of the last load's programs */
	size_t nr_loaded;
	const char *attached[FAKE_PROGRAMS]; /* all that ever were, in their order */
	size_t nr_attached;
	unsigned int links, rings; /* that are there now */
	unsigned int maps_read;	   /* calls of bpf_map_lookup_batch() */
	unsigned int reads_done, iterators, runs;
	char consumed[32]; /* which ring buffers were read: "010" */
	int iterator;	   /* descriptor of the last one */
};

extern struct fake_bpf fake;
/* The variables of the programs of the last load */
extern struct sea_trace_bpf__bss *fake_bss;

/* Forgets what was before: a kernel on which all succeeds. */
void fake_begin(void);

/* Sends a record by the ring buffer that was mapped as the first, second, or third. */
int fake_send(size_t ring, void *record, size_t size);

/* The programs that were loaded last, sorted: "a b c"; good until the next call. */
const char *fake_loaded(void);
const char *fake_attached(void);
bool fake_was_loaded(const char *program);

/*
 * The BTF of a kernel that has all that the list of VMs needs, the functions named, and the
 * tracepoints named; both lists end in NULL.
 */
struct btf *fake_btf(const char *const *functions, const char *const *tracepoints, bool can_list);
/* The same, whenever /sys/kernel/btf/vmlinux is read. */
void fake_set_btf(const char *const *functions, const char *const *tracepoints, bool can_list);

#endif /* SEA_TEST_FAKE_BPF_H */
