/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report-internal.h - what the files that make a report share.
 */
#ifndef SEA_REPORT_INTERNAL_H
#define SEA_REPORT_INTERNAL_H

#include "base/hash.h"
#include "report/report.h"

/* The lists of a report are bounded: what goes past them is counted. */
#define SEA_REPORT_PAGES_MAX 65536
#define SEA_REPORT_ESRS_MAX 1024
#define SEA_REPORT_GROUPS_MAX 65536
#define SEA_REPORT_EVENTS_MAX 4096
/* VMs whose last details are kept, so that 100,000 VMs do not need 150 MB. */
#define SEA_REPORT_RECENT_VMS 4096

/* What is looked up while a report is made, by its bytes. */
struct sea_report_index {
	struct {
		__u32 what; /* so that keys of different kinds differ */
		__u32 host;
		__u64 a, b;
	} key;
	size_t place;
	UT_hash_handle hh;
};

enum sea_report_index_what {
	SEA_INDEX_VM_OF_FILE, /* a: the file, b: its number in the table vm */
	SEA_INDEX_PFN,	      /* a: the page frame */
	SEA_INDEX_IPA,	      /* a: the VM's place, b: the address */
	SEA_INDEX_ESR,	      /* a: ESR, b: disposition and reason */
	SEA_INDEX_VCPU,	      /* a: the VM's place, b: the vCPU */
	SEA_INDEX_CPU,	      /* a: the CPU */
	SEA_INDEX_VM,	      /* a and b: the VM's key, see report-vms.c */
};

/* A place that says: this VM is not to be in the report. */
#define SEA_REPORT_NOT_WANTED SIZE_MAX

struct sea_report_maker {
	struct sea_report *report;
	struct sea_report_index *index;
	struct sea_error *err;
	/* The recording that is being read */
	__u32 file;
	struct sea_reader *reader;
	const struct sea_db *db;
	struct sea_window_totals totals;
	bool all_chosen;	       /* all of its sessions are in the report */
	struct sea_report_stay *stays; /* of report-unrecorded.c, over all files */
	size_t nr_stays;
};

int sea_report_out_of_memory(struct sea_error *err);
/* One more element at the end of an array, zeroed; NULL: out of memory. */
void *sea_report_grow(void *array, size_t *nr, size_t size, struct sea_error *err);

/*
 * The place that goes with a key. False: there is none yet; *found is a new one then,
 * whose place the caller sets; NULL: out of memory.
 */
bool sea_report_find(struct sea_report_maker *m, enum sea_report_index_what what, __u32 host,
		     __u64 a, __u64 b, struct sea_report_index **found);
/* The same, without making one; NULL: there is none. */
const struct sea_report_index *sea_report_lookup(const struct sea_report_maker *m,
						 enum sea_report_index_what what, __u32 host,
						 __u64 a, __u64 b);

/* Prepares a statement about the recording. 1: a newer program's, of which it makes no sense. */
int sea_report_ask(struct sea_report_maker *m, struct sea_sql *sql, const char *text);
/* Takes in a row of a statement; -1: it failed, and said why. */
typedef int (*sea_report_take)(struct sea_report_maker *m, struct sea_sql *sql, void *context);
/* take() is called for each row of a statement with these values. */
int sea_report_each(struct sea_report_maker *m, const char *text, const __s64 *values, size_t nr,
		    sea_report_take take, void *context);

/* The VM of this number in the table vm; *place is SEA_REPORT_NOT_WANTED if it is not asked for. */
int sea_report_vm_of(struct sea_report_maker *m, __s64 number, size_t *place);
/* Takes in the totals of a recording. */
int sea_report_add_vms(struct sea_report_maker *m);

/* Of a recording: what the kernel had counted when each session began. */
int sea_report_add_stays(struct sea_report_maker *m);
/* From those of all recordings: what came outside of them. Releases them. */
void sea_report_add_unrecorded(struct sea_report_maker *m);

/* Details of SEAs and answers; needs the VMs. */
int sea_report_add_details(struct sea_report_maker *m);
/* The last details of each VM by time, when all recordings were read. */
void sea_report_order_details(struct sea_report *report);
/* What the hosts did; needs the pages of all recordings. */
int sea_report_add_events(struct sea_report_maker *m);
/* Counts by time: the parts of the timeline, and groups by hour and day. */
int sea_report_add_times(struct sea_report_maker *m);
/* Groups that come from what the report has by now. */
int sea_report_add_groups(struct sea_report_maker *m);
/* A group for what the key says, made if need be; *group NULL: there are too many. */
int sea_report_group_of(struct sea_report_maker *m, enum sea_report_index_what what, __u32 host,
			__u64 a, __u64 b, struct sea_report_group **group);

/* The rows of the table, when all lists are complete and in their own order. */
int sea_report_add_table(struct sea_report_maker *m);

/* Doubts about one recording, and about all of them together. */
int sea_report_add_doubts(struct sea_report_maker *m);
int sea_report_add_last_doubts(struct sea_report_maker *m);

/* The sentences. */
int sea_report_add_words(struct sea_report_maker *m);

#endif /* SEA_REPORT_INTERNAL_H */
