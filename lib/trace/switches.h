/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * switches.h - what switches off all hooks of a mechanism at once.
 *
 * They are files, opened while this process may do so, and read again and again.
 */
#ifndef SEA_SWITCHES_H
#define SEA_SWITCHES_H

#include "model/hooks.h"

struct sea_switches {
	int fd[SEA_MECHANISMS]; /* -1: there is none, or it cannot be read */
};

/* root: where /proc and /sys are; "" but for tests. */
void sea_switches_open(struct sea_switches *switches, const char *root);
void sea_switches_close(struct sea_switches *switches);

/* Which switch of the mechanism is off: "kernel.ftrace_enabled is 0", static; NULL: none is. */
const char *sea_switches_off(const struct sea_switches *switches, enum sea_mechanism mechanism);

#endif /* SEA_SWITCHES_H */
