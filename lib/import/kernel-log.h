/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel-log.h - imports the kernel's log: journalctl -k -o json, journalctl's text, dmesg
 * (plain, -T, -x, -r, --json and others), /dev/kmsg, files of syslog's.
 *
 * The form is found out line by line. Each boot becomes a session. Times since boot are
 * printk's, which stand still while the host sleeps; otherwise they are CLOCK_BOOTTIME.
 */
#ifndef SEA_KERNEL_LOG_H
#define SEA_KERNEL_LOG_H

#include <stdio.h>

#include "import/import.h"

/* Reads file, which stays the caller's, to its end. Adds to *sum. */
int sea_import_kernel_log(FILE *file, const struct sea_import_options *options,
			  struct sea_import_sum *sum, struct sea_error *err);

#endif /* SEA_KERNEL_LOG_H */
