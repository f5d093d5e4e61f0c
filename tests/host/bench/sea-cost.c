// SPDX-License-Identifier: GPL-2.0-only
/*
 * sea-cost - instructions that the host spends on each exit of a guest, in the
 * kernel and in the VMM, and on what a VMM asks of KVM. To be run where the emulator
 * counts instructions.
 *
 *   sea-cost each                      what one more of each costs
 *   sea-cost start FILE WORD CMD...    from CMD's start to the first line of its
 *                                      output that has WORD, and its memory then
 *   sea-cost beside FILE WORD CMD...   both: the exits beside CMD
 *   sea-cost ready                     says "ready" and stays: for tools that run
 *                                      a command as soon as they are attached
 *
 * One line of JSON. CMD's output goes to FILE; at the end it gets SIGINT.
 */
#include <ctype.h>
#include <dirent.h>
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
/* Rounds so short that most of them pass between two timer ticks */
#define FEW 10UL
#define MANY 110UL
#define ROUNDS 30
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

/* What the guest is asked for */
enum request { HYPERCALLS, STORES, FAULTS, LOADS };

static const struct work {
	const char *name;
	enum request request;
	bool poison;
} works[] = {
	{"hypercall", HYPERCALLS, false},
	{"mmio", STORES, false},
	{"stage2_fault", FAULTS, false},
	{"sea", LOADS, true},
};
#define NR_WORKS (sizeof(works) / sizeof(works[0]))

/* What a VMM does so many times: see deeds. */
static void set_reg(unsigned long count);
static void set_events(unsigned long count);
static void have_vcpus(unsigned long count);
static void have_vms(unsigned long count);
static void take_faults(unsigned long count);
static void take_signals(unsigned long count);
static void have_processes(unsigned long count);

/* few, many: their difference is what is measured; so often */
static const struct deed {
	const char *name;
	void (*done)(unsigned long count);
	unsigned long few, many;
	unsigned int rounds;
} deeds[] = {
	{"set_one_reg", set_reg, FEW, MANY, ROUNDS},
	{"set_vcpu_events", set_events, FEW, MANY, ROUNDS},
	{"vcpu", have_vcpus, 1, 11, 10}, /* created, and destroyed with its VM */
	{"vm", have_vms, 1, 11, 40},	 /* the same, without a vCPU */
	/* What a host does all day, and what has a hook for bad memory close to it */
	{"page_fault", take_faults, FEW, MANY, ROUNDS},
	{"signal", take_signals, FEW, MANY, ROUNDS},
	{"process", have_processes, 1, 11, 40}, /* forked, and ended */
};
#define NR_DEEDS (sizeof(deeds) / sizeof(deeds[0]))

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
	data = map(MANY * PAGE);
	memset(data, 0x5a, MANY * PAGE);
	vm_add_memory(&vm, CODE, code, CODE_SIZE, 0);
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
		region.memory_size = i * MANY * PAGE;
		if (ioctl(vm.fd, KVM_SET_USER_MEMORY_REGION, &region) && i)
			err(EXIT_ENVIRONMENT, "KVM_SET_USER_MEMORY_REGION");
	}
}

static uint64_t read_counter(int counter)
{
	uint64_t count;

	if (read(counter, &count, sizeof(count)) != sizeof(count))
		err(EXIT_ENVIRONMENT, "read of the counter");
	return count;
}

/* Runs the guest to its next request, counting from one to the other. */
static uint64_t run_once(int counter, const struct work *work, unsigned long count)
{
	struct kvm_run *run = vcpu.run;
	uint64_t before, after, what = work->request;

	/* The first request waits for its answer. */
	if (run->exit_reason != KVM_EXIT_MMIO && vcpu_run(&vcpu) != KVM_EXIT_MMIO)
		errx(EXIT_ENVIRONMENT, "the guest made exit %u", run->exit_reason);
	vcpu_set_reg(&vcpu, REG_X(1), DATA);
	vcpu_set_reg(&vcpu, REG_X(2), count);
	memcpy(run->mmio.data, &what, sizeof(what));
	before = read_counter(counter);
	do {
		if (vcpu_run(&vcpu) != KVM_EXIT_MMIO)
			errx(EXIT_ENVIRONMENT, "the guest made exit %u", run->exit_reason);
	} while (run->mmio.phys_addr != MMIO + 8);
	after = read_counter(counter);
	/* To its next request. */
	if (vcpu_run(&vcpu) != KVM_EXIT_MMIO || run->mmio.is_write)
		errx(EXIT_ENVIRONMENT, "the guest does not ask");
	return after - before;
}

