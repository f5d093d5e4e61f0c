// SPDX-License-Identifier: GPL-2.0-only
/*
 * A VMM that saves a vCPU right after it has injected an abort into it, and ends; and
 * another process that goes on with a vCPU of a VM of its own, as after a migration.
 * What was saved is a line of JSON on stdout, with what the guest did afterwards.
 *
 * The abort answers an SEA, or an MMIO read of what no device is at: the latter
 * can be had on any kernel. Of a guest's guest, whose aborts the guest takes, the
 * read is one too; that vCPU is not saved, but goes on. Nor is the one that is
 * late, whose abort answers an SEA only after another exit. The early one is saved
 * before it is answered: the abort is injected into the new VM's vCPU. That of brk
 * answers a breakpoint, whose syndrome is none of an abort. That of first, and an
 * SError with it, are there before the vCPU has ever run.
 */
#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"
#include "kvm.h"
#include "ras.h"

#define BAD_PAGE 1
#define OFFSET 0x40
#define NO_DEVICE (GUEST_MMIO + 0x8000)
#define VECTOR_SYNC_SAME_EL 0x200
#define VECTOR_SYNC_LOWER_EL 0x400

struct state {
	uint64_t pc, pstate, elr, spsr, esr, far;
};

/* What the VMM that ends leaves to the one that goes on */
struct passage {
	uint64_t access, vector;
	struct state before, after;
	struct kvm_vcpu_events events;
	struct vcpu_registers registers;
};

static const struct kvm_vcpu_events abort_event = {.exception = {.ext_dabt_pending = 1}};
static const struct kvm_vcpu_events both_events = {
	.exception = {.ext_dabt_pending = 1, .serror_pending = 1},
};

static struct guest_memory memory = {.nr_vcpus = 1};

/* What the guest is to do with the addresses that it is given */
static unsigned int op = OP_LOAD;

static void create(struct vm *vm, struct vcpu *vcpu, bool opt_in)
{
	struct kvm_enable_cap cap = {.cap = KVM_CAP_ARM_SEA_TO_USER};
	bool el2 = op == OP_ROUTED;

	if (el2)
		vm_create_el2(vm);
	else
		vm_create_gic(vm);
	guest_memory_attach(&memory, vm);
	if (opt_in && vm_enable_cap(vm, &cap))
		errx(EXIT_ENVIRONMENT, "this kernel has no KVM_CAP_ARM_SEA_TO_USER");
	vcpu_create(vm, vcpu, 0);
	vm_start_gic(vm, 1);
}

/* The next exit that is not a port's, or the port written to. 0: another exit */
static uint64_t run(struct vcpu *vcpu, const uint64_t *addresses, uint64_t *written)
{
	struct kvm_run *run = vcpu->run;

	while (vcpu_run(vcpu) == KVM_EXIT_MMIO) {
		uint64_t port = run->mmio.phys_addr - GUEST_MMIO, value = op;

		if (port > PORT_STRAY)
			return run->mmio.phys_addr;
		if (run->mmio.is_write) {
			memcpy(written, run->mmio.data, sizeof(*written));
			/* Reports end with the port that counts. */
			if (port == PORT_ABORT_ELR || port == PORT_SERROR || port == PORT_STRAY ||
			    (port == PORT_VALUE && !*addresses))
				return run->mmio.phys_addr;
			continue;
		}
		if (port == PORT_ADDRESS)
			value = *addresses++;
		memcpy(run->mmio.data, &value, sizeof(value));
	}
	return 0;
}

static struct state state_of(const struct vcpu *vcpu)
{
	return (struct state){
		.pc = vcpu_get_reg(vcpu, REG_PC),
		.pstate = vcpu_get_reg(vcpu, REG_PSTATE),
		.elr = vcpu_get_reg(vcpu, REG_ELR_EL1),
		.spsr = vcpu_get_reg(vcpu, REG_SPSR_EL1),
		.esr = vcpu_get_reg(vcpu, REG_ESR_EL1),
		.far = vcpu_get_reg(vcpu, REG_FAR_EL1),
	};
}

static void print_state(const char *name, const struct state *state)
{
	printf(",\"%s\":{\"pc\":\"%#" PRIx64 "\",\"pstate\":\"%#" PRIx64
	       "\",\"elr_el1\":\"%#" PRIx64 "\",\"spsr_el1\":\"%#" PRIx64
	       "\",\"esr_el1\":\"%#" PRIx64 "\",\"far_el1\":\"%#" PRIx64 "\"}",
	       name, state->pc, state->pstate, state->elr, state->spsr, state->esr, state->far);
}

static const char *went_on(uint64_t port)
{
	return port == GUEST_MMIO + PORT_ABORT_ELR ? "abort" :
	       port == GUEST_MMIO + PORT_SERROR	   ? "SError" :
	       port == GUEST_MMIO + PORT_VALUE	   ? "load done" :
	       port == NO_DEVICE		   ? "read again" :
						     "lost";
}

