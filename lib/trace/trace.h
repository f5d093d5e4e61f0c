/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace.h - the BPF object: loaded, attached, read. Who includes this knows
 * nothing of libbpf.
 */
#ifndef SEA_TRACE_H
#define SEA_TRACE_H

#include "base/error.h"
#include "model/snapshot.h"
#include "sea_abi.h"
#include "sea_host.h"
#include "trace/ghes.h"

/* Detail records a VM may send: on average each second, and at once. */
#define SEA_TRACE_EVENT_RATE 100
#define SEA_TRACE_EVENT_BURST 200

/* The bounds of --max-vms. */
#define SEA_TRACE_MIN_VMS 1
#define SEA_TRACE_MAX_VMS 65536

/* An ended VM keeps its row for this long when others need room. */
#define SEA_TRACE_KEEP_ENDED_NS (60 * 1000000000ULL)

struct sea_trace;

struct sea_trace_options {
	const char *source; /* by name; NULL: the first that attaches */
	__u32 max_vms;	    /* rows; 0: SEA_MAX_VMS_DEFAULT */
	bool list;	    /* only list the VMs: nothing is hooked, no SEA is counted */
	/*
	 * Called by sea_trace_poll() for each detail record; NULL: none are made, or lost.
	 * False: there is no room; the record comes again at the next poll.
	 */
	bool (*event)(const struct sea_event *event, void *context);
	/* Likewise when a VM took its first SEA; may be NULL. */
	bool (*vm_seen)(const struct sea_vm_event *event, void *context);
	/* Likewise of what the host did about bad memory; NULL: it is not hooked. */
	bool (*host)(const struct sea_host_record *record, void *context);
	void *context;
};

/*
 * Loads and attaches; counting starts just before this returns. The caller
 * gives *trace back with sea_trace_close(), which takes NULL too. The error
 * names the one thing that is missing: the machine, BTF, the privilege, KVM,
 * the tracepoints, or a kernel that is locked down.
 */
int sea_trace_open(const struct sea_trace_options *options, struct sea_trace **trace,
		   struct sea_error *err);
void sea_trace_close(struct sea_trace *trace);

/* The source that attached: "tracepoint"; "none" if there is to be none; static. */
const char *sea_trace_source(const struct sea_trace *trace);
/* The source never has to say `unknown`. */
bool sea_trace_tells_all(const struct sea_trace *trace);
/* CLOCK_BOOTTIME, when counting began. */
__u64 sea_trace_started_ns(const struct sea_trace *trace);

/* Become readable when there are records of that kind; the trace's own. */
int sea_trace_seen_fd(const struct sea_trace *trace);
int sea_trace_events_fd(const struct sea_trace *trace);
/* -1: nothing of the host is hooked. */
int sea_trace_host_fd(const struct sea_trace *trace);

/*
 * Hands the records that are there to the callbacks, VMs before details; does not
 * wait. To be called before each sea_trace_read(), which gives rows of VMs that ended
 * to others.
 */
int sea_trace_poll(struct sea_trace *trace, struct sea_error *err);
/* The same for VMs alone; may be called by the callback for details. */
int sea_trace_poll_seen(struct sea_trace *trace, struct sea_error *err);
/* The same for VMs and details; may be called by the callback for what the host did. */
int sea_trace_poll_events(struct sea_trace *trace, struct sea_error *err);

/*
 * Copies all counters into the snapshot, whose memory is used again. Counters
 * of a snapshot are never less than those of the one before: when rows get
 * scarce, VMs that ended a while ago, and that a snapshot has shown as ended, move to
 * snapshot.gone. After a failure the snapshot is of no use, but the next call may
 * succeed, and nothing is lost.
 */
int sea_trace_read(struct sea_trace *trace, struct sea_snapshot *snapshot, struct sea_error *err);

/*
 * The last snapshot has all SEAs that the check had seen: none is on its way between
 * the two hooks. A vCPU's thread may be preempted there, or its cgroup may have used
 * up its quota of CPU time, which is for 100 ms.
 */
bool sea_trace_settled(const struct sea_trace *trace);

/* What KVM itself says, tried on a VM of our own. */
struct sea_kvm_facts {
	bool tried;	     /* /dev/kvm could be used; else the rest is not known */
	bool has_exit;	     /* KVM_CAP_ARM_SEA_TO_USER */
	bool opt_in_known;   /* a VM's opt-in can be read */
	bool has_ras;	     /* FEAT_RAS: HCR_EL2.TEA is set for vCPUs */
	bool has_statistics; /* the kernel counts SEAs per vCPU */
};

void sea_trace_kvm_facts(const struct sea_trace *trace, struct sea_kvm_facts *facts);

/*
 * Whether this kernel claims an SEA whose record it had before, by its text. Unknown if
 * that cannot be read.
 */
enum sea_repeats sea_trace_repeats(struct sea_trace *trace);

/* Can a hook that attached fire? */
enum sea_alive {
	SEA_ALIVE,	 /* yes: it was seen to, or the kernel calls its function */
	SEA_MAYBE_ALIVE, /* not proven */
	SEA_DEAD,	 /* no: the function was inlined */
};

#define SEA_REPORT_HOOKS 16
#define SEA_REPORT_WHY_LEN 192

struct sea_hook_report {
	char program[64];
	char function[64];
	enum sea_part part;
	enum sea_alive alive;
	char why[SEA_REPORT_WHY_LEN];
};

struct sea_source_report {
	const char *name;
	bool attached;
	char why[SEA_ERROR_LEN]; /* if not attached */
	bool tells_all;		 /* every SEA's disposition, if attached */
	const char *check;	 /* the hook that would check the counts, or NULL */
	struct sea_hook_report hooks[SEA_REPORT_HOOKS];
	size_t nr_hooks;
};

/* A hook on what the host does about bad memory. */
struct sea_host_hook {
	const char *function; /* or the tracepoint; static */
	const char *tells;    /* what is missing without it: "SIGBUS to VMMs"; static */
	bool attached;
	bool absent;		      /* this kernel has no such function or tracepoint */
	char why[SEA_REPORT_WHY_LEN]; /* if not attached */
};

#define SEA_HOST_HOOKS_MAX 12

struct sea_host_report {
	struct sea_host_hook hooks[SEA_HOST_HOOKS_MAX];
	size_t nr_hooks;
};

/* Attaches what there is, and detaches it; only out of memory is an error. */
int sea_trace_examine_host(struct sea_host_report *report, struct sea_error *err);

/* The names of the sources, best first; NULL past the last. */
const char *sea_trace_source_name(size_t i);

/*
 * Attaches the source, tries all its hooks, and detaches it. That it does not
 * attach is a result, not an error.
 */
int sea_trace_examine(const char *name, struct sea_source_report *report, struct sea_error *err);

#endif /* SEA_TRACE_H */
