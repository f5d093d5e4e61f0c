// SPDX-License-Identifier: GPL-2.0-only
/* Hooks are tried on a kernel that is made up, with switches that are. */
#include "fixtures.h"

#include <errno.h>
#include <string.h>

#include "fake-bpf.h"
#include "fake-scratch.h"
#include "made-up-root.h"
#include "trace/load.h"
#include "trace/trial.h"

static const char *const functions[] = {"apei_claim_sea", "bpf_fentry_test1", NULL};
static const char *const none[] = {NULL};

static struct sea_trace *trace;
static struct sea_error err;

/* A trace of whose trials none is attached */
static int begin(void **state)
{
	static const struct sea_trace_options options;

	if (root_make(state))
		return -1;
	fake_begin();
	fake_scratch_begin();
	trace = sea_object_new(&options, &err);
	trace->btf = fake_btf(functions, none, true);
	trace->symbols_read = true;
	if (sea_trace_load(trace, sea_source_find("trampoline"), &err))
		return -1;
	sea_trial_detach(trace);
	sea_switches_close(&trace->switches);
	root_put(*state, "/proc/sys/kernel/ftrace_enabled", "1\n");
	sea_switches_open(&trace->switches, *state);
	fake.runs = 0;
	return 0;
}

static int end(void **state)
{
	sea_trace_close(trace);
	return root_remove(state) || fake.links;
}

static void hooks_that_are_called(void **state)
{
	unsigned int links = fake.links;

	(void)state;
	assert_int_equal(sea_trial_of(trace, SEA_BY_TRAMPOLINE), SEA_TRIAL_FIRED);
	assert_int_equal(trace->trial[SEA_BY_TRAMPOLINE], SEA_TRIAL_FIRED);
	assert_int_equal(fake.runs, 1);
	assert_int_equal(fake.links, links + 1);
	/* Its hook is there already. */
	assert_int_equal(sea_trial_of(trace, SEA_BY_TRAMPOLINE), SEA_TRIAL_FIRED);
	assert_int_equal(fake.links, links + 1);
	assert_null(sea_trial_look(trace, SEA_BY_TRAMPOLINE));
	assert_int_equal(sea_trial_of(trace, SEA_BY_KPROBE), SEA_TRIAL_FIRED);
	sea_trial_detach(trace);
	assert_int_equal(fake.links, links);
	assert_int_equal(trace->trial[SEA_BY_TRAMPOLINE], SEA_TRIAL_NONE);
}

/* A hook may be skipped now and then: it is tried a few times. */
static void hooks_that_are_not_called(void **state)
{
	(void)state;
	fake.calls_none[SEA_BY_TRAMPOLINE] = true;
	assert_int_equal(sea_trial_of(trace, SEA_BY_TRAMPOLINE), SEA_TRIAL_SILENT);
	assert_int_equal(fake.runs, 5);
	assert_string_equal(sea_trial_look(trace, SEA_BY_TRAMPOLINE),
			    "hooks of its kind are not called, and no switch says why");
	/* Each kind is tried by itself. */
	assert_int_equal(sea_trial_of(trace, SEA_BY_KPROBE), SEA_TRIAL_FIRED);
	assert_null(sea_trial_look(trace, SEA_BY_KPROBE));
}

/* They may be switched off later, and on again. */
static void a_switch_says_why(void **state)
{
	(void)state;
	assert_int_equal(sea_trial_of(trace, SEA_BY_TRAMPOLINE), SEA_TRIAL_FIRED);
	root_put(*state, "/proc/sys/kernel/ftrace_enabled", "0\n");
	/* What it says counts only if hooks are not called. */
	assert_null(sea_trial_look(trace, SEA_BY_TRAMPOLINE));
	fake.calls_none[SEA_BY_TRAMPOLINE] = true;
	assert_string_equal(sea_trial_look(trace, SEA_BY_TRAMPOLINE), "kernel.ftrace_enabled is 0");
	assert_int_equal(trace->trial[SEA_BY_TRAMPOLINE], SEA_TRIAL_SILENT);
	fake.calls_none[SEA_BY_TRAMPOLINE] = false;
	assert_null(sea_trial_look(trace, SEA_BY_TRAMPOLINE));
	assert_int_equal(trace->trial[SEA_BY_TRAMPOLINE], SEA_TRIAL_FIRED);
}

/* Where a trial is not to be had, nobody knows: that is no reason to count nothing. */
static void what_cannot_be_tried(void **state)
{
	(void)state;
	/* The kernel lacks the tracepoint: its program is not loaded. */
	assert_int_equal(sea_trial_of(trace, SEA_BY_TRACEPOINT), SEA_TRIAL_NONE);
	assert_null(sea_trial_look(trace, SEA_BY_TRACEPOINT));
	fake.unattached = "sea_trial_kprobe";
	fake.attach = EPERM;
	assert_int_equal(sea_trial_of(trace, SEA_BY_KPROBE), SEA_TRIAL_NONE);
	assert_int_equal(fake.runs, 0);
	fake.run = ENOTSUP;
	assert_int_equal(sea_trial_of(trace, SEA_BY_TRAMPOLINE), SEA_TRIAL_NONE);
	assert_null(sea_trial_look(trace, SEA_BY_TRAMPOLINE));
}

static void a_vm_of_our_own(void **state)
{
	struct sea_scratch scratch;

	(void)state;
	fake_scratch.is_there = true;
	fake_scratch.answers = SEA_FIRED_ABORT | SEA_FIRED_REG;
	fake_scratch.fired = SEA_FIRED_ABORT | SEA_FIRED_END;
	assert_int_equal(sea_scratch_open(&scratch, &err), 0);
	sea_trial_of_hooks(trace, &scratch);
	/* What its VMM had called, and what its end calls */
	assert_int_equal(trace->tried,
			 SEA_FIRED_ABORT | SEA_FIRED_REG | SEA_FIRED_END | SEA_FIRED_LEFT);
	assert_int_equal(trace->fired, SEA_FIRED_ABORT | SEA_FIRED_END);
	assert_int_equal(fake_scratch.closed, 1);
	assert_false(trace->skel->bss->trying);
	assert_int_equal(trace->skel->bss->answers_wanted, 0);
}

static void no_vm_of_our_own(void **state)
{
	struct sea_scratch scratch;

	(void)state;
	assert_int_equal(sea_scratch_open(&scratch, &err), -1);
	sea_trial_of_hooks(trace, &scratch);
	assert_int_equal(trace->tried, 0);
	assert_int_equal(trace->fired, 0);
	assert_false(trace->skel->bss->trying);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(hooks_that_are_called), TEST(hooks_that_are_not_called),
		TEST(a_switch_says_why),     TEST(what_cannot_be_tried),
		TEST(a_vm_of_our_own),	     TEST(no_vm_of_our_own),
	};

	return cmocka_run_group_tests_name("trial", tests, NULL, NULL);
}
