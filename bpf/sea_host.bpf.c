// SPDX-License-Identifier: GPL-2.0-only
/*
 * sea_host - what the host does about bad memory: an object of its own, so that a kernel
 * that refuses any of it still has its SEAs counted.
 *
 *   hook on                       when it is called          what it tells
 *   memory_failure()              a page is taken out        pfn, flags, result
 *   force_sig_mceerr()            the current task touched   SIGBUS MCEERR_AR
 *                                 a bad page
 *   send_sig_mceerr()             a task has a bad page, or  SIGBUS MCEERR_AO; MCEERR_AR
 *                                 its guest touched one      (KVM)
 *   ghes_do_proc(),               the host could not take    SIGBUS without an address
 *   memory_failure_cb(),          the page out               (SI_KERNEL), if one was sent
 *   ghes_memory_failure_task_work()
 *   ras:arm_event, mc_event, non_standard_event, memory_failure_event
 *                                 firmware or a driver       what is in the record
 *                                 reported an error
 *
 * All of them are called for errors of the hardware alone. The function that sends any
 * signal, and its tracepoint, would be simpler, and are not hooked: they run all the time.
 *
 * Each function has a trampoline (tr) and a kprobe (kp), of which userspace attaches one.
 */
#include "host_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "sea_host.h"
#include "vmm.h"

#define SIGBUS 7
#define SI_KERNEL 0x80

/* Signals that wait for a task: one that was just sent is among so many. */
#define MAX_PENDING 16

/* Records (struct sea_host_record): about 700 of them */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} host_records SEC(".maps");

/* Records that found it full, and calls whose way in was not noticed */
__u64 host_lost;

/* Threads in memory_failure(): of which page. Written and removed by the thread itself. */
struct failure {
	__u64 pfn;
	__u64 flags;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, struct failure);
} failures SEC(".maps");

/* Threads that had a SIGBUS waiting before a function that may send them one */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
	__type(value, __u64);
} forewarned SEC(".maps");

/* A zeroed record, to be submitted; NULL: it is lost, and counted. */
static __always_inline struct sea_host_record *start_record(__u8 type)
{
	struct sea_host_record *record = bpf_ringbuf_reserve(&host_records, sizeof(*record), 0);

	if (!record) {
		__sync_fetch_and_add(&host_lost, 1);
		return NULL;
	}
	__builtin_memset(record, 0, sizeof(*record));
	record->version = SEA_ABI_VERSION;
	record->size = sizeof(*record);
	record->type = type;
	record->time_ns = bpf_ktime_get_boot_ns();
	record->cpu = bpf_get_smp_processor_id();
	return record;
}

/* A kernel thread has no memory, and no VM. */
static __always_inline void describe_vmm(struct sea_host_record *record, struct task_struct *task)
{
	__u64 mm = (__u64)BPF_CORE_READ(task, mm);
	struct task_struct *vmm;

	if (!mm)
		return;
	vmm = vmm_of(task, mm);
	record->vmm_tgid = BPF_CORE_READ(vmm, tgid);
	record->vmm_start_ns = BPF_CORE_READ(vmm, start_boottime);
}

/* -------- memory_failure() -------- */

static __always_inline int failure_begins(__u64 pfn, __u64 flags)
{
	struct failure failure = {.pfn = pfn, .flags = flags};
	__u64 thread = bpf_get_current_pid_tgid();

	bpf_map_update_elem(&failures, &thread, &failure, BPF_ANY);
	return 0;
}

static __always_inline int failure_ends(int result)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct failure *failure = bpf_map_lookup_elem(&failures, &thread);
	struct sea_host_record *record;

	if (!failure) {
		__sync_fetch_and_add(&host_lost, 1);
		return 0;
	}
	record = start_record(SEA_HOST_TYPE_MEMORY_FAILURE);
	if (record) {
		record->known = SEA_HOST_HAS_PFN;
		record->pfn = failure->pfn;
		record->flags = failure->flags;
		record->result = result;
		describe_vmm(record, bpf_get_current_task_btf());
		bpf_ringbuf_submit(record, 0);
	}
	bpf_map_delete_elem(&failures, &thread);
	return 0;
}

/* -------- SIGBUS -------- */

