// SPDX-License-Identifier: GPL-2.0-only
/* What seastat doctor is told of the sources, on kernels that are made up. */
#include "fixtures.h"

#include <errno.h>
#include <string.h>

#include "fake-bpf.h"
#include "fake-scratch.h"
#include "trace/trace.h"

static const char *const functions[] = {"apei_claim_sea", "bpf_fentry_test1", "kvm_arch_destroy_vm",
					"kvm_arch_flush_shadow_all", NULL};
static const char *const none[] = {NULL};
static const char *const seas[] = {"bpf_test_finish", "kvm_sea_forwarded", NULL};

static struct sea_source_report report;
static struct sea_error err;

static int begin(void **state)
{
	(void)state;
	fake_begin();
	fake_scratch_begin();
	fake_set_btf(functions, none, true);
	return 0;
}

/* Whatever came of it, nothing is left. */
static int end(void **state)
{
	(void)state;
	fake_begin();
	return 0;
}

static void examine(const char *name)
{
	memset(&report, 0xff, sizeof(report));
	fake_scratch.closed = 0;
	assert_int_equal(sea_trace_examine(name, &report, &err), 0);
	assert_string_equal(report.name, name);
	assert_int_equal(fake.links, 0);
	assert_int_equal(fake.rings, 0);
	assert_true(fake_scratch.closed >= 1);
}

static const struct sea_hook_report *hook_of(const char *program)
{
	size_t i;

	for (i = 0; i < report.nr_hooks; i++)
		if (!strcmp(report.hooks[i].program, program))
			return &report.hooks[i];
	fail_msg("no hook %s", program);
	return NULL;
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(sea_trace_source_name(0), "tracepoint");
	assert_string_equal(sea_trace_source_name(1), "trampoline");
	assert_string_equal(sea_trace_source_name(2), "kprobe");
	assert_null(sea_trace_source_name(3));
}

static void a_source_that_attaches(void **state)
{
	(void)state;
	examine("trampoline");
	assert_true(report.attached);
	assert_string_equal(report.why, "");
	assert_true(report.tells_all);
	assert_string_equal(report.check, "kprobe");
	assert_int_equal(report.nr_hooks, 4);
	assert_string_equal(report.hooks[0].program, "sea_tr_claim");
	assert_string_equal(report.hooks[0].function, "apei_claim_sea");
	assert_int_equal(report.hooks[0].part, SEA_PART_SOURCE);
	assert_int_equal(hook_of("sea_check_kprobe")->part, SEA_PART_CHECK);
	assert_int_equal(hook_of("sea_tr_ended")->part, SEA_PART_END);
	assert_string_equal(hook_of("sea_tr_ended")->function, "kvm_arch_destroy_vm");
	/* There is no VM to try it with. */
	assert_int_equal(hook_of("sea_tr_ended")->alive, SEA_MAYBE_ALIVE);
	assert_string_equal(hook_of("sea_tr_ended")->why, "could not be tried: no VM of our own");
}

/* Each hook is told apart: one was called, one was not, and of one nobody knows. */
static void hooks_are_tried(void **state)
{
	(void)state;
	fake_scratch.is_there = true;
	fake_scratch.fired = SEA_FIRED_END;
	examine("trampoline");
	assert_true(report.attached);
	assert_int_equal(hook_of("sea_tr_ended")->alive, SEA_ALIVE);
	assert_string_equal(hook_of("sea_tr_ended")->why, "called when tried");
	assert_int_equal(hook_of("sea_tr_left")->alive, SEA_DEAD);
	assert_string_equal(hook_of("sea_tr_left")->why,
			    "not called when tried: its function was inlined");
}

static void tracepoints(void **state)
{
	(void)state;
	fake_set_btf(functions, seas, true);
	examine("tracepoint");
	assert_true(report.attached && report.tells_all);
	assert_string_equal(report.check, "trampoline");
	assert_int_equal(hook_of("sea_tp_forwarded")->alive, SEA_ALIVE);
	assert_int_equal(hook_of("sea_tp_answered")->part, SEA_PART_ANSWERS);
	assert_string_equal(hook_of("sea_tp_claimed")->function, "kvm_sea_claimed");
}

