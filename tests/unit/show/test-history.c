// SPDX-License-Identifier: GPL-2.0-only
#include "fixtures.h"

#include <stdlib.h>
#include <string.h>

#include "model/vm-counters.h"
#include "show/history.h"

static struct sea_error err;

static struct sea_history *open_history(size_t bytes)
{
	struct sea_history *history;

	assert_int_equal(sea_history_open(&history, bytes, &err), 0);
	return history;
}

static void take_session(struct sea_history *history, const char *run)
{
	struct sea_session session;
	struct sea_record record = {.type = SEA_RECORD_SESSION, .session = &session};

	make_session(&session);
	memcpy(session.run, run, strlen(run));
	assert_int_equal(sea_history_take(history, &record, &err), 0);
}

static void take_tick(struct sea_history *history, const struct sea_snapshot *tick)
{
	const struct sea_record record = {.type = SEA_RECORD_TICK, .tick = tick};

	assert_int_equal(sea_history_take(history, &record, &err), 0);
}

/*
 * The ticks of the test: each a second after the one before. VM 2 takes one SEA in
 * each; VM 4 comes in tick 3, VM 3 leaves in tick 5.
 */
static void make_tick(struct sea_snapshot *tick, size_t i)
{
	make_snapshot(tick);
	tick->time_ns += i * SEC;
	tick->wall.tv_sec += (time_t)i;
	tick->vms[1].vm.disposition[SEA_HOST_OWNED] += i;
	tick->checked += i;
	if (i >= 3) {
		assert_int_equal(sea_snapshot_reserve(tick, 4, &err), 0);
		tick->vms[3] = state_with(4, "late", 1, 0, 0, 0);
		tick->nr_vms = 4;
	}
	if (i < 5)
		return;
	sea_vm_info_put(tick->vms[2].info);
	memmove(&tick->vms[2], &tick->vms[3], sizeof(tick->vms[3]));
	tick->nr_vms--;
}

static void same(const struct sea_snapshot *a, const struct sea_snapshot *b)
{
	size_t i;

	assert_int_equal(a->nr_vms, b->nr_vms);
	assert_true(a->time_ns == b->time_ns && a->checked == b->checked);
	for (i = 0; i < a->nr_vms; i++) {
		assert_memory_equal(&a->vms[i].vm, &b->vms[i].vm, sizeof(a->vms[i].vm));
		assert_string_equal(a->vms[i].info->name.text, b->vms[i].info->name.text);
	}
}

static void every_tick_comes_back(void **state)
{
	struct sea_history *history = open_history(0);
	const struct sea_session *session;
	struct sea_snapshot got = {0};
	size_t i, found;

	(void)state;
	assert_int_equal(sea_history_get(history, 0, &got, &session, &err), 1);
	take_session(history, "1");
	for (i = 0; i < 8; i++) {
		struct sea_snapshot tick;

		make_tick(&tick, i);
		take_tick(history, &tick);
		sea_snapshot_free(&tick);
	}
	assert_int_equal(sea_history_depth(history), 7);
	for (i = 0; i < 8; i++) {
		struct sea_snapshot tick;

		make_tick(&tick, 7 - i);
		assert_int_equal(sea_history_get(history, i, &got, &session, &err), 0);
		same(&got, &tick);
		assert_int_equal(session->run[0], '1');
		assert_true(sea_history_wall(history, i).tv_sec == tick.wall.tv_sec);
		assert_true(sea_history_find_time(history, &tick.wall, &found));
		assert_int_equal(found, i);
		sea_snapshot_free(&tick);
	}
	assert_int_equal(sea_history_get(history, 8, &got, &session, &err), 1);
	assert_false(sea_history_find_time(history, &(struct timespec){.tv_sec = 5}, &found));
	sea_snapshot_free(&got);
	sea_history_close(history);
}

/* The oldest go first, and what is left is right. */
static void memory_is_bounded(void **state)
{
	struct sea_history *history = open_history(8000);
	const struct sea_session *session;
	struct sea_snapshot got = {0}, tick;
	size_t i;

	(void)state;
	take_session(history, "1");
	for (i = 0; i < 100; i++) {
		make_tick(&tick, i);
		take_tick(history, &tick);
		sea_snapshot_free(&tick);
		assert_true(sea_history_bytes(history) <= 8000);
	}
	assert_in_range(sea_history_depth(history), 2, 10);
	make_tick(&tick, 99 - 2);
	assert_int_equal(sea_history_get(history, 2, &got, &session, &err), 0);
	same(&got, &tick);
	sea_snapshot_free(&tick);
	sea_snapshot_free(&got);
	sea_history_close(history);
}