static __always_inline int sends_sigbus(struct task_struct *task, int code, __u64 address,
					__u32 lsb)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct sea_host_record *record = start_record(SEA_HOST_TYPE_SIGBUS);
	struct failure *failure;

	if (!record)
		return 0;
	record->code = code;
	record->tgid = BPF_CORE_READ(task, tgid);
	record->tid = BPF_CORE_READ((struct task_struct___host *)task, pid);
	describe_vmm(record, task);
	if (code != SI_KERNEL) {
		record->known |= SEA_HOST_HAS_ADDRESS;
		record->address = address;
		record->lsb = lsb & 0xff;
	}
	/* It is memory_failure() that sends it. */
	failure = bpf_map_lookup_elem(&failures, &thread);
	if (failure) {
		record->known |= SEA_HOST_HAS_PFN;
		record->pfn = failure->pfn;
	}
	bpf_ringbuf_submit(record, 0);
	return 0;
}

static __always_inline bool has_sigbus(void)
{
	struct task_struct___host *task = (void *)bpf_get_current_task_btf();

	return BPF_CORE_READ(task, pending.signal.sig[0]) & (1UL << (SIGBUS - 1));
}

/* si_code of the SIGBUS that waits for the current task; 0: not found. */
static __always_inline int sigbus_code(void)
{
	struct task_struct___host *task = (void *)bpf_get_current_task_btf();
	struct list_head *next = BPF_CORE_READ(task, pending.list.next);
	struct sigqueue *queued;

	for (int i = 0; i < MAX_PENDING && next; i++) {
		queued = (void *)next - bpf_core_field_offset(struct sigqueue, list);
		if (BPF_CORE_READ(queued, info.si_signo) == SIGBUS)
			return BPF_CORE_READ(queued, info.si_code);
		next = BPF_CORE_READ(next, next);
	}
	return 0;
}

/* Into a function that may send the current task a SIGBUS */
static __always_inline int may_force(void)
{
	__u64 thread = bpf_get_current_pid_tgid(), one = 1;

	if (has_sigbus())
		bpf_map_update_elem(&forewarned, &thread, &one, BPF_ANY);
	return 0;
}

/*
 * Out of it. A signal of that number waits only once: with one there before, none was
 * added.
 */
static __always_inline int may_have_forced(void)
{
	__u64 thread = bpf_get_current_pid_tgid();

	if (!bpf_map_delete_elem(&forewarned, &thread) || !has_sigbus() ||
	    sigbus_code() != SI_KERNEL)
		return 0;
	return sends_sigbus(bpf_get_current_task_btf(), SI_KERNEL, 0, 0);
}

/* -------- The programs -------- */

SEC("fentry/memory_failure")
int BPF_PROG(host_tr_failure_in, unsigned long pfn, int flags)
{
	return failure_begins(pfn, flags);
}

SEC("fexit/memory_failure")
int BPF_PROG(host_tr_failure, unsigned long pfn, int flags, int ret)
{
	return failure_ends(ret);
}

SEC("fentry/force_sig_mceerr")
int BPF_PROG(host_tr_forced, int code, void *address, short lsb)
{
	return sends_sigbus(bpf_get_current_task_btf(), code, (__u64)address, lsb);
}

SEC("fentry/send_sig_mceerr")
int BPF_PROG(host_tr_sent, int code, void *address, short lsb, struct task_struct *task)
{
	return sends_sigbus(task, code, (__u64)address, lsb);
}

SEC("fentry/ghes_do_proc")
int host_tr_record_in(void *ctx)
{
	return may_force();
}

SEC("fexit/ghes_do_proc")
int host_tr_record(void *ctx)
{
	return may_have_forced();
}

SEC("fentry/memory_failure_cb")
int host_tr_work_in(void *ctx)
{
	return may_force();
}

SEC("fexit/memory_failure_cb")
int host_tr_work(void *ctx)
{
	return may_have_forced();
}

SEC("fentry/ghes_memory_failure_task_work")
int host_tr_our_work_in(void *ctx)
{
	return may_force();
}

SEC("fexit/ghes_memory_failure_task_work")
int host_tr_our_work(void *ctx)
{
	return may_have_forced();
}

SEC("kprobe/memory_failure")
int BPF_KPROBE(host_kp_failure_in, unsigned long pfn, int flags)
{
	return failure_begins(pfn, flags);
}

SEC("kretprobe/memory_failure")
int BPF_KRETPROBE(host_kp_failure, int ret)
{
	return failure_ends(ret);
}

