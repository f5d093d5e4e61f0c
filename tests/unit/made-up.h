/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * made-up.h - a feed whose VMs, losses, failures and clock are made up, so that all
 * of the programs but the kernel can be run on any machine.
 */
#ifndef SEA_TEST_MADE_UP_H
#define SEA_TEST_MADE_UP_H

#include "model/feed.h"
#include "names/names.h"

/* One of these a word; a number behind it is for the tick that it happens in. */
struct made_up {
	__u64 vms;     /* how many; each takes one SEA more every tick after the first */
	__u64 ends;    /* VM 1 ends in this tick, VM 2 in the next, ...; 0: none does */
	__u64 fails;   /* this tick, and the one after, cannot be read; 0: all can */
	__u64 steps;   /* the wall clock is an hour behind from this tick on; 0: it is not */
	__u64 details; /* records of single SEAs in each tick, and as many answers */
	__u64 idle;    /* of the VMs, so many take no SEA */
	bool late;     /* the last tick has one VM more, whose VMM is gone */
	__u64 blind;   /* the source is switched off in this tick, and able again in the next */
	__u64 ended_unseen; /* VMs that no hook saw end, from the second tick on */
	bool no_list;	    /* there is no list of VMs */
	bool unchecked;	    /* nothing checks the counts */
	bool unproven;	    /* nothing shows that the source's hook is called */
	bool unseen;	    /* the last tick finds that one SEA was not seen */
	bool mix;	    /* SEAs of all kinds, answered in all ways */
	bool clock;	    /* a made-up one as well: ticks at 06:50:44, 45, ... UTC on hv01 */
	__u64 later;	    /* the made-up clock begins so many seconds later */
	__u64 stops;	    /* no more ticks after so many; 0: they go on */
	__u64 lost[SEA_LOSS_CAUSES]; /* of each cause so many are lost in the second tick */
	__u64 interval_ns;	     /* from one tick to the next */
	__u64 intervals;	     /* ends by itself after so many; 0: never */
	struct sea_vm_names *names;  /* is asked for names; NULL: all are named by comm */
};

/* From words as in "vms=1000,ends=3,lost.ring_full=1,late"; NULL: 3 VMs. */
int made_up_parse(const char *text, struct made_up *how, struct sea_error *err);

int made_up_open(const struct made_up *how, const char *program, struct sea_feed **feed,
		 struct sea_error *err);

#endif /* SEA_TEST_MADE_UP_H */
