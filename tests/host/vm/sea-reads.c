// SPDX-License-Identifier: GPL-2.0-only
/*
 * A VMM whose guest has KVM itself read bad memory. That is no SEA of the guest's, and
 * nothing that a VMM can ask for helps: the host takes it. So this program does not end by
 * itself; what has happened is in the host's log.
 *
 * steal-time	the page where KVM tells the guest of stolen time, read by KVM_RUN
 * its		the command queue of the ITS, read when the guest writes GITS_CWRITER
 * lpi		the configuration table of LPIs, read when a command maps an LPI
 * stage2	the stage 2 table of a guest's guest
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest.h"
#include "kvm.h"
#include "ras.h"

#define BAD_PAGE 1

/* Where the guest finds the register: below 1 GiB, addresses are the physical ones. */
#define GITS_CWRITER (VM_GIC_ITS + 0x88)

/* In the ITS, and in a redistributor */
#define GITS_CTLR 0x0
#define GITS_CBASER 0x80
#define GITS_BASER_DEVICES 0x100
#define GITS_BASER_COLLECTIONS 0x108
#define GICR_PROPBASER 0x70

#define BASER_VALID (1UL << 63)
#define CBASER_1MIB 0xffUL /* pages of 4 KiB, less one */
#define PROPBASER_16BITS 15UL
#define CTLR_ENABLE 1UL

/* Commands of the ITS: four words each */
#define MAPD 0x08UL
#define MAPC 0x09UL
#define MAPTI 0x0aUL
#define MAP_VALID (1UL << 63)
#define FIRST_LPI 8192UL

static struct guest_memory memory = {.nr_vcpus = 1};

/*
 * The pages that the GIC has of the guest's, besides the one that goes bad. KVM's ITS has its
 * tables at multiples of 64 KiB, and does not read them here.
 */
#define ITT_PAGE 2
#define TABLES_PAGE 16

static uint64_t page_gpa(unsigned int page)
{
	return guest_page_gpa(0, page);
}

/* Tells of the next exit that is not a port's; there should be none. */
static void run(struct vcpu *vcpu, unsigned int op, uint64_t address)
{
	struct kvm_run *run = vcpu->run;
	unsigned int asked = 0;

	while (vcpu_run(vcpu) == KVM_EXIT_MMIO) {
		uint64_t port = run->mmio.phys_addr - GUEST_MMIO;
		uint64_t value = port == PORT_ADDRESS ? address : op;

		if (port > PORT_STRAY)
			errx(EXIT_FAILURE, "access to %#llx", run->mmio.phys_addr);
		if (!run->mmio.is_write) {
			/* It has done what it was told, and asks again. */
			if (port == PORT_ADDRESS && asked++)
				return;
			memcpy(run->mmio.data, &value, sizeof(value));
		}
	}
	errx(EXIT_FAILURE, "exit %u", run->exit_reason);
}

static void go_bad(const void *hva)
{
	ras_poison(ras_region(ras_pa(hva), false), false, false);
	puts("bad");
	fflush(stdout);
}

static void steal_time(const struct vm *vm, struct vcpu *vcpu)
{
	const uint64_t gpa = page_gpa(BAD_PAGE);

	(void)vm;
	device_set(vcpu->fd, KVM_ARM_VCPU_PVTIME_CTRL, KVM_ARM_VCPU_PVTIME_IPA, &gpa,
		   "KVM_ARM_VCPU_PVTIME_IPA");
	go_bad(guest_page(&memory, 0, BAD_PAGE));
	run(vcpu, OP_LOAD, guest_page_gva(0, GUEST_CLEAN_PAGE, true));
}

static void its_set(const struct vm *vm, uint64_t offset, uint64_t value)
{
	device_set(vm->its, KVM_DEV_ARM_VGIC_GRP_ITS_REGS, offset, &value, "register of the ITS");
}

/* The queue is as long as can be: what OP_STORE writes to GITS_CWRITER is a place in it. */
static void start_its(const struct vm *vm, uint64_t queue)
{
	its_set(vm, GITS_BASER_DEVICES, BASER_VALID | page_gpa(TABLES_PAGE));
	its_set(vm, GITS_BASER_COLLECTIONS, BASER_VALID | page_gpa(TABLES_PAGE));
	its_set(vm, GITS_CBASER, BASER_VALID | queue | CBASER_1MIB);
	its_set(vm, GITS_CTLR, CTLR_ENABLE);
}

static void its(const struct vm *vm, struct vcpu *vcpu)
{
	start_its(vm, page_gpa(BAD_PAGE));
	go_bad(guest_page(&memory, 0, BAD_PAGE));
	run(vcpu, OP_STORE, GITS_CWRITER);
}

static void lpi(const struct vm *vm, struct vcpu *vcpu)
{
	const uint64_t propbaser = page_gpa(BAD_PAGE) | PROPBASER_16BITS;
	const uint64_t low = (uint32_t)propbaser, high = propbaser >> 32;
	const uint64_t commands[][4] = {
		{MAPC, 0, MAP_VALID, 0},
		{MAPD, 0, MAP_VALID | page_gpa(ITT_PAGE), 0},
		{MAPTI, FIRST_LPI << 32, 0, 0},
	};
	uint8_t *queue = memory.data + GUEST_WINDOW / 2;

	/* All others are 0, which is no command. */
	memset(queue, 0, GUEST_WINDOW / 2);
	memcpy(queue, commands, sizeof(commands));
	device_set(vm->gic, KVM_DEV_ARM_VGIC_GRP_REDIST_REGS, GICR_PROPBASER, &low,
		   "GICR_PROPBASER");
	device_set(vm->gic, KVM_DEV_ARM_VGIC_GRP_REDIST_REGS, GICR_PROPBASER + 4, &high,
		   "GICR_PROPBASER");
	start_its(vm, GUEST_DATA + GUEST_WINDOW / 2);
	go_bad(guest_page(&memory, 0, BAD_PAGE));
	run(vcpu, OP_STORE, GITS_CWRITER);
}

static void stage2(const struct vm *vm, struct vcpu *vcpu)
{
	(void)vm;
	go_bad(guest_stage2(&memory, 0));
	run(vcpu, OP_STAGE2, guest_page_gva(0, GUEST_CLEAN_PAGE, true));
}

static const struct {
	const char *name;
	void (*have_it_read)(const struct vm *vm, struct vcpu *vcpu);
} kinds[] = {
	{"steal-time", steal_time},
	{"its", its},
	{"lpi", lpi},
	{"stage2", stage2},
};

int main(int argc, char **argv)
{
	const struct kvm_enable_cap cap = {.cap = KVM_CAP_ARM_SEA_TO_USER};
	struct vcpu vcpu;
	struct vm vm;

	ras_open();
	guest_memory_create(&memory, NULL);
	for (size_t i = 0; argc == 2 && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(argv[1], kinds[i].name))
			continue;
		if (kinds[i].have_it_read == stage2)
			vm_create_el2(&vm);
		else
			vm_create_gic(&vm);
		guest_memory_attach(&memory, &vm);
		vm_enable_cap(&vm, &cap);
		vcpu_create(&vm, &vcpu, 0);
		vm_start_gic(&vm, 1);
		guest_vcpu_setup(&vcpu, 0, true);
		kinds[i].have_it_read(&vm, &vcpu);
		puts("read");
		return EXIT_SUCCESS;
	}
	errx(EXIT_ENVIRONMENT, "usage: sea-reads steal-time|its|lpi|stage2");
}
