// SPDX-License-Identifier: GPL-2.0-only
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kvm.h"

static int kvm_open(void)
{
	int fd = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		err(EXIT_ENVIRONMENT, "/dev/kvm");
	return fd;
}

static int kvm_ioctl(int fd, unsigned long request, const void *arg, const char *what)
{
	int ret = ioctl(fd, request, arg);

	if (ret < 0)
		err(EXIT_ENVIRONMENT, "%s", what);
	return ret;
}

void vm_create(struct vm *vm)
{
	static int kvm = -1;

	if (kvm < 0)
		kvm = kvm_open();
	/* Type 0: the default size of the IPA space, see stage2.c */
	vm->fd = kvm_ioctl(kvm, KVM_CREATE_VM, NULL, "KVM_CREATE_VM");
	vm->nr_slots = 0;
	vm->el2 = false;
	vm->aarch32 = false;
	vm->gic = -1;
	vm->its = -1;
}

/* The GIC has to be there before a vCPU with EL2 is, the ITS after the GIC. */
void vm_create_gic(struct vm *vm)
{
	struct kvm_create_device gic = {.type = KVM_DEV_TYPE_ARM_VGIC_V3};
	struct kvm_create_device its = {.type = KVM_DEV_TYPE_ARM_VGIC_ITS};

	vm_create(vm);
	kvm_ioctl(vm->fd, KVM_CREATE_DEVICE, &gic, "KVM_CREATE_DEVICE of a GICv3");
	vm->gic = gic.fd;
	kvm_ioctl(vm->fd, KVM_CREATE_DEVICE, &its, "KVM_CREATE_DEVICE of an ITS");
	vm->its = its.fd;
}

void vm_create_el2(struct vm *vm)
{
	vm_create_gic(vm);
	if (vm_check_cap(vm, KVM_CAP_ARM_EL2) <= 0)
		errx(EXIT_ENVIRONMENT,
		     "this kernel has no KVM_CAP_ARM_EL2: it takes a 7.x that was "
		     "booted with kvm-arm.mode=nested, and a CPU with FEAT_NV2");
	vm->el2 = true;
}

void vm_create_aarch32(struct vm *vm)
{
	vm_create_gic(vm);
	if (vm_check_cap(vm, KVM_CAP_ARM_EL1_32BIT) <= 0)
		errx(EXIT_ENVIRONMENT, "the CPU has no AArch32 at EL1");
	vm->aarch32 = true;
}

void device_set(int device, uint32_t group, uint64_t attr, const uint64_t *value, const char *what)
{
	struct kvm_device_attr device_attr = {
		.group = group,
		.attr = attr,
		.addr = (uintptr_t)value,
	};

	kvm_ioctl(device, KVM_SET_DEVICE_ATTR, &device_attr, what);
}

void vm_start_gic(const struct vm *vm, unsigned int nr_vcpus)
{
	const uint64_t dist = VM_GIC_DIST, its = VM_GIC_ITS;
	/* One region of redistributors: their number is in the topmost 12 bits. */
	const uint64_t region = VM_GIC_REDIST | (uint64_t)nr_vcpus << 52;

	device_set(vm->gic, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_DIST, &dist,
		   "distributor of the GIC");
	device_set(vm->gic, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_V3_ADDR_TYPE_REDIST_REGION, &region,
		   "redistributors of the GIC");
	device_set(vm->gic, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, NULL,
		   "KVM_DEV_ARM_VGIC_CTRL_INIT of the GIC");
	device_set(vm->its, KVM_DEV_ARM_VGIC_GRP_ADDR, KVM_VGIC_ITS_ADDR_TYPE, &its, "ITS");
	device_set(vm->its, KVM_DEV_ARM_VGIC_GRP_CTRL, KVM_DEV_ARM_VGIC_CTRL_INIT, NULL,
		   "KVM_DEV_ARM_VGIC_CTRL_INIT of the ITS");
}

