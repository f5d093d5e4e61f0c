/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exposure-hosts.h - when each host of a fleet was watched, over all recordings of it.
 */
#ifndef SEA_EXPOSURE_HOSTS_H
#define SEA_EXPOSURE_HOSTS_H

#include "report/exposure.h"

/* VMs that run, as the newest session of a host has them. */
struct sea_running_vms {
	__u64 opt_in[SEA_OPT_IN_STATES];
	__u64 unlisted;
	bool no_list; /* nothing lists them, or only those of the recorder's pid namespace */
};

/* Start from zeros; sea_hosts_free() releases it. */
struct sea_hosts {
	struct sea_host *hosts;
	struct sea_run *runs;
};

/* The run of a session: known by an earlier recording; made known (-1: out of memory). */
bool sea_hosts_has_run(const struct sea_hosts *hosts, const char *run);
int sea_hosts_add_run(struct sea_hosts *hosts, const char *run);

/*
 * A session watched the host between two moments (ns since 1970, in the window), and
 * saw at its end which VMs run. -1: out of memory.
 */
int sea_hosts_watch(struct sea_hosts *hosts, const char *host, __s64 from_ns, __s64 to_ns,
		    const struct sea_running_vms *running);

/*
 * Adds to the sums what is known of hosts: how many they are, the time between their
 * first moment (or the window's) and the end in which no session watched, and the VMs
 * that run. end_ns: of the window, or of the last recording.
 */
void sea_hosts_sum(struct sea_hosts *hosts, const struct sea_fleet_window *window, __s64 end_ns,
		   struct sea_exposure *sum);

void sea_hosts_free(struct sea_hosts *hosts);

#endif /* SEA_EXPOSURE_HOSTS_H */
