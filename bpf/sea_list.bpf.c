// SPDX-License-Identifier: GPL-2.0-only
/*
 * sea_list - all VMs that run, and what can be found out without an SEA.
 *
 * Nothing here is attached to anything that the kernel does by itself, but for
 * the check: userspace reads the iterators and runs sea_read_text when it wants to.
 */
#include "sea_count.h"
#include "list_types.h"
#include "sea_list.h"

/* include/uapi/linux/magic.h: files of this kind have names that the kernel gave. */
#define ANON_INODE_FS_MAGIC 0x09041934

/* arch/arm64/include/asm/kvm_host.h: KVM_MAX_VCPUS is VGIC_V3_MAX_CPUS. */
#define MAX_VCPUS 512

/* Levels of an xarray that has so many entries, and one to spare. */
#define XA_LEVELS 3

/* The number of this pass over all VMs; userspace counts it up. */
__u64 list_pass;

/* The kernel has no KVM_CAP_ARM_SEA_TO_USER: no VM can have opted in. */
bool exit_absent;

/* A descriptor of the reader's: the scratch VM's vCPU; and what the kernel's data say. */
__u32 scratch_fd;
__u64 scratch_flags;
__u64 scratch_hcr;
__u64 scratch_found;

/* The kernel has statistics of SEAs. */
bool has_statistics;

/* VMs that this pass saw and that found no room in `vms` */
__u64 unlisted;

/* The last of them: a VM's descriptors lie side by side. A key only. */
__u64 last_unlisted;

/* The process with SEA_READER_MAP whose descriptors this pass is at */
__u32 reader_tgid;

/*
 * This pass sees all processes there are: the reader is in no pid namespace but the
 * first. And when it began; CLOCK_BOOTTIME.
 */
bool sees_all;
__u64 pass_ns;

/* VMs that no hook saw end */
__u64 ended_unseen;

/* Id -> what the list says of the VM; a row of `vms` may not have one yet. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SEA_MAX_VMS_DEFAULT);
	__type(key, __u64);
	__type(value, struct sea_running);
} running SEC(".maps");

/* An entry of an xarray is a pointer to a node if its lowest bits are 10. */
static __always_inline bool xa_internal(__u64 entry)
{
	return (entry & 3) == 2;
}

static __always_inline struct kvm_vcpu___list *get_vcpu(struct kvm___list *kvm, __u32 i)
{
	__u64 entry = (__u64)BPF_CORE_READ(kvm, vcpu_array.xa_head);
	__u32 mask = bpf_core_field_size(((struct xa_node *)0)->slots) / sizeof(void *) - 1;

	/* An entry without a node has index 0. */
	if (entry && !xa_internal(entry) && i)
		return NULL;
	for (int level = 0; level < XA_LEVELS && xa_internal(entry); level++) {
		struct xa_node *node = (void *)(entry - 2);
		__u8 shift;

		/* Below: marks of the xarray's own. */
		if (entry <= 4096)
			return NULL;
		shift = BPF_CORE_READ(node, shift);
		if (shift > 18)
			return NULL;
		bpf_core_read(&entry, sizeof(entry), &node->slots[(i >> shift) & mask]);
	}
	return xa_internal(entry) ? NULL : (void *)entry;
}

struct sum {
	struct kvm___list *kvm;
	__u64 statistics[SEA_STATISTICS];
};

static long add_vcpu(__u32 i, struct sum *sum)
{
	struct kvm_vcpu___list *vcpu = get_vcpu(sum->kvm, i);

	if (!vcpu)
		return 0;
	sum->statistics[SEA_CLAIMED] += BPF_CORE_READ(vcpu, stat.sea_claimed);
	sum->statistics[SEA_HOST_OWNED] += BPF_CORE_READ(vcpu, stat.sea_host_owned);
	sum->statistics[SEA_NOT_OPTED_IN] += BPF_CORE_READ(vcpu, stat.sea_not_opted_in);
	sum->statistics[SEA_FORWARDED] += BPF_CORE_READ(vcpu, stat.sea_forwarded);
	return 0;
}

