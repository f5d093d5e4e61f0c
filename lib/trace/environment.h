/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * environment.h - what live tracing needs of the machine, before anything is loaded.
 */
#ifndef SEA_ENVIRONMENT_H
#define SEA_ENVIRONMENT_H

#include <stdbool.h>

#include "base/error.h"

/* What the checks look at; the defaults are those of the running system. */
struct sea_trace_system {
	const char *machine; /* as uname -m; NULL: ask */
	const char *root;    /* where /proc, /sys and /dev are found below */
};

#define SEA_LOCKDOWN_LEN 32

/*
 * How far the kernel below root is locked down: the word in brackets of "none
 * [integrity] confidentiality". False: it does not say.
 */
bool sea_trace_lockdown(const char *root, char word[SEA_LOCKDOWN_LEN]);

/* Why nothing can be traced here: the first reason found, or 0 if none is. */
int sea_trace_check(const struct sea_trace_system *system, struct sea_error *err);

#endif /* SEA_ENVIRONMENT_H */
