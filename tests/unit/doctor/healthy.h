/* SPDX-License-Identifier: GPL-2.0-only */
/* healthy.h - the facts of a made-up host on which all is well, for doctor's tests. */
#ifndef SEA_TEST_HEALTHY_H
#define SEA_TEST_HEALTHY_H

#include "fixtures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor/doctor.h"

static inline struct sea_hook_report healthy_hook(const char *program, const char *function,
						  enum sea_part part)
{
	struct sea_hook_report hook = {.alive = SEA_ALIVE, .part = part};

	snprintf(hook.program, sizeof(hook.program), "%s", program);
	snprintf(hook.function, sizeof(hook.function), "%s", function);
	snprintf(hook.why, sizeof(hook.why), "called by kvm_handle_guest_abort");
	return hook;
}

/* Linux 7.3 with two VMs, vm0 (pid 100) and vm1 (pid 101), that opted in; to be freed. */
static inline void healthy_host(struct sea_doctor_facts *f)
{
	struct sea_source_report *s;
	int i;

	memset(f, 0, sizeof(*f));
	strcpy(f->machine, "aarch64");
	strcpy(f->host, "hv01");
	strcpy(f->kernel, "7.3.4");
	strcpy(f->lockdown, "none");
	for (i = 0; i < SEA_STEPS; i++)
		f->privileges.may[i] = true;
	f->memory_failure_recovery = 1;
	f->panic_on_unrecoverable = -1;
	f->firmware.hest.sources = f->firmware.hest.ghes = 2;
	f->firmware.hest.sea = f->firmware.hest.sea_enabled = f->firmware.sea_taken = 1;
	f->firmware.taken = 2;
	f->firmware.hest.twice = -1;
	f->release_repeats = SEA_REPEATS_UNCLAIMED;

	f->tried = f->listed = true;
	f->repeats = SEA_REPEATS_UNCLAIMED;
	f->kvm = (struct sea_kvm_facts){true, true, true, true, true};
	f->nr_sources = 3;
	f->sources[0].name = "tracepoint";
	strcpy(f->sources[0].why, "the source tracepoint does not attach: this kernel has no "
				  "kvm_sea_* tracepoints; boot one with them");
	s = &f->sources[1];
	s->name = "trampoline";
	s->attached = s->tells_all = true;
	s->check = "kprobe";
	s->hooks[0] = healthy_hook("sea_tr_claim", "apei_claim_sea", SEA_PART_SOURCE);
	s->hooks[1] = healthy_hook("sea_vm_ended", "kvm_arch_destroy_vm", SEA_PART_END);
	s->hooks[2] = healthy_hook("sea_check_kprobe", "apei_claim_sea", SEA_PART_CHECK);
	s->nr_hooks = 3;
	f->sources[2].name = "kprobe";
	f->sources[2].attached = f->sources[2].tells_all = true;
	f->evidence.nr_hooks = 2;
	f->evidence.hooks[0] = (struct sea_host_hook){"memory_failure", "pages", true, false, ""};
	f->evidence.hooks[1] = (struct sea_host_hook){"mc_event", "DIMMs", true, false, ""};
	f->view.rows = calloc(2, sizeof(*f->view.rows));
	assert_non_null(f->view.rows);
	f->view.nr_rows = 2;
	for (i = 0; i < 2; i++) {
		struct sea_row *row = &f->view.rows[i];
		struct sea_vm_info info = {0};

		snprintf(info.name.text, sizeof(info.name.text), "vm%d", i);
		row->kind = SEA_ROW_VM;
		row->info = sea_vm_info_new(&info);
		row->vm.tgid = 100 + (__u32)i;
		row->listed.id = 1 + (__u64)i;
		row->listed.vcpus = 2;
		row->listed.opt_in = SEA_OPT_IN_YES;
	}
}

#endif /* SEA_TEST_HEALTHY_H */
