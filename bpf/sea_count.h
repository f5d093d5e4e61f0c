/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sea_count.h - the maps and the counting, the same for every source.
 *
 * Whatever hook saw it, every SEA ends in sea_taken(), every answer of a VMM in
 * sea_answered() and every VM in vm_gone(). What is weak here exists once in the
 * object that is linked from all sources.
 */
#ifndef SEA_COUNT_H
#define SEA_COUNT_H

#include "kvm_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "kernel_differences.h"
#include "vmm.h"
#include "sea_abi.h"
#include "sea_arm.h"
#include "stage2.h"

#define NSEC_PER_SEC 1000000000ULL
#define NSEC_PER_USEC 1000ULL

/* Set before the object is loaded. */
const volatile bool details __weak = true;	  /* somebody reads detail records */
const volatile __u64 max_event_rate __weak = 100; /* detail records per VM and second */
const volatile __u64 event_burst __weak = 200;	  /* detail records per VM at once */
const volatile __u32 page_shift __weak = 12;	  /* log2 of the kernel's page size */

/*
 * CLOCK_BOOTTIME at which counting starts; 0: not yet. Userspace sets it when
 * every hook is attached, so that all counters start at the same moment.
 */
__u64 started_ns __weak;

/*
 * The bit of kvm_arch::flags that says that the VMM enabled
 * KVM_CAP_ARM_SEA_TO_USER, as a mask. It is no ABI and not in BTF: userspace finds
 * it by trying. 0: not known.
 */
__u64 exit_flag __weak;

/* The next VM's id, less one. Not reused, so that a row is never mistaken. */
__u64 last_vm_id __weak;

/*
 * Which row a struct kvm has, and which VM it was then. Not which process ran it:
 * any that shares the memory may.
 */
struct vm_ref {
	__u64 id;
	__u64 mm;      /* kvm::mm; a key only, like the address of struct kvm */
	__u32 creator; /* kvm::userspace_pid: the thread that made the VM */
	__u32 reserved;
};

/*
 * struct kvm -> row. Written at first sight of a VM, removed when it ends. The
 * address is a key only: it is never shown, and may be reused by a later VM.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SEA_MAX_VMS_DEFAULT);
	__type(key, __u64);
	__type(value, struct vm_ref);
} vm_refs __weak SEC(".maps");

/*
 * Id -> identity and counters of a VM. Userspace reads it, and removes rows of
 * VMs that have ended, after which nothing here writes to them.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SEA_MAX_VMS_DEFAULT);
	__type(key, __u64);
	__type(value, struct sea_vm);
} vms __weak SEC(".maps");

/* The row for all VMs that found no room in `vms` */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct sea_vm);
} other __weak SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct sea_totals);
} totals __weak SEC(".maps");

/* Detail records (struct sea_event) */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events __weak SEC(".maps");

/*
 * Who the VMs are (struct sea_vm_event). Not among the details, so that none of
 * them is lost for want of room: before loading, this is made as large as the table.
 */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 2 * 1024 * 1024);
} seen __weak SEC(".maps");

/* A new row, before its identity is filled in */
static const struct sea_vm new_vm;

/* What a record in the ring buffer starts from: no stale kernel memory in it */
static const struct sea_vm_event new_vm_event;

static __always_inline void add(__u64 *counter, __u64 n)
{
	__sync_fetch_and_add(counter, n);
}

static __always_inline struct sea_totals *get_totals(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&totals, &zero);
}

static __always_inline struct sea_vm *other_vm(void)
{
	struct sea_totals *t = get_totals();
	__u32 zero = 0;

	if (t)
		add(&t->lost_table_full, 1);
	return bpf_map_lookup_elem(&other, &zero);
}