void vm_destroy(struct vm *vm)
{
	if (vm->its >= 0)
		close(vm->its);
	if (vm->gic >= 0)
		close(vm->gic);
	close(vm->fd);
	vm->fd = -1;
}

int vm_check_cap(const struct vm *vm, unsigned int cap)
{
	return ioctl(vm->fd, KVM_CHECK_EXTENSION, cap);
}

int vm_enable_cap(const struct vm *vm, const struct kvm_enable_cap *cap)
{
	return ioctl(vm->fd, KVM_ENABLE_CAP, cap) ? errno : 0;
}

static void set_slot(const struct vm *vm, struct kvm_userspace_memory_region *region)
{
	kvm_ioctl(vm->fd, KVM_SET_USER_MEMORY_REGION, region, "KVM_SET_USER_MEMORY_REGION");
}

void vm_add_memory(struct vm *vm, uint64_t gpa, void *hva, size_t size, uint32_t flags)
{
	struct kvm_userspace_memory_region *slot = &vm->slots[vm->nr_slots];

	if (vm->nr_slots == VM_MAX_SLOTS)
		errx(EXIT_ENVIRONMENT, "a VM has %u slots of memory at most", VM_MAX_SLOTS);
	*slot = (struct kvm_userspace_memory_region){
		.slot = vm->nr_slots++,
		.flags = flags,
		.guest_phys_addr = gpa,
		.memory_size = size,
		.userspace_addr = (uintptr_t)hva,
	};
	set_slot(vm, slot);
}

void vm_log_dirty_pages(struct vm *vm)
{
	for (uint32_t i = 0; i < vm->nr_slots; i++) {
		struct kvm_userspace_memory_region *slot = &vm->slots[i];

		slot->flags &= ~KVM_MEM_LOG_DIRTY_PAGES;
		set_slot(vm, slot);
		slot->flags |= KVM_MEM_LOG_DIRTY_PAGES;
		set_slot(vm, slot);
	}
}

void vcpu_create(const struct vm *vm, struct vcpu *vcpu, unsigned int id)
{
	int kvm;

	vcpu->fd = ioctl(vm->fd, KVM_CREATE_VCPU, id);
	if (vcpu->fd < 0)
		err(EXIT_ENVIRONMENT, "KVM_CREATE_VCPU");
	kvm_ioctl(vm->fd, KVM_ARM_PREFERRED_TARGET, &vcpu->init, "KVM_ARM_PREFERRED_TARGET");
	vcpu->el2 = vm->el2;
	if (vcpu->el2)
		vcpu->init.features[0] |= 1U << KVM_ARM_VCPU_HAS_EL2;
	if (vm->aarch32)
		vcpu->init.features[0] |= 1U << KVM_ARM_VCPU_EL1_32BIT;
	vcpu_reset(vcpu);

	kvm = kvm_open();
	vcpu->run_size = kvm_ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, NULL, "KVM_GET_VCPU_MMAP_SIZE");
	close(kvm);
	vcpu->run = mmap(NULL, vcpu->run_size, PROT_READ | PROT_WRITE, MAP_SHARED, vcpu->fd, 0);
	if (vcpu->run == MAP_FAILED)
		err(EXIT_ENVIRONMENT, "mmap of kvm_run");
}

void vcpu_reset(const struct vcpu *vcpu)
{
	kvm_ioctl(vcpu->fd, KVM_ARM_VCPU_INIT, (void *)&vcpu->init, "KVM_ARM_VCPU_INIT");
}

void vcpu_destroy(struct vcpu *vcpu)
{
	munmap(vcpu->run, vcpu->run_size);
	close(vcpu->fd);
}

void vcpu_set_reg(const struct vcpu *vcpu, uint64_t reg, uint64_t value)
{
	struct kvm_one_reg one = {.id = reg, .addr = (uintptr_t)&value};

	kvm_ioctl(vcpu->fd, KVM_SET_ONE_REG, &one, "KVM_SET_ONE_REG");
}

