// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <string.h>

#include "trace/armed.h"

/* A source's hook of which all is known that can be. */
static struct sea_hook_facts good(void)
{
	return (struct sea_hook_facts){
		.mechanism = SEA_BY_KPROBE,
		.trial = SEA_TRIAL_FIRED,
		.called = SEA_CALLED,
	};
}

static void judged(const struct sea_hook_facts *facts, enum sea_proof proof, const char *by)
{
	const char *said = NULL;

	assert_int_equal(sea_armed_judge(facts, &said), proof);
	assert_non_null(said);
	if (!strstr(said, by))
		fail_msg("'%s' does not say '%s'", said, by);
}

static void only_seas_call_it(void **state)
{
	struct sea_hook_facts facts = good();

	(void)state;
	judged(&facts, SEA_PROVEN, "the kernel calls its function, and another");
	facts.mechanism = SEA_BY_TRACEPOINT;
	judged(&facts, SEA_PROVEN, "has the tracepoint");

	/* Attached and called, but nothing shows that its kind works: that is no proof. */
	facts = good();
	facts.trial = SEA_TRIAL_NONE;
	judged(&facts, SEA_PROOF_NONE, "could not be tried");
	facts.mechanism = SEA_BY_TRACEPOINT;
	judged(&facts, SEA_PROOF_NONE, "could not be tried");

	facts = good();
	facts.called = SEA_NOT_CALLED;
	judged(&facts, SEA_DISPROVEN, "inlined");
	facts.called = SEA_NOT_PROVEN;
	facts.unread = "kernel addresses are hidden";
	judged(&facts, SEA_PROOF_NONE, "hidden");
}

/* Whatever else is known of the hook. */
static void its_kind_is_off(void **state)
{
	struct sea_hook_facts facts = good();

	(void)state;
	facts.trial = SEA_TRIAL_SILENT;
	judged(&facts, SEA_DISPROVEN, "a kprobe on another function is not called");
	facts.mechanism = SEA_BY_TRAMPOLINE;
	judged(&facts, SEA_DISPROVEN, "a trampoline on another function is not called");
	facts.mechanism = SEA_BY_TRACEPOINT;
	judged(&facts, SEA_DISPROVEN, "another tracepoint is not called");
	facts.off = "kernel.ftrace_enabled is 0";
	judged(&facts, SEA_DISPROVEN, "kernel.ftrace_enabled is 0");
	facts.can_be_tried = facts.tried = facts.fired = true;
	judged(&facts, SEA_DISPROVEN, "kernel.ftrace_enabled is 0");
	/* A switch alone says nothing: where the trial fires, hooks do. */
	facts.trial = SEA_TRIAL_FIRED;
	judged(&facts, SEA_PROVEN, "called when tried");
}

static void a_trial_decides(void **state)
{
	struct sea_hook_facts facts = good();

	(void)state;
	facts.can_be_tried = true;
	judged(&facts, SEA_PROOF_NONE, "no VM of our own");
	facts.tried = true;
	judged(&facts, SEA_DISPROVEN, "not called when tried");
	facts.fired = true;
	judged(&facts, SEA_PROVEN, "called when tried");
	/* It was itself called: what is known of its kind adds nothing. */
	facts.trial = SEA_TRIAL_NONE;
	judged(&facts, SEA_PROVEN, "called when tried");
}

static void watched(void **state)
{
	struct sea_watch watch = {0};

	(void)state;
	sea_watch_look(&watch, 10 * SEC, NULL);
	sea_watch_look(&watch, 20 * SEC, NULL);
	assert_true(watch.times == 0 && watch.blind_ns == 0 && watch.since_ns == 0);
	assert_null(watch.why);

	/* Off at some moment after 20: from then on nothing may have been counted. */
	sea_watch_look(&watch, 30 * SEC, "off");
	assert_true(watch.times == 1);
	assert_true(watch.since_ns == 20 * SEC);
	assert_true(watch.blind_ns == 10 * SEC);
	assert_string_equal(watch.why, "off");
	sea_watch_look(&watch, 45 * SEC, "off");
	assert_true(watch.times == 1);
	assert_true(watch.since_ns == 20 * SEC);
	assert_true(watch.blind_ns == 25 * SEC);

	/* On again at some moment before 50. */
	sea_watch_look(&watch, 50 * SEC, NULL);
	assert_true(watch.times == 1);
	assert_true(watch.since_ns == 0);
	assert_true(watch.blind_ns == 30 * SEC);
	assert_null(watch.why);
	sea_watch_look(&watch, 70 * SEC, NULL);
	assert_true(watch.blind_ns == 30 * SEC);

	/* Both times add up. */
	sea_watch_look(&watch, 75 * SEC, "off again");
	assert_true(watch.times == 2);
	assert_true(watch.since_ns == 70 * SEC);
	assert_true(watch.blind_ns == 35 * SEC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_seas_call_it),
		cmocka_unit_test(its_kind_is_off),
		cmocka_unit_test(a_trial_decides),
		cmocka_unit_test(watched),
	};

	return cmocka_run_group_tests_name("armed", tests, NULL, NULL);
}