/* Does the kernel have the field, and is it set? */
#define is_set(kvm, field)                                              \
	(bpf_core_field_exists(((struct kvm___list *)0)->arch.field) && \
	 BPF_CORE_READ(kvm, arch.field))

/* The host cannot look into such a VM, and KVM grants it few capabilities. */
static __always_inline bool is_protected(struct kvm___list *kvm)
{
	return is_set(kvm, pkvm.is_protected) || is_set(kvm, pkvm.enabled) || is_set(kvm, is_realm);
}

static __always_inline __u32 opt_in_of(struct kvm___list *kvm)
{
	if (is_protected(kvm))
		return SEA_OPT_IN_PROTECTED;
	if (exit_absent)
		return SEA_OPT_IN_NO;
	if (!exit_flag)
		return SEA_OPT_IN_UNKNOWN;
	return BPF_CORE_READ(kvm, arch.flags) & exit_flag ? SEA_OPT_IN_YES : SEA_OPT_IN_NO;
}

/* Whether the map is what each of our readers has: see SEA_READER_MAP. */
static __always_inline bool is_readers_map(const struct bpf_map *map)
{
	static const char wanted[] = SEA_READER_MAP;
	char name[sizeof(wanted)] = {};

	if (!bpf_core_field_exists(map->map_type) || !bpf_core_field_exists(map->name) ||
	    BPF_CORE_READ(map, map_type) != BPF_MAP_TYPE_RINGBUF)
		return false;
	bpf_probe_read_kernel_str(name, sizeof(name), map->name);
	for (int i = 0; i < (int)sizeof(wanted); i++)
		if (name[i] != wanted[i])
			return false;
	return true;
}

/*
 * KVM lets those run a VM that have the memory of the process that created it, and
 * nobody else: who else has a descriptor of it is not its VMM.
 */
static __always_inline bool is_vmm(struct kvm___list *kvm, struct task_struct *task)
{
	return BPF_CORE_READ(kvm, mm) == BPF_CORE_READ(task, mm);
}

static __always_inline void visit(struct kvm___list *kvm, struct task_struct *task)
{
	struct sea_running new = {.pass = list_pass}, *old;
	struct sum sum = {.kvm = kvm};
	struct sea_vm *vm;

	if (!is_vmm(kvm, task) || (__u32)task->tgid == reader_tgid)
		return;
	vm = vm_of((__u64)kvm, task, &new.id);
	if (!vm) {
		if (last_unlisted != (__u64)kvm)
			add(&unlisted, 1);
		last_unlisted = (__u64)kvm;
		return;
	}
	/* Who makes the row is not done: the next pass will have it. */
	if (!vm->id)
		return;
	old = bpf_map_lookup_elem(&running, &new.id);
	if (old && old->pass == list_pass)
		return;

	new.vcpus = BPF_CORE_READ(kvm, online_vcpus.counter);
	new.opt_in = opt_in_of(kvm);
	for (int i = 0; i < SEA_STATISTICS; i++)
		new.counted[i] = *(volatile __u64 *)&vm->disposition[i];
	has_statistics = bpf_core_field_exists(((struct kvm_vcpu___list *)0)->stat.sea_claimed);
	if (has_statistics) {
		bpf_loop(new.vcpus < MAX_VCPUS ? new.vcpus : MAX_VCPUS, add_vcpu, &sum, 0);
		__builtin_memcpy(new.statistics, sum.statistics, sizeof(new.statistics));
	}
	bpf_map_update_elem(&running, &new.id, &new, BPF_ANY);
}

/* What a file's private_data is. */
enum file_kind { ANY_FILE, VM_FILE, VCPU_FILE, MAP_FILE };