/* The least of all rounds; region: of the guest's data, which goes bad for SEAs */
static uint64_t least(int counter, uint64_t region, const struct work *work, unsigned long count)
{
	uint64_t hits, n, lowest = UINT64_MAX;

	for (unsigned int round = 0; round < ROUNDS; round++) {
		if (work->request == FAULTS)
			remap();
		hits = ras_counts(region).hits;
		if (work->poison)
			ras_poison(region, false, false);
		n = run_once(counter, work, count);
		if (work->poison)
			ras_heal(region);
		hits = ras_counts(region).hits - hits;
		if (hits != (work->poison ? count : 0))
			errx(EXIT_FAILURE, "%s: %" PRIu64 " hits", work->name, hits);
		/* Only the first round has the host's own faults in it. */
		if (n < lowest)
			lowest = n;
	}
	return lowest;
}

static void set_reg(unsigned long count)
{
	while (count--)
		vcpu_set_reg(&vcpu, REG_X(5), 0);
}

static void set_events(unsigned long count)
{
	struct kvm_vcpu_events events;

	memset(&events, 0, sizeof(events));
	while (count--)
		vcpu_set_events(&vcpu, &events);
}

/* The smallest IPA size: Linux 7.x goes over all of it when the VM ends. */
static int make_vm(void)
{
	static int kvm = -1;
	int fd;

	if (kvm < 0)
		kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	fd = ioctl(kvm, KVM_CREATE_VM, 32UL);
	if (fd < 0)
		err(EXIT_ENVIRONMENT, "KVM_CREATE_VM");
	return fd;
}

static void have_vcpus(unsigned long count)
{
	int fds[16], fd = make_vm();
	unsigned long i;

	for (i = 0; i < count; i++) {
		fds[i] = ioctl(fd, KVM_CREATE_VCPU, i);
		if (fds[i] < 0)
			err(EXIT_ENVIRONMENT, "KVM_CREATE_VCPU");
	}
	for (i = 0; i < count; i++)
		close(fds[i]);
	close(fd);
}

static void have_vms(unsigned long count)
{
	while (count--)
		close(make_vm());
}

static void take_faults(unsigned long count)
{
	uint8_t *at = mmap(NULL, count * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			   -1, 0);

	if (at == MAP_FAILED)
		err(EXIT_ENVIRONMENT, "mmap");
	/* One huge page would take one fault. */
	madvise(at, count * PAGE, MADV_NOHUGEPAGE);
	for (unsigned long i = 0; i < count; i++)
		*(volatile uint8_t *)(at + i * PAGE) = 1;
	munmap(at, count * PAGE);
}

static void ignore(int number)
{
	(void)number;
}

static void take_signals(unsigned long count)
{
	signal(SIGUSR1, ignore);
	while (count--)
		raise(SIGUSR1);
}

static void have_processes(unsigned long count)
{
	while (count--) {
		pid_t pid = fork();

		if (pid < 0)
			err(EXIT_ENVIRONMENT, "fork");
		if (!pid)
			_exit(0);
		waitpid(pid, NULL, 0);
	}
}

static uint64_t least_deed(int counter, const struct deed *deed, unsigned long count)
{
	uint64_t before, n, lowest = UINT64_MAX;

	for (unsigned int round = 0; round < deed->rounds; round++) {
		before = read_counter(counter);
		deed->done(count);
		n = read_counter(counter) - before;
		if (n < lowest)
			lowest = n;
	}
	return lowest;
}

/*
 * Two counts' difference has nothing in it of how a round begins and ends, and
 * the least of many short ones nothing of the timer. Returns all hits.
 */
