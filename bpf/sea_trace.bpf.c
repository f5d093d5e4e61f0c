// SPDX-License-Identifier: GPL-2.0-only
/*
 * sea_trace - counts per VM what became of every SEA that a guest took.
 *
 * Three sources, of which userspace loads and attaches one:
 *   tracepoint  those of kernel/kvm-arm64-sea.patch: nothing is left to guess
 *   trampoline  fentry and fexit on functions that only an SEA, an injected
 *               abort, or the end of a vCPU or VM calls
 *   kprobe      the same functions, for kernels that have no trampolines
 *
 * Nothing is attached to a path that runs when no SEA happens.
 *
 * A kernel without our tracepoints says of an SEA whether APEI claimed it, and,
 * if it has the exit at all, whether the vCPU leaves for the VMM with it, or at
 * least whether the VM opted in. The rest follows from the syndrome: see decide().
 */
#include "sea_count.h"
#include "list_types.h"

/* PSTATE.M[3:2], as KVM keeps it of the vCPU: 2 is (virtual) EL2. */
#define PSR_EL_MASK 0xcULL
#define PSR_EL2 0x8ULL

#define KVM_EXIT_ARM_SEA 41

/* KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE_REG(regs.pc) */
#define KVM_REG_ARM64_CORE_PC 0x6030000000100040ULL

/* Offsets in the vector table of synchronous exceptions taken to EL1 */
#define VECTORS_SYNC 0x600ULL

/*
 * How this kernel tells the disposition, found out by userspace.
 * has_exit: it has KVM_CAP_ARM_SEA_TO_USER. Without, no VM can have opted in.
 * sees_exit: kvm_handle_guest_sea() is hooked, which knows if the VMM gets it.
 * Where that cannot be hooked, exit_flag has to do.
 */
const volatile bool has_exit = false;
const volatile bool sees_exit = false;

/* Hooks on the way in and out of a function, and SEAs without an answer yet */
#define MAX_THREADS 16384

enum step {
	STEP_IN_CLAIM, /* in apei_claim_sea(), for a guest */
	STEP_CLAIM,    /* out of it; whether it claimed the SEA */
	STEP_HANDLE,   /* in kvm_handle_guest_sea() */
};

/*
 * Thread and step -> what the hook on the way out has to know. Written and
 * removed by the thread itself.
 */
struct thread_key {
	__u32 tid;
	__u32 step;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_THREADS);
	__type(key, struct thread_key);
	__type(value, __u64);
} threads SEC(".maps");

/*
 * struct kvm_vcpu -> the last SEA that was forwarded from it, if it is counted: an
 * answer counts only if its SEA does, and in the same row.
 */
struct pending {
	__u64 exit_ns;	   /* CLOCK_BOOTTIME; 0: it has its answer */
	__u64 exits;	   /* kvm_vcpu_stat::exits at the time: grows when the vCPU runs */
	__u64 row;	   /* that has the SEA: sea_vm::id; 0: `other` */
	__u64 injected_ns; /* CLOCK_BOOTTIME of the VMM's abort, with which it is to run; 0: none */
	struct sea_abort abort;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_THREADS);
	__type(key, __u64);
	__type(value, struct pending);
} pending SEC(".maps");

/* False: there is no room. */
static __always_inline bool remember(__u32 step, __u64 value)
{
	struct thread_key key = {.tid = (__u32)bpf_get_current_pid_tgid(), .step = step};

	return !bpf_map_update_elem(&threads, &key, &value, BPF_ANY);
}

/* What was remembered at this step, once; false: nothing */
static __always_inline bool recall(__u32 step, __u64 *value)
{
	struct thread_key key = {.tid = (__u32)bpf_get_current_pid_tgid(), .step = step};
	__u64 *found = bpf_map_lookup_elem(&threads, &key);

	if (!found)
		return false;
	*value = *found;
	bpf_map_delete_elem(&threads, &key);
	return true;
}

/*
 * The vCPU that the current task has loaded; NULL: none. vcpu_load() registers
 * the vCPU for the task's preemption, and nothing but KVM uses such notifiers;
 * a vCPU that is not of the task's own VM is not believed.
 */
