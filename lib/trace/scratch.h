/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * scratch.h - a VM of our own with one vCPU that never runs, to find out by trying
 * what this kernel's KVM does.
 *
 * While it is there the process is called SEA_SCRATCH_COMM, by which everybody's
 * list of VMs knows to leave it out.
 */
#ifndef SEA_SCRATCH_H
#define SEA_SCRATCH_H

#include <stdbool.h>

#include "base/error.h"
#include "sea_list.h"

struct sea_scratch {
	int kvm, vm, vcpu;	 /* descriptors */
	bool has_exit;		 /* the kernel has KVM_CAP_ARM_SEA_TO_USER */
	char comm[SEA_COMM_LEN]; /* what the process was called before */
};

/* The error says why there is none: no /dev/kvm, no permission, no arm64. */
int sea_scratch_open(struct sea_scratch *scratch, struct sea_error *err);
/* The VM is destroyed when this returns. */
void sea_scratch_close(struct sea_scratch *scratch);

/* Enables KVM_CAP_ARM_SEA_TO_USER for the VM. */
int sea_scratch_opt_in(const struct sea_scratch *scratch, struct sea_error *err);

/*
 * Does what a VMM does to answer an SEA: KVM_SET_VCPU_EVENTS with no event, and
 * KVM_SET_ONE_REG of x0.
 */
int sea_scratch_answer(const struct sea_scratch *scratch, struct sea_error *err);

#endif /* SEA_SCRATCH_H */
