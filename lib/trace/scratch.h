/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * scratch.h - a VM of our own with one vCPU that never runs, to find out by trying
 * what this kernel's KVM does.
 *
 * Lists of VMs leave it out: see sea_list_register(), which comes first.
 */
#ifndef SEA_SCRATCH_H
#define SEA_SCRATCH_H

#include <stdbool.h>

#include "base/error.h"
#include "sea_trial.h"

struct sea_scratch {
	int kvm, vm, vcpu; /* descriptors; -1: none */
	bool has_exit;	   /* the kernel has KVM_CAP_ARM_SEA_TO_USER */
};

/* The error says why there is none: no /dev/kvm, no permission, no arm64. */
int sea_scratch_open(struct sea_scratch *scratch, struct sea_error *err);
/* The VM is destroyed when this returns. */
void sea_scratch_close(struct sea_scratch *scratch);

/* Enables KVM_CAP_ARM_SEA_TO_USER for the VM. */
int sea_scratch_opt_in(const struct sea_scratch *scratch, struct sea_error *err);

/*
 * Does what a VMM does to answer an SEA: KVM_SET_VCPU_EVENTS with an abort, with an
 * SError and with one that has a syndrome, and KVM_SET_ONE_REG. Returns, as enum
 * sea_fired, whose hooks had to be called by what KVM did.
 */
unsigned int sea_scratch_answer(const struct sea_scratch *scratch);

#endif /* SEA_SCRATCH_H */