/* Stage 2 knows the page before it goes bad. The region of the device's */
static uint64_t go_bad(struct vcpu *vcpu, uint64_t address)
{
	uint64_t written, region;

	run(vcpu, (const uint64_t[]){address, 0}, &written);
	region = ras_region(ras_pa(guest_page(&memory, 0, BAD_PAGE)), false);
	ras_poison(region, false, false);
	return region;
}

/*
 * The VMM answers an SEA that came without an address when the vCPU has had another
 * exit, one that has no address either.
 */
static int late(void)
{
	const uint64_t address = guest_page_gva(0, BAD_PAGE, true) + OFFSET;
	uint64_t written, region;
	struct state after;
	struct vcpu vcpu;
	struct vm vm;

	create(&vm, &vcpu, true);
	guest_vcpu_setup(&vcpu, 0, true);
	region = go_bad(&vcpu, address);
	ras_set_fnv(RAS_STALE_FAR);
	if (run(&vcpu, (const uint64_t[]){address, 0}, &written) ||
	    vcpu.run->exit_reason != KVM_EXIT_ARM_SEA)
		errx(EXIT_FAILURE, "exit %u instead of the SEA", vcpu.run->exit_reason);
	ras_heal(region);
	vcpu_set_single_step(&vcpu, true);
	if (vcpu_run(&vcpu) != KVM_EXIT_DEBUG)
		errx(EXIT_FAILURE, "exit %u instead of the step's", vcpu.run->exit_reason);
	vcpu_set_single_step(&vcpu, false);

	vcpu_set_events(&vcpu, &abort_event);
	after = state_of(&vcpu);
	printf("{\"kind\":\"late\"");
	print_state("after", &after);
	puts("}");
	return EXIT_SUCCESS;
}

/* The VMM injects an abort when the vCPU's last exit was for a BRK of the guest's. */
static int brk_exit(void)
{
	const uint64_t address = guest_page_gva(0, GUEST_CLEAN_PAGE, true);
	struct state before, after;
	struct vcpu vcpu;
	struct vm vm;
	uint64_t written;

	op = OP_BRK;
	create(&vm, &vcpu, false);
	guest_vcpu_setup(&vcpu, 0, true);
	vcpu_set_breakpoints(&vcpu, true);
	if (run(&vcpu, (const uint64_t[]){address, 0}, &written) ||
	    vcpu.run->exit_reason != KVM_EXIT_DEBUG)
		errx(EXIT_FAILURE, "exit %u instead of the BRK's", vcpu.run->exit_reason);

	before = state_of(&vcpu);
	vcpu_set_events(&vcpu, &abort_event);
	after = state_of(&vcpu);
	printf("{\"kind\":\"brk\",\"vector\":\"%#" PRIx64 "\"",
	       vcpu_get_reg(&vcpu, REG_VBAR_EL1) + VECTOR_SYNC_SAME_EL);
	print_state("before", &before);
	print_state("after", &after);
	printf(",\"on\":\"%s\"}\n", went_on(run(&vcpu, (const uint64_t[]){address, 0}, &written)));
	return EXIT_SUCCESS;
}

/*
 * The guest takes the abort of its guest's read. When the vCPU is told to run,
 * KVM must not complete that read any more, which is not the guest's.
 */
static int nested(void)
{
	/* See GUEST_DATA_VA: what the guest does not map in two places. */
	const uint64_t address = NO_DEVICE + GUEST_DATA_VA - GUEST_DATA;
	const uint64_t garbage = 0x6a46a6e, mark = 0x3a4c;
	uint64_t written = 0, port;
	struct state before, after, run_state;
	struct vcpu vcpu;
	struct vm vm;

	op = OP_ROUTED;
	create(&vm, &vcpu, false);
	guest_vcpu_setup(&vcpu, 0, true);
	port = run(&vcpu, (const uint64_t[]){address, 0}, &written);
	if (port != NO_DEVICE)
		errx(EXIT_FAILURE, "exit %u instead of the one to answer", vcpu.run->exit_reason);
	memcpy(vcpu.run->mmio.data, &garbage, sizeof(garbage));
	/* What the read is to load */
	vcpu_set_reg(&vcpu, REG_X(3), mark);

	before = state_of(&vcpu);
	vcpu_set_events(&vcpu, &abort_event);
	after = state_of(&vcpu);
	vcpu.run->immediate_exit = 1;
	vcpu_run(&vcpu);
	vcpu.run->immediate_exit = 0;
	run_state = state_of(&vcpu);

	printf("{\"kind\":\"nested\",\"vector\":\"%#" PRIx64 "\"",
	       vcpu_get_reg(&vcpu, REG_VBAR_EL2) + VECTOR_SYNC_LOWER_EL);
	print_state("before", &before);
	print_state("after", &after);
	print_state("run", &run_state);
	printf(",\"loaded\":%s", vcpu_get_reg(&vcpu, REG_X(3)) == mark ? "false" : "true");
	port = run(&vcpu, (const uint64_t[]){0}, &written);
	printf(",\"on\":\"%s\"}\n", went_on(port));
	return EXIT_SUCCESS;
}

