/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sea_trial.h - what bpf/ and userspace say to each other of trials.
 */
#ifndef SEA_TRIAL_H
#define SEA_TRIAL_H

/*
 * Functions that userspace has the kernel call, on a VM of its own, to see whether
 * their hooks get called. A bit each in the BPF object's `fired`.
 */
enum sea_fired {
	SEA_FIRED_NONE = 0, /* only an SEA calls it: cannot be tried */
	SEA_FIRED_EVENTS = 1 << 0,
	SEA_FIRED_ABORT = 1 << 1,
	SEA_FIRED_SERROR = 1 << 2,
	SEA_FIRED_REG = 1 << 3,
	SEA_FIRED_END = 1 << 4,
	SEA_FIRED_SERROR_ESR = 1 << 5, /* an SError with a syndrome, which takes FEAT_RAS */
	SEA_FIRED_LEFT = 1 << 6,       /* a VM's memory goes */
};

#endif /* SEA_TRIAL_H */
