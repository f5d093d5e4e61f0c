// SPDX-License-Identifier: GPL-2.0-only
/* The sums of a time, each compared with what was put on the stage. */
#include "report/totals.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixtures.h"
#include "stage.h"
#include "store/recording.h"
#include "store/schema.h"

static void sum_up(struct sea_window_totals *totals, __s64 since, __s64 until, const __s64 *chosen,
		   size_t nr)
{
	const struct sea_window window = {since, until};
	struct sea_reader *reader;
	struct sea_error err;

	*totals = (struct sea_window_totals){0};
	if (sea_recording_open(fixture_store, &reader, &err) ||
	    sea_totals_make(totals, reader, &window, chosen, nr, &err))
		fail_msg("%s", err.text);
	sea_reader_close(reader);
}

static void sum_up_all(struct sea_window_totals *totals)
{
	sum_up(totals, INT64_MIN, INT64_MAX, NULL, 0);
}

/* db01 takes two SEAs in second 20, of which one is answered in 21, and one in 30. */
static void play(void)
{
	struct stage s;
	__u64 db01, web;

	stage_begin(&s, fixture_store, "rack7", '1', 10);
	db01 = stage_vm(&s, "db01");
	web = stage_vm(&s, "web");
	stage_tick(&s, 11);
	stage_wait(&s, 8 * SEC);
	stage_sea(&s, db01, SEA_FORWARDED, SEA_REASON_NONE, NULL);
	stage_sea(&s, db01, SEA_FORWARDED, SEA_AMBIGUOUS_WALK, NULL);
	s.without_detail = true;
	stage_sea(&s, web, SEA_HOST_OWNED, SEA_S2_WALK, NULL);
	s.without_detail = false;
	s.snapshot.loss.count[SEA_LOSS_RATELIMIT] = 1;
	stage_tick(&s, 20);
	stage_answer(&s, db01, SEA_INJECTED, 3000000);
	s.snapshot.unproven = true;
	s.snapshot.pid_namespace = true;
	stage_tick(&s, 21);
	stage_sea(&s, db01, SEA_CLAIMED, SEA_REASON_NONE, NULL);
	s.snapshot.unproven = false;
	s.snapshot.pid_namespace = false;
	s.snapshot.loss.count[SEA_LOSS_RATELIMIT] = 5;
	stage_tick(&s, 30);
	stage_finish(&s, false);
}

static void test_all(void **state)
{
	struct sea_window_totals t;
	const struct sea_totals_vm *vm;

	(void)state;
	play();
	sum_up_all(&t);
	assert_int_equal(t.nr_sessions, 1);
	assert_string_equal(t.sessions[0].host, "rack7");
	assert_int_equal(t.sessions[0].started_ns, stage_wall_ns(10));
	assert_int_equal(t.sessions[0].last_ns, stage_wall_ns(30));
	assert_int_equal(t.sessions[0].end, SEA_SESSION_STOPPED);
	assert_int_equal(t.nr_vms, 2);
	vm = sea_totals_find(&t, 1);
	assert_int_equal(vm->counts.disposition[SEA_FORWARDED], 2);
	assert_int_equal(vm->counts.disposition[SEA_CLAIMED], 1);
	assert_int_equal(vm->counts.reason[SEA_REASON_NONE], 2);
	assert_int_equal(vm->counts.reason[SEA_AMBIGUOUS_WALK], 1);
	assert_int_equal(vm->counts.response[SEA_INJECTED], 1);
	assert_int_equal(vm->counts.latency_ns, 3000000);
	assert_int_equal(vm->counts.latency[11], 1);
	assert_int_equal(vm->pending, 1);
	assert_int_equal(vm->first_tick_ns, stage_wall_ns(20));
	assert_int_equal(vm->last_tick_ns, stage_wall_ns(30));
	assert_int_equal(vm->last_ns, stage_wall_ns(21));
	assert_int_equal(SEA_LAST_DISPOSITION(vm->counts.last), SEA_CLAIMED);
	assert_int_equal(vm->listed.vcpus, 4);
	assert_int_equal(vm->listed.opt_in, SEA_OPT_IN_YES);
	vm = sea_totals_find(&t, 2);
	assert_int_equal(vm->counts.disposition[SEA_HOST_OWNED], 1);
	assert_int_equal(vm->counts.reason[SEA_S2_WALK], 1);
	assert_int_equal(vm->pending, 0);
	assert_null(sea_totals_find(&t, 3));
	assert_int_equal(t.losses[SEA_LOSS_RATELIMIT].count, 5);
	assert_int_equal(t.losses[SEA_LOSS_RATELIMIT].first_ns, stage_wall_ns(20));
	assert_int_equal(t.losses[SEA_LOSS_RATELIMIT].last_ns, stage_wall_ns(30));
	assert_int_equal(t.losses[SEA_LOSS_MISSED].count, 0);
	assert_int_equal(t.checked, 4);
	assert_int_equal(t.nr_doubts, 2);
	assert_int_equal(t.doubts[0].kind, SEA_DOUBT_UNPROVEN);
	assert_int_equal(t.doubts[0].since_ns, stage_wall_ns(21));
	assert_int_equal(t.doubts[0].until_ns, stage_wall_ns(30));
	assert_int_equal(t.doubts[1].kind, SEA_DOUBT_HIDDEN);
	assert_int_equal(t.doubts[1].since_ns, stage_wall_ns(21));
	assert_int_equal(t.doubts[1].until_ns, stage_wall_ns(30));
	assert_int_equal(t.first_ns, stage_wall_ns(11));
	assert_int_equal(t.last_ns, stage_wall_ns(30));
	assert_false(t.incomplete);
	sea_totals_free(&t);
}

