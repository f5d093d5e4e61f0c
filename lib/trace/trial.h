/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trial.h - has hooks called, to see whether they are: see bpf/sea_proof.bpf.c.
 */
#ifndef SEA_TRIAL_ROOM_H
#define SEA_TRIAL_ROOM_H

#include "trace/object.h"

/*
 * Attaches the mechanism's own hook if that is not there yet, and has its function
 * called, a few times if need be: the kernel may skip a hook now and then.
 */
enum sea_trial sea_trial_of(struct sea_trace *t, enum sea_mechanism mechanism);

/* Why hooks of the mechanism are not called now; NULL: they are, or nobody knows. */
const char *sea_trial_look(struct sea_trace *t, enum sea_mechanism mechanism);

/*
 * Has all functions called that a VM of our own can have called, and ends that VM.
 * The scratch VM is closed after it.
 */
void sea_trial_of_hooks(struct sea_trace *t, struct sea_scratch *scratch);

void sea_trial_detach(struct sea_trace *t);

#endif /* SEA_TRIAL_ROOM_H */
