/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cgroup.h - what the cgroup that a VMM runs in says about its VM.
 */
#ifndef SEA_VM_CGROUP_H
#define SEA_VM_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

/*
 * The path of the process's cgroup in the bytes of /proc/PID/cgroup: systemd's
 * own hierarchy on cgroup v1, unless all it says is "/", or else that of cgroup
 * v2. False: there is neither.
 */
bool sea_vm_cgroup_path(const char *cgroup, size_t len, struct sea_span *path);

/*
 * The path of the cgroup that has this id in cgroup v2 (its inode's number), for
 * a process that is gone; ids are not reused. At most size bytes, NUL included.
 * False: the cgroup is gone as well. Looks through the whole tree.
 */
bool sea_vm_cgroup_by_id(uint64_t id, char *path, size_t size);

/*
 * False if the cgroup of that path is another one than that with the id, nor has it
 * below or beside it, where libvirt has cgroups for vCPUs. True also if cgroup v2
 * does not know the path.
 */
bool sea_vm_cgroup_is_near(struct sea_span path, uint64_t id);

/*
 * A name from that path; writes at most size bytes (at least 8), made safe by
 * sea_printable(). It is that of the last component that says something (no
 * slice, no session, no part that all VMs have: rules.c), without what systemd,
 * libvirt and container engines put around it, and with 12 digits of a container's
 * id. False: there is none. It is a VM's only if no other VM has it.
 */
bool sea_vm_name_from_cgroup(struct sea_span path, char *out, size_t size);

/*
 * A name from that of a machine of systemd-machined, likewise: libvirt calls its
 * machines qemu-1-NAME, with a number that is another one after each start.
 */
bool sea_vm_name_from_machine(const char *machine, size_t len, char *out, size_t size);

/* What that name comes from was made for one VM by systemd-machined or libvirt. */
bool sea_vm_cgroup_is_machine(struct sea_span path);

/*
 * The process is part of a pod: kubelet's cgroup is in the path, whatever kubelet's
 * --cgroup-root has put before it ("kubelet-kubepods-burstable.slice").
 */
bool sea_vm_cgroup_is_pod(struct sea_span path);

#endif /* SEA_VM_CGROUP_H */
