/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report.h - what recordings say about a time: who was hit, which way each SEA went,
 * whether the VMM answered, which page it was, and whether the data can be trusted.
 *
 * Several recordings make one report. What it says in words, tables, JSON, CSV and HTML
 * is all in here. Times are nanoseconds since 1970 of CLOCK_REALTIME; 0: not known.
 */
#ifndef SEA_REPORT_H
#define SEA_REPORT_H

#include "base/columns.h"
#include "import/link.h"
#include "model/filter.h"
#include "model/record.h"
#include "model/view.h"
#include "report/totals.h"

/* A VM that ends so soon after an SEA may well have ended because of it. */
#define SEA_REPORT_AFTER_S 60

/* The VMM is slow if it takes longer than that to answer. */
#define SEA_REPORT_SLOW_NS 1000000000ULL

/* So many SEAs and answers of each VM are kept one by one: the last ones. */
#define SEA_REPORT_RECENT 16

/* Parts of the time for the timeline. */
#define SEA_REPORT_PARTS 96

enum sea_report_by {
	SEA_BY_VM,
	SEA_BY_HOST,
	SEA_BY_DISPOSITION,
	SEA_BY_REASON,
	SEA_BY_RESPONSE,
	SEA_BY_OPT_IN,
	SEA_BY_HOUR,
	SEA_BY_DAY,
	/* These need details, of which there may be fewer than SEAs. */
	SEA_BY_PAGE,
	SEA_BY_VCPU,
	SEA_BY_CPU,
	SEA_BY_ESR,
	SEA_BYS,
};

/* "vm", "host", ...; static. And the number of such a name, or -1. */
const char *sea_report_by_name(unsigned int by);
int sea_report_by_number(const char *name);
bool sea_report_by_needs_details(enum sea_report_by by);

struct sea_report_options {
	const char *const *files; /* as for sea_recording_open() */
	size_t nr_files;
	struct sea_window window;
	/*
	 * Of whom the report is: pid, glob and text. What became of the VMs (active, not_ended)
	 * is asked of rows of the table by VM only.
	 */
	struct sea_filter filter;
	enum sea_report_by by;
	/* Of the table: by fields of its list; urgent_first is not looked at. */
	struct sea_order order;	    /* without a field as the list is */
	struct sea_columns columns; /* zeros: the default ones */
	size_t max_rows;	    /* 0: all */
	bool addresses;		    /* show those of guests */
	bool timeline; /* fill in the parts of the time, and the last details of each VM */
	__s64 now_ns;  /* when the report is made */
};

/* What became of a VM. From SEA_FATE_AFTER on an SEA may have ended it, the surest last. */
enum sea_report_fate {
	SEA_FATE_RUNS,	 /* no end is recorded: it may run on */
	SEA_FATE_ENDED,	 /* it ended, and nothing says that an SEA had to do with it */
	SEA_FATE_AFTER,	 /* it ended soon after an SEA: that is all that is known */
	SEA_FATE_ASKED,	 /* it ended while an SEA waited for its VMM's answer */
	SEA_FATE_KILLED, /* a signal killed its VMM soon after an SEA: its exit status says so */
	SEA_FATES,
};

/* "runs", "ended", "ended after an SEA", ...: for JSON with "_"; static. */
const char *sea_report_fate_name(unsigned int fate);

/* One SEA or one answer. */
struct sea_report_detail {
	__s64 ns;
	__u64 esr, far, ipa, pc, latency_ns; /* of guests: 0 unless SEA_*_VALID is in flags */
	__u32 flags;
	__u32 vcpu, cpu, tid;
	__u32 page; /* its place in the pages, and 1; 0: not known */
	__u8 is_answer, disposition, reason, response;
};

struct sea_report_part {
	__u64 disposition[SEA_DISPOSITIONS];
};

