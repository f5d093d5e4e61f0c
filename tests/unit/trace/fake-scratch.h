/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fake-scratch.h - the VM of our own by which hooks are tried, with the kernel of
 * fake-bpf.h. The program that links this has it instead of lib/trace/scratch.c.
 */
#ifndef SEA_TEST_FAKE_SCRATCH_H
#define SEA_TEST_FAKE_SCRATCH_H

#include <stdbool.h>

#include "trace/scratch.h"

struct fake_scratch {
	bool is_there, has_exit; /* it can be had; KVM has the exit */
	unsigned int answers;	 /* enum sea_fired: what KVM had called for its VMM */
	unsigned int fired;	 /* and which hooks were called, by that or by its end */
	unsigned int closed;	 /* how often it was */
	bool is_tried;
};

extern struct fake_scratch fake_scratch;

/* There is none. */
void fake_scratch_begin(void);

#endif /* SEA_TEST_FAKE_SCRATCH_H */