SEC("kprobe/force_sig_mceerr")
int BPF_KPROBE(host_kp_forced, int code, void *address, short lsb)
{
	return sends_sigbus(bpf_get_current_task_btf(), code, (__u64)address, lsb);
}

SEC("kprobe/send_sig_mceerr")
int BPF_KPROBE(host_kp_sent, int code, void *address, short lsb, struct task_struct *task)
{
	return sends_sigbus(task, code, (__u64)address, lsb);
}

SEC("kprobe/ghes_do_proc")
int host_kp_record_in(void *ctx)
{
	return may_force();
}

SEC("kretprobe/ghes_do_proc")
int host_kp_record(void *ctx)
{
	return may_have_forced();
}

SEC("kprobe/memory_failure_cb")
int host_kp_work_in(void *ctx)
{
	return may_force();
}

SEC("kretprobe/memory_failure_cb")
int host_kp_work(void *ctx)
{
	return may_have_forced();
}

SEC("kprobe/ghes_memory_failure_task_work")
int host_kp_our_work_in(void *ctx)
{
	return may_force();
}

SEC("kretprobe/ghes_memory_failure_task_work")
int host_kp_our_work(void *ctx)
{
	return may_have_forced();
}

/* Later kernels have more arguments behind this one. */
SEC("tp_btf/arm_event")
int BPF_PROG(host_tp_arm, const struct cper_sec_proc_arm *proc)
{
	struct sea_host_record *record = start_record(SEA_HOST_TYPE_ARM_EVENT);
	struct cper_sec_proc_arm copy = {};

	if (!record)
		return 0;
	bpf_probe_read_kernel(&copy, sizeof(copy), proc);
	record->value[SEA_HOST_ARM_VALID] = copy.validation_bits;
	record->value[SEA_HOST_ARM_MPIDR] = copy.mpidr;
	record->value[SEA_HOST_ARM_MIDR] = copy.midr;
	record->value[SEA_HOST_ARM_AFFINITY] = copy.affinity_level;
	record->value[SEA_HOST_ARM_RUNNING] = copy.running_state;
	record->value[SEA_HOST_ARM_PSCI] = copy.psci_state;
	bpf_ringbuf_submit(record, 0);
	return 0;
}

static __always_inline void copy_text(char *to, const char *from)
{
	bpf_probe_read_kernel_str(to, SEA_HOST_RAW_LEN, from);
}

SEC("tp_btf/mc_event")
int BPF_PROG(host_tp_mc, unsigned int type, const char *message, const char *label, int count,
	     __u8 mc, int top, int middle, int low, unsigned long address, __u8 grain_bits,
	     unsigned long syndrome, const char *detail)
{
	struct sea_host_record *record = start_record(SEA_HOST_TYPE_MC_EVENT);

	if (!record)
		return 0;
	record->severity = type;
	record->known = SEA_HOST_HAS_ADDRESS;
	record->address = address;
	record->value[0] = count;
	copy_text(record->text[SEA_HOST_MC_MESSAGE], message);
	copy_text(record->text[SEA_HOST_MC_LABEL], label);
	copy_text(record->text[SEA_HOST_MC_DETAIL], detail);
	bpf_ringbuf_submit(record, 0);
	return 0;
}

SEC("tp_btf/non_standard_event")
int BPF_PROG(host_tp_non_standard, const void *type, const void *fru, const char *fru_text,
	     __u8 severity, const __u8 *error, __u32 len)
{
	struct sea_host_record *record = start_record(SEA_HOST_TYPE_NON_STANDARD);

	if (!record)
		return 0;
	record->severity = severity;
	record->value[4] = len;
	bpf_probe_read_kernel(&record->value[0], 16, type);
	bpf_probe_read_kernel(&record->value[2], 16, fru);
	copy_text(record->text[0], fru_text);
	bpf_ringbuf_submit(record, 0);
	return 0;
}

SEC("tp_btf/memory_failure_event")
int BPF_PROG(host_tp_failure, unsigned long pfn, int type, int result)
{
	struct sea_host_record *record = start_record(SEA_HOST_TYPE_MF_EVENT);

	if (!record)
		return 0;
	record->known = SEA_HOST_HAS_PFN;
	record->pfn = pfn;
	record->flags = type;
	record->result = result;
	bpf_ringbuf_submit(record, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
