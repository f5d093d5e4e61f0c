// SPDX-License-Identifier: GPL-2.0-only
/*
 * sea_trace - counts per VM what became of every SEA that a guest took.
 *
 * Three sources, of which userspace loads and attaches one:
 *   tracepoint  those of kernel/kvm-arm64-sea.patch: nothing is left to guess
 *   trampoline  fentry and fexit on functions of stock kernels
 *   kprobe      the same functions, for kernels that have no trampolines
 *
 * The hooks, in the order in which an SEA comes by. tp: tracepoint; tr_, kp_: of the
 * source trampoline, kprobe. Who reads what a hook tells stands in brackets.
 *
 *   hook on                       when it is called          what it tells
 *   tp kvm_sea_claimed, _host_owned, _not_opted_in, _forwarded
 *                                 KVM has decided            disposition, reason [count()]
 *   tp kvm_sea_answered           the vCPU runs, or is gone  response, latency [sea_answered()]
 *   apei_claim_sea()              before KVM decides         claimed or not [decide(): claim]
 *   kvm_handle_guest_sea()        KVM has decided; where     that the VMM gets it, if it
 *                                 the kernel has the exit    does [decide(): exits]
 *   kvm_inject_sea(), _dabt(),    an abort or an SError      the VMM's answer, if an SEA of
 *   _serror_esr(), _vabt(),       is put into a vCPU         the vCPU waits for one
 *   kvm_set_sei_esr()                                        [injecting_*(): inject()]
 *   kvm_arm_set_reg()             KVM_SET_ONE_REG            the same: PC is at a vector
 *                                                            [reg_set(): inject()]
 *   kvm_arch_destroy_vm()         a VM ends                  abandoned, or its last answer
 *                                                            [vm_ends()]
 *   kvm_arch_flush_shadow_all()   its memory goes            how the VMM ended [vmm_leaves()]
 *
 * Of these, kvm_arm_set_reg() and the last two are called without any SEA:
 * docs/performance.md has what that costs. The first is hooked only on kernels that
 * have the exit and not our tracepoints.
 *
 * A kernel without our tracepoints says of an SEA whether APEI claimed it, and,
 * if it has the exit at all, whether the vCPU leaves for the VMM with it, or at
 * least whether the VM opted in. The rest follows from the syndrome: see decide().
 * No hook tells when a vCPU runs again: sea_sweep looks, whenever userspace reads it.
 */
#include "sea_count.h"
#include "list_types.h"
#include "sea_trial.h"

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

/* Nothing tells of answers: they have to be found. Not so with the source tracepoint. */
const volatile bool finds_answers = false;

/*
 * SEAs that wait for an answer, and 1 while userspace tries the hooks. At 0 the hooks
 * that see answers have nothing to do, and that is nearly always.
 */
__u64 answers_wanted;

/* Userspace tries the hooks: enum sea_fired of those that are called. */
bool trying;
__u64 fired;

/* -------- What hooks keep for those that come later -------- */

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
	__u64 kvm;	   /* the vCPU's: a key only, as the vCPU is */
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

/* An SEA that no row can have */
static __always_inline int lose_sea(void)
{
	struct sea_totals *t = get_totals();

	if (t && started_ns)
		add(&t->lost_no_vcpu, 1);
	return 0;
}

/* False: there is no room. */
static __always_inline bool remember(__u32 step, __u64 value)
{
	struct thread_key key = {.tid = (__u32)bpf_get_current_pid_tgid(), .step = step};

	return !bpf_map_update_elem(&threads, &key, &value, BPF_ANY);
}

/* The kernel's; what bpf_map_update_elem() says to BPF_NOEXIST */
#define EEXIST 17

/*
 * On the way in: the same, to be recalled on the way out. What is still there from
 * before was an SEA whose way out the kernel skipped, for want of a kretprobe's instance.
 */
