// SPDX-License-Identifier: GPL-2.0-only
/* Which source is taken, on kernels that are made up. */
#include "fixtures.h"

#include <errno.h>
#include <string.h>

#include "fake-bpf.h"
#include "fake-scratch.h"
#include "trace/choose.h"
#include "trace/trace.h"

static const char *const none[] = {NULL};
static const char *const stock[] = {"apei_claim_sea", "bpf_fentry_test1", "kvm_arch_destroy_vm",
				    "kvm_arch_flush_shadow_all", NULL};
/* It has the exit, and its answers; what sees SEAs leave was inlined. */
static const char *const newer[] = {"apei_claim_sea", "bpf_fentry_test1", "kvm_inject_sea",
				    "kvm_arm_set_reg", NULL};
static const char *const whole[] = {"apei_claim_sea",  "bpf_fentry_test1",     "kvm_inject_sea",
				    "kvm_arm_set_reg", "kvm_handle_guest_sea", NULL};
static const char *const seas[] = {"bpf_test_finish", "kvm_sea_forwarded", NULL};

static struct sea_trace *trace;
static struct sea_scratch scratch;
static struct sea_error err;

static int done(void **state)
{
	(void)state;
	sea_trace_close(trace);
	trace = NULL;
	return fake.links || fake.rings ? -1 : 0;
}

static void on(const char *source, const char *const *functions, const char *const *tracepoints)
{
	const struct sea_trace_options options = {.source = source};

	assert_int_equal(done(NULL), 0);
	trace = sea_object_new(&options, &err);
	assert_non_null(trace);
	trace->btf = fake_btf(functions, tracepoints, true);
	trace->symbols_read = true;
	sea_choose_ask_kvm(trace, &scratch);
}

static int begin(void **state)
{
	(void)state;
	fake_begin();
	fake_scratch_begin();
	return 0;
}

static void chosen(const char *source)
{
	if (sea_choose_source(trace, &scratch, &err))
		fail_msg("%s", err.text);
	assert_string_equal(trace->source->name, source);
	assert_non_null(trace->skel);
}

static void the_best_that_there_is(void **state)
{
	(void)state;
	on(NULL, stock, seas);
	chosen("tracepoint");
	on(NULL, stock, none);
	chosen("trampoline");
	on(NULL, none, none);
	chosen("kprobe");
}

/* Nothing else is tried, also where it would be better. */
static void the_one_that_was_asked_for(void **state)
{
	(void)state;
	on("kprobe", stock, seas);
	chosen("kprobe");
	on("tracepoint", stock, none);
	assert_int_equal(sea_choose_source(trace, &scratch, &err), -1);
	assert_non_null(strstr(err.text, "this kernel has no kvm_sea_* tracepoints"));
	assert_int_equal(fake.links, 0);
	assert_null(trace->skel);
}

/* Each is easier to have than the one before: the last one's reason is the one to tell. */
static void none_can_be_had(void **state)
{
	(void)state;
	on(NULL, stock, seas);
	fake.unattached = "sea_";
	fake.attach = EPERM;
	assert_int_equal(sea_choose_source(trace, &scratch, &err), -1);
	assert_non_null(strstr(err.text, "the source kprobe does not attach: sea_kp_claim"));
	assert_null(trace->skel);
	assert_int_equal(fake.links, 0);
}

/* One that is not called counts nothing, and so the next is taken. */
static void one_that_is_not_armed(void **state)
{
	(void)state;
	on(NULL, stock, seas);
	fake.calls_none[SEA_BY_TRACEPOINT] = true;
	chosen("trampoline");
	on(NULL, stock, seas);
	fake.calls_none[SEA_BY_TRAMPOLINE] = true;
	chosen("kprobe");
}

/* The hook that sees SEAs leave for the VMM is there, or the source does without. */
static void with_the_exit_or_without(void **state)
{
	(void)state;
	fake_scratch.is_there = fake_scratch.has_exit = true;
	on("trampoline", whole, none);
	chosen("trampoline");
	assert_true(trace->sees_exit);
	assert_true(fake_was_loaded("sea_tr_handle"));
	on("trampoline", newer, none);
	chosen("trampoline");
	assert_false(trace->sees_exit);
	assert_false(fake_was_loaded("sea_tr_handle"));
	assert_false(sea_object_tells_all(trace));
	/* Tracepoints see it by themselves, */
	on("tracepoint", whole, seas);
	chosen("tracepoint");
	assert_false(trace->sees_exit);
	/* and where there is no exit there is nothing to see. */
	fake_scratch.has_exit = false;
	on("trampoline", whole, none);
	chosen("trampoline");
	assert_false(trace->sees_exit);
}

static void kvm_is_asked_or_guessed(void **state)
{
	(void)state;
	on(NULL, stock, none);
	assert_false(trace->exit_known || trace->has_exit);
	fake.guess = "kvm_handle_guest_sea";
	on(NULL, stock, none);
	assert_false(trace->exit_known);
	assert_true(trace->has_exit);
	fake.guess = "kvm_sea_forwarded";
	on(NULL, stock, none);
	assert_true(trace->has_exit);
	/* KVM itself knows better. */
	fake_scratch.is_there = true;
	on(NULL, stock, none);
	assert_true(trace->exit_known);
	assert_false(trace->has_exit);
	fake.guess = NULL;
	fake_scratch.has_exit = true;
	on(NULL, stock, none);
	assert_true(trace->exit_known && trace->has_exit);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, done)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_best_that_there_is),	TEST(the_one_that_was_asked_for),
		TEST(none_can_be_had),		TEST(one_that_is_not_armed),
		TEST(with_the_exit_or_without), TEST(kvm_is_asked_or_guessed),
	};

	return cmocka_run_group_tests_name("choose", tests, NULL, NULL);
}
