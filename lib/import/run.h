/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * run.h - the session that an importer makes: its start and end, the VMs, and the counts
 * that its SEAs add up to.
 */
#ifndef SEA_IMPORT_RUN_H
#define SEA_IMPORT_RUN_H

#include "import/import.h"
#include "model/snapshot.h"

/* So many VMs get a row; SEAs of more of them are counted in the row `other`. */
#define SEA_IMPORT_VMS 4096

/* Start with sea_import_run_init(); sea_import_run_free() releases it. */
struct sea_import_run {
	const struct sea_import_options *options;
	struct sea_import_sum *sum;
	const char *source;	     /* of its sessions: "kernel-log" */
	bool counts;		     /* it tells of each SEA: there are ticks */
	bool tells_all;		     /* it never has to say `unknown` */
	struct sea_import_boot boot; /* of the session that is open, or of the next one */
	struct sea_session session;
	bool is_open;
	struct sea_import_time last; /* the latest time that the session has seen */
	struct sea_snapshot snapshot;
	struct sea_loss before; /* the losses of the last tick */
	__u64 tick_ns;		/* when the last tick was */
};

void sea_import_run_init(struct sea_import_run *run, const struct sea_import_options *options,
			 struct sea_import_sum *sum, const char *source);
void sea_import_run_free(struct sea_import_run *run);

/* The input is of this time: a session begins, if none is open. */
int sea_import_run_see(struct sea_import_run *run, const struct sea_import_time *time,
		       struct sea_error *err);
/*
 * Ends the session, if one is open. Of the next one's boot only the host is known then;
 * the importer may fill in run->boot before the next record.
 */
int sea_import_run_end(struct sea_import_run *run, struct sea_error *err);

int sea_import_run_host(struct sea_import_run *run, const struct sea_import_time *time,
			const struct sea_host_event *event, struct sea_error *err);
/*
 * An SEA or an answer of the VM whose VMM is the process tgid (0: not known). The event's
 * vm_id, tgid, version, size and time are filled in here.
 */
int sea_import_run_event(struct sea_import_run *run, const struct sea_import_time *time, __u32 tgid,
			 const char *comm, struct sea_event *event, struct sea_error *err);
/* The tool says that it lost so many events; 0: it does not say how many. */
int sea_import_run_lost(struct sea_import_run *run, const struct sea_import_time *time,
			__u64 events, struct sea_error *err);

#endif /* SEA_IMPORT_RUN_H */
