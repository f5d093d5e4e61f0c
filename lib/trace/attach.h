/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * attach.h - a source's hooks, its check and what sees VMs end: what is attached is
 * what works.
 */
#ifndef SEA_ATTACH_H
#define SEA_ATTACH_H

#include "trace/object.h"

/*
 * Attaches the programs of the source that are loaded, and the first check and the
 * first hook on the end of VMs that work. The error says what does not, or which
 * switch is off.
 */
int sea_attach(struct sea_trace *t, const struct sea_source *source, struct sea_error *err);
void sea_attach_undo(struct sea_trace *t);

/* The source sees answers only when told to look. */
bool sea_attach_must_sweep(const struct sea_trace *t, const struct sea_source *source);
/* A trampoline's function is in BTF: if it is not, the whole object does not load. */
bool sea_attach_has_target(const struct sea_trace *t, const struct bpf_program *program);
/* The kernel has the tracepoint: BTF has the type of its probes. */
bool sea_attach_has_tracepoint(const struct sea_trace *t, const char *name);
/* Sets the error that the program's function is not there; -1. */
int sea_attach_lacks_function(struct sea_trace *t, const struct bpf_program *program,
			      const struct sea_source *source, struct sea_error *err);

#endif /* SEA_ATTACH_H */
