/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * measure.h - what a rule about SEAs, VMs or pages counts, of what.
 */
#ifndef SEA_MEASURE_H
#define SEA_MEASURE_H

#include "report/exposure.h"
#include "report/policy.h"

/* What a rule is about, as the exposure has it */
struct sea_measure {
	__u64 low;	     /* events that were seen */
	__u64 high;	     /* and those that may have been */
	__u64 unrecorded;    /* of low: that came while no session recorded */
	double of;	     /* that could have been events; of a rate: VM-hours */
	__u64 chances;	     /* SEAs in which the rule could be broken; if the rule needs some */
	const char *event;   /* "SEAs", "VMs", "pages" */
	const char *chance;  /* "SEA", "forwarded SEA" */
	const char *of_what; /* "VMs that took an SEA" */
	const char *unseen;  /* what high has more than low: "VMs without an exit status" */
};

void sea_measure(struct sea_measure *measure, const struct sea_rule *rule,
		 const struct sea_exposure *exposure);

#endif /* SEA_MEASURE_H */
