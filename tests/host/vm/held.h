/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * held.h - a descriptor of another process's VM, as a reader of /proc/PID/fd may have one
 * for a moment: whoever lets go last is who ends the VM.
 */
#ifndef HELD_H
#define HELD_H

#include <sys/types.h>

/* Waits for the VM that the process makes; ends the program if it ends without one. */
int held_vm(pid_t pid);

#endif /* HELD_H */
