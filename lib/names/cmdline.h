/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cmdline.h - what a VMM's command line says about its VM.
 *
 * The bytes may be anything: they are the VMM's own, and it can write to them.
 */
#ifndef SEA_VM_CMDLINE_H
#define SEA_VM_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "names/name.h"

/*
 * Arguments with a NUL behind each, as /proc/PID/cmdline and mm->arg_start have
 * them. The last NUL may be missing.
 */
struct sea_vm_cmdline {
	const char *text;
	size_t len;
	bool cut; /* there was more of it: what reaches the end may go on there */
};

/*
 * All of these write at most size bytes (at least 8), NUL included, made safe
 * by sea_printable() and not empty. False: the command line does not say, or
 * what it says may have been cut; out is then undefined. If an option is there
 * twice, the last one counts, as it does for the VMMs.
 */

/*
 * The name that the VM was given: QEMU's -name NAME and -name guest=NAME with
 * ",," for a comma, Firecracker's --id, --name of crosvm, kvmtool and all others.
 */
bool sea_vm_name_from_cmdline(const struct sea_vm_cmdline *cmdline, char *out, size_t size);

/*
 * A name from the path of the VMM's API socket (Cloud Hypervisor's --api-socket,
 * Firecracker's --api-sock, crosvm's --socket): the last part that is not the
 * same for every VM, as "web" in /run/web.sock and in /run/vms/web/api.sock.
 */
bool sea_vm_name_from_socket(const struct sea_vm_cmdline *cmdline, char *out, size_t size);

/* QEMU's -uuid, in lower case. size has to be SEA_VM_UUID_LEN. */
bool sea_vm_uuid_from_cmdline(const struct sea_vm_cmdline *cmdline, char *out, size_t size);

/* 8-4-4-4-12 hexadecimal digits; out is in lower case. */
bool sea_vm_uuid_parse(const char *text, size_t len, char out[SEA_VM_UUID_LEN]);

#endif /* SEA_VM_CMDLINE_H */
