// SPDX-License-Identifier: GPL-2.0-only
/* proof.c - whether hooks that attached can fire at all. */
#include "trace/proof.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "trace/list.h"
#include "trace/scratch.h"

/* What is looked up: the functions that SEAs come through, and all that are hooked. */
static const char *const names[] = {
	"kvm_handle_guest_abort",
	"kvm_handle_vncr_abort",
	"kvm_handle_guest_sea",
	"apei_claim_sea",
	"kvm_arch_destroy_vm",
	"kvm_arch_vcpu_destroy",
	"__kvm_arm_vcpu_set_events",
	"kvm_arm_set_reg",
	NULL,
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

enum sea_called sea_proof_of(struct sea_trace *t, const char *function, char *why, size_t size)
{
	const struct sea_symbols *symbols = sea_trace_symbols(t);
	const struct sea_symbol *caller = NULL, *first = NULL;
	size_t i;

	if (!symbols->read || symbols->hidden) {
		snprintf(why, size,
			 "kernel addresses are hidden: run with CAP_SYSLOG, or set "
			 "kernel.kptr_restrict to 0 or 1");
		return SEA_NOT_PROVEN;
	}
	for (i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		if (i && !has_symbol(symbols, roots[i]))
			continue;
		switch (sea_callers_find(symbols, roots[i], via, function, sea_list_read_text, t,
					 &caller)) {
		case SEA_CALLED:
			first = first ? first : caller;
			break;
		case SEA_NOT_CALLED:
			snprintf(why, size, "nothing that %s leads to calls it: it was inlined",
				 roots[i]);
			return SEA_NOT_CALLED;
		case SEA_NOT_PROVEN:
			snprintf(why, size, "cannot read the kernel's text of %s", roots[i]);
			return SEA_NOT_PROVEN;
		}
	}
	snprintf(why, size, "called by %s", first->name);
	return SEA_CALLED;
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

__u64 sea_proof_missed(const struct sea_trace *t, bool *unknown)
{
	__u64 sum = 0, missed;
	size_t i;

	*unknown = false;

	for (i = 0; i < t->nr_hooks; i++) {
		const struct sea_hook *hook = &t->hooks[i];
		struct bpf_prog_info info = {0};
		__u32 size = sizeof(info);

		missed = 0;
		if (bpf_obj_get_info_by_fd(bpf_program__fd(hook->program), &info, &size))
			*unknown = true;
		if (bpf_program__type(hook->program) == BPF_PROG_TYPE_KPROBE &&
		    !kprobe_missed(hook->link, &missed))
			*unknown = true;
		sum += info.recursion_misses + missed;
	}
	return sum;
}

/* How a hook can be made to fire, or else be proven to. */
static enum sea_alive prove(struct sea_trace *t, const struct sea_hook *hook, bool has_stats,
			    char *why, size_t size)
{
	const char *section = bpf_program__section_name(hook->program);
	const char *function = sea_program_target(hook->program);
	struct bpf_prog_info info = {0};
	__u32 len = sizeof(info);

	if (!strncmp(section, "tp_btf/", 7)) {
		snprintf(why, size, "a tracepoint is where the kernel has it");
		return SEA_ALIVE;
	}
	if (!strcmp(function, "apei_claim_sea") || !strcmp(function, "kvm_handle_guest_sea")) {
		switch (sea_proof_of(t, function, why, size)) {
		case SEA_CALLED:
			return SEA_ALIVE;
		case SEA_NOT_CALLED:
			return SEA_DEAD;
		default:
			return SEA_MAYBE_ALIVE;
		}
	}
	if (!has_stats || bpf_obj_get_info_by_fd(bpf_program__fd(hook->program), &info, &len)) {
		snprintf(why, size, "could not be tried: run with CAP_SYS_ADMIN and /dev/kvm");
		return SEA_MAYBE_ALIVE;
	}
	if (info.run_cnt) {
		snprintf(why, size, "fired when tried");
		return SEA_ALIVE;
	}
	snprintf(why, size, "did not fire when tried: it was inlined");
	return SEA_DEAD;
}

/* Does all that a VM without SEAs can do to make hooks fire. */
static bool try_hooks(void)
{
	struct sea_scratch scratch;
	struct sea_error err;
	bool done;

	if (sea_scratch_open(&scratch, &err))
		return false;
	done = !sea_scratch_answer(&scratch, &err);
	sea_scratch_close(&scratch);
	return done;
}

void sea_proof_examine(struct sea_trace *t, struct sea_source_report *report)
{
	int stats = bpf_enable_stats(BPF_STATS_RUN_TIME);
	bool tried = try_hooks();
	size_t i;

	for (i = 0; i < t->nr_hooks && report->nr_hooks < SEA_REPORT_HOOKS; i++) {
		struct sea_hook_report *hook = &report->hooks[report->nr_hooks++];

		snprintf(hook->program, sizeof(hook->program), "%s",
			 bpf_program__name(t->hooks[i].program));
		snprintf(hook->function, sizeof(hook->function), "%s",
			 sea_program_target(t->hooks[i].program));
		hook->alive =
			prove(t, &t->hooks[i], stats >= 0 && tried, hook->why, sizeof(hook->why));
	}
	if (stats >= 0)
		close(stats);
}