static __always_inline struct kvm_vcpu *running_vcpu(void)
{
	struct task_struct *task = bpf_get_current_task_btf();
	void *link = BPF_CORE_READ(task, preempt_notifiers.first);
	struct kvm_vcpu *vcpu;

	if (!link)
		return NULL;
	vcpu = link - bpf_core_field_offset(struct kvm_vcpu, preempt_notifier.link);
	return BPF_CORE_READ(vcpu, kvm, mm) == BPF_CORE_READ(task, mm) ? vcpu : NULL;
}

static __always_inline bool is_walk(__u64 esr)
{
	__u64 fsc = esr & ESR_FSC_MASK;

	return fsc >= ESR_FSC_WALK_FIRST && fsc <= ESR_FSC_WALK_LAST;
}

/* An SEA that no row can have */
static __always_inline int lose_sea(void)
{
	struct sea_totals *t = get_totals();

	if (t && started_ns)
		add(&t->lost_no_vcpu, 1);
	return 0;
}

/* Why the memory is the host's own; SEA_REASON_NONE: it is not. */
static __always_inline __u32 host_reason(struct kvm_vcpu *vcpu, __u64 esr)
{
	__u64 pstate = BPF_CORE_READ(vcpu, arch.ctxt.regs.pstate);
	__u64 hcr = BPF_CORE_READ(vcpu, arch.hcr_el2);
	bool iabt = ((esr >> ESR_EC_SHIFT) & ESR_EC_MASK) == ESR_EC_IABT_LOW;

	if (!(hcr & HCR_TEA))
		return SEA_NO_RAS;
	if (has_exit && !iabt && (esr & ESR_VNCR) && (pstate & PSR_EL_MASK) == PSR_EL2)
		return SEA_VNCR;
	if (is_walk(esr) && (esr & ESR_S1PTW))
		return SEA_S2_WALK;
	return SEA_REASON_NONE;
}

static __always_inline bool is_opted_in(struct kvm_vcpu *vcpu)
{
	struct kvm___list *kvm = (struct kvm___list *)BPF_CORE_READ(vcpu, kvm);

	return BPF_CORE_READ(kvm, arch.flags) & exit_flag;
}

/* What apei_claim_sea() said; the hook on it may have been skipped. */
enum claim { NOT_CLAIMED, IS_CLAIMED, CLAIM_UNKNOWN };

/*
 * The disposition on a kernel that does not say it: what kernel/README.md has
 * as a table, in the same order. `exits`: the vCPU is seen to leave for the VMM,
 * so that nobody claimed the SEA.
 */
static __always_inline __u32 decide(struct kvm_vcpu *vcpu, enum claim claim, bool exits,
				    __u32 *reason)
{
	__u64 esr = BPF_CORE_READ(vcpu, arch.fault.esr_el2);

	*reason = SEA_REASON_NONE;
	if (claim == IS_CLAIMED)
		return SEA_CLAIMED;
	if (claim == CLAIM_UNKNOWN && !exits)
		return SEA_UNKNOWN;

	if (!exits)
		*reason = host_reason(vcpu, esr);
	if (*reason)
		return SEA_HOST_OWNED;

	if (is_walk(esr))
		*reason = SEA_AMBIGUOUS_WALK;
	if (exits)
		return SEA_FORWARDED;
	if (!has_exit || sees_exit)
		return SEA_NOT_OPTED_IN;
	if (!exit_flag)
		return SEA_UNKNOWN;
	return is_opted_in(vcpu) ? SEA_FORWARDED : SEA_NOT_OPTED_IN;
}

/* Which SEA has no answer yet; 0: none. What is then read of p is of that one or a later one. */
static __always_inline __u64 exit_of(struct pending *p)
{
	return __sync_fetch_and_add(&p->exit_ns, 0);
}

/* Has the vCPU run since its SEA was forwarded, as far as its exits tell? */
static __always_inline bool has_run(struct kvm_vcpu *vcpu, const struct pending *p)
{
	return BPF_CORE_READ(vcpu, stat.exits) != p->exits;
}

/*
 * An SEA has its answer. The vCPU, its VMM and the sweep may all see that of one SEA:
 * who takes the time of its exit counts it. What is known of the SEA is read before, as
 * the vCPU may fill in its next one from then on. False: it was somebody else.
 */
