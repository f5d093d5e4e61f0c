/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The little of KVM/arm64 that a VMM needs: VMs, memory, vCPUs, registers.
 * What fails here is the environment's fault and ends the program.
 */
#ifndef KVM_H
#define KVM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/kvm.h>

/* The program's exit status when it could not do its work at all. */
#define EXIT_ENVIRONMENT 3

/* Linux 6.19; the installed <linux/kvm.h> may be older. */
#ifndef KVM_EXIT_ARM_SEA
#define KVM_EXIT_ARM_SEA 41
#endif
#ifndef KVM_CAP_ARM_SEA_TO_USER
#define KVM_CAP_ARM_SEA_TO_USER 245
#endif
#ifndef KVM_EXIT_ARM_SEA_FLAG_GPA_VALID
#define KVM_EXIT_ARM_SEA_FLAG_GPA_VALID (1ULL << 0)
#endif

/* Linux 6.16: nested virtualisation */
#ifndef KVM_CAP_ARM_EL2
#define KVM_CAP_ARM_EL2 240
#endif
#ifndef KVM_ARM_VCPU_HAS_EL2
#define KVM_ARM_VCPU_HAS_EL2 7
#endif

/* kvm_run's arm_sea */
struct sea_exit {
	uint64_t flags;
	uint64_t esr;
	uint64_t gva;
	uint64_t gpa;
};

#define VM_MAX_SLOTS 8

struct vm {
	int fd;
	uint32_t nr_slots;
	struct kvm_userspace_memory_region slots[VM_MAX_SLOTS];
	bool el2;     /* its vCPUs have EL2 */
	bool aarch32; /* EL1 and EL0 are in AArch32 */
	int gic;      /* -1: the VMM has the interrupt controller */
	int its;
};

struct vcpu {
	int fd;
	bool el2;
	struct kvm_vcpu_init init;
	int ret; /* of the last KVM_RUN */
	struct kvm_run *run;
	size_t run_size;
};

/* A vCPU with SVE, the PMU and all else has some 700. */
#define VCPU_MAX_REGISTERS 1024

/* No register is larger: KVM_REG_SIZE_U2048. */
#define VCPU_MAX_REGISTER_SIZE 256

struct vcpu_registers {
	uint64_t nr;
	struct {
		uint64_t id;
		uint8_t value[VCPU_MAX_REGISTER_SIZE];
	} one[VCPU_MAX_REGISTERS];
};

#define CORE_REG(field)                                        \
	(KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE | \
	 (offsetof(struct kvm_regs, field) / sizeof(uint32_t)))

#define REG_X(n) CORE_REG(regs.regs[n])
#define REG_PC CORE_REG(regs.pc)
#define REG_PSTATE CORE_REG(regs.pstate)
#define REG_ELR_EL1 CORE_REG(elr_el1)
#define REG_SPSR_EL1 CORE_REG(spsr[KVM_SPSR_EL1])
#define REG_SPSR_ABT CORE_REG(spsr[KVM_SPSR_ABT])
#define REG_ID_AA64PFR0_EL1 ARM64_SYS_REG(3, 0, 0, 4, 0)
#define REG_SCTLR_EL1 ARM64_SYS_REG(3, 0, 1, 0, 0)
#define REG_TTBR0_EL1 ARM64_SYS_REG(3, 0, 2, 0, 0)
#define REG_TCR_EL1 ARM64_SYS_REG(3, 0, 2, 0, 2)
#define REG_ESR_EL1 ARM64_SYS_REG(3, 0, 5, 2, 0)
#define REG_FAR_EL1 ARM64_SYS_REG(3, 0, 6, 0, 0)
#define REG_MAIR_EL1 ARM64_SYS_REG(3, 0, 10, 2, 0)
#define REG_VBAR_EL1 ARM64_SYS_REG(3, 0, 12, 0, 0)
#define REG_DACR32_EL2 ARM64_SYS_REG(3, 4, 3, 0, 0)
#define REG_SCTLR_EL2 ARM64_SYS_REG(3, 4, 1, 0, 0)
#define REG_HCR_EL2 ARM64_SYS_REG(3, 4, 1, 1, 0)
#define REG_TTBR0_EL2 ARM64_SYS_REG(3, 4, 2, 0, 0)
#define REG_TCR_EL2 ARM64_SYS_REG(3, 4, 2, 0, 2)
#define REG_VTTBR_EL2 ARM64_SYS_REG(3, 4, 2, 1, 0)
#define REG_VTCR_EL2 ARM64_SYS_REG(3, 4, 2, 1, 2)
#define REG_VSESR_EL2 ARM64_SYS_REG(3, 4, 5, 2, 3)
#define REG_MAIR_EL2 ARM64_SYS_REG(3, 4, 10, 2, 0)
#define REG_VBAR_EL2 ARM64_SYS_REG(3, 4, 12, 0, 0)

