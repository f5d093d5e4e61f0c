/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vmm.h - the process that a VM is known by.
 */
#ifndef VMM_H
#define VMM_H

#include "kvm_types.h"

#include <bpf/bpf_core_read.h>

/* How far up a VMM is looked for among processes that share their memory */
#define MAX_SHARERS 4

/*
 * All that share the memory of a VM's creator may run the VM; it is known by the process
 * that the others came from, as long as that is there. The task has the memory `mm`.
 */
static __always_inline struct task_struct *vmm_of(struct task_struct *task, __u64 mm)
{
	struct task_struct *vmm = BPF_CORE_READ(task, group_leader);

	for (int i = 0; i < MAX_SHARERS; i++) {
		if ((__u64)BPF_CORE_READ(vmm, real_parent, mm) != mm)
			break;
		vmm = BPF_CORE_READ(vmm, real_parent, group_leader);
	}
	return vmm;
}

#endif /* VMM_H */
