// SPDX-License-Identifier: GPL-2.0-only
/* A trace on a kernel that is made up: what is read in which order, and what is said of it. */
#include "fixtures.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "fake-bpf.h"
#include "sea_arm.h"
#include "trace/host.h"
#include "trace/object.h"
#include "trace/trace-internal.h"

static const char *const none[] = {NULL};
static const char *const events[] = {"arm_event", NULL};

static struct sea_trace *trace;
static struct sea_error err;

static int begin(void **state)
{
	static const struct sea_trace_options options;

	(void)state;
	fake_begin();
	trace = NULL;
	return sea_trace_open_maps(&options, &trace, &err);
}

static int end(void **state)
{
	(void)state;
	sea_trace_close(trace);
	return fake.links || fake.rings ? -1 : 0;
}

static bool take_host(const struct sea_host_record *record, void *context)
{
	(void)record;
	(void)context;
	return true;
}

/* VMs before details, and what the host did behind both. */
static void polls_in_order(void **state)
{
	static const enum sea_trial trial[SEA_MECHANISMS];

	(void)state;
	assert_int_equal(sea_trace_poll(trace, &err), 0);
	assert_string_equal(fake.consumed, "01");
	assert_int_equal(sea_trace_host_fd(trace), -1);
	trace->btf = fake_btf(none, events, false);
	assert_int_equal(sea_host_open(trace->btf, trial, take_host, NULL, &trace->host, &err), 0);
	assert_int_equal(sea_trace_poll(trace, &err), 0);
	assert_string_equal(fake.consumed, "01012");
	assert_int_equal(sea_trace_host_fd(trace), FAKE_RING_FD);
	assert_int_equal(sea_trace_poll_seen(trace, &err), 0);
	assert_string_equal(fake.consumed, "010120");
	assert_int_equal(sea_trace_poll_events(trace, &err), 0);
	assert_string_equal(fake.consumed, "01012001");
}

static void rings_that_cannot_be_read(void **state)
{
	(void)state;
	/* A callback had no room: what is left comes the next time. */
	fake.consume[0] = fake.consume[1] = ENOBUFS;
	assert_int_equal(sea_trace_poll(trace, &err), 0);
	assert_string_equal(fake.consumed, "01");
	fake.consume[1] = EFAULT;
	assert_int_equal(sea_trace_poll(trace, &err), -1);
	assert_string_equal(err.text, "cannot read the ring buffer: Bad address");
	fake.consume[0] = EINTR;
	assert_int_equal(sea_trace_poll(trace, &err), -1);
	assert_string_equal(err.text, "cannot read the ring buffer: Interrupted system call");
	/* No detail ahead of its VM. */
	assert_string_equal(fake.consumed, "01010");
}

static void what_it_says_of_itself(void **state)
{
	(void)state;
	assert_string_equal(sea_trace_source(trace), "tracepoint");
	assert_true(sea_trace_tells_all(trace));
	assert_true(sea_trace_started_ns(trace) > 0);
	assert_true(sea_trace_started_ns(trace) <= sea_trace_clock(CLOCK_BOOTTIME, NULL));
	trace->source = sea_source_find("kprobe");
	trace->has_exit = true;
	assert_string_equal(sea_trace_source(trace), "kprobe");
	assert_false(sea_trace_tells_all(trace));
	/* Of a list nothing is missing. */
	trace->source = NULL;
	assert_string_equal(sea_trace_source(trace), "none");
	assert_true(sea_trace_tells_all(trace));
}

static void what_kvm_says(void **state)
{
	struct sea_kvm_facts facts;

	(void)state;
	memset(&facts, 0xff, sizeof(facts));
	sea_trace_kvm_facts(trace, &facts);
	assert_false(facts.tried || facts.has_exit || facts.opt_in_known || facts.has_ras ||
		     facts.has_statistics);
	trace->exit_known = true;
	sea_trace_kvm_facts(trace, &facts);
	/* Without the exit nobody can have opted in. */
	assert_true(facts.tried && facts.opt_in_known);
	assert_false(facts.has_exit);
	trace->has_exit = true;
	sea_trace_kvm_facts(trace, &facts);
	assert_true(facts.has_exit);
	assert_false(facts.opt_in_known);
	trace->exit_flag = 1;
	trace->hcr = HCR_TEA;
	trace->skel->bss->has_statistics = true;
	sea_trace_kvm_facts(trace, &facts);
	assert_true(facts.opt_in_known && facts.has_ras && facts.has_statistics);
	trace->hcr = ~HCR_TEA;
	sea_trace_kvm_facts(trace, &facts);
	assert_false(facts.has_ras);
}

static void a_source_that_is_none(void **state)
{
	const struct sea_trace_options options = {.source = "telepathy"};
	struct sea_trace *other = NULL;

	(void)state;
	assert_int_equal(sea_trace_open(&options, &other, &err), -1);
	assert_null(other);
	assert_string_equal(err.text, "no source is called 'telepathy'; leave out --source");
}

static void maps_that_are_refused(void **state)
{
	const struct sea_trace_options options = {.max_vms = 65536};
	struct sea_trace *other = NULL;

	(void)state;
	fake.loads = 0;
	fake.load[0] = ENOMEM;
	assert_int_equal(sea_trace_open_maps(&options, &other, &err), -1);
	assert_null(other);
	assert_non_null(strstr(err.text, "use a smaller --max-vms"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(polls_in_order), TEST(rings_that_cannot_be_read), TEST(what_it_says_of_itself),
		TEST(what_kvm_says),  TEST(a_source_that_is_none),     TEST(maps_that_are_refused),
	};

	return cmocka_run_group_tests_name("open", tests, NULL, NULL);
}