struct sea_report_vm {
	__u32 host;				    /* its place in the hosts */
	bool is_other;				    /* all VMs past a table's bound */
	char *name, *origin, *uuid, *cgroup, *comm; /* never NULL; "": not known */
	char boot_id[SEA_UUID_LEN];
	struct sea_vm_key key;
	__s64 first_ns, ended_ns; /* first sight, and end; ended_ns 0: none is recorded */
	int wait_status;	  /* -1: not known */
	struct sea_vm counts;	  /* in the window */
	struct sea_report_told {
		__u64 disposition[SEA_DISPOSITIONS], reason[SEA_REASONS], response[SEA_RESPONSES];
	} told; /* of the details */
	__u64 total, pending;
	/*
	 * SEAs that came before a session or between two of those that are here: the
	 * kernel's own statistics have them. They are in no other number here.
	 */
	__u64 unrecorded[SEA_STATISTICS], unrecorded_total;
	enum sea_opt_in opt_in;
	__u32 vcpus; /* 0: not known */
	/* Of its SEAs in the window; first_is_by: it came at that time or earlier. */
	__s64 first_sea_ns, last_sea_ns;
	bool first_is_by;
	__u8 last_disposition, last_reason;
	__u64 details, answer_details; /* SEAs and answers that are told one by one */
	__u64 slowest_ns;	       /* of the answers that are told */
	__s64 slowest_at_ns;
	__u64 pages, shared_pages,
		unknown_pages; /* pages that it hit; SEAs whose page is unknown */
	/* Signals for bad memory that the host sent to its VMM. */
	__u64 sigbus;
	__s64 sigbus_ns;
	__s32 sigbus_code;
	enum sea_report_fate fate;
	__u64 after_ns;			  /* from its last SEA to its end */
	struct sea_report_detail *recent; /* the last ones, oldest first; NULL: not asked for */
	size_t nr_recent;		  /* in there; 2 * SEA_REPORT_RECENT at most */
	size_t nr_told[2];		  /* SEAs, and answers, that there were for it */
	struct sea_report_part *parts;	  /* SEA_REPORT_PARTS of them, or NULL */
	__s64 counted_in;		  /* for the groups */
};

struct sea_report_page_vm {
	__u32 vm; /* its place in the VMs */
	__u64 hits;
	__s64 first_ns, last_ns;
};

struct sea_report_page {
	__u32 host;
	bool has_pfn;
	__u64 pfn; /* the host's page frame, if it is known */
	__u64 ipa; /* else the VM's own address of it; only with addresses */
	__u32 vm;  /* then: whose */
	__u64 hits;
	__s64 first_ns, last_ns;
	__s8 poisoned; /* the host holds it for bad: 1 yes, 0 no, -1 not known; as of last_ns */
	__u64 size;    /* of the mapping; 0: not known */
	__s32 node;    /* -1: not known */
	/* What the host's memory_failure() said of it. */
	__u64 failures;
	__s64 failure_ns, failure_result;
	bool has_result;
	struct sea_report_page_vm *vms; /* in the order in which they hit it */
	size_t nr_vms;
};

struct sea_report_group {
	char label[SEA_VM_NAME_LEN + 48];
	__u64 vms;  /* that took SEAs; 0: not known */
	__u64 seas; /* all of them */
	struct sea_vm counts;
	bool has_ways, has_answers; /* which of the counts say something */
	__s64 first_ns, last_ns;
	__s64 key; /* for the order */
};

struct sea_report_esr {
	__u64 esr;
	__u8 disposition, reason;
	__u64 hits;
	__s64 first_ns, last_ns;
};

struct sea_report_slow {
	__u32 vm;
	__s64 ns; /* when it was answered */
	__u64 latency_ns;
	__u8 response;
};

struct sea_report_event {
	__s64 ns;
	__u32 host;
	__u32 vm; /* its place in the VMs, and 1; 0: none, or not known */
	/*
	 * Of an event that names no VM: the VM whose SEA, or whose event, is of the same error,
	 * as sea_links_of() has it; 0: none was found. link: by what, and how sure it is.
	 */
	__u32 linked_vm;
	char link[SEA_LINK_TEXT_LEN];
	struct sea_host_event event;
};

/* What a doubt is about, worst first. */
enum sea_report_level {
	SEA_LEVEL_COUNTS,  /* SEAs may be counted nowhere, or nobody counted: status 2 */
	SEA_LEVEL_ANSWERS, /* responses may be missing */
	SEA_LEVEL_DETAILS, /* single SEAs are not told; counts are exact */
	SEA_LEVEL_NAMES,   /* VMs may lack a name, or be missing while they take no SEA */
	SEA_LEVEL_NOTE,	   /* to be known by whoever reads */
	SEA_LEVELS,
};

/* "counts", "answers", ...; static. */
const char *sea_report_level_name(unsigned int level);

/* Of no host in particular: it is a sum over all. */
#define SEA_REPORT_NO_HOST (~0U)

