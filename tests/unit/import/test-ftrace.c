// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "import/ftrace.h"
#include "imported.h"
#include "model/vm-counters.h"

#define US 1000ULL

static struct imported got;

static void import_sample(const char *name)
{
	size_t len;
	char *text = imported_sample(name, &len);

	imported_text(&got, sea_import_ftrace, text, len);
	free(text);
	assert_int_equal(got.rc, 0);
}

static void import_text(const char *text)
{
	imported_text(&got, sea_import_ftrace, text, strlen(text));
	assert_int_equal(got.rc, 0);
}

static int clear_options(void **state)
{
	(void)state;
	memset(&got.options, 0, sizeof(got.options));
	return 0;
}

static const struct imported_record *last_tick(void)
{
	return imported_get(&got, SEA_RECORD_TICK, imported_count(&got, SEA_RECORD_TICK) - 1);
}

static const struct sea_host_event *host(size_t number, enum sea_host_kind kind, __u64 time_ns)
{
	const struct imported_record *r = imported_get(&got, SEA_RECORD_HOST, number);

	assert_string_equal(sea_host_kind_name(r->host.kind), sea_host_kind_name(kind));
	assert_int_equal(r->time_ns, time_ns);
	return &r->host;
}

/* A stock kernel tells of no SEA by kvm's events, but of all around it. */
static void test_6_1(void **state)
{
	const struct sea_host_event *e;

	(void)state;
	import_sample("trace-6.1.txt");
	assert_int_equal(got.sum.seas, 0);
	assert_int_equal(got.sum.unclear, 0);
	assert_int_equal(got.sum.host_events, 5);
	e = host(0, SEA_HOST_MC_EVENT, 812000200 * US);
	assert_int_equal(e->known, SEA_HOST_ADDRESS);
	assert_int_equal(e->address, 0x823456040);
	assert_int_equal(e->cpu, 3);
	host(1, SEA_HOST_ARM_EVENT, 812000210 * US);
	e = host(2, SEA_HOST_MF_EVENT, 812000300 * US);
	assert_int_equal(e->known, SEA_HOST_PFN | SEA_HOST_RESULT);
	assert_int_equal(e->pfn, 0x823456);
	assert_int_equal(e->result, 3);
	e = host(3, SEA_HOST_SIGBUS, 812000310 * US);
	assert_int_equal(e->known, SEA_HOST_CODE);
	assert_int_equal(e->code, 4);
	assert_int_equal(e->tid, 4021);
	host(4, SEA_HOST_NON_STANDARD, 812000500 * US);
	/* 21 were written, 9 are left. */
	assert_int_equal(got.sum.lost, 12);
	assert_int_equal(last_tick()->loss.count[SEA_LOSS_TRACE], 12);
	assert_false(last_tick()->session.tells_all);
}

static const struct sea_event *sea(size_t number, __u64 time_ns, const char *vm)
{
	const struct imported_record *r = imported_get(&got, SEA_RECORD_SEA, number);

	assert_int_equal(r->time_ns, time_ns);
	assert_int_equal(r->event.time_ns, time_ns);
	assert_string_equal(r->vm, vm);
	return &r->event;
}

static void check_answer(void)
{
	const struct sea_event *e = &imported_get(&got, SEA_RECORD_ANSWER, 0)->event;

	assert_int_equal(e->response, SEA_INJECTED);
	assert_int_equal(e->latency_ns, 900123);
	assert_int_equal(e->disposition, SEA_FORWARDED);
	/* Of the SEA that it answers */
	assert_int_equal(e->esr, 0x92000410);
	assert_int_equal(e->pc, 0xffff8012c0d8);
	assert_int_equal(e->flags, SEA_PC_VALID);
}

static void check_sums(void)
{
	const struct imported_record *tick = last_tick();

	assert_int_equal(tick->sum.disposition[SEA_CLAIMED], 1);
	assert_int_equal(tick->sum.disposition[SEA_HOST_OWNED], 1);
	assert_int_equal(tick->sum.disposition[SEA_NOT_OPTED_IN], 1);
	assert_int_equal(tick->sum.disposition[SEA_FORWARDED], 1);
	assert_int_equal(tick->sum.reason[SEA_S2_WALK], 1);
	assert_int_equal(tick->sum.response[SEA_INJECTED], 1);
	assert_int_equal(tick->sum.latency_ns, 900123);
	assert_int_equal(tick->sum.latency[9], 1);
	assert_int_equal(tick->loss.count[SEA_LOSS_UNCLEAR], 2);
	assert_int_equal(tick->loss.count[SEA_LOSS_TRACE], 18);
	assert_true(tick->loss.at_least & 1U << SEA_LOSS_TRACE);
	assert_true(imported_get(&got, SEA_RECORD_SESSION, 1)->session.tells_all);
}