uint64_t vcpu_get_reg(const struct vcpu *vcpu, uint64_t reg)
{
	uint64_t value;
	struct kvm_one_reg one = {.id = reg, .addr = (uintptr_t)&value};

	kvm_ioctl(vcpu->fd, KVM_GET_ONE_REG, &one, "KVM_GET_ONE_REG");
	return value;
}

void vcpu_save(const struct vcpu *vcpu, struct vcpu_registers *registers)
{
	struct kvm_reg_list *list = calloc(1, sizeof(*list) + sizeof(uint64_t[VCPU_MAX_REGISTERS]));

	if (!list)
		err(EXIT_ENVIRONMENT, "calloc");
	list->n = VCPU_MAX_REGISTERS;
	kvm_ioctl(vcpu->fd, KVM_GET_REG_LIST, list, "KVM_GET_REG_LIST");
	registers->nr = list->n;
	for (uint64_t i = 0; i < list->n; i++) {
		struct kvm_one_reg one = {
			.id = list->reg[i],
			.addr = (uintptr_t)registers->one[i].value,
		};

		registers->one[i].id = one.id;
		kvm_ioctl(vcpu->fd, KVM_GET_ONE_REG, &one, "KVM_GET_ONE_REG");
	}
	free(list);
}

void vcpu_restore(const struct vcpu *vcpu, const struct vcpu_registers *registers)
{
	for (uint64_t i = 0; i < registers->nr; i++) {
		struct kvm_one_reg one = {
			.id = registers->one[i].id,
			.addr = (uintptr_t)registers->one[i].value,
		};

		kvm_ioctl(vcpu->fd, KVM_SET_ONE_REG, &one, "KVM_SET_ONE_REG");
	}
}

int vcpu_try_events(const struct vcpu *vcpu, const struct kvm_vcpu_events *events)
{
	return ioctl(vcpu->fd, KVM_SET_VCPU_EVENTS, events) ? errno : 0;
}

void vcpu_set_events(const struct vcpu *vcpu, const struct kvm_vcpu_events *events)
{
	kvm_ioctl(vcpu->fd, KVM_SET_VCPU_EVENTS, events, "KVM_SET_VCPU_EVENTS");
}

void vcpu_get_events(const struct vcpu *vcpu, struct kvm_vcpu_events *events)
{
	kvm_ioctl(vcpu->fd, KVM_GET_VCPU_EVENTS, events, "KVM_GET_VCPU_EVENTS");
}

static void set_guest_debug(const struct vcpu *vcpu, uint32_t control)
{
	struct kvm_guest_debug debug = {.control = control ? KVM_GUESTDBG_ENABLE | control : 0};

	kvm_ioctl(vcpu->fd, KVM_SET_GUEST_DEBUG, &debug, "KVM_SET_GUEST_DEBUG");
}

void vcpu_set_single_step(const struct vcpu *vcpu, bool on)
{
	set_guest_debug(vcpu, on ? KVM_GUESTDBG_SINGLESTEP : 0);
}

void vcpu_set_breakpoints(const struct vcpu *vcpu, bool on)
{
	set_guest_debug(vcpu, on ? KVM_GUESTDBG_USE_SW_BP : 0);
}

void vcpu_set_mp_state(const struct vcpu *vcpu, uint32_t state)
{
	struct kvm_mp_state mp = {.mp_state = state};

	kvm_ioctl(vcpu->fd, KVM_SET_MP_STATE, &mp, "KVM_SET_MP_STATE");
}

const struct sea_exit *vcpu_sea_exit(const struct vcpu *vcpu)
{
	/* The union of the exits starts where its first member does. */
	return (const struct sea_exit *)&vcpu->run->hw;
}

int vcpu_run(struct vcpu *vcpu)
{
	vcpu->ret = ioctl(vcpu->fd, KVM_RUN, 0);
	if (vcpu->ret < 0)
		return -1;
	return vcpu->run->exit_reason;
}