/* An abort and an SError are injected into a vCPU that has never run. */
static int first(void)
{
	struct state before, after;
	uint64_t written, port;
	struct vcpu vcpu;
	struct vm vm;

	create(&vm, &vcpu, false);
	guest_vcpu_setup(&vcpu, 0, true);
	before = state_of(&vcpu);
	vcpu_set_events(&vcpu, &both_events);
	after = state_of(&vcpu);
	printf("{\"kind\":\"first\",\"vector\":\"%#" PRIx64 "\"",
	       vcpu_get_reg(&vcpu, REG_VBAR_EL1) + VECTOR_SYNC_SAME_EL);
	print_state("before", &before);
	print_state("after", &after);
	port = run(&vcpu, (const uint64_t[]){0}, &written);
	printf(",\"on\":\"%s\"", went_on(port));
	port = run(&vcpu, (const uint64_t[]){0}, &written);
	printf(",\"then\":\"%s\"}\n", went_on(port));
	return EXIT_SUCCESS;
}

/* The VMM that ends: an SEA, or an MMIO read, and the answer, unless it is @early */
static void leave(struct passage *passage, bool sea, bool early)
{
	uint64_t elsewhere, written, region = 0;
	struct vcpu vcpu;
	struct vm vm;

	create(&vm, &vcpu, sea);
	guest_vcpu_setup(&vcpu, 0, true);
	passage->access = sea ? guest_page_gva(0, BAD_PAGE, true) + OFFSET : NO_DEVICE;
	passage->vector = vcpu_get_reg(&vcpu, REG_VBAR_EL1) + VECTOR_SYNC_SAME_EL;
	if (sea)
		region = go_bad(&vcpu, passage->access);
	elsewhere = run(&vcpu, (const uint64_t[]){passage->access, 0}, &written);
	if (sea ? elsewhere || vcpu.run->exit_reason != KVM_EXIT_ARM_SEA : elsewhere != NO_DEVICE)
		errx(EXIT_FAILURE, "exit %u instead of the one to answer", vcpu.run->exit_reason);
	if (sea)
		ras_heal(region);

	passage->before = state_of(&vcpu);
	if (!early)
		vcpu_set_events(&vcpu, &abort_event);
	passage->after = state_of(&vcpu);
	vcpu_get_events(&vcpu, &passage->events);
	vcpu_save(&vcpu, &passage->registers);
}

/* In this process, after a child has left all that it had */
static int go_on(const char *kind, bool sea, bool early)
{
	struct passage *passage = mmap(NULL, sizeof(*passage), PROT_READ | PROT_WRITE,
				       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct vcpu vcpu;
	struct vm vm;
	uint64_t elsewhere, written = 0;
	int status;
	pid_t pid;

	if (passage == MAP_FAILED)
		err(EXIT_ENVIRONMENT, "mmap");
	pid = fork();
	if (pid < 0)
		err(EXIT_ENVIRONMENT, "fork");
	if (!pid) {
		leave(passage, sea, early);
		exit(EXIT_SUCCESS);
	}
	if (waitpid(pid, &status, 0) != pid)
		err(EXIT_ENVIRONMENT, "waitpid");
	if (status)
		exit(WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE);

	create(&vm, &vcpu, sea);
	vcpu_restore(&vcpu, &passage->registers);
	vcpu_set_events(&vcpu, early ? &abort_event : &passage->events);
	if (early)
		passage->after = state_of(&vcpu);
	elsewhere = run(&vcpu, (const uint64_t[]){0}, &written);

	printf("{\"kind\":\"%s\",\"access\":\"%#" PRIx64 "\",\"vector\":\"%#" PRIx64 "\"", kind,
	       passage->access, passage->vector);
	print_state("before", &passage->before);
	print_state("after", &passage->after);
	/* After an abort, what was written last is its ELR_EL1. */
	printf(",\"ext_dabt_pending\":%u,\"elsewhere\":\"%s\",\"elr_elsewhere\":\"%#" PRIx64
	       "\"}\n",
	       passage->events.exception.ext_dabt_pending, went_on(elsewhere), written);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	const char *kind = argc == 2 ? argv[1] : "";
	bool early = !strcmp(kind, "early");

	ras_open();
	guest_memory_create(&memory, NULL);
	if (!strcmp(kind, "nested"))
		return nested();
	if (!strcmp(kind, "late"))
		return late();
	if (!strcmp(kind, "brk"))
		return brk_exit();
	if (!strcmp(kind, "first"))
		return first();
	if (early || !strcmp(kind, "sea") || !strcmp(kind, "mmio"))
		return go_on(kind, strcmp(kind, "mmio"), early);
	errx(EXIT_ENVIRONMENT, "usage: sea-save sea|early|mmio|nested|late|brk|first");
}