/* Tell userspace who the VM is while the memory of its VMM is there. */
static __noinline int announce_vm(struct sea_vm *vm)
{
	struct mm_struct *mm = bpf_get_current_task_btf()->mm;
	struct sea_vm_event *event;
	__u64 start, len;

	if (!vm)
		return 0;
	event = bpf_ringbuf_reserve(&seen, sizeof(*event), 0);
	if (!event) {
		add(&vm->lost_name, 1);
		return 0;
	}

	bpf_probe_read_kernel(event, sizeof(*event), &new_vm_event);
	event->version = SEA_ABI_VERSION;
	event->size = sizeof(*event);
	event->type = SEA_EVENT_VM_SEEN;
	event->time_ns = vm->first_ns;
	event->vm_id = vm->id;
	event->start_ns = vm->start_ns;
	event->cgroup_id = bpf_get_current_cgroup_id();
	event->tgid = vm->tgid;
	event->creator = vm->creator;
	event->creator_fd = vm->creator_fd;
	__builtin_memcpy(event->comm, vm->comm, sizeof(event->comm));

	start = BPF_CORE_READ(mm, arg_start);
	len = BPF_CORE_READ(mm, arg_end) - start;
	if (len > sizeof(event->cmdline)) {
		len = sizeof(event->cmdline);
		event->cut = 1;
	}
	/* Fails if the page is swapped out: then there is no command line. */
	if (len && !bpf_probe_read_user(event->cmdline, len, (void *)start))
		event->cmdline_len = len;
	bpf_ringbuf_submit(event, 0);
	return 0;
}

/* Characters of "4194304-2147483647", what KVM calls a VM in debugfs, and the NUL */
#define DEBUGFS_NAME_LEN 24

/*
 * The descriptor that the VM's maker got for it: what follows the "-" in the name of
 * the VM's directory in debugfs (since Linux 4.7, kvm_create_vm_debugfs()). -1: the
 * kernel has no debugfs, or has another name there.
 */
static __noinline int creator_fd_of(__u64 kvm)
{
	char name[DEBUGFS_NAME_LEN] = {};
	bool behind = false;
	int fd = -1;

	if (!bpf_core_field_exists(((struct kvm *)0)->debugfs_dentry))
		return -1;
	bpf_probe_read_kernel_str(name, sizeof(name),
				  BPF_CORE_READ((struct kvm *)kvm, debugfs_dentry, d_name.name));
	for (int i = 0; i < DEBUGFS_NAME_LEN - 1; i++) {
		char c = name[i];

		if (!c)
			break;
		if (c == '-')
			behind = true;
		else if (c < '0' || c > '9')
			return -1;
		else if (behind)
			fd = (fd < 0 ? 0 : fd * 10) + (c - '0');
	}
	return fd;
}

/*
 * Give the VM that the task can run a row, and the reference its id. NULL: the table
 * is full.
 */
static __noinline struct sea_vm *create_vm(__u64 kvm, struct vm_ref *ref, struct task_struct *task)
{
	struct sea_totals *t = get_totals();
	struct task_struct *vmm;
	struct vm_ref *winner;
	struct sea_vm *vm;

	if (!ref || !t)
		return NULL;

	ref->id = __sync_fetch_and_add(&last_vm_id, 1) + 1;
	if (bpf_map_update_elem(&vms, &ref->id, &new_vm, BPF_NOEXIST))
		goto taken;
	vm = bpf_map_lookup_elem(&vms, &ref->id);
	if (!vm)
		return NULL;

	vmm = vmm_of(task, ref->mm);
	vm->start_ns = BPF_CORE_READ(vmm, start_boottime);
	vm->tgid = BPF_CORE_READ(vmm, tgid);
	vm->creator = ref->creator;
	vm->creator_fd = creator_fd_of(kvm);
	vm->tokens = event_burst;
	vm->first_ns = vm->tokens_ns = bpf_ktime_get_boot_ns();
	BPF_CORE_READ_STR_INTO(&vm->comm, vmm, comm);

	if (!bpf_map_update_elem(&vm_refs, &kvm, ref, BPF_NOEXIST)) {
		/* Last, and with a barrier: userspace skips a row without an id. */
		__sync_lock_test_and_set(&vm->id, ref->id);
		add(&t->vms, 1);
		return vm;
	}

	bpf_map_delete_elem(&vms, &ref->id);
taken:
	/* Another vCPU of the VM may have been faster, and had the last row. */
	winner = bpf_map_lookup_elem(&vm_refs, &kvm);
	if (!winner)
		return NULL;
	ref->id = winner->id;
	return bpf_map_lookup_elem(&vms, &ref->id);
}

