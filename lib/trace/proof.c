// SPDX-License-Identifier: GPL-2.0-only
#include "trace/proof.h"

#include <stdio.h>
#include <string.h>

#include <bpf/bpf.h>

#include "trace/environment.h"
#include "trace/list.h"

/* What is looked up: the functions that SEAs come through, and all that are hooked. */
static const char *const names[] = {
	"kvm_handle_guest_abort", "kvm_handle_vncr_abort",
	"kvm_handle_guest_sea",	  "apei_claim_sea",
	"kvm_arch_destroy_vm",	  "kvm_arch_flush_shadow_all",
	"kvm_arm_set_reg",	  NULL,
};

/* Where guests' SEAs come in. The second is there since nested virtualisation. */
static const char *const roots[] = {"kvm_handle_guest_abort", "kvm_handle_vncr_abort"};
static const char *const via[] = {"kvm_handle_guest_abort", "kvm_handle_vncr_abort",
				  "kvm_handle_guest_sea", NULL};

const struct sea_symbols *sea_trace_symbols(struct sea_trace *t)
{
	FILE *file;

	if (t->symbols_read)
		return &t->symbols;
	t->symbols_read = true;
	file = fopen("/proc/kallsyms", "re");
	if (file) {
		sea_symbols_read(&t->symbols, file, names);
		fclose(file);
	}
	return &t->symbols;
}

static bool has_symbol(const struct sea_symbols *symbols, const char *name)
{
	return sea_symbols_find(symbols, name) || sea_symbols_renamed(symbols, name);
}

enum sea_called sea_proof_roots(const enum sea_called *called, size_t nr)
{
	enum sea_called result = SEA_NOT_CALLED;
	size_t i;

	for (i = 0; i < nr; i++) {
		if (called[i] == SEA_NOT_PROVEN || (!i && called[i] == SEA_NOT_CALLED))
			return called[i];
		if (called[i] == SEA_CALLED)
			result = SEA_CALLED;
	}
	return result;
}

enum sea_called sea_proof_of(struct sea_trace *t, const char *function, const char **unread)
{
	const struct sea_symbols *symbols = sea_trace_symbols(t);
	enum sea_called called[sizeof(roots) / sizeof(roots[0])];
	const struct sea_symbol *caller;
	size_t i, nr = 0;

	*unread = "the kernel's text cannot be read";
	if (!symbols->read || symbols->hidden) {
		struct sea_privileges privileges;

		sea_privilege_read(&privileges);
		*unread = sea_hidden_text(sea_hidden_why("", &privileges));
		return SEA_NOT_PROVEN;
	}
	for (i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		if (!i || has_symbol(symbols, roots[i]))
			called[nr++] = sea_callers_find(symbols, roots[i], via, function,
							sea_list_read_text, t, &caller);
	return sea_proof_roots(called, nr);
}

/* bpf_link_info of a kprobe as Linux 6.9 has it; older headers and kernels lack the end. */
struct kprobe_link_info {
	__u32 type;
	__u32 id;
	__u32 prog_id;
	__u32 pad;
	__u32 perf_type;
	__u32 pad2;
	__u64 func_name;
	__u32 name_len;
	__u32 offset;
	__u64 addr;
	__u64 missed;
	__u64 cookie;
	__u64 rest[16];
};

#define LINK_TYPE_PERF_EVENT 7
#define PERF_EVENT_KPROBE 3
#define PERF_EVENT_KRETPROBE 4

/* Entries that the kprobe itself missed, in *missed; false: the kernel does not tell. */
static bool kprobe_missed(const struct bpf_link *link, __u64 *missed)
{
	struct kprobe_link_info info = {0};
	__u32 size = sizeof(info);

	if (bpf_obj_get_info_by_fd(bpf_link__fd(link), &info, &size) ||
	    info.type != LINK_TYPE_PERF_EVENT ||
	    (info.perf_type != PERF_EVENT_KPROBE && info.perf_type != PERF_EVENT_KRETPROBE))
		return false;
	*missed = info.missed;
	/* The size is then that of what the kernel filled in. */
	return size >= offsetof(struct kprobe_link_info, missed) + sizeof(info.missed);
}

/* Times that the kernel skipped the hook, to keep it from recursing; *at_least: or more. */
static __u64 missed_by(const struct sea_hook *hook, bool *at_least)
{
	struct bpf_prog_info info = {0};
	__u32 size = sizeof(info);
	__u64 missed = 0;

	*at_least = bpf_obj_get_info_by_fd(bpf_program__fd(hook->bpf), &info, &size) != 0;
	if (hook->program->mechanism == SEA_BY_KPROBE && !kprobe_missed(hook->link, &missed))
		*at_least = true;
	return info.recursion_misses + missed;
}

bool sea_proof_only_seas_call(const char *function)
{
	return !strcmp(function, "apei_claim_sea") || !strcmp(function, "kvm_handle_guest_sea");
}

void sea_proof_read_text(struct sea_trace *t)
{
	size_t i;

	for (i = 0; i < t->nr_hooks; i++) {
		struct sea_hook *hook = &t->hooks[i];
		const char *function = sea_program_target(hook->bpf);

		if (sea_proof_only_seas_call(function))
			hook->called = sea_proof_of(t, function, &hook->unread);
	}
}

void sea_proof_hooks(const struct sea_trace *t, struct sea_hooks *hooks)
{
	size_t i;

	hooks->nr = t->nr_hooks;
	for (i = 0; i < t->nr_hooks; i++) {
		const struct sea_hook *hook = &t->hooks[i];
		const struct sea_program *program = hook->program;
		const struct sea_hook_facts facts = {
			.mechanism = program->mechanism,
			.trial = t->trial[program->mechanism],
			.off = sea_switches_off(&t->switches, program->mechanism),
			.can_be_tried = program->fired != SEA_FIRED_NONE,
			.tried = t->tried & program->fired,
			.fired = t->fired & program->fired,
			.called = hook->called,
			.unread = hook->unread,
		};
		struct sea_hook_state *state = &hooks->hooks[i];

		state->program = program->name;
		state->function = sea_program_target(hook->bpf);
		state->part = program->part;
		state->mechanism = program->mechanism;
		state->proof = sea_armed_judge(&facts, &state->by);
		state->missed = missed_by(hook, &state->missed_at_least);
	}
}

const struct sea_hook_state *sea_proof_dead(const struct sea_hooks *hooks, enum sea_part part)
{
	size_t i;

	for (i = 0; i < hooks->nr; i++)
		if (hooks->hooks[i].part == part && hooks->hooks[i].proof == SEA_DISPROVEN)
			return &hooks->hooks[i];
	return NULL;
}
