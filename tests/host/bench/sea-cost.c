// SPDX-License-Identifier: GPL-2.0-only
/*
 * sea-cost - instructions that the host spends on each exit of a guest, in the
 * kernel and in the VMM. To be run where the emulator counts instructions.
 *
 *   sea-cost exits        hypercalls, MMIO exits, stage 2 faults and SEAs
 *   sea-cost each         what one more of each costs, to the instruction
 *   sea-cost start CMD... from CMD's start to its first line, and its memory
 *
 * One line of JSON.
 */
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <linux/perf_event.h>

#include "kvm.h"
#include "ras.h"

#define CODE 0x40000000UL
#define DATA 0x80000000UL
#define MMIO 0x10000000UL
#define PAGE 4096UL
#define CODE_SIZE (2 * PAGE)
#define EXITS 1000UL
#define ROUNDS 5
/* Rounds so short that most of them pass between two timer ticks */
#define FEW 10UL
#define MANY 110UL
#define SHORT_ROUNDS 30
#define PSTATE_ENTRY 0x2c5UL /* EL1h; SErrors are not masked */

/* x0: what to do; x1: an address; x2: how often. Then a store to MMIO + 8. */
__asm__(".section .rodata\n"
	".balign 4096\n"
	".globl cost_code, cost_vectors, cost_code_end\n"
	"cost_code:\n"
	"	mov	x9, #0x10000000\n"
	"1:	ldr	x0, [x9]\n" /* MMIO: the VMM has set x1 and x2 */
	"	cbz	x0, hypercalls\n"
	"	cmp	x0, #1\n"
	"	b.eq	stores\n"
	"	cmp	x0, #2\n"
	"	b.eq	faults\n"
	"loads:	ldr	x3, [x1]\n" /* an SError comes, and goes on behind it */
	"	subs	x2, x2, #1\n"
	"	b.ne	loads\n"
	"	b	2f\n"
	"hypercalls:\n"
	"	mov	x10, x2\n"
	"3:	mov	x0, #0x84000000\n" /* PSCI_VERSION */
	"	hvc	#0\n"
	"	subs	x10, x10, #1\n"
	"	b.ne	3b\n"
	"	b	2f\n"
	"stores:	str	x2, [x9, #16]\n"
	"	subs	x2, x2, #1\n"
	"	b.ne	stores\n"
	"	b	2f\n"
	"faults:	ldr	x3, [x1]\n"
	"	add	x1, x1, #4096\n"
	"	subs	x2, x2, #1\n"
	"	b.ne	faults\n"
	"2:	str	x2, [x9, #8]\n"
	"	b	1b\n"
	".balign 2048\n"
	"cost_vectors:\n"
	".org cost_vectors + 0x380\n" /* SError, current EL */
	"	mrs	x4, elr_el1\n"
	"	ldr	x5, [x4]\n"
	"	ldr	w6, load\n"
	"	cmp	w5, w6\n"
	"	b.ne	4f\n"
	"	add	x4, x4, #4\n"
	"	msr	elr_el1, x4\n"
	"4:	eret\n"
	"load:	ldr	x3, [x1]\n"
	".org cost_vectors + 0x800\n"
	"cost_code_end:\n"
	".text\n");
extern const uint8_t cost_code[], cost_vectors[], cost_code_end[];

enum work { HYPERCALL, MMIO_EXIT, STAGE2_FAULT, SEA, NR_WORKS };

static const char *const names[] = {"hypercall", "mmio", "stage2_fault", "sea"};

static struct vm vm;
static struct vcpu vcpu;
static uint8_t *code, *data;

static int open_counter(void)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_HARDWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_HW_INSTRUCTIONS,
		.exclude_guest = 1,
	};
	int fd = syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);

	if (fd < 0)
		err(EXIT_ENVIRONMENT, "perf_event_open");
	return fd;
}

static void *map(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (p == MAP_FAILED || madvise(p, size, MADV_NOHUGEPAGE) < 0)
		warn("mmap");
	return p;
}

static void setup(void)
{
	vm_create(&vm);
	code = map(CODE_SIZE);
	memcpy(code, cost_code, cost_code_end - cost_code);
	data = map(EXITS * PAGE);
	memset(data, 0x5a, EXITS * PAGE);
	vm_add_memory(&vm, CODE, code, CODE_SIZE);
	vcpu_create(&vm, &vcpu, 0);
	vcpu_set_reg(&vcpu, REG_PC, CODE);
	vcpu_set_reg(&vcpu, REG_PSTATE, PSTATE_ENTRY);
	vcpu_set_reg(&vcpu, REG_VBAR_EL1, CODE + (cost_vectors - cost_code));
}

/* Slot 1 anew, so that stage 2 maps nothing of it */
static void remap(void)
{
	struct kvm_userspace_memory_region region = {
		.slot = 1,
		.guest_phys_addr = DATA,
		.userspace_addr = (uintptr_t)data,
	};

	for (unsigned int i = 0; i < 2; i++) {
		region.memory_size = i * EXITS * PAGE;
		if (ioctl(vm.fd, KVM_SET_USER_MEMORY_REGION, &region) && i)
			err(EXIT_ENVIRONMENT, "KVM_SET_USER_MEMORY_REGION");
	}
}

