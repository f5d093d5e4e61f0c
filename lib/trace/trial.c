// SPDX-License-Identifier: GPL-2.0-only
#include "trace/trial.h"

#include <time.h>

#include <bpf/bpf.h>

#include "base/log.h"

/* A hook is skipped if it comes upon another on its CPU, which is over at once. */
#define TRIES 5
#define PAUSE_NS 1000000L

static const char silent[] = "hooks of its kind are not called, and no switch says why";

static struct bpf_program *program_of(const struct sea_trace *t, enum sea_mechanism mechanism)
{
	switch (mechanism) {
	case SEA_BY_TRACEPOINT:
		return t->skel->progs.sea_trial_tracepoint;
	case SEA_BY_TRAMPOLINE:
		return t->skel->progs.sea_trial_trampoline;
	default:
		return t->skel->progs.sea_trial_kprobe;
	}
}

static __u64 called(const struct sea_trace *t, enum sea_mechanism mechanism)
{
	const __u64 *counter = mechanism == SEA_BY_TRACEPOINT ? &t->skel->bss->trial_tracepoint :
			       mechanism == SEA_BY_TRAMPOLINE ? &t->skel->bss->trial_trampoline :
								&t->skel->bss->trial_kprobe;

	return __atomic_load_n(counter, __ATOMIC_ACQUIRE);
}

/* Has the kernel call what all trials are attached to. False: it does not do that. */
static bool provoke(const struct sea_trace *t)
{
	DECLARE_LIBBPF_OPTS(bpf_test_run_opts, opts);
	int fd = bpf_program__fd(t->skel->progs.sea_trial_trampoline);

	return fd >= 0 && !bpf_prog_test_run_opts(fd, &opts);
}

static enum sea_trial try_it(const struct sea_trace *t, enum sea_mechanism mechanism)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	__u64 before = called(t, mechanism);
	int i;

	for (i = 0; i < TRIES; i++) {
		if (!provoke(t))
			return SEA_TRIAL_NONE;
		if (called(t, mechanism) != before)
			return SEA_TRIAL_FIRED;
		nanosleep(&pause, NULL);
	}
	return SEA_TRIAL_SILENT;
}

enum sea_trial sea_trial_of(struct sea_trace *t, enum sea_mechanism mechanism)
{
	struct bpf_program *program = program_of(t, mechanism);

	if (!t->trials[mechanism] && bpf_program__autoload(program)) {
		t->trials[mechanism] = bpf_program__attach(program);
		if (!t->trials[mechanism])
			sea_log("cannot attach %s", bpf_program__name(program));
	}
	t->trial[mechanism] = t->trials[mechanism] ? try_it(t, mechanism) : SEA_TRIAL_NONE;
	return t->trial[mechanism];
}

const char *sea_trial_look(struct sea_trace *t, enum sea_mechanism mechanism)
{
	const char *off;

	if (!t->trials[mechanism])
		return NULL;
	t->trial[mechanism] = try_it(t, mechanism);
	if (t->trial[mechanism] != SEA_TRIAL_SILENT)
		return NULL;
	off = sea_switches_off(&t->switches, mechanism);
	return off ? off : silent;
}

void sea_trial_of_hooks(struct sea_trace *t, struct sea_scratch *scratch)
{
	bool there = scratch->vm >= 0;

	/* With an answer wanted, the hooks that see answers look at what comes. */
	t->skel->bss->trying = true;
	__atomic_fetch_add(&t->skel->bss->answers_wanted, 1, __ATOMIC_ACQ_REL);
	if (there)
		t->tried = sea_scratch_answer(scratch) | SEA_FIRED_END | SEA_FIRED_LEFT;
	sea_scratch_close(scratch);
	__atomic_fetch_sub(&t->skel->bss->answers_wanted, 1, __ATOMIC_ACQ_REL);
	t->skel->bss->trying = false;
	t->fired = __atomic_load_n(&t->skel->bss->fired, __ATOMIC_ACQUIRE);
}

void sea_trial_detach(struct sea_trace *t)
{
	int i;

	for (i = 0; i < SEA_MECHANISMS; i++) {
		bpf_link__destroy(t->trials[i]);
		t->trials[i] = NULL;
		t->trial[i] = SEA_TRIAL_NONE;
	}
}