static __always_inline bool take_pending(struct pending *p, __u64 exit_ns, struct pending *sea)
{
	/* Also a barrier: what follows is not from before the vCPU was seen to have run. */
	if (!exit_ns || exit_of(p) != exit_ns)
		return false;
	*sea = *p;
	return __sync_val_compare_and_swap(&p->exit_ns, exit_ns, 0) == exit_ns;
}

/* The vCPU ran, or it never will. */
static __always_inline void answer(struct pending *p, __u64 exit_ns, bool ran)
{
	__u32 response = ran ? SEA_RESUMED : SEA_ABANDONED;
	struct pending sea;
	__u64 end_ns;

	if (!take_pending(p, exit_ns, &sea))
		return;
	end_ns = bpf_ktime_get_boot_ns();
	if (ran && sea.injected_ns) {
		response = SEA_INJECTED;
		end_ns = sea.injected_ns;
	}
	sea_answered(sea.row, &sea.abort, response, end_ns - exit_ns);
}

static __always_inline struct pending *find_pending(struct kvm_vcpu *vcpu)
{
	__u64 key = (__u64)vcpu;

	return bpf_map_lookup_elem(&pending, &key);
}

/* A forwarded SEA, which is in the row */
static __always_inline void expect_answer(struct kvm_vcpu *vcpu, __u64 row)
{
	struct pending new = {
		.exit_ns = bpf_ktime_get_boot_ns(),
		.exits = BPF_CORE_READ(vcpu, stat.exits),
		.row = row,
	};
	struct pending *p = find_pending(vcpu);
	__u64 key = (__u64)vcpu;
	struct sea_totals *t;

	read_abort(&new.abort, vcpu);
	if (p) {
		/* Last, and with a barrier: from then on it can be answered. */
		p->exits = new.exits;
		p->row = new.row;
		p->injected_ns = 0;
		p->abort = new.abort;
		__sync_lock_test_and_set(&p->exit_ns, new.exit_ns);
		return;
	}
	if (!bpf_map_update_elem(&pending, &key, &new, BPF_NOEXIST))
		return;
	t = get_totals();
	if (t)
		add(&t->lost_answers, 1);
}

static __always_inline int count(struct kvm_vcpu *vcpu, __u32 disposition, __u32 reason)
{
	__u64 row;

	if (sea_taken(vcpu, disposition, reason, &row) && disposition == SEA_FORWARDED)
		expect_answer(vcpu, row);
	return 0;
}

/* An SEA about which all is known that can be */
static __always_inline int decided(struct kvm_vcpu *vcpu, enum claim claim, bool exits)
{
	struct pending *p = has_exit ? find_pending(vcpu) : NULL;
	__u32 disposition, reason;

	/* It took another SEA before anybody saw it run. */
	if (p)
		answer(p, exit_of(p), true);

	disposition = decide(vcpu, claim, exits, &reason);
	return count(vcpu, disposition, reason);
}

/* In apei_claim_sea() for a guest's SEA: the host's own come with registers. */
static __always_inline int claim_done(int ret)
{
	enum claim claim = ret ? NOT_CLAIMED : IS_CLAIMED;
	struct kvm_vcpu *vcpu;

	/* kvm_handle_guest_sea() will say more. */
	if (sees_exit) {
		remember(STEP_CLAIM, claim);
		return 0;
	}

	vcpu = running_vcpu();
	return vcpu ? decided(vcpu, claim, false) : lose_sea();
}

/* kvm_handle_guest_sea() is done; `ret` is 0 when the vCPU leaves for the VMM. */
static __always_inline int handle_done(struct kvm_vcpu *vcpu, int ret)
{
	__u32 exit_reason = BPF_CORE_READ(vcpu, run, exit_reason);
	__u64 claim = CLAIM_UNKNOWN;

	recall(STEP_CLAIM, &claim);
	return decided(vcpu, claim, !ret && exit_reason == KVM_EXIT_ARM_SEA);
}

/* The VMM injects an abort: that is the answer, if the vCPU gets to run with it. */
static __always_inline void inject(struct kvm_vcpu *vcpu, struct pending *p)
{
	__u64 exit_ns = exit_of(p);

	/* If it ran before, that was the answer, and the abort is about another exit. */
	if (has_run(vcpu, p))
		answer(p, exit_ns, true);
	else
		p->injected_ns = bpf_ktime_get_boot_ns();
}