struct sea_report_doubt {
	enum sea_report_level level;
	const char *kind;	  /* "gap", "loss", "unproven", ...; static */
	__u32 host;		  /* its place in the hosts, or SEA_REPORT_NO_HOST */
	__s64 since_ns, until_ns; /* 0: not known, or to the end */
	char text[384];
};

struct sea_report_session {
	struct sea_totals_session session;
	__u32 host, file;
};

struct sea_report_file {
	const char *path;   /* the caller's */
	const char *caveat; /* static, or NULL */
	size_t nr_sessions; /* that it has, */
	size_t nr_skipped;  /* and of which another file has more */
};

/* Sentences, each without its full stop's newline. */
struct sea_report_lines {
	char **line;
	size_t nr;
};

enum sea_report_question {
	SEA_ASK_WHO,
	SEA_ASK_WAY,
	SEA_ASK_ANSWER,
	SEA_ASK_PAGE,
	SEA_ASK_TRUST,
	SEA_QUESTIONS,
};

/* "Who was hit?", ...; and for JSON "who", ...; static. */
const char *sea_report_question(unsigned int question);
const char *sea_report_question_name(unsigned int question);

/* The table: its rows, and what is not in it. */
struct sea_report_table {
	size_t *place; /* of the rows in the list that the table is of, in their order */
	size_t nr;     /* of them; at most max_rows */
	size_t more;   /* rows past max_rows */
	size_t hidden; /* VMs that filter.active and filter.not_ended leave out */
	__u64 seas;    /* of the VMs that are shown, those past max_rows included */
	__u64 hidden_seas;
};

/* Start from zeros; sea_report_free() releases it. */
struct sea_report {
	struct sea_report_options options; /* what it points to is the caller's */
	char (*hosts)[SEA_HOST_LEN];
	struct sea_report_file *files;
	struct sea_report_session *sessions; /* that the report is about, by start */
	struct sea_report_vm
		*vms; /* that were hit, most SEAs first; those without one have unrecorded ones */
	struct sea_report_page *pages;	 /* most VMs first, then most hits */
	struct sea_report_group *groups; /* of options.by; none for vm and page */
	struct sea_report_esr *esrs;	 /* most hits first */
	struct sea_report_slow *slow;	 /* slowest first; SEA_REPORT_RECENT at most */
	struct sea_report_event *events; /* of the hosts, by time */
	struct sea_report_doubt *doubts; /* worst first, then by time */
	size_t nr_hosts, nr_files, nr_sessions, nr_vms, nr_pages, nr_groups, nr_esrs, nr_slow,
		nr_events, nr_doubts;
	struct sea_vm counts; /* of all VMs together */
	__u64 total, pending, details, answer_details;
	__u64 uncounted;  /* of the SEAs: told one by one, and by no tick, as the recorder died */
	__u64 unrecorded; /* not of the SEAs: those that only the kernel's statistics have */
	__u64 late;	  /* of the SEAs: told one by one, and by a tick behind the window */
	__u64 vms_seen;	  /* VMs that were there, hit or not */
	__u64 vms_ended;  /* of them */
	__u64 unknown_pages;  /* SEAs with detail whose page is not known, */
	__u64 redacted_pages; /* and of them, as addresses were taken out */
	__u64 untold_pages;   /* SEAs on pages past the bound of the list */
	__u64 untold_events;  /* host events past theirs */
	__u64 latency_over;   /* answers that took longer than SEA_REPORT_SLOW_NS, at least */
	struct sea_totals_loss losses[SEA_LOSS_CAUSES];
	__u64 checked;
	__s64 first_ns, last_ns;       /* of the ticks: what the counts cover; 0: none */
	bool incomplete;	       /* a newer program's: some of it cannot be read */
	struct sea_report_part *parts; /* SEA_REPORT_PARTS, of all VMs, if a timeline is wanted */
	__s64 parts_since_ns, part_ns; /* where they begin, and how long each is */
	struct sea_report_lines answers[SEA_QUESTIONS];
	struct sea_report_lines acts;	  /* what is to be done about it */
	struct sea_report_lines headline; /* one line: all of it in a sentence */
	enum sea_status status;
	struct sea_report_table table;
	/* VMs that the filter leaves out of the whole report, and their SEAs as ticks count them */
	size_t left_out_vms;
	__u64 left_out_seas;
};

/* On failure the report is as sea_report_free() leaves it. */
int sea_report_make(struct sea_report *report, const struct sea_report_options *options,
		    struct sea_error *err);
void sea_report_free(struct sea_report *report);

#endif /* SEA_REPORT_H */
