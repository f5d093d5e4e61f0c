// SPDX-License-Identifier: GPL-2.0-only
/* trial.c - finds out by trying what no file says. */
#include "doctor/doctor.h"

#include "show/vm-list.h"

/* Of the kernel's text. That it cannot be read is no error: the release is asked then. */
static enum sea_repeats read_repeats(void)
{
	const struct sea_trace_options options = {.list = true, .max_vms = SEA_TRACE_MIN_VMS};
	enum sea_repeats repeats;
	struct sea_trace *trace;
	struct sea_error ignored;

	if (sea_trace_open(&options, &trace, &ignored))
		return SEA_REPEATS_UNKNOWN;
	repeats = sea_trace_repeats(trace);
	sea_trace_close(trace);
	return repeats;
}

int sea_doctor_try(struct sea_doctor_facts *facts, struct sea_vm_names *names,
		   struct sea_error *err)
{
	size_t i;

	if (!sea_doctor_can_trace(facts))
		return 0;
	facts->tried = true;
	facts->repeats = read_repeats();
	facts->listed =
		!sea_vm_list_make(&facts->view, names, NULL, NULL, &facts->kvm, &facts->no_list);
	for (i = 0; i < SEA_DOCTOR_SOURCES && sea_trace_source_name(i); i++) {
		if (sea_trace_examine(sea_trace_source_name(i), &facts->sources[i], err))
			return -1;
		facts->nr_sources++;
	}
	return sea_trace_examine_host(&facts->evidence, err);
}
