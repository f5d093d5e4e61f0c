// SPDX-License-Identifier: GPL-2.0-only
/* facts.c - finds out what doctor.c judges, by trying. */
#include "doctor/doctor.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "trace/environment.h"
#include "show/vm-list.h"

static void look_at_machine(struct sea_doctor_facts *facts)
{
	const struct sea_trace_system here = {0};
	struct utsname name;
	int step;

	if (!uname(&name)) {
		snprintf(facts->machine, sizeof(facts->machine), "%s", name.machine);
		snprintf(facts->host, sizeof(facts->host), "%s", name.nodename);
		snprintf(facts->kernel, sizeof(facts->kernel), "%s", name.release);
	}
	facts->can_trace = !sea_trace_check(&here, &facts->no_trace);
	for (step = 0; step < SEA_STEPS; step++)
		facts->may[step] = sea_privilege_has("", step);
}

static void look_at_hest(struct sea_doctor_facts *facts)
{
	static char table[SEA_HEST_MAX];
	FILE *file = fopen(SEA_HEST_PATH, "re");
	size_t size;

	if (!file && errno == ENOENT) {
		facts->hest_state = SEA_HEST_ABSENT;
		return;
	}
	size = file ? fread(table, 1, sizeof(table), file) : 0;
	if (!file || ferror(file)) {
		sea_error_set(&facts->hest_error,
			      "cannot read HEST: %s; run as root to know what firmware reports",
			      strerror(errno));
		facts->hest_state = SEA_HEST_UNREADABLE;
	} else if (sea_hest_parse(table, size, &facts->hest, &facts->hest_error)) {
		facts->hest_state = SEA_HEST_DAMAGED;
	} else {
		facts->hest_state = SEA_HEST_READ;
	}
	if (file)
		fclose(file);
}

int sea_doctor_examine(struct sea_doctor_facts *facts, struct sea_vm_names *names,
		       struct sea_error *err)
{
	size_t i;

	look_at_machine(facts);
	sea_trace_lockdown("", facts->lockdown);
	look_at_hest(facts);
	if (!facts->can_trace)
		return 0;
	facts->listed = !sea_vm_list_make(&facts->view, names, &facts->kvm, &facts->no_list);
	for (i = 0; i < SEA_DOCTOR_SOURCES && sea_trace_source_name(i); i++) {
		if (sea_trace_examine(sea_trace_source_name(i), &facts->sources[i], err))
			return -1;
		facts->nr_sources++;
	}
	return 0;
}

void sea_doctor_free(struct sea_doctor_facts *facts)
{
	sea_view_free(&facts->view);
}
