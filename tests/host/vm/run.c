// SPDX-License-Identifier: GPL-2.0-only
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "held.h"
#include "ras.h"
#include "record.h"
#include "run.h"
#include "stage2.h"
#include "vncr.h"

#define RAS_FIELD(pfr0) ((pfr0) >> 28 & 0xf)

static pthread_mutex_t stop_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t stop_cond;

void say(const struct cpu *cpu, bool differs, const char *format, ...)
{
	struct run *run = cpu->machine->run;
	char text[256];
	va_list args;

	if (differs)
		account_add(&run->account->differences, 1);
	else if (run->options->quiet)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	printf("vm %u vcpu %u: %s%s\n", cpu->machine->index, cpu->index, differs ? "DIFFERS: " : "",
	       text);
}

bool run_ends_in_kill(const struct run *run)
{
	return run->options->answer == ANSWER_KILL || run->options->kill;
}

bool run_stopping(const struct run *run)
{
	return __atomic_load_n(&run->stopping, __ATOMIC_SEQ_CST);
}

bool run_wait(struct run *run, unsigned int ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000L;
	if (until.tv_nsec >= 1000000000L) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000L;
	}
	pthread_mutex_lock(&stop_lock);
	while (!run_stopping(run) &&
	       pthread_cond_timedwait(&stop_cond, &stop_lock, &until) != ETIMEDOUT)
		;
	pthread_mutex_unlock(&stop_lock);
	return run_stopping(run);
}

/* Guests get out of what they are in when all is healthy again. */
static void stop(struct run *run)
{
	pthread_mutex_lock(&stop_lock);
	__atomic_store_n(&run->stopping, true, __ATOMIC_SEQ_CST);
	pthread_cond_broadcast(&stop_cond);
	pthread_mutex_unlock(&stop_lock);
	ras_close();
}

/* Dying of anything else than SIGKILL leaves no poison behind. */
static void on_crash(int sig)
{
	ras_close();
	signal(sig, SIG_DFL);
	raise(sig);
}

