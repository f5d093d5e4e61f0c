// SPDX-License-Identifier: GPL-2.0-only
/* Hooks on what the host does: each by itself, on kernels that are made up. */
#include "fixtures.h"

#include <errno.h>
#include <string.h>

#include "fake-bpf.h"
#include "trace/host.h"
#include "trace/object.h"

static const char *const none[] = {NULL};
static const char *const functions[] = {"memory_failure", "force_sig_mceerr",  "send_sig_mceerr",
					"ghes_do_proc",	  "memory_failure_cb", NULL};
static const char *const events[] = {"arm_event", "mc_event", "non_standard_event",
				     "memory_failure_event", NULL};

static struct btf *btf;
static struct sea_host *host;
static struct sea_host_report report;
static struct sea_error err;
static enum sea_trial trial[SEA_MECHANISMS];
static unsigned int taken;
static bool has_room;

static bool take(const struct sea_host_record *record, void *context)
{
	assert_ptr_equal(context, &taken);
	taken += record->time_ns == 7;
	return has_room;
}

static int begin(void **state)
{
	(void)state;
	fake_begin();
	btf = NULL;
	host = NULL;
	memset(trial, 0, sizeof(trial));
	taken = 0;
	has_room = true;
	return 0;
}

static int end(void **state)
{
	(void)state;
	sea_host_close(host);
	btf__free(btf);
	return fake.links || fake.rings ? -1 : 0;
}

static void open_on(const char *const *its, const char *const *tracepoints)
{
	btf = fake_btf(its, tracepoints, false);
	assert_int_equal(sea_host_open(btf, trial, take, &taken, &host, &err), 0);
	sea_host_report(host, &report);
}

static const struct sea_host_hook *hook_of(const char *function)
{
	size_t i;

	for (i = 0; i < report.nr_hooks; i++)
		if (!strcmp(report.hooks[i].function, function))
			return &report.hooks[i];
	return NULL;
}

static void all_is_there(void **state)
{
	size_t i;

	(void)state;
	/* Whether a function is there, of kprobes only attaching tells. */
	fake.unattached = "host_kp_our_work";
	fake.attach = ENOENT;
	open_on(functions, events);
	assert_string_equal(fake_attached(),
			    "host_tp_arm host_tp_failure host_tp_mc host_tp_non_standard "
			    "host_tr_failure host_tr_failure_in host_tr_forced host_tr_record "
			    "host_tr_record_in host_tr_sent host_tr_work host_tr_work_in");
	assert_int_equal(fake.loads, 1);
	assert_int_equal(fake.links, 12);
	/* Of the two functions one kernel has one: the other is not missed. */
	assert_int_equal(report.nr_hooks, 9);
	assert_null(hook_of("ghes_memory_failure_task_work"));
	for (i = 0; i < report.nr_hooks; i++) {
		assert_true(report.hooks[i].attached);
		assert_false(report.hooks[i].absent);
		assert_string_equal(report.hooks[i].why, "");
		assert_non_null(report.hooks[i].tells);
	}
	assert_int_equal(sea_host_fd(host), FAKE_RING_FD);
}

/* The way in is hooked with the way out, or neither is. */
static void both_or_none(void **state)
{
	(void)state;
	fake.unattached = "host_tr_failure_in";
	fake.attach = EBUSY;
	open_on(functions, events);
	assert_true(hook_of("memory_failure")->attached);
	assert_non_null(strstr(fake_attached(), "host_kp_failure host_kp_failure_in"));
	assert_null(strstr(fake_attached(), "host_tr_failure "));
	sea_host_close(host);
	btf__free(btf);
	begin(NULL);
	/* That the other does not attach takes back the one that did. */
	fake.unattached = "host_kp_failure";
	fake.attach = EBUSY;
	open_on(none, none);
	assert_false(hook_of("memory_failure")->attached);
	assert_false(hook_of("memory_failure")->absent);
	assert_string_equal(hook_of("memory_failure")->why,
			    "memory_failure: Device or resource busy");
	assert_int_equal(fake.links, 8);
}

static void kinds_that_are_not_called_are_not_used(void **state)
{
	(void)state;
	trial[SEA_BY_TRAMPOLINE] = SEA_TRIAL_SILENT;
	trial[SEA_BY_TRACEPOINT] = SEA_TRIAL_SILENT;
	open_on(functions, events);
	assert_null(strstr(fake_attached(), "host_tr_"));
	assert_null(strstr(fake_attached(), "host_tp_"));
	assert_null(strstr(fake_loaded(), "host_tr_"));
	assert_true(hook_of("memory_failure")->attached);
	assert_false(hook_of("arm_event")->attached);
}

/* One that the kernel refuses takes all others along: they are loaded without it. */
static void one_is_refused(void **state)
{
	(void)state;
	fake.unattached = "host_kp_our_work";
	fake.attach = ENOENT;
	fake.refused = "host_tp_mc";
	fake.refuse = EACCES;
	open_on(functions, events);
	assert_int_equal(report.nr_hooks, 9);
	assert_false(hook_of("mc_event")->attached);
	assert_false(hook_of("mc_event")->absent);
	assert_string_equal(hook_of("mc_event")->why, "mc_event: Permission denied");
	assert_true(hook_of("arm_event")->attached && hook_of("memory_failure")->attached);
	assert_null(strstr(fake_loaded(), "host_tp_mc"));
	assert_true(fake_was_loaded("host_tr_failure") && fake_was_loaded("host_tp_arm"));
	/* All at once, each by itself, and those that are left. */
	assert_int_equal(fake.loads, 12);
}

/* Whatever is missing is told, and no failure. */
static void nothing_is_to_be_had(void **state)
{
	(void)state;
	fake.refused = "host_";
	fake.refuse = EPERM;
	open_on(functions, events);
	assert_int_equal(fake.links, 0);
	assert_string_equal(hook_of("memory_failure")->why,
			    "memory_failure: Operation not permitted");
}

static void no_ring_buffer(void **state)
{
	(void)state;
	fake.ring = EMFILE;
	open_on(functions, events);
	assert_int_equal(fake.nr_attached, 0);
	assert_string_equal(hook_of("arm_event")->why, "arm_event: Too many open files");
	assert_int_equal(sea_host_fd(host), -1);
	assert_int_equal(sea_host_poll(host, &err), 0);
}

static void records_come_through(void **state)
{
	struct sea_host_record record = {
		.version = SEA_ABI_VERSION, .size = sizeof(record), .time_ns = 7};

	(void)state;
	open_on(functions, events);
	assert_int_equal(fake_send(0, &record, sizeof(record)), 0);
	assert_int_equal(taken, 1);
	has_room = false;
	assert_int_equal(fake_send(0, &record, sizeof(record)), -ENOBUFS);
	assert_int_equal(fake_send(0, &record, sizeof(record) - 1), 0);
	assert_int_equal(taken, 2);
	assert_int_equal(sea_host_poll(host, &err), 0);
	/* There was no room: it comes again. */
	fake.consume[0] = ENOBUFS;
	assert_int_equal(sea_host_poll(host, &err), 0);
	fake.consume[0] = EFAULT;
	assert_int_equal(sea_host_poll(host, &err), -1);
	assert_string_equal(err.text, "cannot read the ring buffer of the host: Bad address");
	assert_int_equal(sea_host_lost(host), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_is_there),
		TEST(both_or_none),
		TEST(kinds_that_are_not_called_are_not_used),
		TEST(one_is_refused),
		TEST(nothing_is_to_be_had),
		TEST(no_ring_buffer),
		TEST(records_come_through),
	};

	return cmocka_run_group_tests_name("host", tests, NULL, NULL);
}