/* Who writes back an SError that KVM_GET_VCPU_EVENTS has shown injects nothing. */
static __always_inline int events_set(struct kvm_vcpu *vcpu, struct kvm_vcpu_events *events)
{
	struct pending *p = find_pending(vcpu);
	struct kvm_vcpu_events e = {};

	if (!p)
		return 0;
	bpf_probe_read_kernel(&e, sizeof(e), events);
	if (e.exception.ext_dabt_pending ||
	    (e.exception.serror_pending && !(BPF_CORE_READ(vcpu, arch.hcr_el2) & HCR_VSE)))
		inject(vcpu, p);
	return 0;
}

/*
 * KVM_SET_VCPU_EVENTS makes data aborts only; for others a VMM sets the
 * registers as an exception entry does, PC to a vector of synchronous ones.
 */
static __always_inline int reg_set(struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg)
{
	__u64 id = 0, addr = 0, pc = 0, vbar = 0;
	struct pending *p = find_pending(vcpu);
	const __u64 *sys_regs;

	if (!p)
		return 0;
	bpf_probe_read_kernel(&id, sizeof(id), &reg->id);
	bpf_probe_read_kernel(&addr, sizeof(addr), &reg->addr);
	if (id != KVM_REG_ARM64_CORE_PC || bpf_probe_read_user(&pc, sizeof(pc), (void *)addr))
		return 0;
	sys_regs = (const void *)&vcpu->arch.ctxt.sys_regs;
	bpf_probe_read_kernel(&vbar, sizeof(vbar),
			      sys_regs + bpf_core_enum_value(enum vcpu_sysreg, VBAR_EL1));
	/* A VMM may also write back what it has read: an SEA at the vector itself. */
	if (pc != p->abort.pc && !((pc - vbar) & ~VECTORS_SYNC))
		inject(vcpu, p);
	return 0;
}

static __always_inline int vcpu_gone(struct kvm_vcpu *vcpu)
{
	struct pending *p = find_pending(vcpu);
	__u64 key = (__u64)vcpu, exit_ns;

	if (p) {
		exit_ns = exit_of(p);
		answer(p, exit_ns, has_run(vcpu, p));
		bpf_map_delete_elem(&pending, &key);
	}
	return 0;
}

/*
 * Source `tracepoint`: kernel/kvm-arm64-sea.patch. Its numbers for reasons and
 * responses are ours.
 */
SEC("tp_btf/kvm_sea_claimed")
int BPF_PROG(sea_tp_claimed, struct kvm_vcpu *vcpu, unsigned int reason)
{
	return count(vcpu, SEA_CLAIMED, reason);
}

SEC("tp_btf/kvm_sea_host_owned")
int BPF_PROG(sea_tp_host_owned, struct kvm_vcpu *vcpu, unsigned int reason)
{
	return count(vcpu, SEA_HOST_OWNED, reason);
}

SEC("tp_btf/kvm_sea_not_opted_in")
int BPF_PROG(sea_tp_not_opted_in, struct kvm_vcpu *vcpu, unsigned int reason)
{
	return count(vcpu, SEA_NOT_OPTED_IN, reason);
}

SEC("tp_btf/kvm_sea_forwarded")
int BPF_PROG(sea_tp_forwarded, struct kvm_vcpu *vcpu, unsigned int reason)
{
	return count(vcpu, SEA_FORWARDED, reason);
}

SEC("tp_btf/kvm_sea_answered")
int BPF_PROG(sea_tp_answered, struct kvm_vcpu *vcpu, unsigned int response, __u64 latency_ns)
{
	struct pending *p = find_pending(vcpu), sea;
	struct sea_totals *t = get_totals();
	__u64 key = (__u64)vcpu;

	if (p && take_pending(p, exit_of(p), &sea)) {
		bpf_map_delete_elem(&pending, &key);
		return sea_answered(sea.row, &sea.abort, response, latency_ns);
	}
	/* Its SEA is from before we counted, unless there was no room to remember it. */
	if (t && started_ns && !t->lost_answers)
		add(&t->answered_early, 1);
	return 0;
}