static void finds_seas(void **state)
{
	struct sea_history *history = open_history(0);
	struct sea_snapshot tick;
	static const __u64 seas[] = {0, 0, 5, 5, 5, 6, 6};
	__u64 growth[16];
	size_t i, found;

	(void)state;
	take_session(history, "1");
	for (i = 0; i < ARRAY_SIZE(seas); i++) {
		make_snapshot(&tick);
		tick.vms[0].vm.disposition[SEA_CLAIMED] += seas[i];
		/* Something else changes in each, so that all of them are kept. */
		tick.vms[1].vm.lost_ratelimit += i;
		tick.wall.tv_sec += (time_t)i;
		take_tick(history, &tick);
		sea_snapshot_free(&tick);
	}
	/* From the newest (0 back): those of the ticks 5 and 2, which are 1 and 4 back. */
	assert_true(sea_history_find_sea(history, 0, true, &found));
	assert_int_equal(found, 1);
	assert_true(sea_history_find_sea(history, 1, true, &found));
	assert_int_equal(found, 4);
	assert_false(sea_history_find_sea(history, 4, true, &found));
	assert_true(sea_history_find_sea(history, 6, false, &found));
	assert_int_equal(found, 4);
	assert_true(sea_history_find_sea(history, 4, false, &found));
	assert_int_equal(found, 1);
	assert_false(sea_history_find_sea(history, 1, false, &found));
	assert_false(sea_history_find_sea(history, 0, false, &found));

	assert_int_equal(sea_history_growth(history, 1, sea_vm_total, 0, growth, 16), 6);
	assert_memory_equal(growth, ((__u64[]){0, 5, 0, 0, 1, 0}), 6 * sizeof(growth[0]));
	assert_int_equal(sea_history_growth(history, 1, sea_vm_total, 1, growth, 2), 2);
	assert_memory_equal(growth, ((__u64[]){0, 1}), 2 * sizeof(growth[0]));
	sea_history_close(history);
}

/* An hour in which nothing happens is two ticks; what is looked at stays. */
static void idle_ticks(void **state)
{
	struct sea_history *history = open_history(0);
	struct sea_snapshot tick;
	__u64 growth[8];
	size_t i;

	(void)state;
	take_session(history, "1");
	make_tick(&tick, 0);
	for (i = 0; i < 3600; i++) {
		take_tick(history, &tick);
		tick.time_ns += SEC;
		tick.wall.tv_sec++;
		if (i == 3590)
			tick.vms[1].vm.disposition[SEA_HOST_OWNED] += 7;
	}
	assert_in_range(sea_history_depth(history), 3, 5);
	assert_int_equal(sea_history_growth(history, 2, sea_vm_total, 0, growth, 8), 8);
	assert_memory_equal(growth, ((__u64[8]){0}), sizeof(growth));
	sea_history_hold(history, true);
	i = sea_history_depth(history);
	take_tick(history, &tick);
	take_tick(history, &tick);
	assert_int_equal(sea_history_depth(history), i + 2);
	assert_true(sea_history_has_grown(history));
	sea_snapshot_free(&tick);
	sea_history_close(history);
}

/* Two sessions: each tick is of its own, and the source lives as long as it is shown. */
static void sessions(void **state)
{
	struct sea_history *history = open_history(0);
	const struct sea_session *session;
	struct sea_snapshot got = {0}, tick;

	(void)state;
	make_tick(&tick, 0);
	take_session(history, "1");
	take_tick(history, &tick);
	take_session(history, "2");
	take_tick(history, &tick);
	take_tick(history, &tick);
	assert_int_equal(sea_history_get(history, 0, &got, &session, &err), 0);
	assert_int_equal(session->run[0], '2');
	assert_ptr_equal(got.source, session->source);
	assert_int_equal(sea_history_get(history, 2, &got, &session, &err), 0);
	assert_int_equal(session->run[0], '1');
	assert_string_equal(got.source, "tracepoint");
	sea_history_clear(history);
	assert_false(sea_history_has_tick(history));
	assert_int_equal(sea_history_get(history, 0, &got, &session, &err), 1);
	sea_snapshot_free(&got);
	sea_snapshot_free(&tick);
	sea_history_close(history);
}

static void take_event(struct sea_history *history, const struct sea_vm_info *vm)
{
	const struct sea_event event = {.vm_id = vm->id, .vcpu = 3};
	const struct sea_record record = {.type = SEA_RECORD_SEA, .vm = vm, .event = &event};

	assert_int_equal(sea_history_take(history, &record, &err), 0);
}

/* A VM in a storm does not push out what is known of the others. */
static void log_is_bounded(void **state)
{
	struct sea_history *history = open_history(0);
	const struct sea_log *log = sea_history_log(history);
	struct sea_vm a = vm_with(1, "a", 0, 0, 0, 0), b = vm_with(2, "b", 0, 0, 0, 0);
	const struct sea_vm_info *one = info_of(&a), *two = info_of(&b);
	const struct sea_logged *entry;
	size_t i, of_one = 0;

	(void)state;
	take_event(history, one);
	for (i = 0; i < 10000; i++)
		take_event(history, two);
	assert_int_equal(sea_log_count(log), 1 + SEA_HISTORY_LOG_VM);
	assert_int_equal(sea_log_dropped(log), 10000 - SEA_HISTORY_LOG_VM);
	for (entry = sea_log_newest(log); entry; entry = sea_log_before(log, entry))
		of_one += entry->vm == one;
	assert_int_equal(of_one, 1);
	assert_int_equal(sea_log_newest(log)->number, 10001);
	assert_int_equal(sea_log_newest(log)->event.vcpu, 3);
	assert_ptr_equal(sea_log_entry(log, 1)->vm, one);
	assert_null(sea_log_entry(log, 2));
	sea_history_close(history);
	sea_vm_info_put(one);
	sea_vm_info_put(two);
}