/* Where the kernel has the exit, a source that does not see it cannot tell all. */
static void what_it_cannot_tell(void **state)
{
	static const char *const newer[] = {"apei_claim_sea", "bpf_fentry_test1", "kvm_inject_sea",
					    "kvm_arm_set_reg", NULL};

	(void)state;
	fake_scratch.is_there = fake_scratch.has_exit = true;
	fake_set_btf(newer, none, true);
	examine("trampoline");
	assert_true(report.attached);
	assert_false(report.tells_all);
	assert_int_equal(hook_of("sea_tr_sea")->part, SEA_PART_ANSWERS);
}

static void a_source_that_does_not_attach(void **state)
{
	(void)state;
	examine("tracepoint");
	assert_false(report.attached);
	assert_non_null(strstr(report.why, "this kernel has no kvm_sea_* tracepoints"));
	assert_int_equal(report.nr_hooks, 0);
	assert_null(report.check);
	fake.load[0] = EPERM;
	fake.load[1] = EPERM;
	examine("kprobe");
	assert_false(report.attached);
	assert_non_null(strstr(report.why, "the kernel refused the BPF programs"));
}

static void a_source_that_is_not_armed(void **state)
{
	(void)state;
	fake.calls_none[SEA_BY_KPROBE] = true;
	examine("kprobe");
	assert_false(report.attached);
	assert_non_null(strstr(report.why, "the source kprobe would count nothing"));
	examine("trampoline");
	assert_true(report.attached);
	assert_null(report.check);
}

static void a_source_that_is_none(void **state)
{
	(void)state;
	examine("telepathy");
	assert_false(report.attached);
	assert_string_equal(report.why, "no source is called 'telepathy'");
	assert_int_equal(fake.loads, 0);
}

static void no_btf(void **state)
{
	struct sea_host_report host;

	(void)state;
	fake.btf = EACCES;
	examine("kprobe");
	assert_false(report.attached);
	assert_non_null(strstr(report.why, "cannot read the kernel's BTF"));
	assert_int_equal(sea_trace_examine_host(&host, &err), -1);
	assert_non_null(strstr(err.text, "cannot read the kernel's BTF"));
	assert_int_equal(host.nr_hooks, 0);
}

static const struct sea_host_hook *host_hook(const struct sea_host_report *host, const char *name)
{
	size_t i;

	for (i = 0; i < host->nr_hooks; i++)
		if (!strcmp(host->hooks[i].function, name))
			return &host->hooks[i];
	fail_msg("no hook on %s", name);
	return NULL;
}

/* Also on a host where no kind of hook was tried yet. */
static void the_host(void **state)
{
	static const char *const its[] = {"memory_failure", NULL};
	static const char *const events[] = {"arm_event", NULL};
	struct sea_host_report host;

	(void)state;
	fake_set_btf(its, events, false);
	assert_int_equal(sea_trace_examine_host(&host, &err), 0);
	assert_int_equal(fake.links, 0);
	assert_int_equal(fake.rings, 0);
	assert_true(host_hook(&host, "memory_failure")->attached);
	assert_true(host_hook(&host, "arm_event")->attached);
	assert_true(host_hook(&host, "mc_event")->absent);
	assert_string_equal(host_hook(&host, "mc_event")->why, "this kernel has no mc_event");
	/* Not in BTF: a kprobe asks the kernel itself. */
	assert_true(host_hook(&host, "force_sig_mceerr")->attached);
	fake.unattached = "host_kp_forced";
	fake.attach = ENOENT;
	assert_int_equal(sea_trace_examine_host(&host, &err), 0);
	assert_true(host_hook(&host, "force_sig_mceerr")->absent);
	fake.attach = EPERM;
	assert_int_equal(sea_trace_examine_host(&host, &err), 0);
	assert_false(host_hook(&host, "force_sig_mceerr")->absent);
	assert_string_equal(host_hook(&host, "force_sig_mceerr")->why,
			    "force_sig_mceerr: Operation not permitted");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(names),
		TEST(a_source_that_attaches),
		TEST(hooks_are_tried),
		TEST(tracepoints),
		TEST(what_it_cannot_tell),
		TEST(a_source_that_does_not_attach),
		TEST(a_source_that_is_not_armed),
		TEST(a_source_that_is_none),
		TEST(no_btf),
		TEST(the_host),
	};

	return cmocka_run_group_tests_name("examine", tests, NULL, NULL);
}
