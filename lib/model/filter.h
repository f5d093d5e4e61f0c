/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filter.h - which VMs a reader asks for: by who they are, and by what became of them.
 * Live tables, recordings and reports all ask here, so that the same words find the same VMs.
 */
#ifndef SEA_FILTER_H
#define SEA_FILTER_H

#include <stdbool.h>

#include <linux/types.h>

#include "base/text.h"

/* Zeros: all VMs. The strings are the caller's. */
struct sea_filter {
	__u32 pid;	  /* only this VMM; 0: all */
	const char *glob; /* only VMs whose name matches, as fnmatch(3); NULL: all */
	const char *text; /* only VMs that sea_filter_finds() finds; NULL or "": all */
	bool active;	  /* only VMs with SEAs, responses, or SEAs from before */
	bool not_ended;	  /* only VMs that run */
};

/* Who a VM is, as far as a filter asks. */
struct sea_filter_who {
	const char *name, *uuid; /* never NULL; uuid "": not known */
	__u32 pid;		 /* of the VMM */
};

/*
 * Does the VM fit what somebody typed: a part of its name in letters of either case, its
 * pid, or how its UUID begins? "web|db" is either of the two, and a text with "*" or "?"
 * in it is a pattern for the whole name.
 */
bool sea_filter_finds(const char *text, const struct sea_filter_who *who);

/* The VM is one of those asked for by who they are: pid, glob and text. */
bool sea_filter_is_of(const struct sea_filter *filter, const struct sea_filter_who *who);

/* Some VMs are not asked for, because of who they are; and because of what became of them. */
bool sea_filter_asks_who(const struct sea_filter *filter);
bool sea_filter_asks_what(const struct sea_filter *filter);

/* "VMs called web*, of process 7, like \"db\", with SEAs, that run"; "VMs" if it asks nothing. */
void sea_filter_say(const struct sea_filter *filter, struct sea_text *out);

#endif /* SEA_FILTER_H */
