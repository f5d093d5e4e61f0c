// SPDX-License-Identifier: GPL-2.0-only
#include "names/name.h"

const char *sea_vm_origin_name(enum sea_vm_origin origin)
{
	static const char *const names[SEA_VM_ORIGINS] = {
		[SEA_VM_FROM_MAP] = "map-file",	     [SEA_VM_FROM_CMDLINE] = "cmdline",
		[SEA_VM_FROM_MACHINED] = "machined", [SEA_VM_FROM_CGROUP] = "cgroup",
		[SEA_VM_FROM_COMM] = "comm",	     [SEA_VM_FROM_PID] = "pid",
		[SEA_VM_FROM_NOTHING] = "none",
	};

	return origin < SEA_VM_ORIGINS ? names[origin] : "none";
}
