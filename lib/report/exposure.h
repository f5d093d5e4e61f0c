/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exposure.h - what a fleet was exposed to in a window, and what came of it: the sums
 * that checks and comparisons are made of.
 */
#ifndef SEA_EXPOSURE_H
#define SEA_EXPOSURE_H

#include <stdbool.h>

#include "model/loss.h"
#include "model/session.h"
#include "sea_abi.h"
#include "sea_list.h"

/* Times in ns since 1970, in UTC. */
struct sea_fleet_window {
	__s64 since_ns; /* not before; 0: from the beginning of each recording */
	__s64 until_ns; /* and not later; 0: to the last moment of which any recording tells */
};

/* Which VMs of which hosts count. Zeros: all. */
struct sea_cohort {
	const char *vm;	  /* glob of the VM's name; NULL: all */
	const char *host; /* glob of the host's name; NULL: all */
	/* Beyond the glob; NULL: takes all. */
	bool (*takes_host)(const char *host, void *context);
	void *context;
};

/* SEAs or answers, and the VMs whose they are: one bad page may make thousands of SEAs. */
struct sea_hits {
	__u64 seas;
	__u64 vms;
	/* More of the same may be: SEAs of the row `other`, if the cohort is of some VMs. */
	__u64 seas_unknown;
	__u64 vms_unknown; /* and VMs: those of the row `other` have no names */
};

/* VMs are told apart by how often they resumed up to this; the last slot is "or more". */
#define SEA_LOOP_SLOTS 65

struct sea_exposure {
	__u64 stores;	/* recordings that were read */
	__u64 unread;	/* that could not be */
	__u64 partial;	/* a newer seatop's, or some of it is unknown to this version */
	__u64 repeated; /* sessions that an earlier recording had as well: not counted twice */
	__u64 hosts;	/* with any time in the window */
	__s64 first_ns, last_ns;     /* of what was read, cut to the window; 0: nothing */
	double host_ns;		     /* time that hosts were watched */
	double vm_ns;		     /* time that VMs were watched: VM-hours */
	double gap_ns;		     /* time of hosts in which no session watched */
	double blind_ns;	     /* of host_ns, in which the source was switched off */
	double unproven_ns;	     /* of host_ns, in which nothing showed that the hooks work */
	char gap_host[SEA_HOST_LEN]; /* the host with the longest gaps; "": there are none */
	double gap_host_ns;

	struct sea_hits any;
	struct sea_hits disposition[SEA_DISPOSITIONS];
	struct sea_hits response[SEA_RESPONSES];
	/*
	 * Not in the above: SEAs that came while no session recorded, as the kernels'
	 * statistics say, by disposition, and all of them. vms has those that the recorded ones
	 * do not make hit already; the unknown ones may have come before the window as well.
	 */
	struct sea_hits unrecorded[SEA_STATISTICS];
	struct sea_hits any_unrecorded;
	__u64 loops[SEA_LOOP_SLOTS]; /* VMs by how often they resumed */
	__u64 latency[SEA_LATENCY_SLOTS];
	__u64 loss[SEA_LOSS_CAUSES];

	__u64 ended, ended_by_sigbus, ended_unknown; /* VMs; unknown: no exit status */
	/* VMs that ran at the end of the window, by what is known of their opt-in */
	__u64 opt_in[SEA_OPT_IN_STATES];
	__u64 unlisted; /* that run, and of which nothing is known */
	__u64 no_list;	/* hosts where nothing lists VMs */

	__u64 pages, pages_not_held; /* that SEAs came from; not held for bad by the host */
	__u64 seas_without_page;     /* SEAs whose page, or state, is not known */
};

/* Adds up what is not by host. */
void sea_exposure_add(struct sea_exposure *sum, const struct sea_exposure *more);

/* Hours of nanoseconds. */
double sea_hours(double ns);

#endif /* SEA_EXPOSURE_H */