/* Where these are in the guest's physical memory */
#define VM_GIC_DIST 0x08000000
#define VM_GIC_ITS 0x08080000
#define VM_GIC_REDIST 0x080a0000

void vm_create(struct vm *vm);
/* With KVM's own GICv3 and ITS; when the vCPUs are all created, vm_start_gic() follows. */
void vm_create_gic(struct vm *vm);
/* The same, whose vCPUs start at EL2, or at EL1 in AArch32 */
void vm_create_el2(struct vm *vm);
void vm_create_aarch32(struct vm *vm);
void vm_start_gic(const struct vm *vm, unsigned int nr_vcpus);
/* KVM_SET_DEVICE_ATTR, of a device or a vCPU; @what it is about */
void device_set(int device, uint32_t group, uint64_t attr, const uint64_t *value, const char *what);
void vm_destroy(struct vm *vm); /* after its vCPUs */
/* What KVM_CHECK_EXTENSION says */
int vm_check_cap(const struct vm *vm, unsigned int cap);
/* 0, or errno of KVM_ENABLE_CAP */
int vm_enable_cap(const struct vm *vm, const struct kvm_enable_cap *cap);
/* @flags: of KVM_SET_USER_MEMORY_REGION */
void vm_add_memory(struct vm *vm, uint64_t gpa, void *hva, size_t size, uint32_t flags);
/*
 * Starts to log what the guest writes, anew if it was on: all memory is write-protected
 * in stage 2, and its huge mappings are split.
 */
void vm_log_dirty_pages(struct vm *vm);

void vcpu_create(const struct vm *vm, struct vcpu *vcpu, unsigned int id);
/* All registers are as after vcpu_create(). */
void vcpu_reset(const struct vcpu *vcpu);
void vcpu_destroy(struct vcpu *vcpu);
void vcpu_set_reg(const struct vcpu *vcpu, uint64_t reg, uint64_t value);
uint64_t vcpu_get_reg(const struct vcpu *vcpu, uint64_t reg);
/* All registers of a vCPU, for one of another VM, in this process or another, to have them */
void vcpu_save(const struct vcpu *vcpu, struct vcpu_registers *registers);
void vcpu_restore(const struct vcpu *vcpu, const struct vcpu_registers *registers);

/* 0, or errno of KVM_SET_VCPU_EVENTS */
int vcpu_try_events(const struct vcpu *vcpu, const struct kvm_vcpu_events *events);
void vcpu_set_events(const struct vcpu *vcpu, const struct kvm_vcpu_events *events);
void vcpu_get_events(const struct vcpu *vcpu, struct kvm_vcpu_events *events);
const struct sea_exit *vcpu_sea_exit(const struct vcpu *vcpu);

/* KVM_RUN ends with KVM_EXIT_DEBUG after one instruction, or not any more. */
void vcpu_set_single_step(const struct vcpu *vcpu, bool on);

/* KVM_RUN ends with KVM_EXIT_DEBUG at a BRK of the guest's, or the guest takes it. */
void vcpu_set_breakpoints(const struct vcpu *vcpu, bool on);

/* KVM_MP_STATE_...: a stopped vCPU does not run. */
void vcpu_set_mp_state(const struct vcpu *vcpu, uint32_t state);

/* The exit reason, or -1 with errno set: EINTR after a signal. */
int vcpu_run(struct vcpu *vcpu);

#endif
