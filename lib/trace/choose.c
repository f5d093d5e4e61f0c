// SPDX-License-Identifier: GPL-2.0-only
#include "trace/choose.h"

#include <string.h>

#include <bpf/btf.h>

#include "base/log.h"
#include "trace/list.h"
#include "trace/load.h"
#include "trace/proof.h"

/* A kernel that has one of these has the exit: a guess, if KVM cannot be asked. */
static bool guess_exit(void)
{
	return libbpf_find_vmlinux_btf_id("kvm_handle_guest_sea", BPF_TRACE_FENTRY) > 0 ||
	       libbpf_find_vmlinux_btf_id("kvm_sea_forwarded", BPF_TRACE_RAW_TP) > 0;
}

/* Asks KVM what it has, by a VM of our own, if that can be had. */
bool sea_choose_ask_kvm(struct sea_trace *t, struct sea_scratch *scratch)
{
	struct sea_error err;

	sea_list_register(t);
	t->exit_known = !sea_scratch_open(scratch, &err);
	t->has_exit = t->exit_known ? scratch->has_exit : guess_exit();
	if (!t->exit_known)
		sea_log("%s", err.text);
	return t->exit_known;
}

void sea_choose_calibrate(struct sea_trace *t, const struct sea_scratch *scratch)
{
	struct sea_error err;

	if (t->exit_known && sea_list_calibrate(t, scratch, &t->hcr, &err))
		sea_log("%s", err.text);
	/* The programs may need it for their decision. */
	t->skel->bss->exit_flag = t->exit_flag;
}

/* A hook that is not called would count nothing, for ever. */
static int prove_hooks(struct sea_trace *t, const struct sea_source *source, struct sea_error *err)
{
	const struct sea_hook_state *dead;
	struct sea_hooks hooks = {0};

	sea_proof_read_text(t);
	sea_proof_hooks(t, &hooks);
	dead = sea_proof_dead(&hooks, SEA_PART_SOURCE);
	return dead ? sea_error_set(err,
				    "the source %s would count nothing: its hook on %s is not "
				    "called: %s; see seastat doctor",
				    source->name, dead->function, dead->by) :
		      0;
}

static int load_source(struct sea_trace *t, const struct sea_source *source,
		       const struct sea_scratch *scratch, struct sea_error *err)
{
	if (sea_trace_load(t, source, err))
		return -1;
	t->source = source;
	sea_choose_calibrate(t, scratch);
	if (!prove_hooks(t, source, err))
		return 0;
	sea_trace_unload(t);
	return -1;
}

/* With the hook that sees SEAs leave for the VMM if that can be had, or else without. */
int sea_choose_try(struct sea_trace *t, const struct sea_source *source,
		   const struct sea_scratch *scratch, struct sea_error *err)
{
	t->sees_exit = t->has_exit && !source->needs;
	if (!load_source(t, source, scratch, err))
		return 0;
	if (!t->sees_exit)
		return -1;
	sea_log("%s", err->text);
	t->sees_exit = false;
	return load_source(t, source, scratch, err);
}

int sea_choose_source(struct sea_trace *t, const struct sea_scratch *scratch, struct sea_error *err)
{
	const struct sea_source *source;
	size_t i;

	/* The error of the last source stands: each is easier to have than the one before. */
	for (i = 0; (source = sea_source_at(i)); i++) {
		if (t->options.source && strcmp(t->options.source, source->name))
			continue;
		if (!sea_choose_try(t, source, scratch, err))
			return 0;
		sea_log("source %s: %s", source->name, err->text);
	}
	return -1;
}
