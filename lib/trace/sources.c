// SPDX-License-Identifier: GPL-2.0-only
#include "trace/sources.h"

#include <string.h>

static const struct sea_source sources[] = {
	{
		.name = "tracepoint",
		.needs = "kvm_sea_forwarded",
		.lacks = "this kernel has no kvm_sea_* tracepoints; "
			 "boot one with kernel/kvm-arm64-sea.patch, or if it is a 7.x with "
			 "kernel/kvm-arm64-sea-v7.patch",
		.programs = {"sea_tp_claimed", "sea_tp_host_owned", "sea_tp_not_opted_in",
			     "sea_tp_forwarded", "sea_tp_answered"},
		.extra_programs = {"sea_vm_ended"},
		.check_programs = {"sea_check_trampoline", "sea_check_kprobe"},
	},
	{
		.name = "trampoline",
		.programs = {"sea_tr_claim"},
		.exit_programs = {"sea_tr_events", "sea_tr_reg", "sea_tr_vcpu_gone"},
		.handle_programs = {"sea_tr_handle"},
		.extra_programs = {"sea_vm_ended"},
		.check_programs = {"sea_check_kprobe", "sea_check_trampoline"},
	},
	{
		.name = "kprobe",
		.programs = {"sea_kp_claim", "sea_kp_claim_ret"},
		.exit_programs = {"sea_kp_events", "sea_kp_reg", "sea_kp_vcpu_gone"},
		.handle_programs = {"sea_kp_handle", "sea_kp_handle_ret"},
		.extra_programs = {"sea_kp_ended"},
		.check_programs = {"sea_check_trampoline", "sea_check_kprobe"},
	},
};

const struct sea_source *sea_source_at(size_t i)
{
	return i < sizeof(sources) / sizeof(sources[0]) ? &sources[i] : NULL;
}

const struct sea_source *sea_source_find(const char *name)
{
	const struct sea_source *source;
	size_t i;

	for (i = 0; (source = sea_source_at(i)); i++)
		if (!strcmp(name, source->name))
			return source;
	return NULL;
}