static __always_inline bool enter(__u32 step, __u64 value)
{
	struct thread_key key = {.tid = (__u32)bpf_get_current_pid_tgid(), .step = step};
	long rc = bpf_map_update_elem(&threads, &key, &value, BPF_NOEXIST);

	if (rc == -EEXIST) {
		lose_sea();
		rc = bpf_map_update_elem(&threads, &key, &value, BPF_ANY);
	}
	return !rc;
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

/* -------- The decision -------- */

static __always_inline bool is_walk(__u64 esr)
{
	__u64 fsc = esr & ESR_FSC_MASK;

	return fsc >= ESR_FSC_WALK_FIRST && fsc <= ESR_FSC_WALK_LAST;
}

/* Why the memory is the host's own; SEA_REASON_NONE: it is not. */
static __always_inline __u32 host_reason(struct kvm_vcpu *vcpu, __u64 esr)
{
	__u64 pstate = BPF_CORE_READ(vcpu, arch.ctxt.regs.pstate);
	__u64 hcr = BPF_CORE_READ(vcpu, arch.hcr_el2);
	bool iabt = ((esr >> ESR_EC_SHIFT) & ESR_EC_MASK) == ESR_EC_IABT_LOW;

	if (!(hcr & HCR_TEA))
		return SEA_NO_RAS;
	if (has_exit && !iabt && (esr & ESR_VNCR) &&
	    ((pstate & PSR_EL_MASK) == PSR_EL2 || is_walk(esr)))
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
	/*
	 * With stage 1 off our series takes a walk for the host's. The guest's SCTLR_EL1
	 * is in the CPU, where nobody can read it from here. But a VM that has opted in,
	 * and gets no exit, tells.
	 */
	if (sees_exit && exit_flag && is_walk(esr) && is_opted_in(vcpu)) {
		*reason = SEA_S2_WALK;
		return SEA_HOST_OWNED;
	}
	if (!has_exit || sees_exit)
		return SEA_NOT_OPTED_IN;
	if (!exit_flag)
		return SEA_UNKNOWN;
	return is_opted_in(vcpu) ? SEA_FORWARDED : SEA_NOT_OPTED_IN;
}

/* -------- Answers -------- */

/*
 * The time of the exit that waits for an answer; 0: none does. The read is a barrier:
 * what is read of p after it is at least as new.
 */
static __always_inline __u64 exit_of(struct pending *p)
{
	return __sync_fetch_and_add(&p->exit_ns, 0);
}

/*
 * Has the vCPU run since its SEA was forwarded, as far as its exits tell? What is no
 * vCPU of that VM any more has been freed, which is not to have run.
 */
static __always_inline bool has_run(struct kvm_vcpu *vcpu, const struct pending *p)
{
	return (__u64)BPF_CORE_READ(vcpu, kvm) == p->kvm &&
	       BPF_CORE_READ(vcpu, stat.exits) != p->exits;
}

/*
 * Takes a pending SEA, so that its answer is counted once: the vCPU, its VMM and the
 * sweep may all notice it, and the one whose compare-and-swap clears exit_ns counts it.
 * *p is copied first, as the vCPU may fill in its next SEA right after. False: another
 * was faster.
 */
static __always_inline bool take_pending(struct pending *p, __u64 exit_ns, struct pending *sea)
{
	/* Also a barrier: what follows is not from before the vCPU was seen to have run. */
	if (!exit_ns || exit_of(p) != exit_ns)
		return false;
	*sea = *p;
	if (__sync_val_compare_and_swap(&p->exit_ns, exit_ns, 0) != exit_ns)
		return false;
	add(&answers_wanted, -1);
	return true;
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
		.kvm = (__u64)BPF_CORE_READ(vcpu, kvm),
		.exits = BPF_CORE_READ(vcpu, stat.exits),
		.row = row,
	};
	struct pending *p = find_pending(vcpu);
	__u64 key = (__u64)vcpu;
	struct sea_totals *t;

	read_abort(&new.abort, vcpu);
	add(&answers_wanted, 1);
	if (p) {
		/* Last, and with a barrier: from then on it can be answered. */
		p->kvm = new.kvm;
		p->exits = new.exits;
		p->row = new.row;
		p->injected_ns = 0;
		p->abort = new.abort;
		/* One without an answer is none that is waited for any more. */
		if (__sync_lock_test_and_set(&p->exit_ns, new.exit_ns))
			add(&answers_wanted, -1);
		return;
	}
	if (!bpf_map_update_elem(&pending, &key, &new, BPF_NOEXIST))
		return;
	add(&answers_wanted, -1);
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

/* True: nobody waits for an answer. Notes that the hook was called, if it is tried. */
static __always_inline bool is_idle(enum sea_fired hook)
{
	if (!answers_wanted)
		return true;
	if (trying)
		__sync_fetch_and_or(&fired, hook);
	return false;
}

/* KVM puts an abort into the vCPU. Only its VMM can have asked for it while that has an SEA. */
static __always_inline int injecting_abort(struct kvm_vcpu *vcpu)
{
	struct pending *p;

	if (is_idle(SEA_FIRED_ABORT))
		return 0;
	p = find_pending(vcpu);
	if (p)
		inject(vcpu, p);
	return 0;
}

/* A VMM that writes back an SError which KVM_GET_VCPU_EVENTS has shown injects nothing. */
static __always_inline bool has_serror(struct kvm_vcpu *vcpu)
{
	return BPF_CORE_READ(vcpu, arch.hcr_el2) & HCR_VSE;
}

static __always_inline int injecting_serror(struct kvm_vcpu *vcpu, enum sea_fired hook)
{
	struct pending *p;

	if (is_idle(hook))
		return 0;
	p = find_pending(vcpu);
	if (p && !has_serror(vcpu))
		inject(vcpu, p);
	return 0;
}

/* Where none of the functions that inject can be hooked */
static __always_inline int events_set(struct kvm_vcpu *vcpu, struct kvm_vcpu_events *events)
{
	struct kvm_vcpu_events e = {};
	struct pending *p;

	if (is_idle(SEA_FIRED_EVENTS))
		return 0;
	p = find_pending(vcpu);
	if (!p)
		return 0;
	bpf_probe_read_kernel(&e, sizeof(e), events);
	if (e.exception.ext_dabt_pending || (e.exception.serror_pending && !has_serror(vcpu)))
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
	const __u64 *sys_regs;
	struct pending *p;

	if (is_idle(SEA_FIRED_REG))
		return 0;
	p = find_pending(vcpu);
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

/* The VM of a pending SEA ends. Its vCPU ran since, or never will. */
static long abandon(void *map, __u64 *key, struct pending *p, struct ending *ending)
{
	__u64 exit_ns;

	if (p->kvm != ending->kvm)
		return 0;
	exit_ns = exit_of(p);
	answer(p, exit_ns, has_run((struct kvm_vcpu *)*key, p));
	bpf_map_delete_elem(&pending, key);
	return 0;
}

/* Can SEAs of the VM be among the pending ones? It may have them in `other`. */
static __always_inline bool may_have_pending(__u64 kvm)
{
	struct vm_ref *ref = bpf_map_lookup_elem(&vm_refs, &kvm);
	struct sea_vm *vm;
	__u32 zero = 0;
	__u64 id;

	if (ref) {
		id = ref->id;
		vm = bpf_map_lookup_elem(&vms, &id);
	} else {
		vm = bpf_map_lookup_elem(&other, &zero);
	}
	return vm && vm->disposition[SEA_FORWARDED];
}

/* The VM is ending, or its end was missed. Also called by sea_list.bpf.c. */
__noinline int abandon_pending(struct ending *ending)
{
	struct ending copy = {};

	if (!ending || !finds_answers)
		return 0;
	copy.kvm = ending->kvm;
	if (may_have_pending(copy.kvm))
		bpf_for_each_map_elem(&pending, abandon, &copy, 0);
	return 0;
}

/*
 * At the entry, where the VM's vCPUs are all still there and can run no more: there is
 * no other end of a vCPU. A kretprobe would miss calls when all its instances are in
 * use, and to hand `kvm` from entry to return takes room in a map.
 */
static __always_inline int vm_ends(struct kvm *kvm)
{
	struct ending ending = {.kvm = (__u64)kvm};

	if (trying)
		__sync_fetch_and_or(&fired, SEA_FIRED_END);
	if (finds_answers)
		abandon_pending(&ending);
	return vm_gone((__u64)kvm, true);
}

static __always_inline int memory_goes(struct kvm *kvm)
{
	if (trying)
		__sync_fetch_and_or(&fired, SEA_FIRED_LEFT);
	return vmm_leaves((__u64)kvm);
}

/* -------- The programs -------- */

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

SEC("fentry/kvm_inject_sea")
int BPF_PROG(sea_tr_sea, struct kvm_vcpu *vcpu)
{
	return injecting_abort(vcpu);
}

SEC("fentry/kvm_inject_dabt")
int BPF_PROG(sea_tr_dabt, struct kvm_vcpu *vcpu)
{
	return injecting_abort(vcpu);
}

SEC("fentry/kvm_inject_serror_esr")
int BPF_PROG(sea_tr_serror_esr, struct kvm_vcpu *vcpu)
{
	return injecting_serror(vcpu, SEA_FIRED_SERROR);
}

SEC("fentry/kvm_inject_vabt")
int BPF_PROG(sea_tr_vabt, struct kvm_vcpu *vcpu)
{
	return injecting_serror(vcpu, SEA_FIRED_SERROR);
}

SEC("fentry/kvm_set_sei_esr")
int BPF_PROG(sea_tr_sei, struct kvm_vcpu *vcpu)
{
	return injecting_serror(vcpu, SEA_FIRED_SERROR_ESR);
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

/* With the source `tracepoint`, too */
SEC("fentry/kvm_arch_destroy_vm")
int BPF_PROG(sea_tr_ended, struct kvm *kvm)
{
	return vm_ends(kvm);
}

SEC("fentry/kvm_arch_flush_shadow_all")
int BPF_PROG(sea_tr_left, struct kvm *kvm)
{
	return memory_goes(kvm);
}

/* Source `kprobe` */
SEC("kprobe/apei_claim_sea")
int BPF_KPROBE(sea_kp_claim, struct pt_regs *regs)
{
	/* kvm_handle_guest_sea() sees the SEA all the same. */
	if (regs)
		return 0;
	if (sees_exit)
		remember(STEP_IN_CLAIM, 1);
	else if (!enter(STEP_IN_CLAIM, 1))
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
	return enter(STEP_HANDLE, (__u64)vcpu) ? 0 : lose_sea();
}

SEC("kretprobe/kvm_handle_guest_sea")
int BPF_KRETPROBE(sea_kp_handle_ret, int ret)
{
	__u64 vcpu;

	return recall(STEP_HANDLE, &vcpu) ? handle_done((struct kvm_vcpu *)vcpu, ret) : 0;
}

SEC("kprobe/kvm_inject_sea")
int BPF_KPROBE(sea_kp_sea, struct kvm_vcpu *vcpu)
{
	return injecting_abort(vcpu);
}

SEC("kprobe/kvm_inject_dabt")
int BPF_KPROBE(sea_kp_dabt, struct kvm_vcpu *vcpu)
{
	return injecting_abort(vcpu);
}

SEC("kprobe/kvm_inject_serror_esr")
int BPF_KPROBE(sea_kp_serror_esr, struct kvm_vcpu *vcpu)
{
	return injecting_serror(vcpu, SEA_FIRED_SERROR);
}

SEC("kprobe/kvm_inject_vabt")
int BPF_KPROBE(sea_kp_vabt, struct kvm_vcpu *vcpu)
{
	return injecting_serror(vcpu, SEA_FIRED_SERROR);
}

SEC("kprobe/kvm_set_sei_esr")
int BPF_KPROBE(sea_kp_sei, struct kvm_vcpu *vcpu)
{
	return injecting_serror(vcpu, SEA_FIRED_SERROR_ESR);
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

/* With all sources, where there is no trampoline */
SEC("kprobe/kvm_arch_destroy_vm")
int BPF_KPROBE(sea_kp_ended, struct kvm *kvm)
{
	return vm_ends(kvm);
}

SEC("kprobe/kvm_arch_flush_shadow_all")
int BPF_KPROBE(sea_kp_left, struct kvm *kvm)
{
	return memory_goes(kvm);
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