/* A tick is of the moment at which it was read: the first edge is in, the last is not. */
static void test_edges(void **state)
{
	struct sea_window_totals t;

	(void)state;
	play();
	sum_up(&t, stage_wall_ns(20), stage_wall_ns(30), NULL, 0);
	assert_int_equal(sea_totals_find(&t, 1)->counts.disposition[SEA_FORWARDED], 2);
	assert_int_equal(sea_totals_find(&t, 1)->counts.disposition[SEA_CLAIMED], 0);
	assert_int_equal(t.losses[SEA_LOSS_RATELIMIT].count, 1);
	assert_int_equal(t.nr_doubts, 2);
	sea_totals_free(&t);
	sum_up(&t, stage_wall_ns(20) + 1, stage_wall_ns(30) + 1, NULL, 0);
	assert_int_equal(sea_totals_find(&t, 1)->counts.disposition[SEA_FORWARDED], 0);
	assert_int_equal(sea_totals_find(&t, 1)->counts.disposition[SEA_CLAIMED], 1);
	assert_int_equal(sea_totals_find(&t, 1)->counts.response[SEA_INJECTED], 1);
	/* What was forwarded before the window and not answered is pending all the same. */
	assert_int_equal(sea_totals_find(&t, 1)->pending, 1);
	assert_null(sea_totals_find(&t, 2));
	sea_totals_free(&t);
	/* The doubt was over. */
	sum_up(&t, stage_wall_ns(30), stage_wall_ns(31), NULL, 0);
	assert_int_equal(t.nr_doubts, 0);
	sea_totals_free(&t);
	sum_up(&t, stage_wall_ns(1000), INT64_MAX, NULL, 0);
	assert_int_equal(t.nr_vms, 0);
	assert_int_equal(t.nr_sessions, 0);
	assert_int_equal(t.first_ns, 0);
	sea_totals_free(&t);
}

/* Two runs of the recorder, a gap between them, and a VM that lives on. */
static void test_sessions(void **state)
{
	static const __s64 second = 2;
	struct sea_window_totals t;
	struct stage s;

	(void)state;
	play();
	stage_begin(&s, fixture_store, "rack7", '2', 40);
	assert_int_equal(stage_vm(&s, "db01"), 1);
	stage_sea(&s, 1, SEA_FORWARDED, SEA_REASON_NONE, NULL);
	stage_answer(&s, 1, SEA_RESUMED, 1000);
	/* One more answer than it has SEAs does not answer what the first run saw. */
	stage_answer(&s, 1, SEA_RESUMED, 1000);
	stage_tick(&s, 41);
	stage_finish(&s, true);
	sum_up_all(&t);
	assert_int_equal(t.nr_sessions, 2);
	assert_int_equal(t.sessions[1].end, SEA_SESSION_RUNS);
	assert_int_equal(t.nr_vms, 2);
	assert_int_equal(sea_totals_find(&t, 1)->counts.disposition[SEA_FORWARDED], 3);
	/* The answer of the second run is to its own SEA. */
	assert_int_equal(sea_totals_find(&t, 1)->pending, 1);
	assert_int_equal(t.nr_gaps, 1);
	assert_int_equal(t.gaps[0].cause, SEA_GAP_RECORDER);
	assert_int_equal(t.gaps[0].since_ns, stage_wall_ns(30));
	assert_int_equal(t.gaps[0].until_ns, stage_wall_ns(40));
	assert_string_equal(t.gaps[0].why, "the recorder was stopped");
	sea_totals_free(&t);
	sum_up(&t, INT64_MIN, INT64_MAX, &second, 1);
	assert_int_equal(t.nr_sessions, 1);
	assert_int_equal(sea_totals_find(&t, 1)->counts.disposition[SEA_FORWARDED], 1);
	assert_int_equal(t.losses[SEA_LOSS_RATELIMIT].count, 0);
	sea_totals_free(&t);
	/* Before the gap there is none. */
	sum_up(&t, INT64_MIN, stage_wall_ns(30), NULL, 0);
	assert_int_equal(t.nr_gaps, 0);
	sea_totals_free(&t);
}

static void test_list_of_sessions(void **state)
{
	struct sea_totals_session *sessions;
	struct sea_reader *reader;
	struct sea_error err;
	size_t nr;

	(void)state;
	play();
	assert_int_equal(sea_recording_open(fixture_store, &reader, &err), 0);
	assert_int_equal(sea_totals_sessions(reader, &sessions, &nr, &err), 0);
	assert_int_equal(nr, 1);
	assert_string_equal(sessions[0].run, "10000000-0000-4000-8000-000000000001");
	assert_string_equal(sessions[0].source, "tracepoint");
	free(sessions);
	sea_reader_close(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_all, fixture_make_store, fixture_remove_store),
		cmocka_unit_test_setup_teardown(test_edges, fixture_make_store,
						fixture_remove_store),
		cmocka_unit_test_setup_teardown(test_sessions, fixture_make_store,
						fixture_remove_store),
		cmocka_unit_test_setup_teardown(test_list_of_sessions, fixture_make_store,
						fixture_remove_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
