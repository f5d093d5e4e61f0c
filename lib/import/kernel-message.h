/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel-message.h - what the kernel's messages say about bad memory.
 *
 * The messages are those of mm/memory-failure.c ("Memory failure: 0x12345: ..."), of
 * drivers/acpi/apei/ghes.c and drivers/firmware/efi/cper.c ("{1}[Hardware Error]: ..."),
 * of EDAC, of x86's machine checks, and the kernel's last words.
 */
#ifndef SEA_KERNEL_MESSAGE_H
#define SEA_KERNEL_MESSAGE_H

#include "import/run.h"

/* Error records that are being told of at once: several CPUs write lines in turn. */
#define SEA_GHES_BLOCKS 4

/* One error record of firmware, section by section. */
struct sea_ghes_block {
	bool is_open;
	__u64 number;		     /* "{7}" */
	unsigned int age;	     /* messages since its last one */
	struct sea_import_time time; /* of its first line */
	__u64 error_source;
	bool has_source;
	char severity[16]; /* of the whole; "": not said */
	bool has_section, had_section;
	char section_severity[16];
	struct sea_host_event section;
};

/* Start from zeros but for run. */
struct sea_kernel_messages {
	struct sea_import_run *run;
	struct sea_ghes_block blocks[SEA_GHES_BLOCKS];
};

/* A message, and when and on which CPU (or SEA_CPU_UNKNOWN) it was written. */
int sea_kernel_message(struct sea_kernel_messages *m, const struct sea_import_time *time, __u32 cpu,
		       struct sea_span text, struct sea_error *err);
/* No more messages come: tells of the error records that are still being told of. */
int sea_kernel_messages_end(struct sea_kernel_messages *m, struct sea_error *err);

#endif /* SEA_KERNEL_MESSAGE_H */
