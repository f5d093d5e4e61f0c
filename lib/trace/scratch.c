// SPDX-License-Identifier: GPL-2.0-only
#include "trace/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/kvm.h>

/* Linux 6.19, and our series for 6.12; older headers lack it. */
#define CAP_ARM_SEA_TO_USER 245

/* The smallest IPA size that there is */
#define IPA_BITS 32UL

/* KVM_REG_ARM64 | KVM_REG_SIZE_U64 | KVM_REG_ARM_CORE_REG(regs.regs[0]) */
#define REG_X0 0x6030000000100000ULL

static int failed(const char *what, struct sea_error *err)
{
	return sea_error_set(err, "cannot try KVM: %s: %s", what, strerror(errno));
}

static int open_kvm(struct sea_scratch *scratch, struct sea_error *err)
{
	scratch->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (scratch->kvm >= 0)
		return 0;
	return sea_error_set(err, "cannot open /dev/kvm: %s; %s", strerror(errno),
			     errno == EACCES ? "run as root or in the group kvm" :
					       "use a host that boots at EL2");
}

/*
 * The default, 40 bits of IPA, is more than some machines have; the smallest is
 * also the fastest to destroy, for which Linux 7.x goes over all of it.
 */
static int create_vm(struct sea_scratch *scratch, struct sea_error *err)
{
	bool may_choose = ioctl(scratch->kvm, KVM_CHECK_EXTENSION, KVM_CAP_ARM_VM_IPA_SIZE) > 0;

	scratch->vm = ioctl(scratch->kvm, KVM_CREATE_VM, may_choose ? IPA_BITS : 0UL);
	return scratch->vm < 0 ? failed("KVM_CREATE_VM", err) : 0;
}

/*
 * As far into KVM_RUN as it goes without entering the guest: it is there that
 * HCR_EL2 gets its final value.
 */
static int prepare_vcpu(const struct sea_scratch *scratch, struct sea_error *err)
{
	int size = ioctl(scratch->kvm, KVM_GET_VCPU_MMAP_SIZE, 0), rc;
	struct kvm_run *run;

	if (size <= 0)
		return failed("KVM_GET_VCPU_MMAP_SIZE", err);
	run = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE, MAP_SHARED, scratch->vcpu, 0);
	if (run == MAP_FAILED)
		return failed("mapping a vCPU", err);
	run->immediate_exit = 1;
	rc = ioctl(scratch->vcpu, KVM_RUN, 0);
	munmap(run, (size_t)size);
	return rc && errno != EINTR ? failed("KVM_RUN", err) : 0;
}

static int create_vcpu(struct sea_scratch *scratch, struct sea_error *err)
{
	struct kvm_vcpu_init init;

	scratch->vcpu = ioctl(scratch->vm, KVM_CREATE_VCPU, 0);
	if (scratch->vcpu < 0)
		return failed("KVM_CREATE_VCPU", err);
	memset(&init, 0, sizeof(init));
	if (ioctl(scratch->vm, KVM_ARM_PREFERRED_TARGET, &init) ||
	    ioctl(scratch->vcpu, KVM_ARM_VCPU_INIT, &init))
		return failed("KVM_ARM_VCPU_INIT", err);
	return prepare_vcpu(scratch, err);
}

int sea_scratch_open(struct sea_scratch *scratch, struct sea_error *err)
{
	int exit;

	memset(scratch, 0, sizeof(*scratch));
	scratch->kvm = scratch->vm = scratch->vcpu = -1;
	if (open_kvm(scratch, err) || create_vm(scratch, err) || create_vcpu(scratch, err)) {
		sea_scratch_close(scratch);
		return -1;
	}
	exit = ioctl(scratch->vm, KVM_CHECK_EXTENSION, CAP_ARM_SEA_TO_USER);
	scratch->has_exit = exit > 0;
	return 0;
}

void sea_scratch_close(struct sea_scratch *scratch)
{
	int *const fds[] = {&scratch->vcpu, &scratch->vm, &scratch->kvm};
	size_t i;

	for (i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
}

int sea_scratch_opt_in(const struct sea_scratch *scratch, struct sea_error *err)
{
	struct kvm_enable_cap cap = {.cap = CAP_ARM_SEA_TO_USER};

	return ioctl(scratch->vm, KVM_ENABLE_CAP, &cap) ?
		       failed("KVM_ENABLE_CAP of KVM_CAP_ARM_SEA_TO_USER", err) :
		       0;
}

unsigned int sea_scratch_answer(const struct sea_scratch *scratch)
{
	static const struct {
		struct kvm_vcpu_events events;
		unsigned int fired;
	} answers[] = {
		{{.exception.ext_dabt_pending = 1}, SEA_FIRED_ABORT},
		{{.exception.serror_pending = 1}, SEA_FIRED_SERROR},
		/* Refused without FEAT_RAS */
		{{.exception.serror_pending = 1, .exception.serror_has_esr = 1},
		 SEA_FIRED_SERROR_ESR},
	};
	uint64_t zero = 0;
	struct kvm_one_reg reg = {.id = REG_X0, .addr = (uintptr_t)&zero};
	unsigned int fired = 0;
	size_t i;

	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (!ioctl(scratch->vcpu, KVM_SET_VCPU_EVENTS, &answers[i].events))
			fired |= SEA_FIRED_EVENTS | answers[i].fired;
	if (!ioctl(scratch->vcpu, KVM_SET_ONE_REG, &reg))
		fired |= SEA_FIRED_REG;
	return fired;
}