static void test_6_12(void **state)
{
	const struct sea_event *e;

	(void)state;
	import_sample("trace-6.12.txt");
	assert_int_equal(got.sum.seas, 4);
	assert_int_equal(got.sum.answers, 1);
	assert_int_equal(imported_count(&got, SEA_RECORD_VM), 2);
	e = sea(0, 900000100 * US, "pid-4017");
	assert_int_equal(e->disposition, SEA_CLAIMED);
	assert_int_equal(e->esr, 0x92000010);
	assert_int_equal(e->far, 0xffff800012345678);
	assert_int_equal(e->ipa, 0x40003000);
	assert_int_equal(e->pc, 0xffff8012c0d4);
	assert_int_equal(e->flags, SEA_FAR_VALID | SEA_IPA_VALID | SEA_PC_VALID);
	assert_int_equal(e->vcpu, 2);
	assert_int_equal(e->tid, 4021);
	assert_int_equal(e->tgid, 4017);
	assert_int_equal(e->cpu, 3);
	/* A thread whose name looks like a line of a trace */
	e = sea(1, 900000200 * US, "pid-5001");
	assert_int_equal(e->disposition, SEA_HOST_OWNED);
	assert_int_equal(e->reason, SEA_S2_WALK);
	assert_int_equal(e->flags, SEA_FAR_VALID | SEA_PC_VALID);
	assert_int_equal(e->tid, 5003);
	assert_int_equal(e->cpu, 7);
	/* The exit to the VMM is the same SEA, and is not counted again. */
	e = sea(2, 900500000 * US, "pid-4017");
	assert_int_equal(e->disposition, SEA_FORWARDED);
	assert_int_equal(e->flags, SEA_PC_VALID);
	e = sea(3, 902000000 * US, "pid-4017");
	assert_int_equal(e->disposition, SEA_NOT_OPTED_IN);
	check_answer();
	check_sums();
	assert_int_equal(got.sum.unclear, 2);
	assert_int_equal(got.sum.first_unclear, 9);
	assert_true(got.sum.lost_unsaid);
	/* The first loss has the time of the first event. */
	assert_int_equal(imported_get(&got, SEA_RECORD_TICK, 0)->time_ns, 900000100 * US);
	assert_int_equal(imported_get(&got, SEA_RECORD_TICK, 0)->loss.count[SEA_LOSS_TRACE], 17);
}

/* A stock kernel since 6.19 tells of forwarded SEAs by the exit to the VMM. */
static void test_7(void **state)
{
	const struct imported_record *r;

	(void)state;
	import_sample("trace-7.report.txt");
	assert_int_equal(got.sum.unclear, 0);
	assert_int_equal(got.sum.seas, 2);
	assert_int_equal(got.sum.host_events, 2);
	assert_int_equal(got.sum.lost, 5);
	r = imported_get(&got, SEA_RECORD_SEA, 0);
	assert_int_equal(r->event.disposition, SEA_FORWARDED);
	assert_int_equal(r->event.flags, 0);
	assert_int_equal(r->event.vcpu, 1);
	assert_int_equal(r->event.tid, 612);
	assert_int_equal(r->event.tgid, 0);
	assert_string_equal(r->vm, "");
	r = imported_get(&got, SEA_RECORD_SEA, 1);
	assert_int_equal(r->event.vcpu, SEA_CPU_UNKNOWN);
	assert_int_equal(last_tick()->sum.disposition[SEA_FORWARDED], 2);
	assert_false(imported_get(&got, SEA_RECORD_SESSION, 1)->session.tells_all);
}

#define CLAIMED                                                                             \
	"kvm_sea_claimed: VM: 4017, vCPU: 2, PC: 0x1, ESR: 0x92000010 (DABT_LOW, EXTABT), " \
	"FAR: unknown, IPA: unknown, reason: none\n"

static void test_clocks(void **state)
{
	static const struct sea_clock clock = {100 * SEC, {1795416644, 0}};
	const struct imported_record *r;

	(void)state;
	got.options.boot.clock = clock;
	got.options.boot.has_clock = true;
	import_text("          name-7     [003] .....   97.000000: " CLAIMED);
	r = imported_get(&got, SEA_RECORD_SEA, 0);
	assert_int_equal(r->time_ns, 97 * SEC);
	assert_int_equal(r->wall.tv_sec, 1795416641);
	got.options.trace_clock = "tai";
	import_text("          name-7     [003] .....   1795416684.500000: " CLAIMED);
	r = imported_get(&got, SEA_RECORD_SEA, 0);
	assert_int_equal(r->wall.tv_sec, 1795416647);
	assert_int_equal(r->time_ns, 103 * SEC + SEC / 2);
	got.options.boot.has_clock = false;
	got.options.trace_clock = "counter";
	import_text("          name-7     [003] .....   12345: " CLAIMED);
	r = imported_get(&got, SEA_RECORD_SEA, 0);
	assert_int_equal(r->time_ns, 0);
	assert_int_equal(r->wall.tv_sec, 0);
	got.options.trace_clock = "sundial";
	imported_text(&got, sea_import_ftrace, "x", 1);
	assert_int_equal(got.rc, -1);
	assert_non_null(strstr(got.err.text, "no trace clock is called 'sundial'"));
}

/* More VMs than rows: the rest is counted, and said to be. */
static void test_many(void **state)
{
	static char text[4200 * 256];
	size_t at = 0;
	unsigned int i;

	(void)state;
	imported_begin(&got);
	for (i = 1; i <= 100; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at,
				       "          name-7     [003] .....   97.000000: "
				       "kvm_sea_answered: VM: %u, vCPU: 1, PC: 0x1, response: "
				       "resumed, latency: %u ns\n",
				       i, i);
	import_text(text);
	assert_int_equal(imported_count(&got, SEA_RECORD_VM), 100);
	assert_int_equal(last_tick()->sum.response[SEA_RESUMED], 100);
	assert_int_equal(last_tick()->sum.latency_ns, 5050);
}

static void test_cut(void **state)
{
	(void)state;
	imported_cut(sea_import_ftrace, "trace-6.1.txt");
	imported_cut(sea_import_ftrace, "trace-6.12.txt");
	imported_cut(sea_import_ftrace, "trace-7.report.txt");
}

#define TEST(test) cmocka_unit_test_setup(test, clear_options)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_6_1),	   TEST(test_6_12), TEST(test_7),
		TEST(test_clocks), TEST(test_many), TEST(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