/* One listed VM, whose opt-in is the i-th of these; '-': it is not listed. */
static void take_opt_in(struct sea_history *history, const char *opt_ins, size_t i)
{
	struct sea_snapshot tick;

	make_snapshot(&tick);
	tick.time_ns += i * SEC;
	tick.wall.tv_sec += (time_t)i;
	/* No tick is left out. */
	tick.vms[1].vm.disposition[SEA_HOST_OWNED] += i;
	tick.vms[0].listed = (struct sea_listed){.id = tick.vms[0].vm.id, .vcpus = 2};
	if (opt_ins[i] == '-')
		tick.vms[0].listed.id = 0;
	else
		tick.vms[0].listed.opt_in = opt_ins[i] == 'y' ? SEA_OPT_IN_YES : SEA_OPT_IN_NO;
	take_tick(history, &tick);
	sea_snapshot_free(&tick);
}

static void opt_in_is(const struct sea_history *history, size_t back, enum sea_history_since since,
		      size_t tick)
{
	struct timespec wall;

	assert_int_equal(sea_history_opt_in_since(history, 1, back, &wall), since);
	if (since != SEA_SINCE_UNKNOWN)
		assert_int_equal(wall.tv_sec, FIXTURE_TIME + (time_t)tick);
}

static void opt_in_since(void **state)
{
	static const char opt_ins[] = "nn-nnyyy";
	struct sea_history *history = open_history(0);
	struct timespec wall;
	size_t i;

	(void)state;
	take_session(history, "one");
	for (i = 0; opt_ins[i]; i++)
		take_opt_in(history, opt_ins, i);
	opt_in_is(history, 0, SEA_SINCE_CHANGED, 5);
	opt_in_is(history, 2, SEA_SINCE_CHANGED, 5);
	opt_in_is(history, 3, SEA_SINCE_NEW, 3);
	opt_in_is(history, 4, SEA_SINCE_NEW, 3);
	opt_in_is(history, 5, SEA_SINCE_UNKNOWN, 0);
	opt_in_is(history, 6, SEA_SINCE_OLDEST, 0);
	opt_in_is(history, 7, SEA_SINCE_OLDEST, 0);
	assert_int_equal(sea_history_opt_in_since(history, 99, 0, &wall), SEA_SINCE_UNKNOWN);
	/* Another session's VM of the same id is another one. */
	take_session(history, "two");
	take_opt_in(history, "yyyyyyyyy", 8);
	opt_in_is(history, 0, SEA_SINCE_OLDEST, 8);
	opt_in_is(history, 1, SEA_SINCE_CHANGED, 5);
	sea_history_close(history);
}

static __u64 get_host_owned(const struct sea_vm *vm)
{
	return vm->disposition[SEA_HOST_OWNED];
}

static void growth_is_of_one_session(void **state)
{
	struct sea_history *history = open_history(0);
	__u64 growth[8];
	size_t i;

	(void)state;
	take_session(history, "one");
	for (i = 0; i < 3; i++)
		take_opt_in(history, "yyyyyyy", i);
	take_session(history, "two");
	for (i = 4; i < 7; i++)
		take_opt_in(history, "yyyyyyy", i);
	assert_int_equal(sea_history_growth(history, 2, get_host_owned, 0, growth, 8), 2);
	assert_int_equal(growth[0], 1);
	assert_int_equal(sea_history_growth(history, 2, get_host_owned, 3, growth, 8), 2);
	assert_int_equal(growth[1], 1);
	sea_history_close(history);
}

static void gaps(void **state)
{
	struct sea_history *history = open_history(0);
	struct sea_gap gap = {.cause = SEA_GAP_TICK, .since = {.tv_sec = 5}}, last;
	const struct sea_record record = {.type = SEA_RECORD_GAP, .gap = &gap};

	(void)state;
	assert_int_equal(sea_history_gaps(history, &last), 0);
	sea_history_take(history, &record, &err);
	gap.until.tv_sec = 7;
	sea_history_take(history, &record, &err);
	/* The same one, which has ended. */
	assert_int_equal(sea_history_gaps(history, &last), 1);
	assert_int_equal(last.until.tv_sec, 7);
	gap.since.tv_sec = 9;
	sea_history_take(history, &record, &err);
	assert_int_equal(sea_history_gaps(history, &last), 2);
	sea_history_close(history);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_tick_comes_back),
		cmocka_unit_test(memory_is_bounded),
		cmocka_unit_test(idle_ticks),
		cmocka_unit_test(finds_seas),
		cmocka_unit_test(sessions),
		cmocka_unit_test(log_is_bounded),
		cmocka_unit_test(opt_in_since),
		cmocka_unit_test(growth_is_of_one_session),
		cmocka_unit_test(gaps),
	};

	return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