/*
 * The row of a VM that the task can run, and its id, which the row gets last; NULL:
 * there is no room. A reference to another VM is of an earlier one, whose struct kvm
 * this one got.
 */
static __always_inline struct sea_vm *vm_of(__u64 kvm, struct task_struct *task, __u64 *id)
{
	struct vm_ref ref = {
		.mm = (__u64)BPF_CORE_READ((struct kvm *)kvm, mm),
		.creator = BPF_CORE_READ((struct kvm *)kvm, userspace_pid),
	};
	struct vm_ref *old = bpf_map_lookup_elem(&vm_refs, &kvm);
	struct sea_vm *vm;

	if (old) {
		*id = old->id;
		vm = bpf_map_lookup_elem(&vms, id);
		if (old->mm == ref.mm && old->creator == ref.creator)
			return vm;
		if (vm)
			vm->ended_ns = bpf_ktime_get_boot_ns();
		bpf_map_delete_elem(&vm_refs, &kvm);
	}

	vm = create_vm(kvm, &ref, task);
	*id = ref.id;
	return vm;
}

/* The row of a VM in whose context we run, and its id; 0: `other` */
static __always_inline struct sea_vm *current_vm(__u64 kvm, __u64 *id)
{
	struct sea_vm *vm = vm_of(kvm, bpf_get_current_task_btf(), id);

	if (!vm) {
		*id = 0;
		return other_vm();
	}
	/* Without an id: who makes the row is about to do it. */
	if (vm->id && !vm->announced && !__sync_lock_test_and_set(&vm->announced, 1))
		announce_vm(vm);
	return vm;
}

/*
 * The row that an SEA went to. Its answer goes there as well, in whatever context
 * that comes: the VM may be dying.
 */
static __always_inline struct sea_vm *row_of(__u64 *id)
{
	struct sea_vm *vm = *id ? bpf_map_lookup_elem(&vms, id) : NULL;

	if (vm)
		return vm;
	*id = 0;
	return other_vm();
}

/*
 * A token bucket per VM, so that a storm in one does not drown the others'
 * records. Concurrent vCPUs may let a record more through than the rate says;
 * each record is either sent or counted as lost all the same.
 */
static __always_inline bool take_token(struct sea_vm *vm, __u64 now)
{
	__u64 last = vm->tokens_ns;
	__u64 earned = (now - last) * max_event_rate / NSEC_PER_SEC;

	if (now > last && earned &&
	    __sync_val_compare_and_swap(&vm->tokens_ns, last, now) == last) {
		/* Below 0 while others find that there is none. */
		__s64 tokens = (__s64)(vm->tokens + earned);

		vm->tokens = tokens < (__s64)event_burst ? (__u64)tokens : event_burst;
	}

	if ((__s64)__sync_fetch_and_add(&vm->tokens, -1) > 0)
		return true;
	__sync_fetch_and_add(&vm->tokens, 1);
	return false;
}

/* What is told of an SEA. Its answer may come when the vCPU has had other exits. */
struct sea_abort {
	__u64 esr;
	__u64 far;
	__u64 ipa;
	__u64 pc;
	__u32 flags; /* SEA_*_VALID */
	__u32 vcpu;
	__u32 tid;
	__u32 cpu;
};

/* Of the vCPU's last exit, which is an SEA, in the context of who runs it */
static __always_inline void read_abort(struct sea_abort *abort, struct kvm_vcpu *vcpu)
{
	__u64 esr = BPF_CORE_READ(vcpu, arch.fault.esr_el2);

	__builtin_memset(abort, 0, sizeof(*abort));
	abort->vcpu = BPF_CORE_READ(vcpu, vcpu_id);
	abort->tid = (__u32)bpf_get_current_pid_tgid();
	abort->cpu = bpf_get_smp_processor_id();
	abort->esr = esr;

	abort->pc = BPF_CORE_READ(vcpu, arch.ctxt.regs.pc);
	abort->flags |= SEA_PC_VALID;

	/* Of an access through VNCR_EL2 KVM has the addresses of the abort before. */
	if (esr & ESR_VNCR)
		return;

	/* FnV is RES0 for any SEA but 0x10. */
	if ((esr & ESR_FSC_MASK) != ESR_FSC_EXTABT || !(esr & ESR_FNV)) {
		abort->far = BPF_CORE_READ(vcpu, arch.fault.far_el2);
		abort->flags |= SEA_FAR_VALID;
	}

	if (!has_nested_ipas(vcpu) && fault_ipa(vcpu, &abort->ipa))
		abort->flags |= SEA_IPA_VALID;
}