static uint64_t each(void)
{
	int counter = open_counter();
	uint64_t region, before;

	ras_open();
	setup();
	remap();
	if (mlock(data, PAGE))
		err(EXIT_ENVIRONMENT, "mlock");
	/* It may have been another run's. */
	region = ras_region(ras_pa(data), false);
	before = ras_counts(region).hits;
	for (unsigned int i = 0; i < NR_WORKS; i++) {
		uint64_t few = least(counter, region, &works[i], FEW);
		uint64_t many = least(counter, region, &works[i], MANY);

		printf("%s\"%s\":%.2f", i ? "," : "{", works[i].name,
		       ((double)many - few) / (MANY - FEW));
	}
	for (unsigned int i = 0; i < NR_DEEDS; i++) {
		const struct deed *deed = &deeds[i];
		uint64_t few = least_deed(counter, deed, deed->few);
		uint64_t many = least_deed(counter, deed, deed->many);

		printf(",\"%s\":%.2f", deed->name, ((double)many - few) / (deed->many - deed->few));
	}
	putchar('}');
	return ras_counts(region).hits - before;
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

/* A number from a file below /proc/PID, behind key at the start of a line; 0: none. */
static long proc_number(const char *pid, const char *name, const char *key)
{
	char path[300], line[256];
	long number = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/%s", pid, name);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, key, strlen(key)))
			number = strtol(line + strlen(key), NULL, 10);
	if (file)
		fclose(file);
	return number;
}

/* That of the tool and of all processes that it started, but not of this program. */
static void print_memory(pid_t group)
{
	char name[32], path[300];
	DIR *proc = opendir("/proc");
	long rss = 0, pss = 0;
	struct dirent *entry;

	while (proc && (entry = readdir(proc))) {
		FILE *file;

		if (!isdigit((unsigned char)entry->d_name[0]) ||
		    getpgid(atoi(entry->d_name)) != group)
			continue;
		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		file = fopen(path, "re");
		if (!file || !fgets(name, sizeof(name), file))
			name[0] = '\0';
		if (file)
			fclose(file);
		if (!strcmp(name, "sea-cost\n"))
			continue;
		rss += proc_number(entry->d_name, "status", "VmRSS:");
		pss += proc_number(entry->d_name, "smaps_rollup", "Pss:");
	}
	if (proc)
		closedir(proc);
	printf("\"rss_kib\":%ld,\"pss_kib\":%ld", rss, pss);
}

/* Copies the tool's output until a line has the word; NULL: to its end. */
static bool copy_until(FILE *from, FILE *to, const char *word)
{
	bool found = false;
	size_t size = 0;
	char *line = NULL;

	while (!found && getline(&line, &size, from) > 0) {
		fputs(line, to);
		found = word && strstr(line, word);
	}
	fflush(to);
	free(line);
	return found;
}

struct tool {
	pid_t pid, copier;
};

/* Starts the tool, and comes back when it is attached. */
static void start(struct tool *tool, char **args)
{
	const char *path = args[0], *word = args[1];
	double begin = now_ms(), end;
	FILE *from, *to;
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		err(EXIT_ENVIRONMENT, "pipe");
	tool->pid = fork();
	if (tool->pid < 0)
		err(EXIT_ENVIRONMENT, "fork");
	if (!tool->pid) {
		setpgid(0, 0);
		dup2(fds[1], STDOUT_FILENO);
		execvp(args[2], args + 2);
		err(EXIT_ENVIRONMENT, "%s", args[2]);
	}
	setpgid(tool->pid, tool->pid);
	close(fds[1]);
	from = fdopen(fds[0], "re");
	to = fopen(path, "we");
	if (!from || !to)
		err(EXIT_ENVIRONMENT, "%s", path);
	if (!copy_until(from, to, word))
		errx(EXIT_FAILURE, "%s ended before it said %s", args[2], word);
	end = now_ms();
	printf("\"ms\":%.0f,", end - begin);
	print_memory(tool->pid);

	fflush(stdout);
	tool->copier = fork();
	if (tool->copier < 0)
		err(EXIT_ENVIRONMENT, "fork");
	if (!tool->copier) {
		copy_until(from, to, NULL);
		_exit(EXIT_SUCCESS);
	}
	fclose(from);
	fclose(to);
}

/* As if by Ctrl-C: what it has to say at its end is in its file after this. */
static void end(const struct tool *tool)
{
	int status;

	kill(-tool->pid, SIGINT);
	waitpid(tool->pid, &status, 0);
	printf(",\"status\":%d", WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
	waitpid(tool->copier, &status, 0);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	struct tool tool;

	if (argc == 2 && !strcmp(what, "ready")) {
		puts("ready");
		fflush(stdout);
		pause();
		return EXIT_SUCCESS;
	}
	if (argc == 2 && !strcmp(what, "each")) {
		each();
	} else if (argc > 4 && (!strcmp(what, "start") || !strcmp(what, "beside"))) {
		putchar('{');
		start(&tool, argv + 2);
		if (*what == 'b') {
			printf(",\"cost\":");
			printf(",\"hits\":%" PRIu64, each());
		}
		end(&tool);
		putchar('}');
	} else {
		errx(EXIT_ENVIRONMENT, "usage: sea-cost each | start FILE WORD COMMAND... | "
				       "beside FILE WORD COMMAND... | ready");
	}
	putchar('\n');
	return EXIT_SUCCESS;
}