/* Source `trampoline` */
SEC("fexit/apei_claim_sea")
int BPF_PROG(sea_tr_claim, struct pt_regs *regs, int ret)
{
	return regs ? 0 : claim_done(ret);
}

SEC("fexit/kvm_handle_guest_sea")
int BPF_PROG(sea_tr_handle, struct kvm_vcpu *vcpu, int ret)
{
	return handle_done(vcpu, ret);
}

SEC("fentry/__kvm_arm_vcpu_set_events")
int BPF_PROG(sea_tr_events, struct kvm_vcpu *vcpu, struct kvm_vcpu_events *events)
{
	return events_set(vcpu, events);
}

SEC("fentry/kvm_arm_set_reg")
int BPF_PROG(sea_tr_reg, struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg)
{
	return reg_set(vcpu, reg);
}

SEC("fentry/kvm_arch_vcpu_destroy")
int BPF_PROG(sea_tr_vcpu_gone, struct kvm_vcpu *vcpu)
{
	return vcpu_gone(vcpu);
}

/* With both sources above: the VM's vCPUs are destroyed by then. */
SEC("fexit/kvm_arch_destroy_vm")
int BPF_PROG(sea_vm_ended, struct kvm *kvm)
{
	return vm_gone((__u64)kvm);
}

/* Source `kprobe` */
SEC("kprobe/apei_claim_sea")
int BPF_KPROBE(sea_kp_claim, struct pt_regs *regs)
{
	/* kvm_handle_guest_sea() sees the SEA all the same. */
	if (!regs && !remember(STEP_IN_CLAIM, 1) && !sees_exit)
		lose_sea();
	return 0;
}

SEC("kretprobe/apei_claim_sea")
int BPF_KRETPROBE(sea_kp_claim_ret, int ret)
{
	__u64 in;

	return recall(STEP_IN_CLAIM, &in) ? claim_done(ret) : 0;
}

SEC("kprobe/kvm_handle_guest_sea")
int BPF_KPROBE(sea_kp_handle, struct kvm_vcpu *vcpu)
{
	return remember(STEP_HANDLE, (__u64)vcpu) ? 0 : lose_sea();
}

SEC("kretprobe/kvm_handle_guest_sea")
int BPF_KRETPROBE(sea_kp_handle_ret, int ret)
{
	__u64 vcpu;

	return recall(STEP_HANDLE, &vcpu) ? handle_done((struct kvm_vcpu *)vcpu, ret) : 0;
}

SEC("kprobe/__kvm_arm_vcpu_set_events")
int BPF_KPROBE(sea_kp_events, struct kvm_vcpu *vcpu, struct kvm_vcpu_events *events)
{
	return events_set(vcpu, events);
}

SEC("kprobe/kvm_arm_set_reg")
int BPF_KPROBE(sea_kp_reg, struct kvm_vcpu *vcpu, const struct kvm_one_reg *reg)
{
	return reg_set(vcpu, reg);
}

SEC("kprobe/kvm_arch_vcpu_destroy")
int BPF_KPROBE(sea_kp_vcpu_gone, struct kvm_vcpu *vcpu)
{
	return vcpu_gone(vcpu);
}

/*
 * On the way in: what is there on the way out only would have to be remembered,
 * for which there may be no room, and of the VMs that go at once a kretprobe sees
 * no more than it has instances.
 */
SEC("kprobe/kvm_arch_destroy_vm")
int BPF_KPROBE(sea_kp_ended, struct kvm *kvm)
{
	return vm_gone((__u64)kvm);
}

/*
 * Trampoline and kprobe: nothing tells when a vCPU runs again, as nothing may
 * hook that path. Userspace reads this iterator now and then instead.
 */
SEC("iter/bpf_map_elem")
int sea_sweep(struct bpf_iter__bpf_map_elem *ctx)
{
	__u64 *key = ctx->key, exit_ns;
	struct kvm_vcpu *vcpu;
	struct pending *p;

	if (!key)
		return 0;
	vcpu = (struct kvm_vcpu *)*key;
	p = find_pending(vcpu);
	if (!p)
		return 0;
	exit_ns = exit_of(p);
	if (has_run(vcpu, p))
		answer(p, exit_ns, true);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