/*
 * A zeroed detail record with all that every type of it has. NULL: nobody wants it, or
 * it is lost, and counted. `id` is the row's, which may not be in there yet.
 */
static __always_inline struct sea_event *start_event(struct sea_vm *vm, __u64 id, __u8 type,
						     __u64 now)
{
	struct sea_event *event;

	if (!details)
		return NULL;
	if (!take_token(vm, now)) {
		add(&vm->lost_ratelimit, 1);
		return NULL;
	}

	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		add(&vm->lost_ring_full, 1);
		return NULL;
	}

	__builtin_memset(event, 0, sizeof(*event));
	event->version = SEA_ABI_VERSION;
	event->size = sizeof(*event);
	event->type = type;
	event->time_ns = now;
	event->vm_id = id;
	event->start_ns = vm->start_ns;
	event->tgid = vm->tgid;
	event->tid = (__u32)bpf_get_current_pid_tgid();
	event->cpu = bpf_get_smp_processor_id();
	__builtin_memcpy(event->comm, vm->comm, sizeof(event->comm));
	return event;
}

static __always_inline void describe_abort(struct sea_event *event, const struct sea_abort *abort)
{
	event->esr = abort->esr;
	event->far = abort->far;
	event->ipa = abort->ipa;
	event->pc = abort->pc;
	event->flags = abort->flags;
	event->vcpu = abort->vcpu;
	event->tid = abort->tid;
	event->cpu = abort->cpu;
}

/*
 * Where the VMM and the host have the page. A walk's SEA has no IPA; if it ever had, the
 * page would be one of the tables that stage2_address() reads.
 */
static __always_inline void describe_page(struct sea_event *event, struct kvm_vcpu *vcpu)
{
	__u64 address;

	if (!(event->flags & SEA_IPA_VALID) || (event->esr & ESR_FSC_MASK) != ESR_FSC_EXTABT)
		return;
	if (hva_of(BPF_CORE_READ(vcpu, kvm), event->ipa, page_shift, &event->hva))
		event->flags |= SEA_HVA_VALID;
	if (!stage2_address(vcpu, event->ipa, page_shift, &address))
		return;
	event->pfn = address >> page_shift;
	event->flags |= SEA_PFN_VALID;
}

/*
 * One SEA got its disposition. Called exactly once per SEA, by every source. False: it
 * is not counted, as counting has not begun. *id is the row that has it; 0: `other`.
 */
static __always_inline bool sea_taken(struct kvm_vcpu *vcpu, __u32 disposition, __u32 reason,
				      __u64 *id)
{
	struct sea_event *event;
	struct sea_abort abort;
	struct sea_vm *vm;
	__u64 now;

	if (!started_ns)
		return false;
	if (disposition >= SEA_DISPOSITIONS)
		disposition = SEA_UNKNOWN;
	if (reason >= SEA_REASONS)
		reason = SEA_REASON_NONE;

	vm = current_vm((__u64)BPF_CORE_READ(vcpu, kvm), id);
	if (!vm)
		return false;

	now = bpf_ktime_get_boot_ns();
	add(&vm->disposition[disposition], 1);
	add(&vm->reason[reason], 1);
	vm->last = SEA_LAST(now, disposition, reason);

	event = start_event(vm, *id, SEA_EVENT_SEA, now);
	if (!event)
		return true;
	event->disposition = disposition;
	event->reason = reason;
	read_abort(&abort, vcpu);
	describe_abort(event, &abort);
	describe_page(event, vcpu);
	bpf_ringbuf_submit(event, 0);
	return true;
}