static void catch_crashes(void)
{
	static const int crashes[] = {SIGSEGV, SIGILL, SIGFPE, SIGABRT, SIGQUIT, SIGSYS};
	struct sigaction action = {.sa_handler = on_crash};

	for (size_t i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++)
		sigaction(crashes[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* What wait_for_vcpus() and hold() wait for, blocked everywhere else */
static void block_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
	sigaddset(set, SIGUSR1); /* a vCPU thread is done */
	pthread_sigmask(SIG_BLOCK, set, NULL);
}

static void wait_for_vcpus(struct run *run, const sigset_t *set)
{
	const struct options *options = run->options;
	unsigned int patience = options->stuck, idle = 0;
	uint64_t progress = 0;

	patience +=
		(options->delay_ms + options->interval_ms + options->heal_ms + options->think_ms) /
		1000;
	while (__atomic_load_n(&run->running, __ATOMIC_SEQ_CST)) {
		struct timespec second = {.tv_sec = 1};
		int sig = sigtimedwait(set, NULL, &second);
		uint64_t now = __atomic_load_n(&run->progress, __ATOMIC_RELAXED);

		if (sig > 0 && sig != SIGUSR1) {
			if (run_stopping(run))
				exit(128 + sig);
			stop(run);
		}
		idle = now == progress ? idle + (sig < 0) : 0;
		progress = now;
		if (!options->stuck || idle <= patience)
			continue;
		printf("DIFFERS: no guest got on for %u seconds\n", idle);
		account_add(&run->account->differences, 1);
		if (run_stopping(run))
			exit(EXIT_FAILURE);
		stop(run);
		idle = 0;
	}
}

static void hold(const struct run *run, sigset_t *set)
{
	struct timespec rest = {
		.tv_sec = run->options->hold_ms / 1000,
		.tv_nsec = run->options->hold_ms % 1000 * 1000000L,
	};

	/* The last of them may have been left by the vCPU threads. */
	sigdelset(set, SIGUSR1);
	if (run->options->hold_ms && !run_stopping(run))
		sigtimedwait(set, NULL, &rest);
}

/* The ways to ask for the capability once more, and for what it is not */
static void record_cap(const struct machine *machine)
{
	const unsigned int cap = KVM_CAP_ARM_SEA_TO_USER;

	record((struct origin){.vm = machine->index, .vcpu = NO_VCPU}, "cap",
	       FIELDS({"check", vm_check_cap(&machine->vm, cap)},
		      {"enable_again", vm_enable_cap(&machine->vm, &(struct kvm_enable_cap){cap})},
		      {"enable_args",
		       vm_enable_cap(&machine->vm, &(struct kvm_enable_cap){cap, .args = {1}})},
		      {"enable_flags",
		       vm_enable_cap(&machine->vm, &(struct kvm_enable_cap){cap, .flags = 1})}));
}

static void opt_in(const struct machine *machine)
{
	struct kvm_enable_cap cap = {.cap = KVM_CAP_ARM_SEA_TO_USER};
	int error = vm_enable_cap(&machine->vm, &cap);

	if (error) {
		errno = error;
		err(EXIT_ENVIRONMENT, "KVM_ENABLE_CAP");
	}
	if (record_wanted())
		record_cap(machine);
}

static void machine_create(struct machine *machine)
{
	const struct scenario *scenario = machine->run->scenario;
	const struct vm_plan *plan = machine->plan;

	if (plan->el2)
		vm_create_el2(&machine->vm);
	else if (plan->kind != AARCH64)
		vm_create_aarch32(&machine->vm);
	else
		vm_create_gic(&machine->vm);
	guest_memory_attach(&machine->memory, &machine->vm);
	if (!plan->opt_in)
		return;
	if (vm_check_cap(&machine->vm, KVM_CAP_ARM_SEA_TO_USER) > 0)
		opt_in(machine);
	else if (scenario_has(scenario, FORWARDED))
		errx(EXIT_ENVIRONMENT, "this kernel has no KVM_CAP_ARM_SEA_TO_USER");
}

static void check_cpu(const struct scenario *scenario, const struct vcpu *vcpu)
{
	bool ras = RAS_FIELD(vcpu_get_reg(vcpu, REG_ID_AA64PFR0_EL1)) != 0;

	if (ras == scenario->no_ras)
		errx(EXIT_ENVIRONMENT, "the CPU has %sFEAT_RAS", ras ? "" : "no ");
}

static bool needs_stage2(const struct vm_plan *plan)
{
	if (guest_mapping_size(plan->backing) > GUEST_PAGE)
		return true;
	for (unsigned int i = 0; i < plan->nr_poisons; i++)
		if (plan->poisons[i].target == STAGE2_OF_STAGE1 ||
		    plan->poisons[i].target == STAGE2_OF_DATA)
			return true;
	return false;
}

/* What KVM_SET_VCPU_EVENTS refuses: a syndrome of more than the ISS */
static void record_events(const struct cpu *cpu)
{
	const struct kvm_vcpu_events refused = {
		.exception = {.serror_pending = 1, .serror_has_esr = 1, .serror_esr = 1UL << 26},
	};

	record((struct origin){cpu->machine->index, cpu->index, 0}, "set_events",
	       FIELDS({"refused", vcpu_try_events(&cpu->vcpu, &refused)}));
}

static void cpu_create(struct cpu *cpu, struct machine *machine, unsigned int index)
{
	*cpu = (struct cpu){.machine = machine, .index = index};
	cpu->firmware = open(HEST, O_RDONLY | O_CLOEXEC);
	vcpu_create(&machine->vm, &cpu->vcpu, index);
	cpu_setup(cpu);
	if (record_wanted())
		record_events(cpu);
	if (!index)
		check_cpu(machine->run->scenario, &cpu->vcpu);
}

/* Takes its time, in which tracers should not find a VM with some of its vCPUs. */
static void find_tables(struct machine *machine, unsigned int nr_vcpus)
{
	if (needs_stage2(machine->plan))
		machine->stage2 = stage2_of(&machine->cpus[0].vcpu);
	for (unsigned int i = 0; machine->vm.el2 && i < nr_vcpus; i++)
		machine->cpus[i].vncr = vncr_vsesr(&machine->cpus[i].vcpu);
}

/*
 * A process that shares all of this one goes on from here, on the same stack and
 * with the same thread-local data. So this one must not touch them any more: it
 * ends at once.
 */
static void hand_over(void)
{
	register long result asm("x0") =
		CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | SIGCHLD;
	register long stack asm("x1") = 0;
	register long parent_tid asm("x2") = 0;
	register long tls asm("x3") = 0;
	register long child_tid asm("x4") = 0;
	register long nr asm("x8") = SYS_clone;

	asm volatile("svc	#0\n"
		     "cmp	x0, #0\n"
		     "b.le	1f\n"
		     "mov	x0, #0\n"
		     "mov	x8, %[exit_group]\n"
		     "svc	#0\n"
		     "1:\n"
		     : "+r"(result), "+r"(nr)
		     : "r"(stack), "r"(parent_tid), "r"(tls),
		       "r"(child_tid), [exit_group] "i"(SYS_exit_group)
		     : "memory", "cc");
	if (result)
		errx(EXIT_ENVIRONMENT, "clone: %s", strerror(-result));
}

/* What asks for huge pages says nothing if it has got none. */
static void check_huge(const struct guest_memory *mem, enum backing backing)
{
	const uint64_t size = guest_mapping_size(backing);
	uint64_t first, last;

	if (size == GUEST_PAGE)
		return;
	first = ras_pa(mem->data);
	last = ras_pa(mem->data + size - GUEST_PAGE);
	if (first % size || last - first != size - GUEST_PAGE)
		errx(EXIT_ENVIRONMENT, "the host has given no huge page");
}

/* Enables the capability of a VM again and again, until the run is over. */
static void *enable_caps(void *arg)
{
	const struct machine *machine = arg;
	const struct kvm_enable_cap cap = {.cap = KVM_CAP_ARM_SEA_TO_USER};
	struct run *run = machine->run;

	while (__atomic_load_n(&run->running, __ATOMIC_SEQ_CST) && !run_wait(run, 0))
		if (vm_enable_cap(&machine->vm, &cap)) {
			printf("DIFFERS: KVM_ENABLE_CAP fails the second time\n");
			account_add(&run->account->differences, 1);
			break;
		}
	return NULL;
}

/* Runs all vCPUs to their end. The VMs stay. */
static void run_machines(struct run *run, struct machine *machines, sigset_t *set)
{
	const struct scenario *scenario = run->scenario;
	unsigned int nr_vcpus = run->options->nr_vcpus;
	void *(*thread)(void *) = cpu_thread;

	if (run->options->runner == RUN_BY_CHILDREN)
		thread = cpu_thread_by_child;
	if (!run->options->die)
		cpu_catch_sigbus();
	for (unsigned int v = 0; v < scenario->nr_vms; v++) {
		machine_create(&machines[v]);
		for (unsigned int i = 0; i < nr_vcpus; i++)
			cpu_create(&machines[v].cpus[i], &machines[v], i);
		vm_start_gic(&machines[v].vm, nr_vcpus);
		find_tables(&machines[v], nr_vcpus);
	}
	if (scenario->fnv)
		ras_set_fnv(RAS_STALE_FAR);

	if (run->options->runner == RUN_BY_HEIR) {
		run_wait(run, run->options->delay_ms);
		hand_over();
	}
	run->account->pid = getpid();
	run->running = scenario->nr_vms * nr_vcpus;
	for (unsigned int v = 0; v < scenario->nr_vms; v++) {
		for (unsigned int i = 0; i < nr_vcpus; i++) {
			struct cpu *cpu = &machines[v].cpus[i];
			int error = pthread_create(&cpu->thread, NULL, thread, cpu);

			if (error)
				errx(EXIT_ENVIRONMENT, "pthread_create: %s", strerror(error));
		}
	}
	for (unsigned int v = 0; v < scenario->nr_vms; v++)
		if (machines[v].plan->caps &&
		    pthread_create(&machines[v].caps, NULL, enable_caps, &machines[v]))
			errx(EXIT_ENVIRONMENT, "pthread_create");
	wait_for_vcpus(run, set);
	for (unsigned int v = 0; v < scenario->nr_vms; v++)
		if (machines[v].plan->caps)
			pthread_join(machines[v].caps, NULL);
	for (unsigned int v = 0; v < scenario->nr_vms; v++) {
		record_stats((struct origin){.vm = v, .vcpu = NO_VCPU}, machines[v].vm.fd);
		for (unsigned int i = 0; i < nr_vcpus; i++)
			record_stats((struct origin){v, i, machines[v].cpus[i].taken},
				     machines[v].cpus[i].vcpu.fd);
	}
}

static void check_total(struct account *account, unsigned int vm, const char *what, uint64_t got,
			uint64_t expected)
{
	if (got == expected)
		return;
	printf("vm %u: DIFFERS: %s in all: expected %" PRIu64 ", got %" PRIu64 "\n", vm, what,
	       expected, got);
	account->differences++;
}

/* Every hit has to be one that a step took: nobody else met the poison. */
static void check_totals(struct account *account)
{
	for (unsigned int i = 0; i < account->nr_vms; i++) {
		const struct vm_account *vm = &account->vm[i];
		uint64_t sum = vm->guest_own, responses = 0;

		for (unsigned int d = 0; d < NR_DISPOSITIONS; d++)
			sum += vm->sea[d];
		for (unsigned int r = 0; r < NR_RESPONSES; r++)
			responses += vm->response[r];
		check_total(account, i, "hits", account_total(vm).hits, sum);
		check_total(account, i, "exits", vm->exits, vm->sea[FORWARDED]);
		check_total(account, i, "responses", responses, vm->exits);
		check_total(account, i, "SIGBUS", vm->sigbus, vm->sea[CLAIMED]);
	}
}

static int report(const struct run *run)
{
	const struct options *options = run->options;

	check_totals(run->account);
	account_print(run->account);
	if (options->truth)
		account_append(run->account, options->truth, options->name, run->scenario->name);
	if (run->account->differences)
		printf("%s: %" PRIu64 " differences\n", run->scenario->name,
		       run->account->differences);
	else
		printf("%s: as promised\n", run->scenario->name);
	fflush(stdout);
	return run->account->differences ? EXIT_FAILURE : EXIT_SUCCESS;
}

/*
 * The VMM is a child here. It says so when a vCPU has an exit after which it will
 * not run it again, and when all have, it is killed. The parent has the memory
 * and heals.
 */
static int run_and_kill(struct run *run, struct machine *machines, sigset_t *set)
{
	unsigned int expected = run->scenario->nr_vms * run->options->nr_vcpus, parked = 0;
	int fds[2], status;
	char byte;
	pid_t pid;

	if (pipe(fds))
		err(EXIT_ENVIRONMENT, "pipe");
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		err(EXIT_ENVIRONMENT, "fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		close(fds[0]);
		run->parked = fds[1];
		run_machines(run, machines, set);
		exit(EXIT_FAILURE); /* It was to be killed. */
	}
	close(fds[1]);
	while (parked < expected && read(fds[0], &byte, 1) == 1)
		parked++;
	if (parked == expected)
		kill(pid, SIGKILL);
	if (waitpid(pid, &status, 0) != pid)
		err(EXIT_ENVIRONMENT, "waitpid");
	ras_heal_all();
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_ENVIRONMENT)
		return EXIT_ENVIRONMENT;
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) {
		printf("DIFFERS: the VMM was not killed while %u vCPUs were not run again\n",
		       expected);
		run->account->differences++;
	} else if (!run->options->quiet) {
		printf("the VMM, process %d, was killed with %u vCPUs not run again\n", pid,
		       parked);
	}
	return report(run);
}