static __always_inline enum file_kind kind_of(struct file *file)
{
	static const char vm_name[] = "kvm-vm", vcpu_name[] = "kvm-vcpu:", map_name[] = "bpf-map";
	bool is_vm = true, is_vcpu = true, is_map = true;
	char name[sizeof(vcpu_name)] = {};

	if (file->f_inode->i_sb->s_magic != ANON_INODE_FS_MAGIC)
		return ANY_FILE;
	bpf_probe_read_kernel_str(name, sizeof(name), file->f_path.dentry->d_name.name);
	for (int i = 0; i < (int)sizeof(vm_name); i++)
		is_vm &= name[i] == vm_name[i];
	for (int i = 0; i < (int)sizeof(vcpu_name) - 1; i++)
		is_vcpu &= name[i] == vcpu_name[i];
	for (int i = 0; i < (int)sizeof(map_name); i++)
		is_map &= name[i] == map_name[i];
	return is_vm ? VM_FILE : is_vcpu ? VCPU_FILE : is_map ? MAP_FILE : ANY_FILE;
}

SEC("iter/task_file")
int sea_list_vms(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct kvm_vcpu___list *vcpu;

	if (!task || !file)
		return 0;
	switch (kind_of(file)) {
	case MAP_FILE:
		if (is_readers_map(file->private_data))
			reader_tgid = task->tgid;
		break;
	case VM_FILE:
		visit(file->private_data, task);
		break;
	case VCPU_FILE:
		vcpu = file->private_data;
		visit((struct kvm___list *)BPF_CORE_READ(vcpu, kvm), task);
		break;
	default:
		break;
	}
	return 0;
}

/* A VM that was listed may be missed while its VMM forks, so one pass is not enough. */
#define PASSES_MISSED 2

/* In sea_trace.bpf.c: the VM's pending SEAs get no answer any more. */
int abandon_pending(struct ending *ending);

/*
 * Over vm_refs, after a pass: a VM that several passes did not see any more is gone,
 * and its end was missed. One that was in no list can only be judged if all processes
 * were seen: this pass and the last, and the VM is older than that.
 */
SEC("iter/bpf_map_elem")
int sea_list_gone(struct bpf_iter__bpf_map_elem *ctx)
{
	struct sea_running *listed;
	struct vm_ref *ref = ctx->value;
	__u64 *key = ctx->key, id;
	struct ending ending;
	struct sea_vm *vm;

	if (!key || !ref)
		return 0;
	ending.kvm = *key;
	id = ref->id;
	vm = bpf_map_lookup_elem(&vms, &id);
	if (!vm || !vm->id)
		return 0;
	listed = bpf_map_lookup_elem(&running, &id);
	if (listed ? listed->pass + PASSES_MISSED > list_pass :
		     !sees_all || vm->first_ns >= pass_ns || list_pass < PASSES_MISSED)
		return 0;
	abandon_pending(&ending);
	vm_gone(ending.kvm, false);
	add(&ended_unseen, 1);
	return 0;
}

/* Userspace has a scratch VM: what is in kvm_arch::flags and HCR_EL2 of it. */
SEC("iter/task_file")
int sea_list_scratch(struct bpf_iter__task_file *ctx)
{
	__u32 reader = bpf_get_current_pid_tgid() >> 32;
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct kvm_vcpu___list *vcpu;
	struct kvm___list *kvm;

	if (!task || !file || (__u32)task->tgid != reader || ctx->fd != scratch_fd ||
	    kind_of(file) != VCPU_FILE)
		return 0;
	vcpu = file->private_data;
	kvm = (struct kvm___list *)BPF_CORE_READ(vcpu, kvm);
	scratch_flags = BPF_CORE_READ(kvm, arch.flags);
	scratch_hcr = BPF_CORE_READ(vcpu, arch.hcr_el2);
	has_statistics = bpf_core_field_exists(vcpu->stat.sea_claimed);
	scratch_found = 1;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
