// SPDX-License-Identifier: GPL-2.0-only
/* examine.c - what a source, and the kernel, could do here, for seastat doctor. */
#include "trace/trace.h"

#include <stdio.h>
#include <string.h>

#include "trace/choose.h"
#include "trace/ghes.h"
#include "trace/host.h"
#include "trace/kernel-btf.h"
#include "trace/list.h"
#include "trace/proof.h"
#include "trace/trial.h"

const char *sea_trace_source_name(size_t i)
{
	return sea_source_at(i) ? sea_source_at(i)->name : NULL;
}

static void report_hooks(const struct sea_trace *t, struct sea_source_report *report)
{
	static const enum sea_alive alive[SEA_PROOFS] = {
		[SEA_PROOF_NONE] = SEA_MAYBE_ALIVE,
		[SEA_PROVEN] = SEA_ALIVE,
		[SEA_DISPROVEN] = SEA_DEAD,
	};
	struct sea_hooks hooks = {0};
	size_t i;

	sea_proof_hooks(t, &hooks);
	for (i = 0; i < hooks.nr && i < SEA_REPORT_HOOKS; i++) {
		struct sea_hook_report *hook = &report->hooks[report->nr_hooks++];

		snprintf(hook->program, sizeof(hook->program), "%s", hooks.hooks[i].program);
		snprintf(hook->function, sizeof(hook->function), "%s", hooks.hooks[i].function);
		snprintf(hook->why, sizeof(hook->why), "%s", hooks.hooks[i].by);
		hook->alive = alive[hooks.hooks[i].proof];
		hook->part = hooks.hooks[i].part;
	}
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
	if (!source)
		sea_error_set(&why, "no source is called '%.32s'", name);
	report->attached = source && !sea_choose_try(t, source, &scratch, &why);
	if (report->attached) {
		sea_trial_of_hooks(t, &scratch);
		report->tells_all = sea_object_tells_all(t);
		report->check = t->check_name;
		report_hooks(t, report);
	} else {
		snprintf(report->why, sizeof(report->why), "%s", why.text);
	}
	sea_scratch_close(&scratch);
	sea_trace_close(t);
	return 0;
}

/* Nobody wants the records. */
static bool drop_record(const struct sea_host_record *record, void *context)
{
	(void)record;
	(void)context;
	return true;
}

int sea_trace_examine_host(struct sea_host_report *report, struct sea_error *err)
{
	static const enum sea_trial untried[SEA_MECHANISMS];
	struct sea_host *host;
	struct btf *btf;
	int rc;

	memset(report, 0, sizeof(*report));
	sea_object_log_libbpf();
	if (sea_btf_read(SEA_KERNEL_BTF_PATH, &btf, err) != SEA_BTF_READ)
		return -1;
	rc = sea_host_open(btf, untried, drop_record, NULL, &host, err);
	if (!rc) {
		sea_host_report(host, report);
		sea_host_close(host);
	}
	btf__free(btf);
	return rc;
}

enum sea_repeats sea_trace_repeats(struct sea_trace *trace)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	struct sea_symbols symbols;

	if (!file)
		return SEA_REPEATS_UNKNOWN;
	sea_symbols_read(&symbols, file, sea_ghes_functions);
	fclose(file);
	return sea_ghes_by_text(&symbols, sea_list_read_text, trace);
}
