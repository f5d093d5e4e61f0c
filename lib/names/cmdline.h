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
 * All of these write at most size bytes (at least 8), NUL included, and what they
 * write is not empty. False: the command line does not say, or what it says may
 * have been cut; out is then undefined. comm is the process's name, for when argv[0] is
 * no VMM's; NULL: unknown. rules.c has the options.
 */

/*
 * The name that the VM was given, made safe by sea_printable(), to the letter but
 * for a container's id, which is shortened: QEMU's -name NAME and -name guest=NAME
 * with ",," for a comma, Firecracker's --id, --name of crosvm, kvmtool and others.
 * If it was given twice, the last one counts, as it does for the VMMs.
 */
bool sea_vm_name_from_cmdline(const struct sea_vm_cmdline *cmdline, const char *comm, char *out,
			      size_t size);

/*
 * The path of the VMM's socket (Cloud Hypervisor's --api-socket, Firecracker's
 * --api-sock, crosvm's --socket, ...), the last one; or of the file that its VM was
 * made of (--disk, -drive), the first one that is no firmware and no CD. Of any
 * content. See path.h for the names in it.
 */
bool sea_vm_socket_from_cmdline(const struct sea_vm_cmdline *cmdline, const char *comm, char *out,
				size_t size);
bool sea_vm_image_from_cmdline(const struct sea_vm_cmdline *cmdline, const char *comm, char *out,
			       size_t size);

/* QEMU's -uuid, in lower case. size has to be SEA_VM_UUID_LEN. */
bool sea_vm_uuid_from_cmdline(const struct sea_vm_cmdline *cmdline, const char *comm, char *out,
			      size_t size);

/*
 * It is a QEMU of KubeVirt's, which calls its VMs NAMESPACE_NAME: KubeVirt's paths or
 * its SMBIOS are in the command line, or at least libvirt wrote the name and both
 * parts are such as Kubernetes allows. That it runs in a pod is for the cgroup to say.
 */
bool sea_vm_cmdline_is_kubevirt(const struct sea_vm_cmdline *cmdline, const char *comm);

/* 8-4-4-4-12 hexadecimal digits; out is in lower case. */
bool sea_vm_uuid_parse(const char *text, size_t len, char out[SEA_VM_UUID_LEN]);

#endif /* SEA_VM_CMDLINE_H */