/*
 * The VMM is a child here, too, and dies of a SIGBUS. What it would have counted goes
 * with it: that it died is all that is promised.
 */
static int run_and_die(struct run *run, struct machine *machines, sigset_t *set)
{
	int status, vm = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		err(EXIT_ENVIRONMENT, "fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		run_machines(run, machines, set);
		exit(EXIT_FAILURE); /* It was to die. */
	}
	if (run->options->held)
		vm = held_vm(pid);
	if (waitpid(pid, &status, 0) != pid)
		err(EXIT_ENVIRONMENT, "waitpid");
	if (vm >= 0)
		close(vm);
	ras_heal_all();
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_ENVIRONMENT)
		return EXIT_ENVIRONMENT;
	if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGBUS) {
		printf("DIFFERS: the VMM did not die of SIGBUS: status %#x\n", status);
		return EXIT_FAILURE;
	}
	printf("the VMM, process %d, died of SIGBUS\n%s: as promised\n", pid, run->scenario->name);
	return EXIT_SUCCESS;
}

/* What a VM has of the process, so that another may come after it */
static void machine_destroy(struct machine *machine)
{
	for (unsigned int i = 0; i < machine->run->options->nr_vcpus; i++) {
		struct cpu *cpu = &machine->cpus[i];

		/* The VMM that was killed was a child. */
		if (!cpu->machine)
			continue;
		pthread_join(cpu->thread, NULL);
		if (cpu->firmware >= 0)
			close(cpu->firmware);
		vcpu_destroy(&cpu->vcpu);
	}
	if (machine->vm.fd >= 0)
		vm_destroy(&machine->vm);
	guest_memory_destroy(&machine->memory);
}