static __always_inline __u32 latency_slot(__u64 ns)
{
	__u64 us = ns / NSEC_PER_USEC;
	__u32 slot = 0;

	for (int i = 0; i < SEA_LATENCY_SLOTS - 1; i++) {
		us >>= 1;
		if (!us)
			break;
		slot++;
	}
	return slot;
}

/* A forwarded SEA that the row `id` has got its answer, `latency` ns after the exit. */
static __always_inline int sea_answered(__u64 id, const struct sea_abort *abort, __u32 response,
					__u64 latency)
{
	__u64 now = bpf_ktime_get_boot_ns();
	struct sea_event *event;
	struct sea_vm *vm;
	__u32 slot;

	if (response >= SEA_RESPONSES)
		return 0;
	vm = row_of(&id);
	if (!vm)
		return 0;

	add(&vm->response[response], 1);
	add(&vm->latency_ns, latency);
	slot = latency_slot(latency);
	if (slot < SEA_LATENCY_SLOTS)
		add(&vm->latency[slot], 1);

	event = start_event(vm, id, SEA_EVENT_ANSWERED, now);
	if (!event)
		return 0;
	event->disposition = SEA_FORWARDED;
	event->response = response;
	event->latency_ns = latency;
	describe_abort(event, abort);
	bpf_ringbuf_submit(event, 0);
	return 0;
}

/* A VM that ends: what a call from another file can take */
struct ending {
	__u64 kvm; /* a key only */
};

/* include/linux/sched.h, include/linux/sched/signal.h */
#define PF_EXITING 0x4
#define SIGNAL_GROUP_EXIT 0x4

/*
 * How the VMM ended, if it is the VMM's own end that takes the VM along: what wait(2)
 * will say, as the kernel's wait_task_zombie() makes it.
 */
static __always_inline void note_exit(struct sea_vm *vm)
{
	struct task_struct *task = bpf_get_current_task_btf();

	if (!(task->flags & PF_EXITING) || (__u32)task->tgid != vm->tgid)
		return;
	if (BPF_CORE_READ(task, signal, flags) & SIGNAL_GROUP_EXIT)
		vm->wait_status = BPF_CORE_READ(task, signal, group_exit_code);
	else
		vm->wait_status = BPF_CORE_READ(task, group_leader, exit_code);
	vm->exit_known = 1;
}

/*
 * The memory that a VM is made of goes, before its descriptors do: the VMM ends, or the
 * VM does. Whoever happens to hold a descriptor (a reader of /proc/PID/fd, our own list of
 * VMs) may be the last to let go of the VM, and then vm_gone() is not called by the VMM.
 */
static __always_inline int vmm_leaves(__u64 kvm)
{
	struct vm_ref *ref = bpf_map_lookup_elem(&vm_refs, &kvm);
	struct sea_vm *vm;
	__u64 id;

	if (!ref)
		return 0;
	id = ref->id;
	vm = bpf_map_lookup_elem(&vms, &id);
	if (vm)
		note_exit(vm);
	return 0;
}

/*
 * The VM goes: none of its vCPUs can run any more. Its SEAs may still get their
 * answers, as these know their row. seen: the task that ends it is the current one.
 */
static __always_inline int vm_gone(__u64 kvm, bool seen)
{
	struct vm_ref *ref = bpf_map_lookup_elem(&vm_refs, &kvm);
	__u64 now = bpf_ktime_get_boot_ns(), id;
	struct sea_event *event;
	struct sea_vm *vm;

	if (!ref)
		return 0;

	id = ref->id;
	vm = bpf_map_lookup_elem(&vms, &id);
	bpf_map_delete_elem(&vm_refs, &kvm);
	if (!vm)
		return 0;

	event = start_event(vm, id, SEA_EVENT_VM_ENDED, now);
	if (event)
		bpf_ringbuf_submit(event, 0);
	if (seen)
		note_exit(vm);
	/* Last: userspace may remove the row SEA_TRACE_KEEP_ENDED_NS after it. */
	vm->ended_ns = now;
	return 0;
}

#endif /* SEA_COUNT_H */
