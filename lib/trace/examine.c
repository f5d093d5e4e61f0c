// SPDX-License-Identifier: GPL-2.0-only
/* examine.c - what a source could do here, for seastat doctor. */
#include "trace/trace.h"

#include <stdio.h>
#include <string.h>

#include "trace/choose.h"
#include "trace/proof.h"

const char *sea_trace_source_name(size_t i)
{
	return sea_source_at(i) ? sea_source_at(i)->name : NULL;
}

int sea_trace_examine(const char *name, struct sea_source_report *report, struct sea_error *err)
{
	const struct sea_trace_options options = {.source = name};
	const struct sea_source *source = sea_source_find(name);
	struct sea_error why;
	struct sea_scratch scratch;
	struct sea_trace *t;

	memset(report, 0, sizeof(*report));
	report->name = name;
	t = sea_object_new(&options, err);
	if (!t)
		return -1;
	sea_choose_ask_kvm(t, &scratch);
	report->attached = source && !sea_choose_try(t, source, &scratch, &why);
	sea_scratch_close(&scratch);
	if (report->attached) {
		report->tells_all = sea_object_tells_all(t);
		report->check = t->check_name;
		sea_proof_examine(t, report);
	} else {
		snprintf(report->why, sizeof(report->why), "%s", why.text);
	}
	sea_trace_close(t);
	return 0;
}