/* Runs the guest to its next request, counting from one to the other. */
static uint64_t run_once(int counter, enum work work, unsigned long count)
{
	struct kvm_run *run = vcpu.run;
	uint64_t before, after, what = work;

	/* The first request waits for its answer. */
	if (run->exit_reason != KVM_EXIT_MMIO && vcpu_run(&vcpu) != KVM_EXIT_MMIO)
		errx(EXIT_ENVIRONMENT, "the guest made exit %u", run->exit_reason);
	vcpu_set_reg(&vcpu, REG_X(1), DATA);
	vcpu_set_reg(&vcpu, REG_X(2), count);
	memcpy(run->mmio.data, &what, sizeof(what));
	if (read(counter, &before, sizeof(before)) != sizeof(before))
		err(EXIT_ENVIRONMENT, "read of the counter");
	do {
		if (vcpu_run(&vcpu) != KVM_EXIT_MMIO)
			errx(EXIT_ENVIRONMENT, "the guest made exit %u", run->exit_reason);
	} while (run->mmio.phys_addr != MMIO + 8);
	if (read(counter, &after, sizeof(after)) != sizeof(after))
		err(EXIT_ENVIRONMENT, "read of the counter");
	/* To its next request. */
	if (vcpu_run(&vcpu) != KVM_EXIT_MMIO || run->mmio.is_write)
		errx(EXIT_ENVIRONMENT, "the guest does not ask");
	return after - before;
}

/* The least of some rounds; @region: of the guest's data, which goes bad for SEAs */
static uint64_t least(int counter, uint64_t region, enum work work, unsigned long count,
		      unsigned int rounds)
{
	uint64_t hits, n, lowest = UINT64_MAX;

	while (rounds--) {
		if (work == STAGE2_FAULT)
			remap();
		hits = ras_counts(region).hits;
		if (work == SEA)
			ras_poison(region, false, false);
		n = run_once(counter, work, count);
		if (work == SEA)
			ras_heal(region);
		hits = ras_counts(region).hits - hits;
		if (hits != (work == SEA ? count : 0))
			errx(EXIT_FAILURE, "%s: %" PRIu64 " hits", names[work], hits);
		/* Only the first round has the host's own faults in it. */
		if (n < lowest)
			lowest = n;
	}
	return lowest;
}

static double per_exit(int counter, uint64_t region, enum work work)
{
	return (double)least(counter, region, work, EXITS, ROUNDS) / EXITS;
}

/*
 * Two counts' difference has nothing in it of how a round begins and ends, and
 * the least of many short ones nothing of the timer.
 */
static double per_one_more(int counter, uint64_t region, enum work work)
{
	uint64_t few = least(counter, region, work, FEW, SHORT_ROUNDS);
	uint64_t many = least(counter, region, work, MANY, SHORT_ROUNDS);

	return (double)(many - few) / (MANY - FEW);
}

static int exits(double (*cost)(int counter, uint64_t region, enum work work))
{
	int counter = open_counter();
	double costs[NR_WORKS];
	uint64_t region;

	ras_open();
	setup();
	remap();
	if (mlock(data, PAGE))
		err(EXIT_ENVIRONMENT, "mlock");
	region = ras_region(ras_pa(data), false);
	for (unsigned int work = 0; work < NR_WORKS; work++)
		costs[work] = cost(counter, region, work);
	for (unsigned int work = 0; work < NR_WORKS; work++)
		printf("%s\"%s\":%.2f", work ? "," : "{", names[work], costs[work]);
	puts("}");
	return EXIT_SUCCESS;
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static long status_kib(pid_t pid, const char *key)
{
	char path[64], line[256];
	long kib = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, key, strlen(key)))
			kib = strtol(line + strlen(key) + 1, NULL, 10);
	if (file)
		fclose(file);
	return kib;
}

static int start(char **command)
{
	double begin = now_ms(), end;
	int fds[2], status;
	char byte;
	pid_t pid;

	if (pipe(fds))
		err(EXIT_ENVIRONMENT, "pipe");
	pid = fork();
	if (pid < 0)
		err(EXIT_ENVIRONMENT, "fork");
	if (!pid) {
		dup2(fds[1], STDOUT_FILENO);
		execvp(command[0], command);
		err(EXIT_ENVIRONMENT, "%s", command[0]);
	}
	close(fds[1]);
	do
		if (read(fds[0], &byte, 1) != 1)
			errx(EXIT_FAILURE, "%s said nothing", command[0]);
	while (byte != '\n');
	end = now_ms();
	printf("{\"ms\":%.0f,\"rss_kib\":%ld}\n", end - begin, status_kib(pid, "VmRSS"));
	kill(pid, SIGTERM);
	waitpid(pid, &status, 0);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "exits"))
		return exits(per_exit);
	if (argc == 2 && !strcmp(argv[1], "each"))
		return exits(per_one_more);
	if (argc > 2 && !strcmp(argv[1], "start"))
		return start(argv + 2);
	errx(EXIT_ENVIRONMENT, "usage: sea-cost exits | each | start COMMAND...");
}
