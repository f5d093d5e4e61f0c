// SPDX-License-Identifier: GPL-2.0-only
/*
 * sea_proof - what shows that SEAs are counted: a second count of them, a trial of each
 * mechanism by which the kernel calls hooks, and the kernel's text.
 *
 * A hook can be attached, and the kernel never call it: kernel.ftrace_enabled stops
 * all trampolines, and kprobes/enabled in debugfs all kprobes. So there is one hook
 * of each mechanism on a function that userspace can have called at any time:
 * BPF_PROG_TEST_RUN of sea_trial_trampoline calls bpf_fentry_test1(), and then passes
 * the tracepoint bpf_test_finish. Both are in every kernel with BPF and networking,
 * since 5.5, for the kernel's own tests; nothing else reaches them.
 *
 * Another program's test run counts here, too. It proves the same.
 */
#include "sea_count.h"
#include "sea_list.h"

/* Guests' SEAs by the hook that checks, since counting started */
__u64 checked;

/* Kernel text that sea_read_text copies. */
__u64 text_address;
__u64 text_size;
__u64 text_failed;
__u8 text[SEA_TEXT_CHUNK];

/* How often each mechanism's hook was called */
__u64 trial_tracepoint;
__u64 trial_trampoline;
__u64 trial_kprobe;

SEC("tp_btf/bpf_test_finish")
int sea_trial_tracepoint(void *ctx)
{
	add(&trial_tracepoint, 1);
	return 0;
}

SEC("fentry/bpf_fentry_test1")
int sea_trial_trampoline(void *ctx)
{
	add(&trial_trampoline, 1);
	return 0;
}

/* A kretprobe is a kprobe on the way in, and then something on the way out. */
SEC("kretprobe/bpf_fentry_test1")
int sea_trial_kprobe(void *ctx)
{
	add(&trial_kprobe, 1);
	return 0;
}

/*
 * The check: the sum of all dispositions has to be the number of guests' SEAs
 * that reach apei_claim_sea(), as they all do. The host's own come with registers.
 */
static __always_inline int check(const void *regs)
{
	if (!regs && started_ns)
		add(&checked, 1);
	return 0;
}

SEC("fentry/apei_claim_sea")
int BPF_PROG(sea_check_trampoline, struct pt_regs *regs)
{
	return check(regs);
}

SEC("kprobe/apei_claim_sea")
int BPF_KPROBE(sea_check_kprobe, struct pt_regs *regs)
{
	return check(regs);
}

/* Works where /proc/kcore is not built in, and needs no CAP_SYS_RAWIO. */
SEC("syscall")
int sea_read_text(void *ctx)
{
	__u64 size = text_size;

	text_failed =
		size > sizeof(text) || bpf_probe_read_kernel(text, size, (void *)text_address);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