/* New VMs take what they have to take; with @last they are still there after it. */
static int run_round(struct run *run, sigset_t *set, bool last)
{
	static struct machine machines[MAX_VMS];
	const struct scenario *scenario = run->scenario;
	const struct options *options = run->options;
	int ret;

	run->account = account_create();
	run->account->nr_vms = scenario->nr_vms;
	for (unsigned int v = 0; v < scenario->nr_vms; v++) {
		machines[v] = (struct machine){
			.run = run,
			.plan = &scenario->vm[v],
			.account = &run->account->vm[v],
			.index = v,
			.vm.fd = -1,
		};
		run->account->vm[v].nr_vcpus = options->nr_vcpus;
		machines[v].memory = (struct guest_memory){
			.nr_vcpus = options->nr_vcpus,
			.kind = scenario->vm[v].kind,
			.backing = scenario->vm[v].backing,
			.read_only = scenario->vm[v].read_only,
		};
		guest_memory_create(&machines[v].memory, v ? NULL : options->memory);
		check_huge(&machines[v].memory, scenario->vm[v].backing);
	}
	if (options->die) {
		ret = run_and_die(run, machines, set);
	} else if (run_ends_in_kill(run)) {
		ret = run_and_kill(run, machines, set);
	} else {
		run_machines(run, machines, set);
		ret = report(run);
	}
	if (last)
		return ret;
	for (unsigned int v = 0; v < scenario->nr_vms; v++)
		machine_destroy(&machines[v]);
	account_destroy(run->account);
	return ret;
}

int run_scenario(const struct scenario *scenario, const struct options *options)
{
	struct run run = {.scenario = scenario, .options = options, .parked = -1};
	static char label[64];
	pthread_condattr_t attr;
	sigset_t set;
	int ret = EXIT_SUCCESS;

	if (scenario_has(scenario, CLAIMED) && access(HEST, F_OK))
		errx(EXIT_ENVIRONMENT, "no HEST: firmware reports no errors here, boot with ACPI");

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&stop_cond, &attr);
	setvbuf(stdout, NULL, _IOLBF, 0);
	catch_crashes();
	block_signals(&set);
	ras_open();
	if (options->record) {
		snprintf(label, sizeof(label), "%s %s%s", scenario->name,
			 answer_names[options->answer], options->line ? " line" : "");
		record_open(options->record, label);
	}

	for (unsigned int round = 1; round <= options->rounds && !run_stopping(&run); round++) {
		int status = run_round(&run, &set, round == options->rounds);

		ret = status ? status : ret;
	}
	if (!run_ends_in_kill(&run) && !options->die)
		hold(&run, &set);
	return ret;
}
